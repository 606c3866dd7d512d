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

from bench.calibrate import Making, chosen, halves, remembered
from bench.quality import GOLD
from nlp.confidence import Confidence
from nlp.evaluation import evaluate
from nlp.extract import Extractor
from nlp.whole import BLOCKS, WholeModel
from signals.rules import default_extractor
from signals.told import judge_told
from signals.types import default_taxonomy
from vigie.commands.quality import ratio
from vigie.console import out
from vigie.prepare.training import trained_whole

_VARIANTS = ((), *((block,) for block in BLOCKS))


def _making(whole: WholeModel) -> Making:
    given, numbers = default_extractor(), default_taxonomy().numbers

    def made(confidence: Confidence) -> Extractor:
        return Extractor(given.rules, numbers, given.models, confidence, whole, remembered())

    return made


def main(folder: Path) -> None:
    """Train and judge each variant, and print them in one table."""
    table = Table("without", *(f"{Path(name).stem} {what}" for name in GOLD for what in ("P", "R")), "confidence error")
    with ExitStack() as stack:
        sets = halves(folder, stack)
        for without in _VARIANTS:
            made = _making(trained_whole(remembered(), without))
            extractor = made(chosen(sets[True], made))
            told = [[one for _, one in judge_told(*some, extractor, default_taxonomy())] for some in sets[False]]
            counts = [evaluate(rows)["all"].micro for rows in told]
            error = evaluate(one for rows in told for one in rows)["all"].calibration.error
            cells = [ratio(value) for one in counts for value in (one.precision, one.recall)]
            table.add_row(" ".join(without) or "nothing", *cells, ratio(error))
    out.print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
