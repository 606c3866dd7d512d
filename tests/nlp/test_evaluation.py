from __future__ import annotations

import pytest

from nlp.evaluation import Counts, Judged, evaluate


def row(required: set[int], found: set[int], accepted: set[int] | None = None, language: str = "fr") -> Judged:
    loose = frozenset(accepted or set())
    return Judged("1", language, frozenset(required), loose, not required and not loose, frozenset(found))


def test_counts_by_family_and_together() -> None:
    report = evaluate([row({5}, {5}), row({5, 7}, {7}), row({2}, {3}), row(set(), {7}), row(set(), set())])["all"]
    assert report.families[5] == Counts(tp=1, fn=1)
    assert report.families[7] == Counts(tp=1, fp=1)
    assert report.micro == Counts(tp=2, fp=2, fn=2)
    assert report.micro.f1 == pytest.approx(0.5)
    assert (report.negatives, report.false_alarms) == (2, 1)
    assert dict(report.confusions) == {(2, 3): 1}


def test_what_is_accepted_counts_neither_way() -> None:
    report = evaluate([row(set(), {1}, accepted={1}), row(set(), set(), accepted={1})])["all"]
    assert report.micro == Counts()
    assert report.micro.f1 is None
    assert report.negatives == 0


def test_macro_leaves_out_families_that_the_labels_never_require() -> None:
    report = evaluate([row({5}, {5}), row({7}, set()), row(set(), {1})])["all"]
    assert report.macro_f1 == pytest.approx(0.5)
    assert report.families[1].recall is None


def test_each_language_has_its_own_report() -> None:
    reports = evaluate([row({5}, {5}), row({5}, set(), language="en")])
    assert list(reports) == ["all", "fr", "en"]
    assert reports["en"].micro == Counts(fn=1)
    assert list(evaluate([row({5}, {5})])) == ["all"]


def test_confidence_is_compared_with_what_is_right() -> None:
    def sure(required: set[int], found: dict[int, float], accepted: set[int]) -> Judged:
        return Judged("1", "fr", frozenset(required), frozenset(accepted), False, frozenset(found), found)

    report = evaluate([sure({5}, {5: 0.9}, set()), sure({5}, {7: 0.9}, set()), sure(set(), {1: 0.2}, {1})])["all"]
    assert (report.calibration.found[9], report.calibration.right[9], sum(report.calibration.found)) == (2, 1, 2)
    assert report.calibration.error == pytest.approx(0.4)
    assert evaluate([row({5}, {5})])["all"].calibration.error is None
