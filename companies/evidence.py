"""What speaks for and against a name in a text standing for a company: each piece of evidence with its points.

Points are log-odds: they are added up, and the sum says how likely it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from companies.activities import told_in
from companies.folding import fold_text, name_key
from companies.identifiers import luhn
from companies.linker import Mention
from companies.name_frequency import CommonWords, known_words
from companies.names import ARTICLES, forms
from companies.values import domain, domains_in
from companies.well_known import well_known

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
BEFORE_COMPANY = re.compile(
    rf"\b(?:{_KIND_OF_COMPANY}(?: [\w-]+){{0,2}}"
    rf"|{_OF_COMPANY} (?:de |d['’]|du |des |of )?(?:la |l['’])?(?:{_KIND_OF_COMPANY})?"
    r"|chez|face a|rachat de|rachat d['’]|acquisition de|acquisition d['’]|(?:de|du) la part de)\s*[«\"“]?\s*$"
)
DOES_BUSINESS = re.compile(
    r"[»\"”]?,? (?:inc|ltd|plc|gmbh|corp)\b|"
    r"[»\"”]?,? (?:(?:a |vient d(?:e |['’]))?(?:annonce|lance|rachete|leve|recrute|embauche|licencie|supprime|publie|"
    r"signe|acqui(?:ert|s)|investi|nomme|ouv(?:re|ert)|ferme|inaugure|demenage|remporte|decroche|cede|double)(?:nt|r|t)?|"
    r"s['’]implante|s['’]offre|s['’]installe|(?:va|veut) \w+|"
    r"announces?|announced|acquires?|acquired|raises?|raised|hires?|hired|reports?|reported|launches|launched|opens|"
    r"opened|cuts|posts|posted|appoints|appointed|names|wins|won|has|will|plans|to)\b|"
    r"['’]s (?:ceo|cfo|chief|shares|profits?|results|sales)\b|"
    rf",? (?:la |le |l['’]|une? |the |an? )?(?:\w+ )?{_KIND_OF_COMPANY}\b"
)
_OF_PLACE = re.compile(r"\b(?:a|au|en|vers|pres de|in|at|near|maire d[e'’]|ville d[e'’]|region|\d{5})\s*$")
_KIND_OF_PLACE = re.compile(
    r"\b(?:region|ville|province|commune|village|departement|canton|comte|vallee|desert|lac|ile|town|city|county|island)s?"
    r" (?:d['’]|de |du |of )$"
)
_QUOTE_BEFORE, _QUOTE_AFTER = re.compile(r"[«\"“][ \u00a0]?$"), re.compile(r"[ \u00a0]?[»\"”]")
_GENERIC = {
    *("group", "groupe", "france", "europe", "holding", "holdings", "international", "corporation", "corp", "inc"),
    *("company", "co", "sa", "sas", "se", "ltd", "plc", "gmbh", "ag", "nv", "limited", "llc"),
}
_JOINED_BEFORE = re.compile(r"((?:\w+-|[A-ZÀ-Ý]\.|[A-ZÀ-Ý][\w’'-]*))(?<![’'])[ \u00a0]?$(?<=[- \u00a0])")
_LINKED_BEFORE = re.compile(r"([A-ZÀ-Ý][\w’']*)([ -](?:de la|de l['’]|de|du|des|d['’]|of|of the)(?:(?<=['’])|[ -]))$")
_LINKED_AFTER = re.compile(r" (?:de |du |del |di |da |d['’]|von |van )([A-ZÀ-Ý][^\W\d_]+)")
_OF_COMPANY_WORD = re.compile(rf"(?:{_KIND_OF_COMPANY}|{_OF_COMPANY})")
_JOINED_AFTER = re.compile(r"(?:[- ]([A-ZÀ-Ý][\w’'-]*)|-(\w+))")
# Grève SNCF, Résultats Airbus: what happened stands before whom it happened to, and is no part of the name.
_WHAT_HAPPENED = re.compile(
    r"(?:greves?|proces|affaire|resultats?|bourse|rachat|fusion|opa|licenciements?|emplois?|accords?|conflit|panne|"
    r"incendie|explosion|cyberattaque|piratage|rappels?|scandale|polemique|boycott|enquete|amende|perquisitions?|"
    r"strikes?|trial|case|results|merger|takeover|outage|recalls?|probe|row|layoffs?|jobs|deal|fine)"
)
# Le Boeing, la Renault and l'Everest are no companies; la SNCF and la Poste are.
_ARTICLE_BEFORE = re.compile(r"(?:^|[^\w])(?:l['’]|(?:le|la|les|(une?)|the) )$", re.I)
_NUMBERED = re.compile(
    r"[ \u00a0]\d{2,4}\b(?![ \u00a0.,]?(?:\d|%|millions?|milliards?|personnes|salaries|salariés|postes|emplois|euros|€|"
    r"million|billion|people|jobs|staff))"
)
_NUMBER = re.compile(r"\b\d{3}[ \u00a0\u202f.]?\d{3}[ \u00a0\u202f.]?\d{3}\b")
_FIRST_WORDS = re.compile(r"(?:^|[.!?\n:«\"“–—]\s*(?:[-•]\s*)?)$")
# INSEE's codes (`categorie juridique`) of each form, by their beginning.
_FORMS = {
    "sa": ("55", "56"),
    "sas": ("57",),
    "sasu": ("57",),
    "sarl": ("54",),
    "eurl": ("54",),
    "snc": ("52",),
    "sca": ("53",),
    "se": ("58",),
    "gie": ("62",),
    "sci": ("6540",),
}
# In capitals, since "se" and "sa" are words as well.
_FORM = rf"({'|'.join(sorted(map(str.upper, _FORMS), key=len, reverse=True))}|Sarl|S\.A\.S?\.?|S\.A\.R\.L\.?)"
_FORM_AFTER = re.compile(rf",? \(?{_FORM}(?![\w])")
_FORM_BEFORE = re.compile(rf"(?<!\w){_FORM} $")
LONGER, PERSON, PLACE = "part of a longer name", "part of a person's name", "named as a place"
ARTICLE, ONE_OF_SEVERAL = "an article before it", "one of several before it"
NUMBERED = "a product's number follows"
OF_PRODUCTS = (LONGER, ARTICLE, ONE_OF_SEVERAL, NUMBERED)
_OF_FEW = ("1", "65", "92")
"""INSEE's codes of forms that have hardly any staff: a person alone, a property company, an association."""
_SMALL = 250  # people, as in the definition of the EU (recommendation 2003/361/EC)
CITY = "its city in the text"
SETTLED = "a person said so"
_SETTLED = 20  # points, which nothing else outweighs
_CONFIRMED, _CONFIRMED_AT_MOST = 1.5, 3  # for each text in which a person said so


