"""What articles tell of a company, as entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from signals.entries import entries_of
from signals.types import default_taxonomy
from store.tables import Signal, Story

_NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def signal(kind: str, document: int, number: int, **values: Any) -> Signal:
    """A signal of a type in a document, of a story by its number."""
    certain = {"confidence": 0.9, "link_confidence": 1.0, "impact": 1.0, "status": "done", "slots": {}, "start": 0}
    own = 100 * document + number
    facts = {"id": own, "published_at": _NOON - timedelta(hours=document), "sentence": f"{kind} {document}"}
    return Signal(type=kind, document_id=document, story_id=number, company_id=1, **(certain | facts | values))


def told(*signals: Signal) -> list[list[str]]:
    """The types of each entry."""
    return [[story[0].type for story in one.stories] for one in entries_of(signals, default_taxonomy())]


def test_what_one_article_tells_is_one_entry_led_by_the_heaviest_type() -> None:
    places = {"hiring": 200, "opening": 0, "investment": 90}
    article = [signal(kind, 1, number, start=start) for number, (kind, start) in enumerate(places.items(), 1)]
    assert told(*article, signal("funding", 2, 9)) == [["funding"], ["opening", "investment", "hiring"]]


def test_a_story_of_several_articles_takes_along_what_most_of_them_tell() -> None:
    opening = [signal("opening", number, 1) for number in (1, 2)]
    assert told(*opening, signal("hiring", 1, 2)) == [["opening", "hiring"]]
    assert told(*opening, signal("hiring", 2, 2), signal("hiring", 3, 2)) == [["opening"], ["hiring"]]


def test_a_review_of_a_year_does_not_make_one_event_of_many() -> None:
    kinds = ("opening", "hiring", "funding")
    signals = [signal(kind, number, number) for number, kind in enumerate(kinds, 1)]
    review = [signal(kind, 9, number) for number, kind in enumerate(kinds, 1)]
    assert len(told(*signals, *review)) == 3


def test_two_events_of_a_type_in_one_article_stay_two() -> None:
    assert told(signal("appointment", 1, 1), signal("appointment", 1, 2, sentence="Another one.")) == [
        ["appointment"],
        ["appointment"],
    ]


def test_what_follows_from_another_type_never_leads_it() -> None:
    found = told(signal("foreign_deal", 1, 1, impact=2.0), signal("contract_won", 1, 2, impact=0.5))
    assert found == [["contract_won", "foreign_deal"]]


def test_the_sentence_is_the_surest_with_the_most_details_of_how_it_stands() -> None:
    story = Story(status="denied")
    plain = signal("layoffs", 1, 1, story=story)
    denials = [
        signal("layoffs", 2, 1, status="denied", confidence=0.6, slots={"headcount": [9], "place": ["X"]}, story=story),
        signal("layoffs", 3, 1, status="denied", slots={"headcount": [120]}, story=story),
        signal("layoffs", 4, 1, status="denied", story=story),
    ]
    (entry,) = entries_of([plain, *denials], default_taxonomy())
    assert entry.best is denials[1]
    assert entry.newest is plain


def test_what_one_sentence_tells_is_told_once() -> None:
    both = "Velmora nomme Jeanne Roy et Paul Vial."
    found = told(*(signal("appointment", number, number, sentence=both) for number in (1, 2)))
    assert found == [["appointment", "appointment"]]
