from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from leads.changes import changes, dropped
from leads.keywords import KeywordFilter
from leads.offers import Offer
from leads.wording import Words
from signals.types import default_taxonomy
from store import scores
from store.database import Database
from store.tables import Company, LedgerLine, Score, Signal
from tests.leads.conftest import OFFER, TODAY
from tests.leads.support import rank


def states(database: Database) -> dict[str, str]:
    with database.session() as session:
        return {score.company.name: score.state for score in session.scalars(select(Score))}


def test_hot_has_fit_and_timing_potential_has_fit(ranked: Database) -> None:
    assert states(ranked) == {"Velmora": "hot", "Castelor": "potential"}


def test_each_score_is_the_sum_of_its_stored_ledger_in_words(ranked: Database) -> None:
    words = Words("fr", default_taxonomy(), TODAY)
    with ranked.session() as session:
        (hot,) = scores.in_state(session, "Robots", "hot", limit=10)
        assert hot.fit + hot.timing == pytest.approx(sum(line.points for line in hot.lines))
        said = [words.reason(line) for line in hot.lines]
        assert said == ["120 salariés", "Levée de fonds, il y a 3 jours, Presse"]
        assert hot.lines[1].signal is not None
        assert hot.lines[1].signal.sentence == "Velmora lève 12 millions d'euros"


def test_ranking_again_replaces_the_scores_and_a_year_later_nothing_is_hot(ranked: Database) -> None:
    rank(ranked, OFFER, default_taxonomy(), date(2027, 9, 10))
    assert states(ranked) == {"Velmora": "potential", "Castelor": "potential"}
    with ranked.session() as session:
        assert session.scalar(select(func.count(LedgerLine.id))) == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"keywords": {"exclude": ["12 millions"]}}, {"Velmora": "potential", "Castelor": "potential"}),
        ({"keywords": {"include": ["robot"]}}, {"Velmora": "potential", "Castelor": "potential"}),
        ({"territory": ["DE"]}, {}),
        ({"territory": ["FR"]}, {"Velmora": "hot", "Castelor": "potential"}),
    ],
)
def test_words_and_territory_of_an_offer(ranked: Database, change: dict[str, object], expected: dict[str, str]) -> None:
    rank(ranked, Offer.model_validate(OFFER.content | change), default_taxonomy(), TODAY)
    assert states(ranked) == expected


def test_of_articles_that_may_have_the_words_those_that_have_them_count(ranked: Database) -> None:
    with ranked.session() as session:
        everything = set(session.scalars(select(Signal.id)))
    for include, exclude, wanted, hot in (
        (["millions"], [], everything, 1),
        (["millions"], [], set(), 0),
        (["robot"], [], everything, 0),
        ([], ["robot"], None, 1),
        ([], ["millions"], None, 0),
    ):
        offer = Offer.model_validate(OFFER.content | {"keywords": {"include": include, "exclude": exclude}})
        worded = KeywordFilter(wanted, everything if exclude else ())
        assert rank(ranked, offer, default_taxonomy(), TODAY, worded=worded)["hot"] == hot, (
            include,
            exclude,
        )


def test_why_an_article_is_left_out_is_said_in_both_languages(ranked: Database) -> None:
    offer = Offer.model_validate(OFFER.content | {"keywords": {"exclude": ["millions"]}})
    rank(ranked, offer, default_taxonomy(), TODAY)
    with ranked.session() as session:
        score = scores.in_state(session, "Robots", "potential", limit=1)[0]
        said = {code: Words(code, default_taxonomy(), TODAY).reason(score.lines[1]) for code in ("fr", "en")}
    assert said["fr"] == "Levée de fonds, il y a 3 jours : écarté, l'article contient «\u00a0millions\u00a0», Presse"
    assert said["en"] == "Fund-raising, 3 days ago: left out, the article has “millions”, Presse"


def test_a_lead_that_drops_says_why(ranked: Database) -> None:
    rank(ranked, OFFER, default_taxonomy(), date(2026, 3, 11))
    rank(ranked, OFFER, default_taxonomy(), date(2026, 3, 11))
    later = date(2026, 6, 20)
    rank(ranked, OFFER, default_taxonomy(), later)
    rank(ranked, OFFER, default_taxonomy(), later)
    with ranked.session() as session:
        (lost,) = [score for score in scores.dropped(session, "Robots") if dropped(score)]
        assert (lost.company.name, lost.state, (lost.before or {})["day"]) == ("Velmora", "potential", "2026-03-11")
        found = changes(lost)
        said = {code: [Words(code, default_taxonomy(), later).change(one) for one in found] for code in ("fr", "en")}
    assert sum(one.points for one in found) == pytest.approx(lost.timing - (lost.before or {})["timing"], abs=0.01)
    assert "Levée de fonds" in said["fr"][0]
    assert "devient" in said["fr"][0]
    assert said["fr"][1].startswith("nouveau : rien de nouveau depuis le 7 mars 2026 (-")
    assert said["en"][1].startswith("new: nothing new since March 7, 2026 (-")
    rank(ranked, OFFER, default_taxonomy(), date(2027, 9, 10))
    with ranked.session() as session:
        leads = {one.company.name: one for one in scores.in_state(session, "Robots", "potential", limit=9)}
        assert {one.kind: one.after for one in changes(leads["Velmora"])} == {"signal": None, "silence": None}
        assert changes(leads["Castelor"]) == []


@pytest.mark.parametrize(
    ("change", "closed", "fr", "en"),
    [
        ({"territory": ["DE"]}, False, "hors du territoire de l'offre (25)", "outside the offer's territory (25)"),
        ({}, True, "n'est plus en activité", "trades no more"),
    ],
)
def test_a_lead_that_is_ruled_out_is_said_to_drop_and_why(
    ranked: Database, change: dict[str, object], closed: bool, fr: str, en: str
) -> None:
    rank(ranked, OFFER, default_taxonomy(), TODAY)
    with ranked.session() as session:
        company = session.scalars(select(Company).where(Company.name == "Velmora")).one()
        company.closed, company.department = closed, "25"
    later = date(2026, 3, 11)
    rank(ranked, Offer.model_validate(OFFER.content | change), default_taxonomy(), later)
    with ranked.session() as session:
        lost = {score.company.name: score for score in scores.dropped(session, "Robots") if dropped(score)}
        assert (lost["Velmora"].state, lost["Velmora"].fit) == ("none", 0)
        found = changes(lost["Velmora"])
        assert any(fr in Words("fr", default_taxonomy(), later).change(one) for one in found)
        assert any(en in Words("en", default_taxonomy(), later).change(one) for one in found)
