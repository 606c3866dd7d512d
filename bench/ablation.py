"""What each part of the model of whole texts is worth: trained without it, and told what comes of that.

    python -m bench.ablation FOLDER

Each variant is trained as `make train` does, put on its scale and threshold on the seen half as `make calibrate` does,
and told of the unseen half (see bench/quality.py). Some minutes.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from rich.table import Table

from bench.calibrate import chosen, making, remembered
from bench.halves import GOLD, halves
from nlp.evaluation import evaluate
from nlp.train import train_whole
from nlp.whole import BLOCKS
from signals.told import judge_told
from signals.types import default_taxonomy
from vigie.commands.quality import ratio
from vigie.console import out
from vigie.prepare.training import blocks_of_whole

COLUMNS = ("blocks", *(Path(name).stem for name in GOLD), "both", "confidence")
"""Precision and recall of each set and of both; then the distance of the stated confidence from the share right."""
_VARIANTS = ((), *((block,) for block in BLOCKS))


def measure(folder: Path) -> list[list[str]]:
    """Train and judge each variant: a row each, with `COLUMNS`."""
    texts, blocks = blocks_of_whole(remembered())
    lines = []
    with ExitStack() as stack:
        sets = halves(folder, stack)
        for without in _VARIANTS:
            made = making(embedding=True, whole=train_whole(texts, blocks, without=without))
            extractor = made(chosen(sets[True], made))
            told = [[one for _, one in judge_told(*some, extractor, default_taxonomy())] for some in sets[False]]
            of_all = evaluate(one for rows in told for one in rows)["all"]
            counts = [*(evaluate(rows)["all"].micro for rows in told), of_all.micro]
            cells = [f"{ratio(one.precision)} / {ratio(one.recall)}" for one in counts]
            lines.append(["without " + without[0] if without else "all", *cells, ratio(of_all.calibration.error)])
    return lines


def main(folder: Path) -> None:
    """Measure and print."""
    table = Table(*COLUMNS)
    for line in measure(folder):
        table.add_row(*line)
    out.print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
