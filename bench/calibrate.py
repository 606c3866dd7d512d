"""Chooses how the model's likelihood reads as a probability, and from where on events are published.

    python -m bench.calibrate FOLDER

On the seen half of the sets that people labelled (see bench/quality.py), all languages together; the unseen half
tells in docs/quality.md what came of it. Run it after `make train`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.halves import Set, halves
from nlp.confidence import FILE, FILE_BY_WORDS, Confidence, Threshold, log_length, log_odds
from nlp.embedding import Embedding
from nlp.evaluation import Report, evaluate
from nlp.extract import Extractor
from nlp.whole import WholeModel
from signals.rules import default_extractor
from signals.told import judge_told
from signals.types import default_taxonomy
from vigie.console import say
from vigie.prepare.training import digest

AIM = 0.94
"""Share of what is told of the seen half that is to be right, as stated; of other texts it is some points less."""
_THRESHOLDS = [number / 100 for number in range(30, 96)]

Making = Callable[[Confidence], Extractor]
"""Gives what tells events on a scale."""


@dataclass(frozen=True)
class Found:
    """A family found: how likely, in a text of how many words, and whether rightly."""

    likely: float
    words: int
    right: bool


class _Remembered(Embedding):
    """Vectors are kept: the same texts are read more than once."""

    def __init__(self) -> None:
        super().__init__(os.cpu_count() or 1)
        self._known: dict[str, NDArray[np.float32]] = {}

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if new := [one for one in dict.fromkeys(texts) if one not in self._known]:
            self._known |= dict(zip(new, super().of(new), strict=True))
        return np.stack([self._known[one] for one in texts])


remembered = lru_cache(maxsize=1)(_Remembered)


def making(*, embedding: bool, whole: WholeModel | None = None) -> Making:
    """What the product finds, with the meaning of texts or without; by another model of whole texts if one is given."""
    given, meaning = default_extractor(embedding=embedding), remembered() if embedding else None
    numbers = default_taxonomy().numbers

    def made(confidence: Confidence) -> Extractor:
        return Extractor(given.rules, numbers, given.models, confidence, whole or given.whole, meaning)

    return made


def found_by(sets: Sequence[Set], made: Making) -> list[Found]:
    """What the model tells of the companies of the texts on its own scale; what labels merely accept is left out."""
    plain = made(_everywhere(Confidence(), 0))
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


def chosen(sets: Sequence[Set], made: Making) -> Confidence:
    """The scale, and published from where on `AIM` of what is told is right by it.

    What the scale states is steadier than what was right above each threshold, which a few texts decide. One threshold
    holds for all families: each has too few texts for one of its own.
    """
    found = found_by(sets, made)
    confidence = scale(found)
    stated = sorted(confidence.of(one.likely, one.words) for one in found)
    least = next(
        (least for least in _THRESHOLDS if (above := [one for one in stated if one >= least]) and fmean(above) >= AIM),
        _THRESHOLDS[-1],
    )
    extractor = made(_everywhere(confidence, least))
    report = evaluate(row for some in sets for _, row in judge_told(*some, extractor, default_taxonomy()))["all"]
    say(f"from {least:.2f}: precision {report.micro.precision or 0:.3f}, recall {report.micro.recall or 0:.3f}")
    return _everywhere(confidence, least, report)


def main(folder: Path) -> None:
    """Choose, and write the files into the package."""
    with ExitStack() as stack:
        seen = halves(folder, stack)[True]
        for embedding, file in ((True, FILE), (False, FILE_BY_WORDS)):
            confidence = chosen(seen, making(embedding=embedding))
            replace(confidence, made_of=digest()).save(file)
            for family, one in confidence.published.items():
                say(f"{family}: published from {one.least:.3f}, {one.precision:.2f} of {one.found} right")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
