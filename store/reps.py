"""Sales representatives, the companies they follow, and what they were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, Select, Text, cast, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session, aliased, defer, joinedload, load_only

from store import offers, watchlists
from store.base import in_chunks, unsought
from store.errors import NotFound
from store.tables import (
    Company,
    Delivery,
    Document,
    Feedback,
    Match,
    Muted,
    Reading,
    Release,
    Rep,
    Signal,
    Source,
    Story,
    Watchlist,
)

LONGEST = timedelta(days=31)
"""How long ago news may be new to a rep who was not written to meanwhile."""
_SHOWN = (Company.name, Company.siren, Company.city, Company.department, Company.country)
_WHERE = (
    load_only(Document.url, Document.title, Document.published_at, Document.unread_since),
    joinedload(Document.source).load_only(Source.name),
)
"""What mails and pages show of the company and the article of a piece of news."""


@dataclass(frozen=True)
class Fresh:
    """What is new enough to be told: published since `since`.

    Or else it was found since `found`, at the latest `span` after it could have been: not by its day alone, since it
    may have been published while its source was not read, or told by nobody because no mail left.
    """

    since: datetime
    found: datetime | None = None
    span: timedelta = timedelta()

    def has(self, signal: Signal) -> bool:
        """Whether a signal is fresh."""
        published, unread = signal.published_at, signal.document.unread_since
        if published is None or published >= self.since:
            return published is not None
        found_lately = self.found is not None and signal.found_at >= self.found
        return found_lately and unread is not None and published >= unread - self.span


def save(session: Session, email: str, name: str, language: str) -> Rep:
    """Add a rep, who is given the offers that hold, or change the name and language of one that there is."""
    rep = session.scalar(select(Rep).where(Rep.email == email))
    is_new = rep is None
    if rep is None:
        rep = Rep(email=email)
        session.add(rep)
    rep.name, rep.language = name, language
    session.flush()
    for one in offers.current(session) if is_new else ():
        offers.give(session, one.name, [rep])
    return rep


def everyone(session: Session) -> list[Rep]:
    """All reps, by address."""
    return list(session.scalars(select(Rep).order_by(Rep.email)))


def by_email(session: Session, email: str) -> Rep:
    """The rep with this address. Raises `NotFound`."""
    rep = session.scalar(select(Rep).where(Rep.email == email))
    if rep is None:
        raise NotFound(f"there is no rep with the address {email}; add one with `vigie reps add`")
    return rep


def unsent(session: Session, rep: Rep, fresh: Fresh) -> list[Signal]:
    """Fresh signals that are for a rep's lists and that no digest to the rep took into account.

    Undated ones are not new. A story that the rep was told is told again only when it stands otherwise, not as the plan
    of what was told as done; a denial only of what the rep was told, and what was denied in time not at all.
    """
    earlier = aliased(Signal)
    told = exists().where(
        Delivery.rep_id == rep.id, Delivery.signal_id == earlier.id, earlier.story_id == Signal.story_id
    )
    denied = exists().where(Story.id == Signal.story_id, Story.status == "denied")
    is_past = (earlier.status == "done") & (Signal.status == "planned")
    query = (
        _untold(rep, fresh)
        .where(_is_for(rep))
        .where(~told.where(or_(earlier.status == Signal.status, is_past)))
        .where(or_((Signal.status != "denied") & ~denied, (Signal.status == "denied") & told))
    )
    return [one for one in session.scalars(query) if fresh.has(one)]


def followed(session: Session, rep: Rep, since: datetime) -> list[Signal]:
    """Signals published since then that are for a rep's lists, told to the rep or not."""
    return list(session.scalars(_news(Signal.published_at >= since).where(_is_for(rep))))


def _is_for(rep: Rep) -> ColumnElement[bool]:
    """Whether a signal is on a company of the rep's lists, or answers what one of them asks for."""
    matching = select(Match.signal_id).join(Watchlist, Watchlist.id == Match.watchlist_id)
    matching = matching.where(Watchlist.rep_id == rep.id)
    return unsought(Signal.company_id).in_(watchlists.companies_of(rep)) | Signal.id.in_(matching)


