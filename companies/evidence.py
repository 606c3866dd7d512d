"""What speaks for and against a name in a text standing for a company: each piece of evidence with its points.

Points are log-odds: they are added up, and the sum says how likely it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from companies.activities import told_in
from companies.commonness import Words
from companies.folding import fold_text, name_key
from companies.linker import Mention
from companies.names import ARTICLES
from companies.values import domain, luhn

_CONTEXT = 40  # characters
_KIND_OF_COMPANY = (
    r"(?:societes?|groupes?|entreprises?|start-?ups?|filiales?|maison|enseigne|marque|editeur|constructeur|geant|"
    r"equipementier|fabricant|laboratoires?|banque|assureur|operateur|distributeur|specialiste|pme|eti|cabinet|"
    r"fonds|industriel|transporteur|armateur|brasseur|fournisseur|plateforme|studio|chaine|usine|magasin|concurrent|"
    r"company|firm|maker|group|retailer|manufacturer|giant|bank|insurer|operator|provider|supplier|carmaker|chain)"
)
_OF_COMPANY = (
    r"(?:pdg|dg|drh|patronn?e?|president(?:e)?|directeur general|directrice generale|directeur|directrice|dirigeants?|"
    r"fondateur|fondatrice|actions?|titre|actionnaires?|salaries|capital|siege|ceo|cfo|chairman|shares|boss|founder)"
)
_BEFORE = re.compile(
    rf"\b(?:{_KIND_OF_COMPANY}(?: [\w-]+){{0,2}}"
    rf"|{_OF_COMPANY} (?:de |d['’]|du |des |of )?(?:la |l['’])?(?:{_KIND_OF_COMPANY})?"
    r"|chez|face a|rachat de|rachat d['’]|acquisition de|acquisition d['’]|(?:de|du) la part de)\s*[«\"“]?\s*$"
)
_AFTER = re.compile(
    r"[»\"”]?,? (?:sas?|sarl|se|inc|ltd|plc|gmbh|ag|nv|corp)\b|"
    r"[»\"”]?,? (?:annonce|lance|rachete|leve|recrute|embauche|licencie|supprime|publie|signe|acquiert|investit|"
    r"nomme|ouvre|ferme|inaugure|demenage|s['’]implante|s['’]offre|remporte|decroche|cede|double|(?:va|a|veut) \w+|"
    r"announces?|announced|acquires?|acquired|raises?|raised|hires?|hired|reports?|reported|launches|launched|opens|"
    r"opened|cuts|posts|posted|appoints|appointed|names|wins|won|has|will|plans|to)\b|"
    r"['’]s (?:ceo|cfo|chief|shares|profits?|results|sales)\b|"
    rf",? (?:la |le |l['’]|une? |the |an? )?(?:\w+ )?{_KIND_OF_COMPANY}\b"
)
_OF_PLACE = re.compile(r"\b(?:a|au|en|vers|pres de|in|at|near|maire d[e'’]|ville d[e'’]|region|\d{5})\s*$")
_GENERIC = {
    *("group", "groupe", "france", "europe", "holding", "holdings", "international", "corporation", "corp", "inc"),
    *("company", "co", "sa", "sas", "se", "ltd", "plc", "gmbh", "ag", "nv", "limited", "llc"),
}
_JOINED_BEFORE = re.compile(r"(\w+-|[A-ZÀ-Ý][\w’'-]*[ \u00a0])$")
_JOINED_AFTER = re.compile(r"(?:[- ]([A-ZÀ-Ý][\w’'-]*)|-(\w+))")
_NUMBER = re.compile(r"\b\d{3}[ \u00a0\u202f.]?\d{3}[ \u00a0\u202f.]?\d{3}\b")
_DOMAIN = re.compile(r"\b(?:[\w-]+\.)+[a-z]{2,}\b")
_FIRST_WORDS = re.compile(r"(?:^|[.!?\n:«\"“–—]\s*(?:[-•]\s*)?)$")


@dataclass(frozen=True)
class Bearer:
    """What is known of a company that bears a name.

    `never` are the names that a person said are not its own, each with the folded words of a text where that holds.
    """

    id: int
    siren: str | None = None
    department: str | None = None
    city: str | None = None
    country: str | None = None
    naf: str | None = None
    headcount: float | None = None
    site: str | None = None
    listed: bool = False
    closed: bool = False
    never: frozenset[tuple[str, str]] = frozenset()

    def may_be(self, key: str, around: Surroundings) -> bool:
        """Whether nobody said that this name, in this text, is not the company's."""
        return not any(name == key and (not words or f" {words} " in around.words) for name, words in self.never)


@dataclass(frozen=True)
class Reason:
    """A piece of evidence: what it is, and its points for or against."""

    what: str
    points: float


