"""How sure an event is, on a scale where 0.8 means four in five, and from where on it is published.

Platt scaling (Probabilistic Outputs for Support Vector Machines, 1999): few numbers, chosen on labelled texts, turn
what the model says into a probability. A headline says less of anything than an article does, so that the model is
less sure of it, and as often right: the length of the text counts as well. `bench/calibrate.py` writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import exp, log
from pathlib import Path

FILE = Path(__file__).parent / "models" / "confidence.json"
FILE_BY_WORDS = FILE.with_name("confidence-by-words.json")
"""Where meaning is read, and where the models go by words alone: what is as likely is not as often right."""
EDGE = 1e-4
"""Likelihoods are kept off 0 and 1 by this."""
_USUAL, _SHORTEST, _LONGEST = 32, 8, 128  # words of a text


def log_odds(likely: float) -> float:
    """The logarithm of the odds of a likelihood, which is kept off 0 and 1."""
    inside = min(1 - EDGE, max(EDGE, likely))
    return log(inside / (1 - inside))


def log_length(words: int) -> float:
    """How much longer than usual a text of so many words is, as a logarithm."""
    return log(min(_LONGEST, max(_SHORTEST, words)) / _USUAL)


@dataclass(frozen=True)
class Threshold:
    """From which confidence on a family is published, and what was right above it when it was chosen."""

    least: float
    precision: float
    found: int


@dataclass(frozen=True)
class Confidence:
    """The scale and the thresholds, by the families' names; without them what the model says is taken as it is.

    `made_of` is the digest of what the models were trained on that it was chosen with.
    """

    slope: float = 1.0
    offset: float = 0.0
    of_length: float = 0.0
    published: Mapping[str, Threshold] = field(default_factory=dict)
    made_of: str = ""

    def of(self, likely: float, words: int = _USUAL) -> float:
        """The probability that an event is true which the model finds so likely in a text of so many words."""
        return 1 / (1 + exp(-(self.slope * log_odds(likely) + self.offset + self.of_length * log_length(words))))

    def is_published(self, family: str, confidence: float) -> bool:
        """Whether events of a family are told to reps when they are so sure."""
        threshold = self.published.get(family)
        return threshold is None or confidence >= threshold.least

    def save(self, file: Path = FILE) -> None:
        """Write the file, in one step."""
        scratch = file.with_suffix(".tmp")
        scratch.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")
        scratch.replace(file)


def load_confidence(file: Path = FILE) -> Confidence:
    """What `save` wrote; the model's own scale where there is no file."""
    if not file.exists():
        return Confidence()
    kept = json.loads(file.read_text("utf-8"))
    published = {family: Threshold(**threshold) for family, threshold in kept["published"].items()}
    return Confidence(kept["slope"], kept["offset"], kept.get("of_length", 0.0), published, kept.get("made_of", ""))
