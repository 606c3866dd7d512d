"""The scale of confidence, and what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.calibrate import Found, scale
from nlp.confidence import Confidence, Threshold, load_confidence
from signals.types import default_taxonomy


def test_a_model_that_is_too_sure_is_taken_at_its_worth() -> None:
    found = [Found(0.99, 32, number % 10 < 7) for number in range(200)]
    found += [Found(0.6, 32, number % 10 < 4) for number in range(200)]
    chosen = scale(found)
    assert chosen.of(0.99) == pytest.approx(0.7, abs=0.02)
    assert chosen.of(0.6) == pytest.approx(0.4, abs=0.02)
    assert 0 < chosen.of(0.0) < chosen.of(1.0) < 1


def test_the_length_of_a_text_counts() -> None:
    short = [Found(0.5, 10, number % 10 < 9) for number in range(200)]
    long = [Found(0.5, 100, number % 10 < 3) for number in range(200)]
    varied = [Found(likely, 32, number % 10 < 6) for likely in (0.3, 0.7) for number in range(200)]
    chosen = scale([*short, *long, *varied])
    assert chosen.of(0.5, 10) == pytest.approx(0.9, abs=0.05)
    assert chosen.of(0.5, 100) == pytest.approx(0.3, abs=0.05)
    assert chosen.of(0.5, 1) == chosen.of(0.5, 8)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    kept = Confidence(0.3, -0.1, -1.2, {"buzz": Threshold(0.6, 0.9, 12)})
    kept.save(tmp_path / "confidence.json")
    assert load_confidence(tmp_path / "confidence.json") == kept
    assert load_confidence(tmp_path / "none.json") == Confidence()
    assert kept.is_published("buzz", 0.6)
    assert not kept.is_published("buzz", 0.59)
    assert kept.is_published("other", 0.1)


def test_the_package_has_a_threshold_for_every_family() -> None:
    assert load_confidence().published.keys() == default_taxonomy().families.keys()
