"""Watchlists: what each rep follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, joinedload

from store.base import in_chunks
from store.errors import Conflict, NotFound
from store.tables import Company, Match, Rep, Signal, Watched, Watchlist


def of_rep(session: Session, rep: Rep) -> list[Watchlist]:
    """The lists of a rep, by name."""
    query = select(Watchlist).where(Watchlist.rep_id == rep.id).order_by(Watchlist.name)
    return list(session.scalars(query))


def everyone(session: Session) -> list[Watchlist]:
    """All lists with their reps."""
    return list(session.scalars(select(Watchlist).options(joinedload(Watchlist.rep)).order_by(Watchlist.id)))


def named(session: Session, rep: Rep, name: str) -> Watchlist:
    """The list of a name. Raises `NotFound`."""
    lists = {one.name: one for one in of_rep(session, rep)}
    if name not in lists:
        known = ", ".join(f"'{one}'" for one in lists) or "none"
        raise NotFound(f"{rep.email} has no list '{name}'; there are {known}")
    return lists[name]


def of_id(session: Session, rep: Rep, number: int) -> Watchlist:
    """The list of a rep's with an id. Raises `NotFound`, also where it is another rep's."""
    found = session.get(Watchlist, number)
    if found is None or found.rep_id != rep.id:
        raise NotFound
    return found


def on_list(session: Session, one: Watchlist, *, limit: int, offset: int = 0) -> list[Company]:
    """The companies on a list, by name."""
    query = select(Company).join(Watched, Watched.company_id == Company.id).where(Watched.watchlist_id == one.id)
    return list(session.scalars(query.order_by(Company.name, Company.id).limit(limit).offset(offset)))


def save(session: Session, rep: Rep, name: str, content: dict[str, Any] | None = None) -> Watchlist:
    """The list of a name, which is made when there is none; with this content, when one is given."""
    found = session.scalar(select(Watchlist).where(Watchlist.rep_id == rep.id, Watchlist.name == name))
    if found is None:
        found = Watchlist(rep_id=rep.id, name=name, content={})
        session.add(found)
    if content is not None:
        found.content = content
    session.flush()
    return found


def remove(session: Session, one: Watchlist) -> dict[str, Any]:
    """Take a list out; what `put_back` makes it of again."""
    of_list = select(Watched.company_id).where(Watched.watchlist_id == one.id)
    told = select(Match.signal_id).where(Match.watchlist_id == one.id)
    kept = {
        "id": one.id,
        "name": one.name,
        "content": one.content,
        "muted": one.muted,
        "snoozed_until": one.snoozed_until.isoformat() if one.snoozed_until else None,
        "companies": list(session.scalars(of_list)),
        "matches": list(session.scalars(told)),
    }
    session.delete(one)
    return kept


def put_back(session: Session, rep: Rep, kept: Mapping[str, Any]) -> Watchlist:
    """Make a list that was taken out again, under its own number, with those of its companies that there still are.

    Raises `Conflict` where the rep made another one of its name meanwhile.
    """
    if session.scalar(select(Watchlist.id).where(Watchlist.rep_id == rep.id, Watchlist.name == kept["name"])):
        raise Conflict(f"there is a list '{kept['name']}' again")
    is_free = session.get(Watchlist, kept["id"]) is None
    made = Watchlist(rep_id=rep.id, id=kept["id"] if is_free else None)
    made.name, made.content, made.muted = kept["name"], kept["content"], kept["muted"]
    made.snoozed_until = datetime.fromisoformat(kept["snoozed_until"]) if kept["snoozed_until"] else None
    session.add(made)
    session.flush()
    for ids in in_chunks(kept["companies"]):
        add(session, made, session.scalars(select(Company.id).where(Company.id.in_(ids))))
    return made


def match_again(session: Session, made: Watchlist, kept: Mapping[str, Any]) -> None:
    """Note the signals again that answered what a list that was taken out asked for, those that there still are."""
    for ids in in_chunks(kept["matches"]):
        matched(session, made, set(session.scalars(select(Signal.id).where(Signal.id.in_(ids)))))


def add(session: Session, one: Watchlist, company_ids: Iterable[int]) -> list[int]:
    """Put companies on a list. Returns those that were not on it."""
    known = set(session.scalars(select(Watched.company_id).where(Watched.watchlist_id == one.id)))
    new = sorted(set(company_ids) - known)
    session.add_all(Watched(watchlist_id=one.id, company_id=company_id) for company_id in new)
    session.flush()
    return new


def take_off(session: Session, one: Watchlist, company_ids: Iterable[int]) -> None:
    """Take companies off a list."""
    for ids in in_chunks(list(company_ids)):
        session.execute(delete(Watched).where(Watched.watchlist_id == one.id, Watched.company_id.in_(ids)))


def companies_of(rep: Rep) -> Select[int]:
    """The ids of the companies on any list of a rep."""
    query = select(Watched.company_id).join(Watchlist, Watchlist.id == Watched.watchlist_id)
    return query.where(Watchlist.rep_id == rep.id)


def watched(session: Session, rep: Rep) -> list[Company]:
    """The companies that a rep follows, by name."""
    query = select(Company).where(Company.id.in_(companies_of(rep)))
    return list(session.scalars(query.order_by(Company.name, Company.id)))


def followed(session: Session, rep: Rep, company_ids: Collection[int]) -> dict[int, list[int]]:
    """Of these companies those that a rep follows, with the ids of the lists that each is on."""
    query = select(Watched.company_id, Watched.watchlist_id).join(Watchlist, Watchlist.id == Watched.watchlist_id)
    query = query.where(Watchlist.rep_id == rep.id).order_by(Watched.watchlist_id)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for ids in in_chunks(sorted(company_ids)):
        for company_id, list_id in session.execute(query.where(Watched.company_id.in_(ids))):
            found[company_id].append(list_id)
    return dict(found)


def on_any(session: Session, company_ids: Collection[int]) -> set[int]:
    """Of these companies those that anybody follows."""
    found: set[int] = set()
    for ids in in_chunks(sorted(company_ids)):
        found |= set(session.scalars(select(Watched.company_id).where(Watched.company_id.in_(ids))))
    return found


def of_signals(session: Session, rep: Rep, signals: Sequence[Signal]) -> list[tuple[int, int]]:
    """Which of a rep's lists each of these signals is for: by its company, or since it answers what the list asks."""
    on = followed(session, rep, {one.company_id for one in signals if one.company_id is not None})
    found = {(one.id, number) for one in signals for number in on.get(one.company_id or 0, ())}
    query = select(Match.signal_id, Match.watchlist_id).join(Watchlist, Watchlist.id == Match.watchlist_id)
    for ids in in_chunks([one.id for one in signals]):
        asked = query.where(Watchlist.rep_id == rep.id, Match.signal_id.in_(ids))
        found |= {(signal_id, list_id) for signal_id, list_id in session.execute(asked)}
    return sorted(found)


