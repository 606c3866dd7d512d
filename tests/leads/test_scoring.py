from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_args

import pytest
from pydantic import ValidationError

from companies.criteria import Fact
from leads.offers import Offer
from leads.scoring import Line, fit, state, timing, total
from signals.types import default_taxonomy
from store.errors import Invalid
from store.tables import Company, Document, Signal, Story

TODAY = date(2026, 3, 10)
OFFER = Offer.model_validate(
    {
        "name": "Robots",
        "fit": [
            {"criterion": "naf", "in": ["28", "25.6"], "points": 30},
            {"criterion": "headcount", "min": 50, "points": 20},
            {"criterion": "department", "in": ["38", "2A"], "points": 15},
            {"criterion": "city", "unknown": True, "points": -5},
        ],
        "families": {"growing": 2, "difficulty": -1},
        "types": {"hiring": 0},
        "thresholds": {"fit": 40, "timing": 5},
    }
)


def signal(kind: str, day: date | None, status: str = "done", number: int = 1, story: Story | None = None) -> Signal:
    published = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    return Signal(
        id=number,
        type=kind,
        status=status,
        published_at=published,
        event_date=None,
        confidence=1.0,
        link_confidence=1.0,
        impact=1.0,
        story_id=story.id if story else None,
        story=story,
    )


def timed(*signals: Signal) -> list[Line]:
    return timing(OFFER, signals, default_taxonomy(), TODAY)


def test_fit_is_the_sum_of_the_criteria_met() -> None:
    company = Company(name="V", naf="25.62B", headcount=50, department="2a", city="Ajaccio")
    assert {line.kind: line.points for line in fit(OFFER, company, TODAY)} == {
        "naf": 30,
        "headcount": 20,
        "department": 15,
    }


def test_all_eighteen_criteria_can_be_asked_for() -> None:
    criteria: list[dict[str, object]] = [
        {"criterion": "age", "min": 5, "max": 5},
        {"criterion": "legal_form", "in": ["57"]},
        {"criterion": "listing", "in": ["euronext paris"]},
        {"criterion": "headcount", "min": 50, "max": 99},
        {"criterion": "sales_channel", "in": ["online"]},
        {"criterion": "site_type", "in": ["plant", "shop"]},
        {"criterion": "international_presence", "in": ["DE"]},
        {"criterion": "digital_presence", "in": ["app"]},
    ]
    figures = ("turnover", "export_turnover", "profit", "financial_score", "working_capital", "share_capital")
    criteria += [{"criterion": name, "min": 2} for name in (*figures, "secondary_sites", "social_influence")]
    offer = Offer.model_validate({"name": "x", "fit": [one | {"points": 1} for one in criteria]})
    company = Company(
        created_on=date(2020, 3, 11),
        legal_form="5710",
        listing="Euronext Paris",
        headcount_band="21",
        sales_channel="shops; online",
        site_type="Plant",
        international_presence="ES|DE",
        digital_presence="site, app",
        turnover=10.0,
        export_turnover=10.0,
        profit=10.0,
        financial_score=10.0,
        working_capital=10.0,
        share_capital=10.0,
        secondary_sites=2,
        social_influence=2,
    )
    assert {line.kind: line.points for line in fit(offer, company, TODAY)} == {
        str(one["criterion"]): 1 for one in criteria
    }
    assert all(line.points == 0 for line in fit(offer, Company(name="V"), TODAY))
    assert {one["criterion"] for one in criteria} | {"department", "naf", "city", "country"} == set(get_args(Fact))


def test_unknown_is_not_zero_but_a_criterion_can_ask_for_it() -> None:
    lines = fit(OFFER, Company(name="V", naf="99.00Z", headcount=None, department=None, city=None), TODAY)
    assert {line.kind: line.points for line in lines} == {"headcount": 0, "department": 0, "city": -5}
    assert total(fit(OFFER, Company(name="V", headcount=0, city="Lyon"), TODAY), "fit") == 0


def test_a_signal_fades_by_half_in_its_half_life() -> None:
    kind = default_taxonomy().types["funding"]
    fresh = timed(signal("funding", TODAY))[0].points
    assert fresh == 2 * kind.weight
    old = date.fromordinal(TODAY.toordinal() - kind.half_life)
    assert timed(signal("funding", old))[0].points == pytest.approx(fresh / 2)
    assert timed(signal("funding", date(2020, 1, 1))) == []


def test_a_plan_dated_in_the_future_counts_as_today() -> None:
    assert timed(signal("funding", date(2026, 6, 1), "planned"))[0].points == pytest.approx(
        timed(signal("funding", TODAY))[0].points * 0.8
    )


def test_several_articles_on_one_story_count_once() -> None:
    story = Story(id=7, status="done", confidence=1.0)
    first = signal("funding", TODAY, number=1, story=story)
    second = signal("funding", date(2026, 3, 1), "rumoured", number=2, story=story)
    assert [(line.signal_id, line.values["articles"]) for line in timed(first, second)] == [(1, 2)]
    assert len(timed(signal("funding", TODAY), signal("funding", date(2026, 1, 2), number=2))) == 2


def test_a_story_that_was_denied_counts_no_more() -> None:
    story = Story(id=7, status="denied", confidence=1.0)
    assert timed(signal("funding", TODAY, story=story), signal("funding", TODAY, "denied", 2, story)) == []


