"""What is new for a rep: what is told, and what is held back and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from store import companies, reps, watchlists
from store.reps import Fresh
from store.tables import Company, Rep, Signal, Watchlist
from watch.watchlists import Content, Reason, content_of, held_by, held_for_all


class Following(NamedTuple):
    """A list of a rep with what it asks for."""

    watchlist: Watchlist
    content: Content


@dataclass(frozen=True)
class News:
    """A signal that a rep was not told yet, on a company, with the lists that want it; `held` says why it is not told.

    Where it is not sure which company is meant, it is the likeliest of those that the rep follows.
    """

    signal: Signal
    company: Company | None
    lists: tuple[Following, ...]
    held: Reason | None = None


def _judged(signal: Signal, lists: Iterable[Following], now: datetime) -> tuple[tuple[Following, ...], Reason | None]:
    """The lists that let a signal through; where none does, those that want it, and why the first holds it back."""
    wanting = tuple(one for one in lists if one.content.wants(signal))
    reasons = [held_by(one.watchlist, one.content, signal, now) for one in wanting]
    through = tuple(one for one, reason in zip(wanting, reasons, strict=True) if reason is None)
    if through:
        return through, held_for_all(signal)
    return wanting, reasons[0] if wanting else None


def news_of(session: Session, rep: Rep, fresh: Fresh, now: datetime, *, with_held: bool = True) -> list[News]:
    """What is fresh on what a rep follows and was never told them, the newest first.

    What the rep released is told whatever holds it back. `with_held` gives what is held back as well.
    """
    known = _known(session, rep)
    released = reps.released(session, rep)
    found = _on_lists(session, rep, known, reps.unsent(session, rep, fresh), now, released)
    if with_held or released:
        found += _doubtful(session, rep, known, fresh, now, released)
    return [one for one in found if with_held or one.held is None]


def recent_news_of(session: Session, rep: Rep, since: datetime, now: datetime) -> list[News]:
    """What was published since then on what a rep follows, told them or not, without what is held back."""
    found = _on_lists(session, rep, _known(session, rep), reps.followed(session, rep, since), now)
    return [one for one in found if one.held is None]


def held_of(session: Session, rep: Rep, fresh: Fresh, now: datetime) -> list[News]:
    """What is fresh on what a rep follows and is not told: held back, or the mail was full."""
    full = (News(one, one.company, (), "quota") for one in reps.held_by_quota(session, rep, fresh.since))
    return [*(one for one in news_of(session, rep, fresh, now) if one.held), *full]


def _known(session: Session, rep: Rep) -> dict[int, Following]:
    return {one.id: Following(one, content_of(one)) for one in watchlists.of_rep(session, rep)}


def _on_lists(
    session: Session,
    rep: Rep,
    known: dict[int, Following],
    signals: Sequence[Signal],
    now: datetime,
    released: Collection[int] = (),
) -> list[News]:
    on_lists: defaultdict[int, list[Following]] = defaultdict(list)
    for signal_id, list_id in watchlists.of_signals(session, rep, signals):
        on_lists[signal_id].append(known[list_id])
    found, muted = [], reps.muted(session, rep)
    for signal in signals:
        through, held = _judged(signal, on_lists[signal.id], now)
        if signal.company_id in muted:
            held = "company_mute"
        if signal.id in released:
            held = None
        if through:
            found.append(News(signal, signal.company, through, held))
    return found


def _doubtful(
    session: Session, rep: Rep, known: dict[int, Following], fresh: Fresh, now: datetime, released: set[int]
) -> list[News]:
    """Signals of which it is not sure that they are on a company the rep follows."""
    doubtful = reps.unlinked(session, rep, fresh)
    followed = watchlists.followed(session, rep, {number for one in doubtful for number, _ in one.candidates})
    meant = companies.by_ids(session, followed)
    found = []
    for signal in doubtful:
        likeliest = next((number for number, _ in signal.candidates if number in followed), None)
        if likeliest is not None:
            through, held = _judged(signal, [known[one] for one in followed[likeliest]], now)
            if through:
                found.append(News(signal, meant[likeliest], through, None if signal.id in released else held))
    return found
