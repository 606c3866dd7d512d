"""What each part of the model of whole texts is worth: trained without it, and told what comes of that.

    python -m bench.ablation FOLDER

Each variant is trained as `make train` does, put on its scale and threshold on the seen half as `make calibrate` does,
and told of the unseen half (see bench/quality.py). Some minutes.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from bench.calibrate import Making, chosen, halves, remembered
from bench.quality import GOLD, table
from nlp.confidence import Confidence
from nlp.evaluation import evaluate
from nlp.extract import Extractor
from nlp.whole import BLOCKS, WholeModel
from signals.rules import default_extractor
from signals.told import judge_told
from signals.types import default_taxonomy
from vigie.commands.quality import ratio
from vigie.console import say
from vigie.prepare.training import trained_whole

_VARIANTS = ((), *((block,) for block in BLOCKS))


def _making(whole: WholeModel) -> Making:
    given, numbers = default_extractor(), default_taxonomy().numbers

    def made(confidence: Confidence) -> Extractor:
        return Extractor(given.rules, numbers, given.models, confidence, whole, remembered())

    return made


def section(folder: Path) -> list[str]:
    """Train and judge each variant; gives a section of docs/quality.md."""
    lines = []
    with ExitStack() as stack:
        sets = halves(folder, stack)
        for without in _VARIANTS:
            made = _making(trained_whole(remembered(), without))
            extractor = made(chosen(sets[True], made))
            told = [[one for _, one in judge_told(*some, extractor, default_taxonomy())] for some in sets[False]]
            of_all = evaluate(one for rows in told for one in rows)["all"]
            counts = [*(evaluate(rows)["all"].micro for rows in told), of_all.micro]
            cells = [f"{ratio(one.precision)} / {ratio(one.recall)}" for one in counts]
            lines.append(["without " + without[0] if without else "all", *cells, ratio(of_all.calibration.error)])
    names = [Path(name).stem for name in GOLD]
    return [
        "### What each part is worth",
        "",
        "The model of whole texts weighs four blocks: what the words of the text say, what the model of sentences says",
        "of its likeliest one, which phrases match, and what the meaning says. Trained without one of them, and put on",
        "its own scale and threshold on the seen half; precision and recall as told of the unseen halves, and the",
        "distance of the stated confidence from the share that is right (`python -m bench.ablation`).",
        "",
        *table(("blocks", *names, "both", "confidence"), lines, 1),
    ]


def main(folder: Path) -> None:
    """Print the section."""
    say("\n".join(section(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
