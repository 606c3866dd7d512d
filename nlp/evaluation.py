"""How often the families found are right, against texts labelled by others. Pure: labels in, counts out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Judged:
    """A labelled text and what was found in it, as family numbers.

    `required` must be found; `accepted` may be found; a `negative` text holds no business event at all.
    `sure` says how confident the finder was of each family found, from 0 to 1. `misplaced` are families that were told
    of a company which the labels do not name, with the confidence: they are wrong, whatever the text tells.
    """

    id: str
    language: str
    required: frozenset[int]
    accepted: frozenset[int]
    negative: bool
    found: frozenset[int]
    sure: Mapping[int, float] = field(default_factory=dict)
    misplaced: Mapping[int, float] = field(default_factory=dict)

    @property
    def missed(self) -> frozenset[int]:
        """What should have been found."""
        return self.required - self.found

    @property
    def wrong(self) -> frozenset[int]:
        """What should not have been found."""
        return (self.found - self.required - self.accepted) | self.misplaced.keys()

    @property
    def counted(self) -> list[tuple[int, float, bool]]:
        """Each family found that labels do not merely accept, how confidently, and whether it is right."""
        return [
            (family, confidence, family in self.required)
            for family, confidence in self.sure.items()
            if family in self.required or family not in self.accepted
        ] + [(family, confidence, False) for family, confidence in self.misplaced.items()]


@dataclass
class Counts:
    """True positives, false positives, false negatives. A ratio without anything to count is None, never 0 or 1."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else None

    def as_dict(self) -> dict[str, Any]:
        """Counts and ratios, these rounded to four digits."""
        ratios = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        rounded = {name: None if value is None else round(value, 4) for name, value in ratios.items()}
        return {"tp": self.tp, "fp": self.fp, "fn": self.fn, **rounded}


@dataclass
class Calibration:
    """How often what was found with a confidence is right, in ten bins of confidence.

    Families that a label merely accepts are left out.
    """

    found: list[int] = field(default_factory=lambda: [0] * 10)
    right: list[int] = field(default_factory=lambda: [0] * 10)
    stated: list[float] = field(default_factory=lambda: [0.0] * 10)

    def add(self, row: Judged) -> None:
        """Count the families of a text."""
        for _, confidence, right in row.counted:
            bin_ = min(9, int(confidence * 10))
            self.found[bin_] += 1
            self.right[bin_] += right
            self.stated[bin_] += confidence

    @property
    def error(self) -> float | None:
        """Expected calibration error: the mean distance of confidence and precision, bins weighed by their size.

        After Naeini et al., Obtaining Well Calibrated Probabilities Using Bayesian Binning, 2015. None without data.
        """
        total = sum(self.found)
        return sum(abs(a - b) for a, b in zip(self.stated, self.right, strict=True)) / total if total else None


@dataclass
class Report:
    """The counts of a set: per family, together (micro), and false alarms on texts without any event."""

    texts: int = 0
    families: dict[int, Counts] = field(default_factory=lambda: defaultdict(Counts))
    micro: Counts = field(default_factory=Counts)
    negatives: int = 0
    false_alarms: int = 0
    misplaced: int = 0
    confusions: Counter[tuple[int, int]] = field(default_factory=Counter)
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 over the families that the labels require at least once."""
        scores = [one.f1 or 0.0 for one in self.families.values() if one.tp + one.fn]
        return sum(scores) / len(scores) if scores else None

    def add(self, row: Judged) -> None:
        """Count a text. A family that is accepted but not required counts neither when found nor when not."""
        self.texts += 1
        self.calibration.add(row)
        self.misplaced += len(row.misplaced)
        for kind, families in (("tp", row.required & row.found), ("fp", row.wrong), ("fn", row.missed)):
            for family in families:
                for counts in (self.families[family], self.micro):
                    setattr(counts, kind, getattr(counts, kind) + 1)
        if row.negative:
            self.negatives += 1
            self.false_alarms += bool(row.wrong)
        self.confusions.update((missed, wrong) for missed in row.missed for wrong in row.wrong)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it; families by number."""
        macro, error = self.macro_f1, self.calibration.error
        return {
            "texts": self.texts,
            "families": {str(number): self.families[number].as_dict() for number in sorted(self.families)},
            "micro": self.micro.as_dict(),
            "macro_f1": None if macro is None else round(macro, 4),
            "negatives": self.negatives,
            "false_alarms": self.false_alarms,
            "misplaced": self.misplaced,
            "calibration_error": None if error is None else round(error, 4),
            "confusions": [
                {"missed": missed, "found": found, "count": count}
                for (missed, found), count in self.confusions.most_common()
            ],
        }


def evaluate(rows: Iterable[Judged]) -> dict[str, Report]:
    """The report of all rows under `all`, and one for each language when there are several."""
    reports: dict[str, Report] = {"all": Report()}
    for row in rows:
        reports["all"].add(row)
        reports.setdefault(row.language, Report()).add(row)
    if len(reports) == 2:
        return {"all": reports["all"]}
    return reports
