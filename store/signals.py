"""Signals: what was found, read back by document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.orm import Session, defer, joinedload

from store.base import ROWS, in_chunks
from store.errors import NotFound
from store.tables import Document, Match, Signal, Story, Watched


def of_documents(session: Session, document_ids: Sequence[int]) -> dict[int, list[Signal]]:
    """The signals of each document with their companies, in the order of the text."""
    query = (
        select(Signal)
        .where(Signal.document_id.in_(document_ids))
        .options(joinedload(Signal.company))
        .order_by(Signal.start, Signal.id)
    )
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in session.scalars(query):
        found[signal.document_id].append(signal)
    return found


def of_companies(
    session: Session, company_ids: Sequence[int], since: datetime, *, with_texts: bool = False
) -> dict[int, list[Signal]]:
    """The signals of each company published since then, or undated and found since then; their documents if wanted."""
    told_at = func.coalesce(Signal.published_at, Signal.found_at)
    query = select(Signal).where(Signal.company_id.in_(company_ids), told_at >= since)
    query = query.options(joinedload(Signal.story)).order_by(Signal.id)
    if with_texts:
        query = query.options(joinedload(Signal.document))
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in session.scalars(query):
        if signal.company_id is not None:
            found[signal.company_id].append(signal)
    return found


def of_stories(session: Session, story_ids: Collection[int]) -> list[Signal]:
    """The signals of stories with these, documents (without their texts) and sources; newest first."""
    query = select(Signal).where(Signal.story_id.in_(story_ids)).options(joinedload(Signal.company), *WITHOUT_TEXT)
    return sorted(session.scalars(query), key=_newest_first)


WITHOUT_TEXT = (
    joinedload(Signal.document).options(joinedload(Document.source), defer(Document.text)),
    joinedload(Signal.story),
)
"""What is read with a signal where its article's text is not wanted."""


def around(session: Session, signal: Signal, span: timedelta) -> list[Signal]:
    """What is told of a signal's company within a time of its publication, and by its own article; newest first."""
    query = select(Signal).options(joinedload(Signal.company), *WITHOUT_TEXT)
    beside = Signal.document_id == signal.document_id
    day = signal.published_at
    if signal.company_id is None:
        query = query.where(beside, Signal.company_id.is_(None), Signal.subject == signal.subject)
    else:
        query = query.where(Signal.company_id == signal.company_id)
        query = query.where(Signal.published_at.between(day - span, day + span) if day else beside)
    return sorted(session.scalars(query), key=_newest_first)


def rows_since(session: Session, since: datetime, company_ids: Collection[int] | None = None) -> Iterator[Any]:
    """What scores are made of, of the signals on companies published since then, or undated and found since then.

    On these companies; None: on any. `told` and `together` are the status and confidence of the signal's story; None
    where it has none.
    """
    one = Signal
    columns = (one.id, one.company_id, one.story_id, one.document_id, one.start, one.type, one.status)
    dates = (one.impact, one.confidence, one.link_confidence, one.event_date, one.published_at, one.found_at)
    of_story = (Story.status.label("told"), Story.confidence.label("together"))
    query = select(*columns, *dates, *of_story).outerjoin(Story, Story.id == one.story_id)
    query = query.where(one.company_id.is_not(None), func.coalesce(one.published_at, one.found_at) >= since)
    if company_ids is None:
        return iter(session.execute(query.execution_options(yield_per=ROWS)))
    some = in_chunks(sorted(company_ids))
    return (row for ids in some for row in session.execute(query.where(one.company_id.in_(ids))))


def companies_told_since(session: Session, moment: datetime) -> set[int]:
    """The companies of which a signal was written since then."""
    query = select(Signal.company_id).where(Signal.changed_at >= moment, Signal.company_id.is_not(None))
    return {number for number in session.scalars(query) if number is not None}


def hush_published(session: Session, ids: Iterable[int]) -> None:
    """Let no mail tell those of these signals whose story has become sure enough to be told."""
    sure = select(Story.id).where(Story.published)
    for some in in_chunks(sorted(ids)):
        session.execute(update(Signal).where(Signal.id.in_(some), Signal.story_id.in_(sure)).values(quiet=True))