def test_independent_sources_make_a_story_count_more() -> None:
    unsure = signal("funding", TODAY, story=Story(id=7, status="done", confidence=0.9))
    unsure.confidence = 0.6
    assert timed(unsure)[0].points == pytest.approx(0.9 * timed(signal("funding", TODAY))[0].points)


def test_an_undated_signal_adds_nothing_and_says_so() -> None:
    assert [(line.kind, line.points) for line in timed(signal("funding", None))] == [("undated", 0)]


def test_families_can_speak_against_and_types_can_be_left_out() -> None:
    assert timed(signal("insolvency", TODAY))[0].points < 0
    assert timed(signal("hiring", TODAY)) == []
    assert timed(signal("funding", TODAY, "denied")) == []


@pytest.mark.parametrize(
    ("points", "told", "expected"), [(40, 5, "hot"), (40, 4.9, "potential"), (39, 50, "none"), (100, 0, "potential")]
)
def test_hot_needs_both_and_potential_fit_alone(points: float, told: float, expected: str) -> None:
    assert state(OFFER, [Line("fit", points, "naf"), Line("timing", told, "signal")]) == expected


@pytest.mark.parametrize(
    ("criterion", "why"),
    [
        ({"criterion": "naf", "points": 1}, "needs one of"),
        ({"criterion": "naf", "in": ["1"], "unknown": True, "points": 1}, "needs one of"),
        ({"criterion": "city", "min": 3, "points": 1}, "use 'in'"),
        ({"criterion": "headcount", "in": ["3"], "points": 1}, "use 'min' and 'max'"),
        ({"criterion": "turnover", "in": ["3"], "points": 1}, "use 'min' and 'max'"),
        ({"criterion": "shoe_size", "min": 3, "points": 1}, "criterion"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused(criterion: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Offer.model_validate({"name": "x", "fit": [criterion]})


def test_an_offer_names_only_families_and_types_that_there_are() -> None:
    with pytest.raises(Invalid, match="offer 'x': types: there is no 'hire'; there are"):
        Offer(name="x", types={"hire": 1}).check(default_taxonomy())


@pytest.mark.parametrize(
    ("include", "exclude", "points", "word"),
    [
        ((), (), 1, None),
        (("soud*",), (), 1, None),
        (("robot",), (), 0, ""),
        ((), ("Stage d'été",), 0, "Stage d'été"),
        (("soudeurs",), ("stages",), 1, None),
    ],
)
def test_the_words_of_an_offer_take_articles_in_or_leave_them_out(
    include: tuple[str, ...], exclude: tuple[str, ...], points: int, word: str | None
) -> None:
    told = signal("opening", TODAY)
    told.document = Document(title="Velmora cherche des soudeurs", text="Un stage d'ete est offert.")
    offer = Offer.model_validate({"name": "R", "keywords": {"include": include, "exclude": exclude}})
    (line,) = timing(offer, [told], default_taxonomy(), TODAY)
    assert (bool(line.points), line.values.get("word")) == (bool(points), word)
    assert line.kind == ("signal" if points else "keyword")


def test_an_offer_has_half_lives_of_its_own() -> None:
    told = signal("opening", date(2026, 3, 1))
    points = [
        timing(Offer.model_validate({"name": "R", "half_lives": halves}), [told], default_taxonomy(), TODAY)[0].points
        for halves in ({}, {"new_sites": 9}, {"new_sites": 9, "opening": 90})
    ]
    full = timing(Offer(name="R"), [signal("opening", TODAY)], default_taxonomy(), TODAY)[0].points
    assert points[1] == pytest.approx(full / 2, abs=0.01)
    assert points[2] > points[1] != points[0]


@pytest.mark.parametrize(
    ("department", "country", "there"),
    [("25", "FR", True), ("38", "FR", False), (None, "DE", True), (None, "FR", False)],
)
def test_a_territory_is_departments_and_countries(department: str | None, country: str, there: bool) -> None:
    offer = Offer(name="R", territory=("25", "DE"))
    assert offer.covers(department, country) is there
    assert Offer(name="R").covers(department, country)


def test_silence_takes_a_share_of_what_is_left() -> None:
    told = [signal("opening", date(2026, 1, 9), number=1), signal("opening", date(2026, 1, 24), number=2)]
    lines = timed(*told)
    gone = next(line for line in lines if line.kind == "silence")
    assert gone.values == {"day": "2026-01-24"}
    assert gone.points == pytest.approx(-0.1 * sum(line.points for line in lines if line.kind == "signal"), abs=0.01)
    assert all(line.kind == "signal" for line in timed(signal("opening", date(2026, 2, 20), number=3), *told))


def test_a_large_event_counts_more_than_a_small_one() -> None:
    small, large = signal("opening", TODAY), signal("opening", TODAY)
    large.impact = 1.5
    assert timed(large)[0].points == pytest.approx(1.5 * timed(small)[0].points, abs=0.01)


def test_a_sentence_that_tells_two_types_counts_once_by_the_stronger() -> None:
    def told(kind: str, number: int, document: int, start: int = 0) -> Signal:
        one = signal(kind, TODAY, number=number)
        one.document_id, one.start = document, start
        return one

    strong, weak = timed(told("funding", 1, 1))[0].points, timed(told("opening", 2, 1))[0].points
    assert strong > weak > 0
    assert [line.points for line in timed(told("opening", 2, 1), told("funding", 1, 1))] == [strong]
    assert [line.points for line in timed(told("opening", 2, 1, 40), told("funding", 1, 1))] == [strong, weak]
    assert [line.points for line in timed(told("opening", 2, 2), told("funding", 1, 1))] == [strong, weak]
