"""Who holds which function, as a sentence tells it beside the name: "sa directrice financière, Anne Vidal"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

from companies.folding import fold, fold_text
from nlp.people import FULL_NAME, is_person
from nlp.terms import functions

# fmt: off
Field = Literal[
    "general", "people", "finance", "operations", "technical", "it", "sales", "export", "marketing", "purchasing",
    "legal", "site",
]
# fmt: on
FIELDS: tuple[Field, ...] = get_args(Field)
"""What a function is about."""

# The first that a folded function holds; what leads the whole company comes last, so that "directeur général adjoint
# en charge des achats" buys.
_ABOUT: tuple[tuple[Field, str], ...] = (
    ("people", r"ressources humaines|\bdrh\b|\brh\b|human resources|\bhr\b|people|talent|recrutement"),
    ("finance", r"financ|\bdaf\b|\bcfo\b|treasurer|tresor"),
    ("it", r"informati|\bdsi\b|\bcio\b|systemes? d'information|numerique|digital"),
    ("export", r"export|international"),
    ("purchasing", r"achats?\b|purchas|procurement"),
    ("legal", r"juridi|general counsel|legal|company secretary|\bpresidente? du conseil de surveillance"),
    ("marketing", r"marketing|\bcmo\b|communication|marque"),
    ("sales", r"commercial|ventes?\b|\bsales\b|business development|clients?\b"),
    ("site", r"\b(?:du |de l'|de la )?(?:site|usine|plant|atelier|agence|magasin)\b"),
    ("operations", r"industriel|production|operation|\bcoo\b|supply|logisti|manufacturing|fabrication"),
    ("technical", r"techni|recherche|\br&d\b|innovation|\bcto\b|scientifi|ingenieri|engineering|technolog|research"),
    (
        "general",
        r"president|\bpdg\b|\bdg\b|general|gerant|\bceo\b|chief executive|managing director|chair|fondat|found",
    ),
    ("general", r"patron|directoire|\bboss\b"),
)
_ABOUT_READ = tuple((field, re.compile(pattern)) for field, pattern in _ABOUT)
_FORMER = re.compile(r"(?:\bex-|\bancien(?:ne)?s? |\bformer |\bprevious |\boutgoing )$")
_WITHIN = 80  # characters from a function to a name: what is tried grows with a power of them
# What stands between a function and the name after it: nothing, a comma, or whose function it is.
_OF = (
    r"(?: (?:du groupe|de la soci[ée]t[ée]|de l['’]entreprise|d['’]|de l['’]|de la|de|du|des|chez|of the|of|at) ?"
    r"(?P<of>[^,.;:()«»]{2,60}?))?"
)
_THEN = re.compile(rf"{_OF}(?:, | )(?P<name>{FULL_NAME})(?=[,.;:)\s»”]|$)")
_BEFORE = re.compile(
    rf"(?P<name>{FULL_NAME}), (?:(?:le |la |l['’]|son |sa |its |the |their )?(?:nouve(?:au|lle) |new )?)$"
)
_NAMED = re.compile(
    rf"\b(?:nomm(?:e|ent|é)|promeut|promu|désigne|choisit|recrute|embauche|appoint(?:s|ed)|names|named|hires|hired|"
    rf"promotes|promoted) (?P<name>{FULL_NAME})(?: (?:as|to|comme|au poste de|en tant que|aux fonctions de))?"
    r"(?: (?:its|new|le|la|son|sa|nouveau|nouvelle))* $"
)
_SPEAKER = re.compile(rf"{_OF}(?=[,.;:)»”]|$| (?:qui|who|a |et |and |said|says))")


class Holder(NamedTuple):
    """Somebody with a function, as a text has it; `of` is whose function it is said to be, empty where nothing is said.

    `start` and `end` are offsets of both in the sentence.
    """

    name: str
    function: str
    field: Field
    of: str
    start: int
    end: int


def field_of(function: str) -> Field | None:
    """What a function is about; None where it is none that somebody is called for."""
    folded = fold_text(function)
    return next((field for field, pattern in _ABOUT_READ if pattern.search(folded)), None)


def holders(sentence: str, language: str) -> Iterator[Holder]:
    """Who holds which function, of those who hold it now and are named beside it."""
    folded = fold(sentence)
    for start, end in functions(folded):
        function = sentence[start:end]
        field = field_of(function)
        if field is None or _FORMER.search(fold_text(sentence[max(0, start - 20) : start])):
            continue
        near = max(0, start - _WITHIN), start
        before = _BEFORE.search(sentence, *near) or _NAMED.search(sentence, *near)
        after = _THEN.match(sentence, end, end + 2 * _WITHIN)
        name = _person(before["name"], sentence, language) if before else ""
        if before and name:
            of = _SPEAKER.match(sentence, end)
            yield Holder(name, function, field, (of and of["of"]) or "", before.end("name") - len(name), end)
        elif after and (name := _person(after["name"], sentence, language)) == after["name"]:
            yield Holder(name, function, field, after["of"] or "", start, after.end())


def _person(text: str, sentence: str, language: str) -> str:
    """The name that a text ends with ("Selon Anne Vidal" has another word before it); empty where there is none."""
    words = text.split(" ")
    while len(words) > 1:
        if is_person(name := " ".join(words), sentence, language):
            return name
        words = words[1:]
    return ""