def sizes(session: Session, lists: Collection[Watchlist]) -> dict[int, int]:
    """How many companies are on each of these lists, by its id."""
    query = select(Watched.watchlist_id, func.count()).group_by(Watched.watchlist_id)
    found = session.execute(query.where(Watched.watchlist_id.in_([one.id for one in lists])))
    return {row[0]: row[1] for row in found}


def following(session: Session, company: Company) -> list[Watchlist]:
    """The lists that a company is on."""
    query = select(Watchlist).join(Watched, Watched.watchlist_id == Watchlist.id)
    return list(session.scalars(query.where(Watched.company_id == company.id).order_by(Watchlist.id)))


def matched(session: Session, one: Watchlist, signal_ids: Collection[int], *, only: bool = False) -> int:
    """These signals answer what a list asks for, `only` these. Returns how many were not known to."""
    if only:
        known = set(session.scalars(select(Match.signal_id).where(Match.watchlist_id == one.id)))
        for ids in in_chunks(sorted(known.difference(signal_ids))):
            session.execute(delete(Match).where(Match.watchlist_id == one.id, Match.signal_id.in_(ids)))
    else:
        asked = select(Match.signal_id).where(Match.watchlist_id == one.id)
        chunks = in_chunks(sorted(signal_ids))
        known = {number for ids in chunks for number in session.scalars(asked.where(Match.signal_id.in_(ids)))}
    new = sorted(set(signal_ids) - known)
    session.add_all(Match(watchlist_id=one.id, signal_id=number) for number in new)
    return len(new)
