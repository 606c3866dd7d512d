"""Finding company names: building, loading, speed and memory at 10 thousand, 1 million and 4 million names.

    python -m bench.names

The names are put together of real parts: first names, places and French words. Beside it in the same run stands the
peer, pyahocorasick on the folded text with a test for whole words; each works in a process of its own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import marisa_trie
from rich.console import Console
from rich.table import Table

from bench.extraction import articles_with
from bench.memory import most_memory
from companies.folding import fold_text
from companies.linker import Linker
from companies.name_frequency import FILE, FIRST_NAME, FORMAT, PLACE, VILLAGE, WORD
from companies.name_index import build

SIZES = (10_000, 1_000_000, 4_000_000)
SMALLEST = ((500,),)
_PLANTED = 3  # names in each article
_FORMS = ("", "", "", " sas", " sarl", " sa")


def names(count: int) -> Iterator[tuple[str, int]]:
    """That many different names with an id each; the same ones each time."""
    chance = random.Random(11)  # noqa: S311
    parts: dict[int, list[str]] = {FIRST_NAME: [], PLACE: [], WORD: []}
    for word, (_, _, marks) in marisa_trie.RecordTrie(FORMAT).mmap(str(FILE)).iteritems():
        kind = next((one for one in (FIRST_NAME, WORD) if marks & one), PLACE if marks & (PLACE | VILLAGE) else 0)
        if kind:
            parts[kind].append(word)
    seen: set[str] = set()
    while len(seen) < count:
        first, place, word, other = (chance.choice(parts[kind]) for kind in (FIRST_NAME, PLACE, WORD, WORD))
        name = chance.choice((f"{word} {place}", f"{first} {place}", f"{word} {other}", f"{word} {first} {place}"))
        name += chance.choice(_FORMS)
        if name not in seen:
            seen.add(name)
            yield name, len(seen)


def _texts(known: list[str]) -> list[str]:
    """Articles with some of the names in them."""
    chance = random.Random(3)  # noqa: S311
    told = []
    for article in articles_with(0.05):
        sentences = article.split(". ")
        for _ in range(_PLANTED):
            sentences.insert(chance.randrange(len(sentences)), chance.choice(known).title())
        told.append(". ".join(sentences))
    return told


def _rate(find: Callable[[str], int], texts: list[str]) -> tuple[float, int]:
    """Megabytes of UTF-8 text a second of processor time, and how many names were found; warmed up by some texts."""
    size = sum(len(text.encode()) for text in texts)
    for text in texts[:20]:
        find(text)
    started = time.process_time()
    found = sum(map(find, texts))
    return size / (time.process_time() - started) / 1e6, found


def _vigie(count: int, folder: Path) -> dict[str, float]:
    started = time.perf_counter()
    build(names(count), folder / "names")
    built = time.perf_counter() - started
    told = _run("find", str(count), str(folder / "names"))
    size = sum(file.stat().st_size for file in (folder / "names").iterdir())
    return told | {"build": built, "disk": size, "build memory": most_memory()}


def _found_by_vigie(count: int, index: str) -> dict[str, float]:
    texts = _texts([name for name, _ in names(min(count, 5000))])
    before = most_memory()
    started = time.perf_counter()
    linker = Linker(Path(index))
    loaded = time.perf_counter() - started
    rate, found = _rate(lambda text: len(linker.find(text)), texts)
    return {"load": loaded, "rate": rate, "found": found, "memory": most_memory() - before}


def _peer(count: int) -> dict[str, float]:
    import ahocorasick

    texts = _texts([name for name, _ in names(min(count, 5000))])
    before = most_memory()
    started = time.perf_counter()
    automaton = ahocorasick.Automaton()
    for name, number in names(count):
        automaton.add_word(name, (number, len(name)))
    automaton.make_automaton()
    built = time.perf_counter() - started

    def find(text: str) -> int:
        folded = fold_text(text)
        found = 0
        for end, (_, length) in automaton.iter(folded):
            start = end - length + 1
            before, after = folded[max(0, start - 1) : start], folded[end + 1 : end + 2]
            found += not (before.isalnum() or after.isalnum())
        return found

    rate, found = _rate(find, texts)
    return {"build": built, "load": built, "rate": rate, "found": found, "memory": most_memory() - before}


def _run(*arguments: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "bench.names", *arguments], capture_output=True, check=True)  # noqa: S603
    told: dict[str, float] = json.loads(done.stdout)
    return told


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Measure and print."""
    table = Table("names", "by", title="Finding company names in articles")
    for head in ("built in s", "ready in s", "MB/s and core", "times peer", "memory MB", "share of peer", "found"):
        table.add_column(head, justify="right")
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            ours, peer = _run("build", str(count), folder), _run("peer", str(count))
        for name, told in (("Vigie", ours), ("pyahocorasick", peer)):
            table.add_row(
                f"{count:,}",
                name,
                f"{told['build']:.1f}",
                f"{told['load']:.4f}",
                f"{told['rate']:.1f}",
                f"{told['rate'] / peer['rate']:.2f}",
                f"{told['memory'] / 1e6:.0f}",
                f"{told['memory'] / peer['memory']:.2f}",
                f"{told['found']:.0f}",
            )
    Console(width=130).print(table)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", count, folder]:
            sys.stdout.write(json.dumps(_vigie(int(count), Path(folder))))
        case ["find", count, index]:
            sys.stdout.write(json.dumps(_found_by_vigie(int(count), index)))
        case ["peer", count]:
            sys.stdout.write(json.dumps(_peer(int(count))))
        case _:
            main()