def unlinked(session: Session, rep: Rep, fresh: Fresh) -> list[Signal]:
    """Fresh signals of which it is not sure which company is meant, not told to the rep."""
    query = _untold(rep, fresh).where(Signal.company_id.is_(None), Signal.status != "denied")
    return [one for one in session.scalars(query.where(cast(Signal.candidates, Text) != "[]")) if fresh.has(one)]


def _untold(rep: Rep, fresh: Fresh) -> Select[Signal]:
    """What may be fresh, and was not told to a rep."""
    lately = Signal.published_at >= fresh.since
    if fresh.found is not None:
        lately |= (Signal.found_at >= fresh.found) & (Signal.published_at >= fresh.found - LONGEST)
    told = exists().where(Delivery.rep_id == rep.id, Delivery.signal_id == Signal.id)
    return _news(lately).where(~Signal.quiet, ~told)


def _news(which: ColumnElement[bool]) -> Select[Signal]:
    return (
        select(Signal)
        .where(which)
        .options(defer(Signal.link_reasons), joinedload(Signal.story))
        .options(joinedload(Signal.company).load_only(*_SHOWN), joinedload(Signal.document).options(*_WHERE))
        .order_by(Signal.published_at.desc(), Signal.id)
    )


def muted(session: Session, rep: Rep) -> set[int]:
    """The companies that a rep wants to be told nothing of."""
    return set(session.scalars(select(Muted.company_id).where(Muted.rep_id == rep.id)))


def mute(session: Session, rep: Rep, company_id: int, quiet: bool) -> None:
    """Tell a rep nothing of a company any more, or again."""
    session.execute(delete(Muted).where(Muted.rep_id == rep.id, Muted.company_id == company_id))
    if quiet:
        session.add(Muted(rep_id=rep.id, company_id=company_id))


def unread(session: Session, rep: Rep, signal_ids: Iterable[int]) -> set[int]:
    """Of these signals those that the rep has not read on the pages."""
    ids = set(signal_ids)
    query = select(Reading.signal_id).where(Reading.rep_id == rep.id)
    return ids.difference(*(session.scalars(query.where(Reading.signal_id.in_(some))) for some in in_chunks(list(ids))))


def has_read(session: Session, rep: Rep, signal_ids: Iterable[int], when: datetime) -> None:
    """The rep has read these signals, as far as there are any."""
    ids, new = unread(session, rep, signal_ids), set[int]()
    for some in in_chunks(sorted(ids)):
        new.update(session.scalars(select(Signal.id).where(Signal.id.in_(some))))
    session.add_all(Reading(rep_id=rep.id, signal_id=number, read_at=when) for number in sorted(new))


def has_not_read(session: Session, rep: Rep, signal_ids: Iterable[int]) -> None:
    """The rep has not read these signals after all."""
    for some in in_chunks(sorted(set(signal_ids))):
        session.execute(delete(Reading).where(Reading.rep_id == rep.id, Reading.signal_id.in_(some)))


def released(session: Session, rep: Rep) -> set[int]:
    """The signals that a rep wants to be told though they are held back, and was not told yet."""
    told = exists().where(Delivery.rep_id == rep.id, Delivery.signal_id == Release.signal_id)
    return set(session.scalars(select(Release.signal_id).where(Release.rep_id == rep.id, ~told)))


def held_by_quota(session: Session, rep: Rep, since: datetime) -> list[Signal]:
    """Signals that a mail since then had no room for, and that were only counted."""
    query = select(Signal).join(Delivery, Delivery.signal_id == Signal.id).options(joinedload(Signal.company))
    query = query.where(Delivery.rep_id == rep.id, Delivery.held == "quota", Delivery.sent_at >= since)
    return list(session.scalars(query.order_by(Signal.published_at.desc(), Signal.id)))


def release(session: Session, rep: Rep, signal_id: int) -> None:
    """Let a signal be told to a rep with the next digest, whatever holds it back."""
    session.execute(
        delete(Delivery).where(Delivery.rep_id == rep.id, Delivery.signal_id == signal_id, Delivery.held != "")
    )
    session.merge(Release(rep_id=rep.id, signal_id=signal_id))


