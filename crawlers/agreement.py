"""Whether a page is the article that was announced, or what a server gives in its place. Pure.

With the same status as an article come pages that say that it is gone ("soft 404"), and walls that ask for consent, a
subscription or a sign-in.
"""

from __future__ import annotations

import hashlib
import re

from companies.folding import fold_text

_WORD = re.compile(r"[^\W\d_]{4,}|\d{2,}")
_FEW_WORDS = 3  # of an announcement, by which nothing can be told
_NOTHING = 0.2  # share of an announcement's words that a page has of which it says next to nothing
_LITTLE, _MUCH = 0.34, 0.6
_SHORT, _NOT_LONG = 300, 1500  # characters of a text
_GONE = re.compile(
    r"\b(?:erreur )?404\b|\b(?:page|article|contenu|document|adresse|url)\b.{0,40}\b(?:introuvable|indisponible|"
    r"supprime|retire|expire|non trouve|inexistant|not found|unavailable|removed|deleted|expired|"
    r"n'existe (?:pas|plus)|n'est (?:pas|plus) (?:disponible|en ligne)|no longer (?:exists?|available)|"
    r"doesn't exist|does not exist|cannot be found|can't be found)|^(?:not found|gone|oups|oops)\b|"
    r"\bn'(?:existe|est) plus\b.{0,30}\bpage\b"
)
_WALL = [
    re.compile("|".join(rf"\b(?:{one})" for one in sign))
    for sign in (
        (r"cookies?\b", r"traceurs\b"),
        (r"(?:nos|leurs|our|their)\b.{0,12}\b(?:partenaires|partners|vendors)\b",),
        (r"tout (?:accepter|refuser)\b", r"(?:accepter|refuser) (?:et|ou|tous?|les|ces)\b", r"sans accepter\b"),
        (r"(?:accept|reject) (?:all|and|cookies)\b", r"without accepting\b"),
        (r"(?:sans|avec) publicite\b", r"ad.free\b", r"with(?:out)? (?:ads|advertising)\b"),
        (r"s'abonner\b", r"deja abonne", r"abonnez-vous\b", r"reserve aux abonnes\b", r"sans engagement\b"),
        (r"subscribe (?:now|to)\b", r"already a subscriber\b", r"cancel any ?time\b"),
        (r"connectez-vous\b", r"se connecter\b", r"s'identifier\b", r"mot de passe\b"),
        (r"(?:log|sign) in\b", r"password\b"),
        (r"politique de confidentialite\b", r"privacy policy\b", r"donnees personnelles\b", r"personal data\b"),
        (r"javascript\b.{0,40}\b(?:active|enabled?|desactive|disabled)", r"verif\w+ que vous (?:n'etes|etes)\b"),
        (r"(?:verify|that) you are (?:human|not a robot)\b", r"not a robot\b"),
    )
]
_SIGNS_OF_A_WALL = 2
_A_WALL = "a page came instead that asks for consent, a subscription or a sign-in"


def _stems(text: str) -> set[str]:
    """The first letters of the words that say something: `nomme` is in `nommée`."""
    return {word[:6] for word in _WORD.findall(fold_text(text))}


def _share(announced: set[str], said: set[str]) -> float:
    """The share of an announcement's words that others have; 1 of too few words."""
    return len(announced & said) / len(announced) if len(announced) >= _FEW_WORDS else 1.0


def _looks_like_a_wall(text: str) -> bool:
    folded = fold_text(text)
    return sum(bool(one.search(folded)) for one in _WALL) >= _SIGNS_OF_A_WALL


def replaced_by(announced: str, title: str, text: str) -> str | None:
    """What a page with this title and text is, that came instead of what was announced; None: it is the article.

    `announced` are the words of the feed; where it is empty, only what the page says of itself counts.
    """
    words, in_title, is_long = _stems(announced), _stems(title), len(text) >= _NOT_LONG
    if not is_long and (not words or _share(words, in_title) < _MUCH) and _GONE.search(fold_text(title)):
        return "the page says that it is gone"
    if not announced:
        return _A_WALL if not is_long and _looks_like_a_wall(text) else None
    if len(words) < _FEW_WORDS:
        return None
    in_text = _stems(text)
    shared = _share(words, in_text)
    if not is_long and shared < _LITTLE and _looks_like_a_wall(text):
        return _A_WALL
    if len(text) < _SHORT and shared < _NOTHING:
        return "the page has next to no text, and not what was announced"
    if _share(words, in_title | in_text) < _NOTHING:
        return "the page tells something else than was announced"
    return None


class Texts:
    """The texts that the hosts of a round gave. What is given for articles of other titles is none of theirs."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, bytes], tuple[int, str, str]] = {}

    def again(self, host: str, text: str, number: int, title: str, announced: str) -> tuple[int, str] | None:
        """Note the text of a page; where it was given for another title before, that document and its own words."""
        key = host, hashlib.blake2b(text.encode(), digest_size=16).digest()
        first, before, words = self._first.setdefault(key, (number, title, announced))
        if first == number or _share(_stems(title), _stems(before)) >= _MUCH:
            return None
        return first, words
