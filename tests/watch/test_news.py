"""What is held back from a rep, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from store import reps, watchlists
from store.base import utcnow
from store.database import Database
from store.reps import Fresh
from store.tables import Company, Document, Rep, Signal, Source, Story
from watch.news import news_of

NOW = utcnow()
SINCE = NOW - timedelta(days=7)


@pytest.fixture
def rep(database: Database) -> Rep:
    """Follows Tavel, not Sorel."""
    with database.session() as session:
        session.add(Source(url="http://x", name="x"))
        tavel = Company(name="Tavel")
        session.add_all([tavel, Company(name="Sorel")])
        session.flush()
        made = reps.save(session, "a@x.example", "A", "fr")
        watchlists.add(session, watchlists.save(session, made, ""), [tavel.id])
        return made


def tell(session: Session, **facts: Any) -> Signal:
    document = Document(source_id=1, url=f"http://x/{len(facts)}-{facts!r}", title="Tavel", text="", published_at=NOW)
    shared: dict[str, Any] = {"company_id": 1, "type": "hiring", "families": ["growing"], "status": "done", "slots": {}}
    shared |= {"sentence": "Tavel", "start": 0, "end": 5, "confidence": 0.9, "link_confidence": 0.9, "version": "v"}
    signal = Signal(document=document, published_at=NOW, **(shared | facts))
    session.add(signal)
    session.flush()
    return signal


def held(session: Session, rep: Rep) -> list[str | None]:
    return [one.held for one in news_of(session, rep, Fresh(SINCE), NOW)]


def test_a_name_that_may_be_a_followed_company_is_held_back_until_it_is_released(database: Database, rep: Rep) -> None:
    with database.session() as session:
        doubtful = tell(session, company_id=None, subject="Tavel", candidates=[(2, 0.5), (1, 0.4)], link_confidence=0.0)
        tell(session, company_id=None, subject="Sorel", candidates=[(2, 0.6)], link_confidence=0.0)
        (one,) = news_of(session, rep, Fresh(SINCE), NOW)
        assert (one.signal.id, one.held) == (doubtful.id, "company")
        assert one.company is not None
        assert one.company.name == "Tavel"
        reps.release(session, rep, doubtful.id)
        assert held(session, rep) == [None]


def test_rumours_and_stories_that_are_not_sure_are_held_back(database: Database, rep: Rep) -> None:
    with database.session() as session:
        story = Story(company_id=1, type="hiring", status="done", confidence=0.5, sources=1, published=False)
        story.first_at = story.last_at = NOW
        session.add(story)
        session.flush()
        tell(session, story_id=story.id)
        assert held(session, rep) == ["unsure"]
        tell(session, status="rumoured", type="acquisition")
        assert sorted(map(str, held(session, rep))) == ["rumour", "unsure"]
        story.published = True
        session.flush()
        assert sorted(map(str, held(session, rep))) == ["None", "rumour"]
