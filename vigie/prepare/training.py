"""Trains the models of the product on its own text: `python -m vigie.prepare.training`."""

from __future__ import annotations

import hashlib
import os
import time
from collections import defaultdict
from pathlib import Path

from nlp.corpus import FOLDER as FOLDER_OF_TEXT
from nlp.corpus import BadExample, Example, Labelled, read_examples, read_texts
from nlp.embedding import Embedding, Unreadable
from nlp.extract import Extractor, Passage
from nlp.model import FOLDER, load
from nlp.train import Blocks, labelled, learn_blocks, train, train_whole
from nlp.whole import FILE as FILE_OF_WHOLE
from signals.rules import default_rules
from signals.types import FOLDER as FOLDER_OF_TYPES
from signals.types import default_taxonomy
from store.errors import Invalid
from vigie.console import fail, say


def digest() -> str:
    """A digest of what the models are trained on: the training text and the taxonomy, but for its comments."""
    files = sorted(
        [*FOLDER_OF_TEXT.glob("*/*.txt"), *FOLDER_OF_TEXT.glob("*/*.jsonl"), *FOLDER_OF_TYPES.glob("*.yaml")]
    )
    return hashlib.sha256(b"".join(file.name.encode() + _without_comments(file) for file in files)).hexdigest()


def _without_comments(file: Path) -> bytes:
    lines = file.read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if file.suffix != ".yaml" or not line.lstrip().startswith(b"#"))


def _read() -> tuple[dict[str, list[Example]], list[Labelled]]:
    """The sentences of each language, and the whole texts. Raises `BadExample` or `Invalid`."""
    examples: dict[str, list[Example]] = defaultdict(list)
    for one in read_examples(default_taxonomy().types):
        examples[one.language].append(one)
    return examples, list(read_texts())


def blocks_of_whole(embedding: Embedding) -> tuple[list[Labelled], Blocks]:
    """The whole texts, and what is weighed of them beside the stored models of sentences."""
    examples, whole = _read()
    taxonomy, rules = default_taxonomy(), default_rules()
    models = {language: load(FOLDER / f"{language}.npz") for language in examples}
    told = Extractor(rules, taxonomy.numbers, models).look([Passage(one.text, one.language) for one in whole])
    sentences = [labelled(one, rules, taxonomy.numbers) for some in examples.values() for one in some]
    vectors = embedding.of([one.text for one in (*whole, *sentences)])
    return whole, learn_blocks(whole, told, sentences, vectors)


def main() -> int:
    """Train a model for each language and the one of whole texts, and write them into the package."""
    try:
        taxonomy, rules = default_taxonomy(), default_rules()
        examples, whole = _read()
        embedding = Embedding(threads=os.cpu_count() or 1)
    except (BadExample, Invalid, Unreadable) as error:
        fail(str(error))
        return 1
    accepted = {name: frozenset(kind.accept) for name, kind in taxonomy.types.items()}
    for language, of_language in examples.items():
        started = time.monotonic()
        file = FOLDER / f"{language}.npz"
        train(of_language, rules, taxonomy.numbers, accepted, digest()).save(file)
        took = time.monotonic() - started
        say(f"{language}: {len(of_language)} sentences, {took:.0f} s, {file.stat().st_size / 1e6:.1f} MB")
    started = time.monotonic()
    train_whole(*blocks_of_whole(embedding), digest()).save()
    took = time.monotonic() - started
    say(f"whole texts: {len(whole)}, {took:.0f} s, {FILE_OF_WHOLE.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