@dataclass(frozen=True)
class ToldBefore:
    """What a rep was told: signals by their ids, and of stories how they stood."""

    signals: frozenset[int] = frozenset()
    states: frozenset[tuple[int, str]] = frozenset()

    @cached_property
    def _standings(self) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        for story, status in self.states:
            found[story] = found.get(story, frozenset()) | {status}
        return found

    def standings(self, signal: Signal) -> frozenset[str]:
        """How the rep was told that the signal's story stands; empty when nothing was told of it."""
        return self._standings.get(signal.story_id or 0, frozenset())

    def has(self, signal: Signal) -> bool:
        """Whether the rep was told that the signal's story stands as the signal says, or that what it plans is done."""
        told = self.standings(signal)
        return signal.status in told or (signal.status == "planned" and "done" in told)


def told_of(session: Session, rep: Rep, signals: Sequence[Signal]) -> ToldBefore:
    """What a rep was told of these signals and their stories."""
    ids, states = set(), set()
    for some in in_chunks(sorted({one.id for one in signals})):
        query = select(Delivery.signal_id).where(Delivery.rep_id == rep.id, Delivery.signal_id.in_(some))
        ids |= set(session.scalars(query))
    for some in in_chunks(sorted({one.story_id for one in signals if one.story_id is not None})):
        told = select(Signal.story_id, Signal.status).join(Delivery, Delivery.signal_id == Signal.id)
        rows = session.execute(told.where(Delivery.rep_id == rep.id, Signal.story_id.in_(some)).distinct())
        states |= {(story, status) for story, status in rows if story is not None}
    return ToldBefore(frozenset(ids), frozenset(states))


def give_feedback(
    session: Session,
    rep: Rep,
    signal_id: int,
    verdict: str,
    when: datetime,
    meant: str = "",
    company: Company | None = None,
) -> None:
    """What a rep says of a signal; it takes the place of what they said before.

    Of a signal of the wrong company they may say who is `meant`, in words, and which `company` of the register that is.
    """
    given = Feedback(rep_id=rep.id, signal_id=signal_id, verdict=verdict, given_at=when)
    given.meant, given.meant_id = meant, company.id if company else None
    session.merge(given)


def withdraw_feedback(session: Session, rep: Rep, signal_ids: Iterable[int]) -> None:
    """The rep says nothing of some signals after all."""
    session.execute(delete(Feedback).where(Feedback.rep_id == rep.id, Feedback.signal_id.in_(list(signal_ids))))


def feedback_on(session: Session, rep: Rep, signal_ids: Iterable[int]) -> Feedback | None:
    """What a rep said last of any of some signals."""
    query = select(Feedback).where(Feedback.rep_id == rep.id, Feedback.signal_id.in_(list(signal_ids)))
    return session.scalar(query.order_by(Feedback.given_at.desc(), Feedback.signal_id.desc()).limit(1))


def record_sent(
    session: Session, rep: Rep, signals: Iterable[Signal], when: datetime, held: Iterable[Signal] = ()
) -> None:
    """A mail to the rep told these signals, and counted those that it had no room for."""
    reasons = dict.fromkeys((one.id for one in held), "quota") | dict.fromkeys((one.id for one in signals), "")
    rows = [{"rep_id": rep.id, "signal_id": number, "sent_at": when, "held": why} for number, why in reasons.items()]
    if rows:
        session.execute(insert(Delivery), rows)


def count_as_told(session: Session, signal_id: int, earlier: Sequence[int]) -> None:
    """Let a signal count as told to those who were told one of these of the same document."""
    query = select(Delivery.rep_id, func.min(Delivery.sent_at)).where(Delivery.signal_id.in_(earlier))
    rows = [
        {"rep_id": rep_id, "signal_id": signal_id, "sent_at": when, "held": ""}
        for rep_id, when in session.execute(query.group_by(Delivery.rep_id))
    ]
    if rows:
        session.execute(insert(Delivery), rows)