@dataclass(frozen=True)
class Bearer:
    """What is known of a company that bears a name.

    `people` are the folded full names of who came to it or left it; `never` are the names that a person said are not
    its own, each with the folded words of a text where that holds; `confirmed` are those that a person said stand for
    it, each with the number of texts. `name` is its own name, folded, beside which it may bear others: a brand, a sign.
    """

    id: int
    siren: str | None = None
    department: str | None = None
    city: str | None = None
    country: str | None = None
    naf: str | None = None
    legal_form: str | None = None
    headcount: float | None = None
    site: str | None = None
    listed: bool = False
    followed: bool = False
    closed: bool = False
    people: frozenset[str] = frozenset()
    never: frozenset[tuple[str, str]] = frozenset()
    confirmed: Mapping[str, int] = field(default_factory=dict)
    name: str = ""

    @property
    def is_small(self) -> bool:
        """Whether it is known to be none of those that the press writes of daily: by its staff or its legal form."""
        few = self.headcount is not None and self.headcount < _SMALL
        return not self.listed and (few or (self.legal_form or "").startswith(_OF_FEW))

    def is_own(self, key: str) -> bool:
        """Whether a name is its own, short or in full: a group's, which its subsidiaries bear as a brand."""
        return key == self.name or key in forms(self.name)

    def may_be(self, key: str, around: Surroundings) -> bool:
        """Whether nobody said that this name, in this text, is not the company's or is another one's."""
        if key in around.settled:
            return around.settled[key] == self.id
        return not any(name == key and (not words or f" {words} " in around.words) for name, words in self.never)


@dataclass(frozen=True)
class Reason:
    """A piece of evidence: what it is, and its points for or against."""

    what: str
    points: float

    @property
    def told(self) -> tuple[str, float]:
        """As it is stored and shown: what, and the points with two digits."""
        return self.what, round(self.points, 2)


