"""The training text: sentences under heads that say what they tell, and whole texts as rows of JSON.

Format: nlp/training/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "training"
STATUSES = ("done", "planned", "rumoured", "denied")
STYLES = ("agency", "regional", "press_release", "register", "tweet", "headline", "bare")
_MARK = re.compile(r"\[([^\[\]]*)\]|\{([^{}]*)\}")


class BadExample(ValueError):
    """A line of the training text cannot be understood."""


@dataclass(frozen=True)
class Example:
    """A text and what it tells: nothing when `types` is empty, and then `reason` says what kind of text it is.

    `subjects` and `others` are character offsets in `text` of the companies it is about, and of other companies.
    """

    text: str
    language: str
    types: tuple[str, ...]
    status: str
    reason: str
    style: str
    subjects: tuple[tuple[int, int], ...]
    others: tuple[tuple[int, int], ...]
    where: str


@dataclass(frozen=True)
class Labelled:
    """A text with the numbers of the families that it tells."""

    id: str
    text: str
    language: str
    told: frozenset[int]


def read_texts(folder: Path = FOLDER) -> Iterator[Labelled]:
    """Every whole text of a folder of training text. Raises `BadExample` naming the line."""
    for file in sorted(folder.glob("texts/*.jsonl")):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                told = frozenset(row["signals"])
                text = "\n".join(filter(None, (row["title"], row["text"])))
                if not text or row["lang"] not in ("fr", "en") or not told.union(row["loose"]) <= set(range(1, 10)):
                    raise ValueError("a text, `fr` or `en` and families from 1 to 9 are wanted")
                yield Labelled(row["id"], text, row["lang"], told)
            except (ValueError, KeyError, TypeError) as error:
                raise BadExample(f"{file}, line {number}: {error}") from None


def unmark(line: str) -> tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The text without its marks, the offsets of `[subjects]`, and those of `{others}`."""
    text, last = "", 0
    subjects: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        name = mark[1] if mark[1] is not None else mark[2]
        (subjects if mark[1] is not None else others).append((len(text), len(text) + len(name)))
        text += name
        last = mark.end()
    return text + line[last:], tuple(subjects), tuple(others)


def _head(line: str, known: Collection[str], where: str) -> tuple[tuple[str, ...], str, str, str]:
    parts = [part.strip() for part in line.removeprefix("## ").split("|")]
    if len(parts) != 3:
        raise BadExample(f"{where}: a head is `## types | status | style` or `## none | reason | style`, not '{line}'")
    kinds, status, style = parts
    if style not in STYLES:
        raise BadExample(f"{where}: style '{style}' is none of {', '.join(STYLES)}")
    if kinds == "none":
        return (), "", status, style
    types = tuple(kinds.split("+"))
    if unknown := set(types) - set(known):
        raise BadExample(f"{where}: type '{min(unknown)}' is not in the taxonomy")
    if status not in STATUSES:
        raise BadExample(f"{where}: status '{status}' is none of {', '.join(STATUSES)}")
    return types, status, "", style


def texts(folder: Path = FOLDER) -> Iterator[str]:
    """The text of every example of a folder of languages, whatever it tells."""
    for file in sorted(folder.glob("*/*.txt")):
        for line in file.read_text("utf-8").splitlines():
            if line.strip() and not line.startswith(("# ", "## ")):
                yield unmark(line.strip())[0]


def read_examples(known: Collection[str], folder: Path = FOLDER) -> Iterator[Example]:
    """Every example of a folder of languages; `known` are the types there are. Raises `BadExample` naming the line."""
    for file in sorted(folder.glob("*/*.txt")):
        head = None
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            where = f"{file}, line {number}"
            if line.startswith("## "):
                head = _head(line, known, where)
            elif line.strip() and not line.startswith("# "):
                if head is None:
                    raise BadExample(f"{where}: a sentence stands before the first head")
                text, subjects, others = unmark(line.strip())
                if set("[]{}") & set(text):
                    raise BadExample(f"{where}: a bracket or brace is open or inside another")
                types, status, reason, style = head
                yield Example(text, file.parent.name, types, status, reason, style, subjects, others, where)
