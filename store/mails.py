"""Mails that wait, and what became of those that were sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, defer, joinedload

from store.processes import gone, this_process
from store.tables import Mail, Rep

_HOLD = timedelta(minutes=10)  # what is being sent for longer was left by a process of another machine that died
_BACK_OFF = (1, 5, 15, 60, 180, 360, 720, 1440)  # minutes after each failure; then it is given up


def add(
    session: Session,
    rep: Rep,
    message_id: str,
    day: str,
    content: bytes,
    news: int,
    now: datetime,
    *,
    kind: str = "digest",
) -> Mail:
    """Keep a mail that is to be sent."""
    facts: dict[str, Any] = {"day": day, "content": content, "news": news, "due_at": now, "made_at": now, "kind": kind}
    mail = Mail(rep=rep, recipient=rep.email, message_id=message_id, **facts)
    session.add(mail)
    session.flush()
    return mail


def _may_be_sent(session: Session, now: datetime, at_once: bool) -> ColumnElement[bool]:
    """Whether a mail may be sent now; its rep may have ended the mails since.

    What a process of this machine was sending that runs no more is sent again at once.
    """
    being_sent, under_way = Mail.state == "sending", Mail.state.in_(("waiting", "sending"))
    holders = session.scalars(select(Mail.claimed_by).where(being_sent, Mail.claimed_by.is_not(None)).distinct())
    orphaned = being_sent & Mail.claimed_by.in_(gone(holders))
    waits = (Mail.state == "waiting") & at_once
    left = under_way & (Mail.due_at <= now)
    wanted = Mail.rep_id.in_(select(Rep.id).where(Rep.is_written_to)) | (Mail.kind == "summary")
    return under_way & wanted & (waits | left | orphaned)  # the first by an index: most were sent long ago


def waiting(session: Session, now: datetime, *, email: str = "", at_once: bool = False) -> list[int]:
    """The ids of the mails that may be sent now, oldest first; of one rep, when an address is given.

    `at_once` takes those as well that wait for their next try.
    """
    query = select(Mail.id).join(Rep).where(_may_be_sent(session, now, at_once)).order_by(Mail.id)
    return list(session.scalars(query.where(Rep.email == email) if email else query))


def claim(session: Session, number: int, now: datetime, *, at_once: bool = False) -> Mail | None:
    """Take a mail for sending; None when another process has it or it is sent."""
    taken = update(Mail).where(Mail.id == number, _may_be_sent(session, now, at_once))
    held = {"state": "sending", "attempts": Mail.attempts + 1, "due_at": now + _HOLD, "claimed_by": this_process()}
    found = session.scalar(taken.values(held).returning(Mail.id).execution_options(synchronize_session=False))
    return None if found is None else session.get_one(Mail, found, populate_existing=True)


def sent(session: Session, number: int, now: datetime) -> None:
    """A mail was taken by the mail server."""
    mail = session.get_one(Mail, number)
    mail.state, mail.error, mail.sent_at = "sent", "", now


def put_off(session: Session, number: int, error: str, now: datetime) -> None:
    """A mail could not be handed over: it is tried again later, at longer intervals, and given up after two days."""
    mail = session.get_one(Mail, number)
    mail.error = error
    if mail.attempts > len(_BACK_OFF):
        mail.state = "failed"
    else:
        mail.state, mail.due_at = "waiting", now + timedelta(minutes=_BACK_OFF[mail.attempts - 1])


def refused(session: Session, number: int, error: str) -> None:
    """A mail was refused for good: the address bounces."""
    mail = session.get_one(Mail, number)
    mail.state, mail.error = "refused", error
    session.flush()
    # A mail may come back after the next one was taken: only those up to it are counted.
    earlier = select(Mail.state).where(
        Mail.rep_id == mail.rep_id, Mail.id <= number, Mail.state.in_(("sent", "refused"))
    )
    row = session.scalars(earlier.order_by(Mail.id.desc()).limit(Rep.MOST_BOUNCES)).all()
    in_a_row = len(list(takewhile(lambda state: state == "refused", row)))
    mail.rep.bounces = min(mail.rep.bounces + 1, in_a_row)  # a person may have set it back


def bounced(session: Session, message_id: str, error: str) -> Mail | None:
    """A mail that was sent came back; None when it is none of ours."""
    mail = session.scalar(select(Mail).where(Mail.message_id == message_id))
    if mail is not None and mail.state != "refused":
        refused(session, mail.id, error)
    return mail


def prune(session: Session, before: datetime) -> int:
    """Let go of the content of mails that were last sent or tried before then; returns of how many."""
    over = (Mail.state.in_(("sent", "refused", "failed")), Mail.due_at < before, func.length(Mail.content) > 0)
    pruned = session.execute(update(Mail).where(*over).values(content=b"").returning(Mail.id))
    return len(pruned.all())


def newest(session: Session, *, limit: int) -> list[Mail]:
    """The mails made last, with their reps."""
    query = select(Mail).options(joinedload(Mail.rep), defer(Mail.content))
    return list(session.scalars(query.order_by(Mail.id.desc()).limit(limit)))


def of_rep(session: Session, rep: Rep, *, limit: int) -> list[Mail]:
    """The mails to a rep that were made last."""
    query = select(Mail).where(Mail.rep_id == rep.id).order_by(Mail.id.desc()).limit(limit)
    return list(session.scalars(query.options(defer(Mail.content))))


def counts(session: Session, since: datetime) -> dict[str, int]:
    """How many mails made since then are in each state."""
    query = select(Mail.state, func.count(Mail.id)).where(Mail.made_at >= since).group_by(Mail.state)
    return {row[0]: row[1] for row in session.execute(query)}