class Surroundings:
    """The text around names, read once. `departments` says which the text names, when it is asked.

    `settled` is whom folded names in it stand for, as a person said: a company, or none that the register has.
    """

    def __init__(
        self,
        text: str,
        title: int = 0,
        departments: Callable[[], Collection[str]] = tuple,
        settled: Mapping[str, int | None] = MappingProxyType({}),
    ) -> None:
        self.text, self.title, self.settled = text, title, settled
        self._departments = departments

    @cached_property
    def words(self) -> str:
        """The folded words, with spaces before and after each."""
        return f" {name_key(self.text)} "

    def has(self, name: str) -> bool:
        """Whether the text has the words of a name."""
        return f" {name_key(name)} " in self.words

    @cached_property
    def is_small(self) -> bool:
        """Whether the text has no capital."""
        return self.text.islower()

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
        return frozenset(site for _, site in domains_in(self.text.lower()))

    @cached_property
    def activities(self) -> frozenset[str]:
        """The NAF divisions whose words the text has."""
        return told_in(self.words)


def of_name(mention: Mention, around: Surroundings, taken: Collection[int] = ()) -> Iterator[Reason]:
    """The evidence for a mention standing for a company at all, whichever it is.

    `taken` are the offsets where other mentions that are nothing but names of companies start or end.
    """
    if mention.key.startswith("$"):
        yield Reason("ticker", 4)
        return
    if "." in mention.text and domain(mention.text.lower()):
        yield Reason("domain", 3)
        return
    text, start, end = around.text, mention.start, mention.end
    before, after = fold_text(text[max(0, start - _CONTEXT) : start]), fold_text(text[end : end + _CONTEXT])
    yield from _of_words(mention, around.is_small)
    if BEFORE_COMPANY.search(before) or DOES_BUSINESS.match(after) or form_beside(mention, text):
        yield Reason("company words beside", 2)
    if (mention.marks & CommonWords.PLACE and _OF_PLACE.search(before)) or _KIND_OF_PLACE.search(before):
        yield Reason(PLACE, -3)
    if _is_an_opening(mention, text):
        yield Reason("a capital that any word has there", -1.5)
    if longer := _longer(text, start, end, taken):
        yield longer
    if " " not in mention.key and (article := _ARTICLE_BEFORE.search(text[max(0, start - 6) : start])):
        if article[1]:
            yield Reason(ONE_OF_SEVERAL, -3)  # un Boeing is an aeroplane, un Airbnb a flat
        elif not mention.text.isupper():
            yield Reason(ARTICLE, -1.5)
    if _NUMBERED.match(text, end):
        yield Reason(NUMBERED, -3)
    if _QUOTE_BEFORE.search(text[max(0, start - 2) : start]) and _QUOTE_AFTER.match(text, end):
        yield Reason("in quotation marks", -1.5)
    if end <= around.title:
        yield Reason("in the title", 0.5)


def _is_an_opening(mention: Mention, text: str) -> bool:
    """Whether a name of plain words has no capital but that of the sentence."""
    several = " " in mention.key and mention.text[1:].islower()
    plain = mention.marks & (CommonWords.COMMON | CommonWords.WORD if several else CommonWords.COMMON)
    return bool(plain and _FIRST_WORDS.search(text[max(0, mention.start - 3) : mention.start]))


def _of_words(mention: Mention, small: bool) -> Iterator[Reason]:
    """What the words of a name are; of several things that speak against it the heaviest."""
    several = " " in mention.key
    if mention.marks & CommonWords.PLACE:
        yield Reason("a place too", -3)
    elif mention.marks & CommonWords.COMMON:
        yield Reason("common words", (-1 if several else -3) - 2 * small)
    elif mention.marks & CommonWords.FIRST_NAME and not several:
        yield Reason("a first name too", -2.5)
    elif mention.marks & CommonWords.SHARED:
        yield Reason("a word of many names", -2)
    elif mention.marks & CommonWords.PERSON:
        yield Reason("a person's name too", -1.5)
    elif mention.marks & CommonWords.WORD:
        yield Reason("words of the language", 0.5 if several else -1.5)
    elif several:
        yield Reason("several words", 1.5)
    elif small:
        yield Reason("one word in a text without capitals", -1)


