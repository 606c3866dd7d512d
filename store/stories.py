"""Stories: the events of companies, each with the signals that tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from store.tables import Signal, Story


def untold(session: Session, *, limit: int) -> list[Signal]:
    """The oldest signals on a known company that belong to no story yet."""
    query = select(Signal).where(Signal.story_id.is_(None), Signal.company_id.is_not(None))
    return list(session.scalars(query.options(joinedload(Signal.document)).order_by(Signal.id).limit(limit)))


def recent(
    session: Session,
    company_ids: Collection[int | None],
    types: Collection[str],
    since: datetime,
    *,
    planned_since: datetime,
) -> list[Story]:
    """The stories of these companies, of one of these types, that were still told since then, plans since longer."""
    lately = (Story.last_at >= since) | ((Story.status == "planned") & (Story.last_at >= planned_since))
    query = select(Story).where(Story.company_id.in_(company_ids), Story.type.in_(types), lately)
    return list(session.scalars(query))


def by_ids(session: Session, ids: Collection[int]) -> list[Story]:
    """Stories by their ids."""
    return list(session.scalars(select(Story).where(Story.id.in_(ids)).order_by(Story.id)))


def begin(session: Session, signal: Signal, at: datetime) -> Story:
    """A new story, told by one signal so far."""
    story = Story(company_id=signal.company_id, type=signal.type, status=signal.status, confidence=0.0, sources=0)
    story.published = False
    story.first_at = story.last_at = at
    session.add(story)
    session.flush()
    return story


def tellings(session: Session, story_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """The signals of each story with their documents, in the order they were found."""
    query = select(Signal).where(Signal.story_id.in_(story_ids)).options(joinedload(Signal.document))
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in session.scalars(query.order_by(Signal.id)):
        if signal.story_id is not None:
            found[signal.story_id].append(signal)
    return found


def of_company(session: Session, company_id: int, *, limit: int, offset: int = 0) -> list[Story]:
    """The stories of a company, those told last first."""
    query = select(Story).where(Story.company_id == company_id).order_by(Story.last_at.desc(), Story.id.desc())
    return list(session.scalars(query.limit(limit).offset(offset)))


def count(session: Session, company_id: int) -> int:
    """How many stories of a company there are."""
    return session.scalar(select(func.count(Story.id)).where(Story.company_id == company_id)) or 0


def begun_since(session: Session, company_id: int, since: datetime) -> list[tuple[str, datetime]]:
    """The type of each story of a company that was first told since then, and when it was."""
    query = select(Story.type, Story.first_at).where(Story.company_id == company_id, Story.first_at >= since)
    return [(kind, at) for kind, at in session.execute(query.where(Story.status != "denied"))]


def last_of(session: Session, company_ids: Collection[int]) -> dict[int, Story]:
    """The story of each of some companies that was told last."""
    newest = select(Story.company_id, func.max(Story.last_at).label("at")).where(Story.company_id.in_(company_ids))
    last = newest.group_by(Story.company_id).subquery()
    query = select(Story).join(last, (last.c.company_id == Story.company_id) & (last.c.at == Story.last_at))
    return {one.company_id: one for one in session.scalars(query)}
