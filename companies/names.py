"""The forms under which a text may give a company's name: without its legal form, without dots between letters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from cleanco.clean import custom_basename, prepare_default_terms
from cleanco.termdata import terms_by_country

from companies.folding import name_key

_TERMS = [term for term in prepare_default_terms() if term[1] != ["uk"]]  # a country is no legal form
_FRENCH = {*map(name_key, terms_by_country["France"]), "sa", "sasu"}
_ENDINGS: defaultdict[str, list[tuple[int, list[str]]]] = defaultdict(list)
"""The terms by their last word: of some four hundred, those that a name can end with."""
for _term in _TERMS:
    _ENDINGS[_term[1][-1]].append(_term)
_BEFORE = {*_FRENCH, "ets", "etablissements", "ste", "soc"}
"""What a register writes before a name: forms, and its abbreviations for a house or company."""
_WIDER = {"group", "groupe", "holding", "holdings"}
"""Words at an end of a name that texts leave away: Thales Group, Groupe Bertrand."""
ARTICLES = {"le", "la", "les", "l", "the"}
_SHORTEST = 3  # letters in what is left of a name, or of an acronym
_LINKING = {*ARTICLES, "de", "du", "des", "d", "et", "en", "aux", "au", "a", "pour", "par", "sur", "of", "and", "for"}
_BRACKETED = re.compile(r"\s*(?P<name>[^()]+?)\s*\((?P<inner>[^()]{2,80})\)\s*")


def joined_letters(key: str) -> str:
    """A folded name with its runs of single letters in one word: `s n c f reseau` is `sncf reseau`."""
    return " ".join(_joined(key.split()))


def _joined(words: Iterable[str]) -> Iterator[str]:
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            yield run
        run = ""
        yield word
    if run:
        yield run


def without_legal_form(key: str) -> str:
    """A folded name without a legal form at its end or start.

    The forms are those of cleanco. A name of which less than three letters would be left is given as it is: a company
    can be called COOP, or S.N.C. & Company.
    """
    joined = joined_letters(key)
    left = joined.split()
    while left and left[-1] in _ENDINGS:
        rest = name_key(custom_basename(" ".join(left).replace(" et ", " & "), _ENDINGS[left[-1]])).split()
        if rest == left:
            break
        left = rest
    while len(left) > 1 and left[0] in _BEFORE:
        left = left[1:]
    while left and left[-1] == "et":  # "& Cie" loses its company
        left.pop()
    short = " ".join(left)
    return short if len(short) >= _SHORTEST and not short.isdigit() else key


def forms(key: str) -> set[str]:
    """The folded name and the shorter forms that stand for it."""
    short = without_legal_form(key)
    article, _, rest = short.partition(" ")
    # Without its article a name of one more word would be a plain word: Les Éclusières are no lock keepers.
    return {key, joined_letters(key), short, rest if article in ARTICLES and " " in rest else short, core(short)}


def in_brackets(name: str) -> list[tuple[str, str]]:
    """The two names of which one abbreviates the other in brackets, with their kinds: `Électricité de France (EDF)`."""
    found = _BRACKETED.fullmatch(name)
    if found is None:
        return []
    for short, full in ((found["inner"].strip(), found["name"]), (found["name"], found["inner"].strip())):
        if abbreviates(short, full):
            return [(short, "acronym"), (full, "alias")]
    return []


def abbreviates(short: str, full: str) -> bool:
    """Whether the letters of one are first letters of the other's words, in their order, none but small words left out.

    One that is a legal form abbreviates nothing.
    """
    letters = joined_letters(name_key(short))
    told = [word for word in name_key(full).split() if word not in _LINKING]
    if len(letters) < _SHORTEST or not letters.isalpha() or letters in _FRENCH:
        return False
    return letters in (
        "".join(word[0] for word in words) for words in (told, name_key(full).split(), told[: len(letters)])
    )


def core(short: str) -> str:
    """A folded name without legal form, without the words for a group at its ends."""
    left = short.split()
    while len(left) > 1 and left[-1] in _WIDER:
        left.pop()
    while len(left) > 1 and left[0] in _WIDER:
        left = left[1:]
    rest = " ".join(left)
    return rest if len(rest) >= _SHORTEST and rest not in ARTICLES else short