def texts(session: Session, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The whole text of the document of each of these signals."""
    query = select(Signal.id, Document).join(Document, Document.id == Signal.document_id)
    for some in in_chunks(sorted(ids)):
        for number, document in session.execute(query.where(Signal.id.in_(some))):
            yield number, document.full_text


def published(session: Session, company_ids: Iterable[int], types: Sequence[str]) -> list[Signal]:
    """The signals of some types on these companies whose story is sure enough to be told to reps."""
    query = select(Signal).join(Story, Story.id == Signal.story_id)
    query = query.where(Signal.type.in_(types), Story.published)
    return [
        signal
        for ids in in_chunks(sorted(company_ids))
        for signal in session.scalars(query.where(Signal.company_id.in_(ids)))
    ]


def by_ids(session: Session, ids: Iterable[int]) -> list[Signal]:
    """The signals with these ids, with company, story, document and source; those published last come first."""
    query = select(Signal).options(joinedload(Signal.company), joinedload(Signal.story))
    query = query.options(joinedload(Signal.document).joinedload(Document.source))
    found = [one for some in in_chunks(sorted(ids)) for one in session.scalars(query.where(Signal.id.in_(some)))]
    return sorted(found, key=_newest_first)


def by_id(session: Session, number: int) -> Signal:
    """One signal, as `by_ids` gives it. Raises `NotFound`."""
    found = by_ids(session, [number])
    if not found:
        raise NotFound(f"there is no signal {number}")
    return found[0]


def _newest_first(signal: Signal) -> tuple[bool, float, int]:
    day = signal.published_at
    return day is None, -day.timestamp() if day else 0.0, signal.id


def newest(session: Session, *, limit: int) -> list[Signal]:
    """The signals published last, with their companies."""
    query = select(Signal).options(joinedload(Signal.company))
    query = query.order_by(Signal.published_at.desc().nulls_last(), Signal.id)
    return list(session.scalars(query.limit(limit)))


def people_of(
    session: Session, company_ids: Collection[int], types: Sequence[str], since: datetime
) -> dict[int, set[str]]:
    """The people that signals of some types found since then name, by the company that they are on."""
    query = select(Signal.company_id, Signal.slots).where(Signal.type.in_(types), Signal.found_at >= since)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for ids in in_chunks(sorted(company_ids)):
        for company_id, slots in session.execute(query.where(Signal.company_id.in_(ids))):
            found[company_id].update(slots.get("person", ()))
    return found


def doubtful(session: Session, since: datetime) -> list[tuple[int, str]]:
    """The documents, with the name in them, of signals found since then of which it is not sure who is meant."""
    query = select(Signal.document_id, Signal.subject).where(Signal.found_at >= since, Signal.company_id.is_(None))
    return [
        (number, subject) for number, subject in session.execute(query.where(cast(Signal.candidates, Text) != "[]"))
    ]


def on_unknown_companies(session: Session, *, limit: int) -> list[tuple[str, int, datetime]]:
    """The names of companies that no register has: how many documents tell events of each, and when one last did."""
    count = func.count(Signal.document_id.distinct())
    last = func.max(func.coalesce(Signal.published_at, Signal.found_at))
    nobody = Signal.company_id.is_(None), Signal.subject != "", Signal.link_confidence == 0
    query = select(Signal.subject, count, last).where(*nobody).group_by(Signal.subject)
    rows = session.execute(query.order_by(count.desc(), last.desc()).limit(limit))
    return [(subject, number, at) for subject, number, at in rows]


def newest_on_list(session: Session, list_id: int, *, limit: int) -> list[Signal]:
    """The signals that were published last on the companies of a list, or that answer what it asks for."""
    on_it = select(Watched.company_id).where(Watched.watchlist_id == list_id)
    answering = select(Match.signal_id).where(Match.watchlist_id == list_id)
    query = select(Signal.id).where(Signal.company_id.in_(on_it) | Signal.id.in_(answering))
    newest = query.where(Signal.published_at.is_not(None)).order_by(Signal.published_at.desc(), Signal.id.desc())
    return by_ids(session, session.scalars(newest.limit(limit)))
