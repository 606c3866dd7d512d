"""The labelled sets, and their halves: one that choices may be made on, and one that is only counted."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench import gold_register
from signals.texts import Row
from signals.told import Register, register_of
from vigie.commands.quality import rows_in

SETS = {
    "headlines/fr_gold_dev.jsonl": "French headlines, labelled blind by three readers",
    "events/fr_en_pages_gold_dev.jsonl": "Short articles, French and some English, labelled blind by two readers",
    "events/fr_funding_slugs.jsonl": "French fund-raising headlines recovered from addresses (no accents or capitals)",
    "events/fr_bodacc_notices.jsonl": "French legal notices of insolvency proceedings",
    "events/en_layoffs_slugs.jsonl": "English headlines on lay-offs recovered from addresses",
    "events/en_sentifm.jsonl": "English sentences of financial news",
    "events/en_twitter_financial_topics.jsonl": "English financial tweets; labels mapped from topics",
}
GOLD = tuple(SETS)[:2]

Set = tuple[list[Row], Register]
"""Labelled rows, with a register in which their companies are."""


def is_seen(identity: str) -> bool:
    """Whether a labelled text belongs to the half that choices may be made on."""
    return hashlib.sha1(identity.encode(), usedforsecurity=False).digest()[0] % 2 == 0


def halves(folder: Path, stack: ExitStack) -> dict[bool, list[Set]]:
    """The labelled sets of a folder, the seen half of each (True) and the unseen, with registers, for the stack."""
    others = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "others.csv"
    gold_register.write(folder / "companies", others)
    found: dict[bool, list[Set]] = {True: [], False: []}
    for name in GOLD:
        rows = list(rows_in(str(folder / name)))
        register = stack.enter_context(register_of(rows, [others]))
        for seen, sets in found.items():
            sets.append(([one for one in rows if is_seen(one.id) == seen], register))
    return found
