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
# Those that no other language of the press writes as often: a text full of them needs no closer look.
_TELLING_FRENCH = "les des du et au aux une est dans avec sont qui leur leurs ce cette ont mais ou sur pour"
_TELLING_ENGLISH = "the and of to for with by from as its are was has have be will that this their said"
_TELLING = {"fr": frozenset(_TELLING_FRENCH.split()), "en": frozenset(_TELLING_ENGLISH.split())}
_TOLD, _DIFFERENT = 0.12, 4  # their share of the words, and how many different ones there must be
_SHORT = 6  # letters below which nothing can be said
_ENOUGH = 2000  # characters that are looked at


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect(text: str) -> str | None:
    """`fr`, `en`, the code of another language when the text is surely in it, or None when nothing can be said."""
    return _detect(text[:_ENOUGH])


def _full_of_telling_words(spoken: list[str]) -> str | None:
    """The language whose telling words a text is full of."""
    for code, telling in _TELLING.items():
        found = [word for word in spoken if word in telling]
        if len(found) >= _TOLD * len(spoken) and len(set(found)) >= _DIFFERENT:
            return code
    return None


@lru_cache(maxsize=256)  # a text is asked again when no phrase matches in it
def _detect(text: str) -> str | None:
    folded = fold_text(text)
    if sum(character.isalpha() for character in folded) < _SHORT:
        return None
    spoken = words(folded)
    french = sum(word in _SMALL["fr"] for word in spoken)
    english = sum(word in _SMALL["en"] for word in spoken)
    clear = max(french, english) >= 2 and min(french, english) * 2 < max(french, english)
    if clear and len(spoken) < 12:
        return "fr" if french > english else "en"
    if len(spoken) >= 12 and (full := _full_of_telling_words(spoken)):
        return full
    code, probability = _identifier().classify(text)
    if code in ("fr", "en"):
        return str(code)
    if probability > 0.99 and max(french, english) * 4 < len(spoken):
        return str(code)
    if french != english:
        return "fr" if french > english else "en"
    return None
