"""Chooses how the model's likelihood reads as a probability, and from where on events are published.

    python -m bench.calibrate FOLDER

On the seen half of the sets that people labelled (see bench/quality.py), all languages together; the unseen half
tells in docs/quality.md what came of it. Run it after `make train`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from sklearn.linear_model import LogisticRegression

from bench import gold_register
from bench.quality import GOLD, is_seen
from nlp.confidence import Confidence, Threshold, log_length, log_odds
from nlp.evaluation import Report, evaluate
from nlp.extract import Extractor
from signals.rules import default_extractor
from signals.texts import Row
from signals.told import Register, judge_told, register_of
from signals.types import default_taxonomy
from vigie.commands.quality import rows_in
from vigie.console import say
from vigie.prepare.training import digest

AIM = 0.94
"""Share of what is told of the seen half that is to be right; of other texts it is a little less."""
_THRESHOLDS = [number / 100 for number in range(30, 90, 4)]


@dataclass(frozen=True)
class Found:
    """A family found: how likely, in a text of how many words, and whether rightly."""

    likely: float
    words: int
    right: bool


def _with(confidence: Confidence) -> Extractor:
    given = default_extractor()
    return Extractor(given.rules, default_taxonomy().numbers, given.models, confidence, given.whole)


def _found(sets: Sequence[tuple[list[Row], Register]]) -> list[Found]:
    """What the model tells of the companies of the texts on its own scale; what labels merely accept is left out."""
    plain = _with(_everywhere(Confidence(), 0))
    return [
        Found(likely, len(text.whole.split()), right)
        for rows, register in sets
        for text, row in judge_told(rows, register, plain, default_taxonomy())
        for _, likely, right in row.counted
    ]


def scale(found: Sequence[Found]) -> Confidence:
    """The numbers of a logistic regression on the log-odds of what was found and the length of its text."""
    rows = [(log_odds(one.likely), log_length(one.words)) for one in found]
    fitted = LogisticRegression(C=1e6).fit(rows, [one.right for one in found])
    slope, of_length = (round(float(one), 4) for one in fitted.coef_[0])
    return Confidence(slope, round(float(fitted.intercept_[0]), 4), of_length)


def _everywhere(confidence: Confidence, least: float, report: Report | None = None) -> Confidence:
    """Published from one confidence on in every family, with what was right above it."""
    counted = {name: report.families[number] if report else None for name, number in default_taxonomy().numbers.items()}
    published = {
        name: Threshold(least, round(one.precision or 0.0, 2) if one else 0.0, one.tp + one.fp if one else 0)
        for name, one in counted.items()
    }
    return replace(confidence, published=published)


def chosen(confidence: Confidence, sets: Sequence[tuple[list[Row], Register]]) -> Confidence:
    """Published from where on the most is told of which `AIM` is right; as little as may be where that is never so.

    One threshold holds for all families: each has too few texts for one of its own.
    """
    reports: dict[float, Report] = {}
    for least in _THRESHOLDS:
        extractor = _with(_everywhere(confidence, least))
        rows = [one for some, register in sets for _, one in judge_told(some, register, extractor, default_taxonomy())]
        reports[least] = evaluate(rows)["all"]
        counts = reports[least].micro
        say(f"from {least:.2f}: precision {counts.precision or 0:.3f}, recall {counts.recall or 0:.3f}")
    reached = [least for least, report in reports.items() if (report.micro.precision or 0) >= AIM]
    best = max(reached, key=lambda one: (reports[one].micro.recall or 0, one)) if reached else _THRESHOLDS[-1]
    return _everywhere(confidence, best, reports[best])


def main(folder: Path) -> None:
    """Choose, and write the file into the package."""
    with ExitStack() as stack:
        others = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "others.csv"
        gold_register.write(folder / "companies", others)
        sets = []
        for name in GOLD:
            rows = [one for one in rows_in(str(folder / name)) if is_seen(one.id)]
            sets.append((rows, stack.enter_context(register_of(rows, [others]))))
        confidence = chosen(scale(_found(sets)), sets)
    replace(confidence, made_of=digest()).save()
    for family, one in confidence.published.items():
        say(f"{family}: published from {one.least:.3f}, {one.precision:.2f} of {one.found} right")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
