"""Hiding the names of people who were erased: in texts by as many other characters, so that all offsets stay. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

from companies.folding import fold_text

COVER = "█"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BETWEEN = re.compile(r"(?:[ \u00a0\u202f'’.-]|\. |\n){1,2}")
_MOST_WORDS = 5  # of a name
_TITLE = re.compile(r"\b(?:M\.|MM\.|Mme|Mlle|Me|Dr|Pr|Mr|Mrs|Ms|Miss)\.? $")
Asked = Callable[[str], bool]
"""Whether the digest of a name's words is one of those that were erased."""


def words_of(name: str) -> list[str]:
    """The words of a name as it is compared, in the order of the alphabet: `Vidal, Anne` is `Anne VIDAL`."""
    return sorted(fold_text(token).replace("’", "'") for token in _TOKEN.findall(name))


def digest_of(name: str, salt: bytes) -> str:
    """What is kept of an erased name: enough to know it again, and not to say it (BLAKE2b, RFC 7693)."""
    return blake2b(" ".join(words_of(name)).encode(), key=salt, digest_size=20).hexdigest()


def _found(text: str, is_erased: Asked) -> Iterator[tuple[int, int]]:
    """Where erased names stand in a text, each with the surname alone behind a title."""
    tokens = list(_TOKEN.finditer(text))
    surnames: set[str] = set()
    for first, token in enumerate(tokens):
        if not token[0][0].isupper():
            continue
        for last in range(first + 1, min(first + _MOST_WORDS, len(tokens))):
            if not _BETWEEN.fullmatch(text, tokens[last - 1].end(), tokens[last].start()):
                break
            name = text[token.start() : tokens[last].end()]
            if is_erased(name):
                yield token.start(), tokens[last].end()
                surnames |= {fold_text(one[0]) for one in (token, tokens[last])}
    for token in tokens if surnames else ():
        if fold_text(token[0]) in surnames and _TITLE.search(text, max(0, token.start() - 8), token.start()):
            yield token.start(), token.end()


def hidden(text: str, is_erased: Asked) -> str:
    """The text with other characters in the place of erased names."""
    for start, end in _found(text, is_erased):
        text = text[:start] + COVER * (end - start) + text[end:]
    return text


def hidden_in(value: Any, is_erased: Asked) -> Any:
    """The same of all texts in what JSON holds."""
    if isinstance(value, str):
        return hidden(value, is_erased)
    if isinstance(value, list):
        return [hidden_in(one, is_erased) for one in value]
    return {name: hidden_in(one, is_erased) for name, one in value.items()} if isinstance(value, dict) else value