class Surroundings:
    """The text around names, read once. `departments` says which the text names, when it is asked."""

    def __init__(self, text: str, title: int = 0, departments: Callable[[], Collection[str]] = tuple) -> None:
        self.text, self.title = text, title
        self._departments = departments

    @cached_property
    def words(self) -> str:
        """The folded words, with spaces before and after each."""
        return f" {name_key(self.text)} "

    @cached_property
    def departments(self) -> frozenset[str]:
        """The departments of the places that the text names."""
        return frozenset(self._departments())

    @cached_property
    def sirens(self) -> frozenset[str]:
        """The SIREN numbers in the text."""
        numbers = {re.sub(r"\D", "", match[0]) for match in _NUMBER.finditer(self.text)}
        return frozenset(number for number in numbers if luhn(number))

    @cached_property
    def domains(self) -> frozenset[str]:
        """The domains in the text."""
        return frozenset(domain(match[0]) for match in _DOMAIN.finditer(self.text.lower())) - {""}

    @cached_property
    def activities(self) -> frozenset[str]:
        """The NAF divisions whose words the text has."""
        return told_in(self.words)


def of_name(mention: Mention, around: Surroundings, taken: Collection[int] = ()) -> Iterator[Reason]:
    """The evidence for a mention standing for a company at all, whichever it is.

    `taken` are the offsets where other mentions start or end.
    """
    if mention.key.startswith("$"):
        yield Reason("ticker", 4)
        return
    if "." in mention.text and domain(mention.text.lower()):
        yield Reason("domain", 3)
        return
    text, start, end = around.text, mention.start, mention.end
    before, after = fold_text(text[max(0, start - _CONTEXT) : start]), fold_text(text[end : end + _CONTEXT])
    yield from _of_words(mention)
    if _BEFORE.search(before) or _AFTER.match(after):
        yield Reason("company words beside", 2)
    if mention.marks & Words.PLACE and _OF_PLACE.search(before):
        yield Reason("named as a place", -3)
    if mention.marks & Words.COMMON and _FIRST_WORDS.search(text[max(0, start - 3) : start]):
        yield Reason("a capital that any word has there", -1.5)
    if _is_longer(text, start, end, taken):
        yield Reason("part of a longer name", -3)
    if end <= around.title:
        yield Reason("in the title", 0.5)


def _of_words(mention: Mention) -> Iterator[Reason]:
    """What the words of a name are; of several things that speak against it the heaviest."""
    several = " " in mention.key
    if mention.marks & Words.PLACE:
        yield Reason("a place too", -3)
    elif mention.marks & Words.COMMON:
        yield Reason("common words", -1 if several else -3)
    elif mention.marks & Words.FIRST_NAME and not several:
        yield Reason("a first name too", -2.5)
    elif several:
        yield Reason("several words", 1.5)


def _is_longer(text: str, start: int, end: int, taken: Collection[int]) -> bool:
    """Whether a word with a capital, or one joined by a hyphen, makes a longer name of a mention."""
    right = _JOINED_AFTER.match(text, end)
    if right and end + 1 not in taken and fold_text(right[1] or right[2]) not in _GENERIC:
        return True
    left = _JOINED_BEFORE.search(text[max(0, start - _CONTEXT) : start])
    if not left or start - 1 in taken:
        return False
    begin, word = start - len(left[0]), fold_text(left[1].rstrip())
    if left[0].endswith("-"):
        return True
    kind = word in _GENERIC or word in ARTICLES
    return not (kind or _FIRST_WORDS.search(text[max(0, begin - 3) : begin]))


def of_bearer(bearer: Bearer, around: Surroundings) -> Iterator[Reason]:
    """The evidence for one company, among those that bear a name, being meant."""
    if bearer.siren and bearer.siren in around.sirens:
        yield Reason("SIREN in the text", 8)
    if bearer.site and domain(bearer.site) in around.domains:
        yield Reason("web site in the text", 5)
    if bearer.city and f" {name_key(bearer.city)} " in around.words:
        yield Reason("its city in the text", 2.5)
    elif bearer.department and around.departments:
        near = bearer.department in around.departments
        yield Reason("its department in the text" if near else "another department in the text", 2 if near else -1)
    if bearer.naf and around.activities:
        same = bearer.naf[:2] in around.activities
        yield Reason("its activity in the text" if same else "another activity in the text", 1.5 if same else -0.5)
    if bearer.headcount:
        yield Reason("its size", min(2.0, 0.5 * math.log10(bearer.headcount)))
    if bearer.listed:
        yield Reason("listed", 1)
    if bearer.closed:
        yield Reason("closed", -2)
