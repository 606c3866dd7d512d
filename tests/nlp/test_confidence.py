"""The scale of confidence, and what is published."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.calibrate import scale, threshold
from nlp.confidence import Confidence, Threshold, load_confidence
from signals.types import default_taxonomy


def test_a_model_that_is_too_sure_is_taken_at_its_worth() -> None:
    found = [(0.99, number % 10 < 7) for number in range(200)] + [(0.6, number % 10 < 4) for number in range(200)]
    chosen = scale(found)
    assert chosen.of(0.99) == pytest.approx(0.7, abs=0.02)
    assert chosen.of(0.6) == pytest.approx(0.4, abs=0.02)
    assert 0 < chosen.of(0.0) < chosen.of(1.0) < 1


def test_the_threshold_is_the_lowest_that_keeps_nine_of_ten_right() -> None:
    found = [(0.9, True)] * 18 + [(0.8, False)] * 2 + [(0.7, False)] * 5
    assert threshold(found) == Threshold(0.8, 0.9, 20)


def test_where_it_is_never_so_the_nearest_is_taken() -> None:
    found = [(0.9, True), (0.9, False)] * 10 + [(0.5, False)] * 10
    assert threshold(found).precision == 0.5
    assert threshold(found).least == 0.9


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    kept = Confidence(0.3, -0.1, {"buzz": Threshold(0.6, 0.9, 12)})
    kept.save(tmp_path / "confidence.json")
    assert load_confidence(tmp_path / "confidence.json") == kept
    assert load_confidence(tmp_path / "none.json") == Confidence()
    assert kept.is_published("buzz", 0.6)
    assert not kept.is_published("buzz", 0.59)
    assert kept.is_published("other", 0.1)


def test_the_package_has_a_threshold_for_every_family() -> None:
    assert load_confidence().published.keys() == default_taxonomy().families.keys()
