"""Who may sign in, where they are signed in, how often they were refused, and what they changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from store import claims, reps
from store.errors import NotFound
from store.tables import Audit, Refusal, Rep, SalesProfile, SignIn, User

ROLES = ("rep", "manager", "admin")
LOCKED = timedelta(minutes=15)


def save(session: Session, rep: Rep, role: str) -> User:
    """Let a rep sign in in a role, or change the role."""
    user = session.get(User, rep.id)
    if user is None:
        user = User(rep_id=rep.id, rep=rep)
        session.add(user)
    user.role = role
    session.flush()
    return user


def find(session: Session, email: str) -> User | None:
    """The user with this address, however its letters are written."""
    return session.scalar(select(User).join(Rep).where(func.lower(Rep.email) == email.strip().lower()))


def invite(session: Session, email: str, name: str, role: str, *, language: str = "", otherwise: str) -> User:
    """Let somebody sign in, or change their role; name and language stay where none is given.

    Who is no rep yet becomes one who writes in the language, or `otherwise`; an administrator asks for mails when they
    want some.
    """
    rep = session.scalar(select(Rep).where(func.lower(Rep.email) == email.lower()))
    if rep is None:
        rep = reps.save(session, email, name or email, language or otherwise)
        rep.subscribed = role != "admin"
    else:
        reps.save(session, rep.email, name or rep.name, language or rep.language)
    user = save(session, rep, role)
    user.active = True
    return user


def everyone(session: Session) -> list[User]:
    """All users, by address."""
    return list(session.scalars(select(User).join(Rep).order_by(Rep.email)))


def administrators(session: Session) -> list[User]:
    """The users who look after the installation, by address."""
    query = select(User).join(Rep).where(User.role == "admin", User.active).order_by(Rep.email)
    return list(session.scalars(query))


def disabled(session: Session) -> set[int]:
    """The ids of the reps who were users and may sign in no more."""
    return set(session.scalars(select(User.rep_id).where(~User.active)))


def managers_of(session: Session, rep: Rep) -> list[Rep]:
    """Who is told of what a rep does not do: the managers of their team, or all, or the administrators; by address."""
    query = select(Rep, SalesProfile.team).join(User).where(User.role == "manager", User.active)
    found = session.execute(query.outerjoin(SalesProfile, SalesProfile.rep_id == Rep.id).order_by(Rep.email)).all()
    profile = session.get(SalesProfile, rep.id)
    of_team = [manager for manager, team in found if profile and profile.team and team == profile.team]
    return of_team or [manager for manager, _ in found] or [one.rep for one in administrators(session)]


def by_email(session: Session, email: str) -> User:
    """The user with this address, however its letters are written. Raises `NotFound`."""
    user = find(session, email)
    if user is None:
        raise NotFound(f"there is no user with the address {email}; add one with `vigie users add`")
    return user


def has_admin(session: Session) -> bool:
    """Whether anybody can administer: until then the first who comes makes themselves administrator."""
    return session.scalar(select(User.rep_id).where(User.role == "admin", User.active).limit(1)) is not None


def sign_in(session: Session, user: User, token: str, now: datetime, until: datetime, place: str = "") -> None:
    """A browser whose cookie has a token of this hash is the user's until then; ended ones are forgotten."""
    session.execute(delete(SignIn).where(SignIn.until <= now))
    session.add(SignIn(token=token, rep_id=user.rep_id, made_at=now, until=until, place=place))


def signed_in(session: Session, token: str, now: datetime) -> User | None:
    """The user of a browser; None when nobody is signed in there, or may be no more."""
    found = session.get(SignIn, token)
    return found.user if found and found.until > now and found.user.active else None


def sign_out(session: Session, token: str) -> None:
    """Nobody is signed in in this browser any more."""
    session.execute(delete(SignIn).where(SignIn.token == token))


def sign_out_everywhere(session: Session, user: User) -> None:
    """The user is signed in in no browser any more."""
    session.execute(delete(SignIn).where(SignIn.rep_id == user.rep_id))


@dataclass(frozen=True)
class Limit:
    """How many sign-ins under a key are looked at in a row, and for how long then none is."""

    key: str
    most: int
    lasts: timedelta = LOCKED


def attempt(session: Session, limits: Sequence[Limit], now: datetime) -> dict[str, int] | None:
    """Count a sign-in under each key before it is looked at; returns the counts, those refused long ago left out.

    None, and nothing is counted, where one of the limits is reached.
    """
    claims.in_turn(session, "sign_in")
    session.execute(delete(Refusal).where(Refusal.last_at <= now - LOCKED))
    known = {one.key: session.get(Refusal, one.key) for one in limits}
    counts: dict[str, int] = {}
    for one in limits:
        there = known[one.key]
        counts[one.key] = 1 + (there.times if there and there.last_at > now - one.lasts else 0)
        if counts[one.key] > one.most:
            return None
    for key, times in counts.items():
        there = known[key]
        if there is None:
            session.add(Refusal(key=key, times=times, last_at=now))
        else:
            there.times, there.last_at = times, now
    return counts


def forgive(session: Session, email: str, place: str = "") -> None:
    """A sign-in of an address was right, from a place or anywhere: what was counted of it before counts no more.

    Of the place it is one less: others may try there too.
    """
    mine = Refusal.key == email
    session.execute(delete(Refusal).where(mine | Refusal.key.startswith(f"{email} ", autoescape=True)))
    session.execute(update(Refusal).where(Refusal.key == place).values(times=Refusal.times - 1))


def knows(session: Session, email: str, place: str, now: datetime) -> bool:
    """Whether a user with this address is signed in in a browser at this place."""
    query = select(SignIn.token).join(User, User.rep_id == SignIn.rep_id).join(Rep)
    mine = (func.lower(Rep.email) == email, SignIn.place == place, SignIn.until > now)
    return session.scalar(query.where(*mine).limit(1)) is not None


def note(session: Session, who: str, action: str, what: str = "") -> None:
    """Write down that somebody changed something, in the transaction that changes it."""
    session.add(Audit(who=who, action=action, what=what))


def audit(session: Session, *, limit: int, before: int | None = None) -> list[Audit]:
    """What was changed, the newest first; of those before an id."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    return list(session.scalars(query.where(Audit.id < before) if before is not None else query))
