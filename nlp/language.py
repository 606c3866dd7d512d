"""The language of a text, French or English, told by its small words first."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from companies.folding import fold_text, words

_FRENCH = (
    "le la les l un une des du de d et en au aux a pour par sur dans avec chez son sa ses qui que est sont se s ne pas "
    "plus ce cette ces entre apres avant vers depuis sous leur leurs il elle ont mais ou"
)
_ENGLISH = (
    "the of and to in for on with by from at as its is are was has have be will an that it this after over into new "
    "their more than up out says said names opens raises wins cuts launches buys files hires ceo"
)
_SMALL = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
_SHORT = 6  # letters below which nothing can be said
_ENOUGH = 2000  # characters that are looked at


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> str | None:
    """`fr`, `en`, the code of another language when the text is surely in it, or None when nothing can be said."""
    return _detect(text[:_ENOUGH])


@lru_cache(maxsize=256)  # a text is asked again when no phrase matches in it
def _detect(text: str) -> str | None:
    folded = fold_text(text)
    if sum(character.isalpha() for character in folded) < _SHORT:
        return None
    spoken = [word for word, _, _ in words(folded)]
    french = sum(word in _SMALL["fr"] for word in spoken)
    english = sum(word in _SMALL["en"] for word in spoken)
    clear = max(french, english) >= 2 and min(french, english) * 2 < max(french, english)
    if clear and len(spoken) < 12:
        return "fr" if french > english else "en"
    code, probability = _identifier().classify(text)
    if code in ("fr", "en"):
        return str(code)
    if probability > 0.99 and max(french, english) * 4 < len(spoken):
        return str(code)
    if french != english:
        return "fr" if french > english else "en"
    return None
