"""Mails on leads whose owners are late, or that lost signals: to the owner, who has one now, and the managers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from digests.headers import address, one_line
from digests.keep import keep_notice
from digests.mail import envelope
from digests.sender import Sender
from leads.escalation import TOLD, Step, StepKind, escalate, tell_of_losses
from leads.wording import Words
from store import failures, leads, users
from store.database import Database
from store.tables import Rep

_MOST = 20  # leads that are named


def remind(database: Database, sender: Sender, now: datetime) -> int:
    """Take the next step on all leads that are late or lost signals, and keep the mails that tell it; how many leads.

    The leads of an owner and the mails on them are one transaction: nothing is told twice, and nothing done untold.
    What goes wrong with those of one is noted, and the others are dealt with.
    """
    with database.reading() as session:
        owners = sorted({*leads.who_is_late(session, now, TOLD), *leads.who_lost(session, now)})
        failed = failures.of_kind(session, "reminder")
    done = 0
    for number in owners:
        name = str(number)
        if name in failed and failures.waits(failed[name], now):
            continue
        try:
            with database.session() as session:
                done += _remind(session, session.get_one(Rep, number), sender, now)
                failures.forget(session, "reminder", [name])
        except Exception as error:  # whatever it is, the others are reminded
            failures.failed(database, "reminder", name, error, now)
    return done


def _remind(session: Session, owner: Rep, sender: Sender, now: datetime) -> int:
    steps = [*tell_of_losses(session, owner, now), *escalate(session, owner, now)]
    told: defaultdict[tuple[StepKind, int], list[Step]] = defaultdict(list)
    people = {owner.id: owner}
    managers = users.managers_of(session, owner) if any(one.kind == "escalated" for one in steps) else []
    for one in steps:
        of_it = {
            "reminded": [owner],
            "passed": [one.to] if one.to else [],
            "escalated": managers,
            "retracted": [owner],
        }[one.kind]
        for rep in of_it:
            people[rep.id] = rep
            told[one.kind, rep.id].append(one)
    for (kind, number), those in told.items():
        rep = people[number]
        if rep.is_written_to:
            keep_notice(session, rep, _message(rep, kind, those, sender, now), sender.today(rep, now).date(), now)
    return len(steps)


def _heading(kind: StepKind, number: int, words: Words) -> str:
    count = words.translations.ngettext
    said = {
        "reminded": count("{number} lead waits for you", "{number} leads wait for you", number),
        "retracted": count("{number} lead lost a signal", "{number} leads lost signals", number),
        "passed": count("{number} lead is yours now", "{number} leads are yours now", number),
        "escalated": count("{number} lead stays where it is", "{number} leads stay where they are", number),
    }[kind]
    return said.format(number=words.number(number))


def _why(one: Step, sender: Sender, rep: Rep, words: Words) -> str:
    """What is due, and until when by the clock of the rep who is told."""
    _ = words.translations.gettext
    if one.kind == "escalated":
        return _("{name} was reminded and did nothing").format(name=one.late.name)
    if one.kind == "retracted":
        return _("something that spoke for it was denied, or is about another company")
    is_new = one.lead.stage == "marketing_qualified"
    said = _("to be accepted by {day}, {time}") if is_new else _("to be acted on by {day}, {time}")
    until = sender.today(rep, one.lead.due_at) if one.lead.due_at else None
    return said.format(day=words.day(until.date()), time=f"{until:%H:%M}") if until else ""


def _message(rep: Rep, kind: StepKind, steps: Sequence[Step], sender: Sender, now: datetime) -> EmailMessage:
    words = sender.words(rep, now)
    heading = _heading(kind, len(steps), words)
    lines = [heading, ""]
    for one in steps[:_MOST]:
        what = f"{one_line(one.lead.company.name)} ({one_line(one.lead.offer)})"
        lines += [what, f"  {_why(one, sender, rep, words)}", f"  {sender.links.lead(one.lead.id)}", ""]
    if len(steps) > _MOST:
        more = words.translations.ngettext("and {others} other", "and {others} others", len(steps) - _MOST)
        lines += [more.format(others=words.number(len(steps) - _MOST)), ""]
    about = words.translations.gettext("Vigie: {news}").format(news=heading)
    key = f"{kind} {rep.email} {min(one.lead.id for one in steps)} {now:%Y-%m-%d %H:%M}"
    mail = envelope(sender.address, address(rep.email, rep.name), about, key, now)
    mail.set_content("\n".join([*lines, sender.links.leads, ""]), cte="quoted-printable")
    return mail
