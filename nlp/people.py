"""Names of people: which a tagger's finds are, and those that English sentences give by the words around them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import marisa_trie

from companies.folding import fold_text
from nlp.corpus import texts

FIRST_NAMES = Path(__file__).parent / "models" / "first_names.marisa"
"""The first names that are known, folded: `make names`."""

_NAME = r"(?:[A-ZÀ-Ý][\w'’-]*[a-zà-ÿ]|[A-ZÀ-Ý]\.|O['’][A-Z][a-z]+)"
_FULL = rf"{_NAME}(?: (?:(?:de|van|von|der|la|al|bin|den) )*{_NAME}){{1,3}}"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Prof|Professor)\.?"
_FUNCTION = (
    r"(?:(?:the|its|his|her|their|a|an|former|new|chief|deputy|acting|interim|outgoing|group|global|executive|"
    r"non-executive|managing|senior|vice|finance|sales|marketing|technology|operating|financial|commercial|independent|"
    r"co-|[A-Z][\w&'’.]+ ?'s|[A-Z][\w&]+) )*"
    r"(?:chief|CEO|CFO|COO|CTO|CIO|CMO|chair|chairman|chairwoman|president|director|head|boss|founder|co-founder|partner|"
    r"analyst|executive|manager|owner|officer|counsel|treasurer|secretary|minister|mayor|governor)\b"
)
_PERSON_EN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_TITLE} ({_NAME}(?: {_NAME}){{0,2}})",
        rf"\b(?:appoint(?:s|ed)|names?|named|hires?|hired|promotes?|promoted|elect(?:s|ed)|picks?|picked|taps?|tapped|"
        rf"recruit(?:s|ed)|replaces?|replaced|succeeds?|succeeded|paid|ousts?|ousted|welcomes?|selects?|selected|lures?|"
        rf"poaches?|CEO|CFO|COO|CTO|[Cc]hair(?:man|woman)?|[Pp]resident|[Dd]irector|[Ff]ounder|[Bb]oss|[Ee]xecutive|"
        rf"[Cc]hief) ({_FULL})",
        rf"\b({_FULL}) ?, (?:who|aged|\d\d|{_FUNCTION})",
        rf"\b({_FULL}) (?:(?:has been|have been|was|is|will be|to be) (?:appointed|named|promoted|elected)|resigns|"
        rf"resigned|steps down|stepped down|stepping down|retires|retired|quits|joins|joined|succeeds|succeeded|"
        rf"takes over|took over|takes the helm|leaves|departs|dies|died|said|says|told)\b",
    )
)
_CORPORATE = re.compile(
    r"\b(?:Group|Bank|Holdings?|Inc|Ltd|Plc|Corp|Company|Co|Partners|Capital|Systems|Technolog\w+|Motors?|Airlines?|"
    r"Airways|Energy|Stores|Foods?|Steel|Software|Health|Pharma\w*|Industries|International|Labs?|Networks?|University|"
    r"Ministry|Council|Union|Association|The|This|But|And|For|In|On|At|Chief|Officer|Executive|President|Director|"
    r"Chairman|Financial|Operating|North|South|East|West|New|United|Street|Road|January|February|March|April|May|June|"
    r"July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
# "Me Paul Roux", "Mme Anne Vidal"
_TITLED = re.compile(rf"\b(?:M\.|Mme|Mlle|Me|Maître|Dr|Pr) ({_NAME}(?:[ -]{_NAME}){{0,3}})")
_PARTICLES = r"de|du|des|la|le|van|von|d['’]|el|ben"


def _full(particles: str) -> str:
    """What a first and a last name look like, with such particles between them."""
    return rf"{_NAME}(?:[ -](?:(?:{particles}) ?)*{_NAME}){{1,3}}"


_FRENCH = re.compile(_full(_PARTICLES), re.I)
FULL_NAME = _full(rf"{_PARTICLES}|bin")
"""What a first and a last name look like in either language."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_OFFICE = (
    r"(?:pdg|p\.-d\.g\.|dg|drh|daf|dsi|ceo|directeur|directrice|president|presidente|gerant|gerante|patron|patronne|"
    r"fondateur|fondatrice|cofondateur|cofondatrice|dirigeant|dirigeante|administrateur|administratrice|avocat|avocate|"
    r"liquidateur|mandataire|secretaire general|secretaire generale|chef|cheffe|numero deux)"
)
_BEFORE = re.compile(rf"\b(?:{_OFFICE}(?: \w+)?|m\.|mme|mlle|me|maitre|dr|pr|dirigee? par|presidence de),? $")
_AFTER = re.compile(
    rf" ?,? (?:le |la |l['’]|son |sa |ex-|nouve(?:au|lle) |qui |\d\d ans|{_OFFICE}\b)| ?\((?:{_OFFICE}|\d\d)\b"
)


@cache
def _common() -> frozenset[str]:
    """The words that the training text of both languages writes in small letters."""
    return frozenset(fold_text(word) for text in texts() for word in _WORD.findall(text) if word.islower())


def key(first_name: str) -> str:
    """A first name as it is looked up."""
    return fold_text(first_name).replace("’", "'")


@cache
def _first_names() -> marisa_trie.Trie:
    return marisa_trie.Trie().mmap(str(FIRST_NAMES))


def _begins_with_a_first_name(text: str) -> bool:
    """Whether the first word, or what stands before its hyphen, is a known first name."""
    first = text.split()[0]
    return key(first) in _first_names() or key(first.split("-")[0]) in _first_names()


def _has_office(sentence: str, name: str) -> bool:
    """Whether the words beside a name say what the person is."""
    before, _, after = sentence.partition(name)
    return bool(_BEFORE.search(fold_text(before)) or _AFTER.match(fold_text(after)))


def is_name(text: str, sentence: str = "") -> bool:
    """Whether what a tagger takes for a person reads like a first and a last name, and not like other words.

    The first name is a known one, or the sentence tells the person's office beside the name.
    """
    words = _WORD.findall(text)
    return (
        bool(_FRENCH.fullmatch(text))
        and " " in text
        and not _CORPORATE.search(text)
        and any(fold_text(w) not in _common() for w in words)
        and (_begins_with_a_first_name(text) or _has_office(sentence, text))
    )


def is_person(text: str, sentence: str, language: str) -> bool:
    """Whether what looks like a first and a last name beside a function is one."""
    if not _CORPORATE.search(text) and _begins_with_a_first_name(text):
        return True
    return language == "fr" and is_name(text, sentence)


def titled(text: str) -> list[str]:
    """The people that a French sentence names with their title."""
    return [match[1] for match in _TITLED.finditer(text)]


def english_names(text: str) -> list[str]:
    """The people of an English sentence, by their title, their function or what they do, in its order."""
    found = sorted((match.start(1), match[1]) for pattern in _PERSON_EN for match in pattern.finditer(text))
    people: list[str] = []
    for name in (re.sub(rf"^{_TITLE} ", "", said) for _, said in found):
        if not _CORPORATE.search(name) and not any(name in other for other in people):
            people.append(name)
    return people