def _longer(text: str, start: int, end: int, taken: Collection[int]) -> Reason | None:
    """What speaks against a mention that words with a capital, or joined by a hyphen, make a part of a longer name."""
    right = _JOINED_AFTER.match(text, end)
    hyphened = text[end : end + 1] == "-" and end + 1 in taken
    if right and not hyphened and fold_text(right[1] or right[2]) not in _GENERIC:
        return Reason(LONGER, -3)
    noble = _LINKED_AFTER.match(text, end)
    if noble and not known_words().is_place(fold_text(noble[1])):
        return Reason(LONGER, -3)
    before = text[max(0, start - _CONTEXT) : start]
    left = _JOINED_BEFORE.search(before)
    if left and left[0].endswith("-"):
        return None if start - 1 in taken else Reason(LONGER, -3)
    if left:
        return _after(left[1], text, start - len(left[0]))
    linked = _LINKED_BEFORE.search(before)
    if not linked or linked[1].isupper() or _OF_COMPANY_WORD.fullmatch(fold_text(linked[1])):
        return None
    if "-" in linked[2]:
        return Reason(LONGER, -3)
    reason = _after(linked[1], text, start - len(linked[0]))
    return replace(reason, points=reason.points / 2) if reason and reason.what == LONGER else reason


def _after(word: str, text: str, start: int) -> Reason | None:
    """What a word with a capital before a name says: nothing if of a kind, or common and opening a sentence."""
    folded = fold_text(word)
    if folded in _GENERIC or folded in ARTICLES or _WHAT_HAPPENED.fullmatch(folded):
        return None
    if known_words().marks(folded) & CommonWords.FIRST_NAME:
        return Reason(PERSON, -3)
    if known_words().is_place(folded):
        return Reason(LONGER, -1)  # la jeune pousse de Palaiseau Velmora
    if not _FIRST_WORDS.search(text[max(0, start - 3) : start]):
        return Reason(LONGER, -3)
    return None if known_words().is_common(folded) else Reason(LONGER, -1.5)


def form_beside(mention: Mention, text: str) -> str:
    """The legal form that a text writes before or after a name, folded; empty when it writes none."""
    found = _FORM_AFTER.match(text, mention.end) or _FORM_BEFORE.search(
        text, max(0, mention.start - _CONTEXT), mention.start
    )
    return found[1].replace(".", "").lower() if found else ""


def of_bearer(bearer: Bearer, key: str, around: Surroundings, form: str = "") -> Iterator[Reason]:
    """The evidence for one company, among those that bear a name, being meant; `form` is the legal form beside it."""
    if key in around.settled:
        yield Reason(SETTLED, _SETTLED)
    if times := bearer.confirmed.get(key, 0):
        yield Reason("confirmed elsewhere", min(_CONFIRMED * times, _CONFIRMED_AT_MOST))
    if form and bearer.legal_form:
        same = bearer.legal_form.startswith(_FORMS[form])
        yield Reason("its legal form beside" if same else "another legal form beside", 1 if same else -1.5)
    if bearer.siren and bearer.siren in around.sirens:
        yield Reason("SIREN in the text", 8)
    if bearer.site and domain(bearer.site) in around.domains:
        yield Reason("web site in the text", 5)
    if any(" " in person and f" {person} " in around.words for person in bearer.people):
        yield Reason("one of its people in the text", 3)
    if bearer.city and around.has(bearer.city):
        yield Reason(CITY, 2.5)
    elif bearer.department and around.departments:
        near = bearer.department in around.departments
        yield Reason("its department in the text" if near else "another department in the text", 2 if near else -1)
    if bearer.naf and around.activities:
        same = bearer.naf[:2] in around.activities
        yield Reason("its activity in the text" if same else "another activity in the text", 1.5 if same else -0.5)
    if bearer.headcount:
        yield Reason("its size", min(1.5, 0.3 * math.log10(bearer.headcount)))
    if bearer.listed:
        yield Reason("listed", 0.5)
    if key in well_known():
        yield Reason("a small namesake", -2) if bearer.is_small else Reason("a name that the press knows", 2)
    if bearer.followed:
        yield Reason("followed", 1)
    if bearer.closed:
        yield Reason("closed", -2)
