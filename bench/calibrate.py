"""Chooses how the model's likelihood reads as a probability, and from where on each family is published.

    python -m bench.calibrate FOLDER

On the seen half of the sets that people labelled (see bench/quality.py), all languages together; the unseen half
tells in docs/quality.md what came of it. Run it after `make train`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bench.quality import GOLD, is_seen
from nlp.confidence import Confidence, Threshold, log_odds
from nlp.extract import Extractor
from signals.rules import default_extractor
from signals.texts import families_found
from signals.types import default_taxonomy
from vigie.commands.quality import judged
from vigie.console import say
from vigie.prepare.training import digest

AIM = 0.9
_LEAST_FOUND = 10  # fewer say little about a threshold

Found = tuple[float, bool]
"""How likely a family was found to be, and whether rightly."""


def _found(folder: Path) -> dict[int, list[Found]]:
    """What the model finds in the seen half on its own scale, by family; what labels merely accept is left out."""
    given = default_extractor()
    plain = Extractor(given.rules, default_taxonomy().numbers, given.models)
    found: dict[int, list[Found]] = defaultdict(list)
    for name in GOLD:
        for _, row in judged(str(folder / name), lambda one: families_found(one, plain, default_taxonomy())):
            for family, likely, right in row.counted if is_seen(row.id) else ():
                found[family].append((likely, right))
    return found


def scale(found: Sequence[Found]) -> Confidence:
    """The slope and offset of a logistic regression on the log-odds of what was found."""
    fitted = LogisticRegression(C=1e6).fit([[log_odds(likely)] for likely, _ in found], [right for _, right in found])
    return Confidence(round(float(fitted.coef_[0][0]), 4), round(float(fitted.intercept_[0]), 4))


def threshold(found: Sequence[Found]) -> Threshold:
    """The lowest confidence from which on at least `AIM` is right; where that is never so, the one that comes nearest.

    Decided on no fewer than ten texts, or all there are.
    """
    ordered = sorted(found, reverse=True)
    right = np.cumsum([one for _, one in ordered])
    counted = [
        number
        for number in range(min(_LEAST_FOUND, len(ordered)), len(ordered) + 1)
        if number == len(ordered) or ordered[number][0] < ordered[number - 1][0]  # the like are published together
    ]
    precisions = {number: float(right[number - 1] / number) for number in counted}
    reached = [number for number, precision in precisions.items() if precision >= AIM]
    number = max(reached) if reached else max(precisions, key=lambda one: (precisions[one], one))
    return Threshold(round(ordered[number - 1][0], 3), round(precisions[number], 2), number)


def main(folder: Path) -> None:
    """Choose, and write the file into the package."""
    found = _found(folder)
    chosen = scale([one for of_family in found.values() for one in of_family])
    names = default_taxonomy().names
    calibrated = {family: [(chosen.of(likely), right) for likely, right in rows] for family, rows in found.items()}
    published = {names[family]: threshold(calibrated[family]) for family in sorted(calibrated)}
    Confidence(chosen.slope, chosen.offset, published, digest()).save()
    for family, one in published.items():
        say(f"{family}: published from {one.least:.3f}, {one.precision:.2f} of {one.found} right")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
