"""Cutting a text into sentences, with offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ABBREVIATIONS = {
    *("m", "mm", "mme", "mlle", "dr", "pr", "me", "st", "ste", "cf", "env", "art", "no", "fig", "vol", "p", "pp"),
    *(
        "p.-d.g",
        "d.g",
        "av",
        "bd",
        "mr",
        "mrs",
        "ms",
        "inc",
        "ltd",
        "co",
        "corp",
        "vs",
        "etc",
        "jr",
        "sr",
        "u.s",
        "u.k",
    ),
    *("janv", "fevr", "févr", "avr", "juil", "sept", "oct", "nov", "déc", "jan", "feb", "aug", "dec", "approx", "no"),
}
_END = re.compile(r"(?:[.!?…]+(?:[ \u00a0\u202f]?[»”)\]]|[\"'’])*(?=\s+\S)|\n+)\s*")
_LAST_WORD = re.compile(r"([\w.-]+)$")
_CLOSING = ("»", "”", ")", "]", ",", ";", ":")  # what ends a quotation, or goes on after it
_LONGEST = 1500


def _is_break(text: str, match: re.Match[str], start: int) -> bool:
    if "\n" in match[0]:
        return True
    if text[match.end() : match.end() + 1] in _CLOSING:
        return False
    if not match[0].startswith("."):
        following = text[match.end() : match.end() + 1]
        return not following.islower()
    word = _LAST_WORD.search(text[max(start, match.start() - 12) : match.start()])
    if word is not None:
        last = word[1].lower().lstrip("-.")
        if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or re.fullmatch(r"(?:[a-z]\.)+[a-z]", last):
            return False
    following = text[match.end() : match.end() + 2].lstrip("«\"“'‘( ")
    return not (following and following[0].islower())


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a text, without the space around them; a line break always ends one."""
    start = 0
    for match in _END.finditer(text):
        if _is_break(text, match, start):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut + 1 if text[cut : cut + 1] == " " else cut
    if start < end:
        yield start, end
