"""How often what is told is told on a namesake: the labelled texts, beside more and more companies that others made up.

    python -m bench.namesakes FOLDER [NUMBER ...]

To the companies of the labels and of the lists that `bench.gold_register` reads are added that many names put together
of real parts, as long as there are any a fifth of them single words: French words, first names, places. Whatever is
told on one of these is wrong. Both halves are counted, since nothing is chosen by it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import marisa_trie
from rich.table import Table

from bench.halves import Set, halves
from bench.names import names
from companies import bearers
from companies.evidence import Bearer
from companies.linker import Linker
from companies.name_frequency import FILE, FIRST_NAME, FORMAT, PLACE, VILLAGE, WORD, CommonWords
from companies.name_index import build
from nlp.extract import Extractor
from signals.findings import Text, read
from signals.rules import default_extractor
from signals.texts import day_in
from signals.told import is_told, names_of
from store import companies
from vigie.console import out

SIZES = (12_000, 400_000, 4_000_000)
COLUMNS = ("names beside", "told", "on whom labels name", "on others of the lists", "on made-up ones", "of 100 told")
_MADE_UP = 1 << 40  # the first id of those that are
_SINGLE = 5  # one in so many is a single word


def made_up(count: int) -> Iterator[tuple[str, int]]:
    """That many names with ids of their own; the same ones each time."""
    rows = marisa_trie.RecordTrie(FORMAT).mmap(str(FILE)).iteritems()
    single = [word for word, (_, _, marks) in rows if marks & (FIRST_NAME | PLACE | VILLAGE | WORD) and " " not in word]
    single = single[: count // _SINGLE]
    for number, name in enumerate(single):
        yield name, _MADE_UP + number
    for name, number in names(count - len(single)):
        yield name, _MADE_UP + len(single) + number


class _Register(bearers.Register):
    """The register, and companies that nothing is known of but their names."""

    def bearers(self, ids: Collection[int]) -> dict[int, Bearer]:
        """The companies with these ids."""
        unknown = {number for number in ids if number >= _MADE_UP}
        return super().bearers(set(ids) - unknown) | {number: Bearer(number) for number in unknown}


def _told(some: Set, linker: Linker, extractor: Extractor) -> Counter[str]:
    """How many findings are told on whom the labels name, on others of the lists, and on made-up companies."""
    rows, register = some
    texts = [Text(row.title, row.text, row.language, day_in(row.date)) for row in rows]
    found = Counter[str]()
    with register.database.reading() as session:
        for row, reading in zip(rows, read(texts, extractor, linker, _Register(session)), strict=True):
            meant = frozenset().union(*(register.meant[name] for name in names_of(row)))
            for one in reading.findings:
                if is_told(one, extractor) and one.company_id is not None:
                    is_meant, is_made_up = one.company_id in meant, one.company_id >= _MADE_UP
                    found["meant" if is_meant else "made up" if is_made_up else "others"] += 1
    return found


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[list[str]]:
    """Judge the labelled texts beside each number of names: a row each, with `COLUMNS`."""
    extractor, lines = default_extractor(), []
    with ExitStack() as stack:
        sets = halves(folder, stack)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for size in sizes:
            found = Counter[str]()
            for n, (seen, unseen) in enumerate(zip(sets[True], sets[False], strict=True)):
                with seen[1].database.reading() as session:
                    known = [one[:2] for one in companies.all_names(session, 0) if one[2] != "ticker"]
                index = scratch / f"{size}-{n}"
                build([*known, *made_up(size)], index, CommonWords())
                for some in (seen, unseen):
                    found += _told(some, Linker(index), extractor)
            total = found.total()
            counts = [found["meant"], found["others"], found["made up"]]
            share = f"{100 * found['made up'] / total:.1f}" if total else "–"
            lines.append([f"{size:,}", str(total), *map(str, counts), share])
            out.print(lines[-1])
    return lines


def main(folder: Path, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure and print."""
    table = Table(*COLUMNS)
    for line in measure(folder, sizes):
        table.add_row(*line)
    out.print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(map(int, sys.argv[2:])) or SIZES)
