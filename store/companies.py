"""Companies and their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from math import inf, log
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, func, or_, select, update
from sqlalchemy.orm import Session

from store import figures, outbox
from store.base import ROWS, Base, in_chunks, one_of, utcnow
from store.bulk import add_rows
from store.tables import Company, Name


@dataclass(frozen=True)
class CompanyRow:
    """A company as a register gives it.

    `names` maps each folded name to its text, `kinds` those that are neither legal nor alias to their kind. `facts` are
    columns of `Company` with their values; what is unknown is left out. `year` is that of the accounts they are from.
    What is `weak`, a fact or the name, does not take the place of what is known. It may be known by `company_id`.
    """

    name: str
    names: Mapping[str, str]
    siren: str | None = None
    lei: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    weak: frozenset[str] = frozenset()
    company_id: int | None = None

    @property
    def key(self) -> Hashable:
        """By what it is known again: id, SIREN, LEI, or name, however it is written, and department."""
        return self.company_id or self.siren or self.lei or self.place

    @property
    def is_of_name(self) -> bool:
        """Whether it is known again by its name alone, and its department."""
        return not (self.company_id or self.siren or self.lei)

    @cached_property
    def place(self) -> tuple[str, str | None]:
        """Its folded name, and its department."""
        folded = next((key for key, text in self.names.items() if text == self.name), self.name)
        return folded, self.facts.get("department")


def known_only(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without those that are unknown."""
    return {name: value for name, value in facts.items() if value is not None}


@dataclass(frozen=True)
class Register:
    """Where facts come from, and of which day they are."""

    name: str = "csv"
    day: date = field(default_factory=lambda: utcnow().date())


PERSON = "person"
"""The source of what a person typed: no register writes over it."""
FACTS = (
    *("department", "naf", "headcount", "city", "country", "site", "created_on", "legal_form", "listing"),
    *("headcount_band", "turnover", "export_turnover", "profit", "financial_score", "working_capital"),
    *("share_capital", "sales_channel", "site_type", "secondary_sites", "international_presence"),
    *("digital_presence", "social_influence", "closed"),
)
"""The columns that registers fill."""
EVERYTHING = frozenset({"name", *FACTS})
"""What is weak in a row that only adds to what is known."""
_KEYS = ("siren", "lei", "name", "department")
_COLUMNS = ("name", "siren", "lei", *FACTS)
_Known = dict[str, Any]
_TABLES = Base.metadata.tables


def _known(
    session: Session, rows: Sequence[CompanyRow], names: Iterable[str] = ("register", "sources", *_COLUMNS)
) -> dict[Hashable, _Known]:
    """The companies that are there already, with these columns, by the key of the row that is one of them."""
    columns = [_TABLES["company"].c[name] for name in dict.fromkeys(("id", *_KEYS, *names))]

    def found(where: ColumnElement[bool]) -> Iterator[_Known]:
        return (dict(row) for row in session.execute(select(*columns).where(where)).mappings())

    known: dict[Hashable, _Known] = {}
    if ids := [row.company_id for row in rows if row.company_id]:
        known |= {one["id"]: one for one in found(one_of(Company.id, ids))}
    if sirens := [row.siren for row in rows if row.siren]:
        known |= {one["siren"]: one for one in found(one_of(Company.siren, sirens))}
    if leis := [row.lei for row in rows if row.lei]:
        by_lei = {one["lei"]: one for one in found(one_of(Company.lei, leis))}
        known |= {row.key: by_lei[row.lei] for row in rows if row.lei in by_lei and row.key not in known}
    if unnumbered := {row.name: row.place[0] for row in rows if row.is_of_name}:
        for one in found(one_of(Company.name, unnumbered)):
            known.setdefault((unnumbered[one["name"]], one["department"]), one)
        alike = (
            select(*columns, Name.folded)
            .join(Name)
            .where(one_of(Name.folded, set(unnumbered.values())), Name.kind == "legal")
        )
        for row in session.execute(alike).mappings():
            one = dict(row)
            known.setdefault((one.pop("folded"), one["department"]), one)
    return known


def _insert(session: Session, rows: Collection[CompanyRow], register: Register) -> None:
    """Add companies. Only columns that one of them fills are named: each costs time, a million times over."""
    facts = sorted({name for row in rows for name in row.facts} | {"country"})
    default = {"country": "FR", "closed": False}
    blank = [default.get(name) for name in facts]
    values = [(row.name, row.siren, row.lei, *map(row.facts.get, facts, blank)) for row in rows]
    now = utcnow()
    shared = {"added_at": now, "changed_at": now, "register": register.name, "register_date": register.day}
    add_rows(session, _TABLES["company"], ("name", "siren", "lei", *facts), values, shared)


def _updated(one: _Known, row: CompanyRow, register: Register) -> dict[str, Any] | None:
    """What a company becomes, with where each new fact comes from; None when nothing changes."""
    sources = dict(one["sources"] or {})
    # One that is known by its name may be written otherwise here.
    name = one["name"] if row.is_of_name or row.company_id else row.name
    given = {"name": name, "siren": row.siren, "lei": row.lei, **row.facts}
    typed = {name for name, (source, _) in sources.items() if source == PERSON}
    kept = typed | {name for name in row.weak if one[name] is not None}
    new = {name: value for name, value in given.items() if value is not None and name not in kept}
    changed = {name: value for name, value in new.items() if value != one[name]}
    if not changed:
        return None
    for name in changed:
        if register.name == one["register"]:
            sources.pop(name, None)
        elif name in FACTS:
            sources[name] = [register.name, register.day.isoformat()]
    day = {"register_date": register.day} if register.name == one["register"] else {}
    return changed | day | {"id": one["id"], "sources": sources}


def _add_names(session: Session, rows: Mapping[int, CompanyRow], old: Collection[int]) -> None:
    """Add the names that companies have not yet; `old` are those that may have some."""
    have: set[tuple[int, str]] = set()
    if old:
        there = select(Name.company_id, Name.folded).where(one_of(Name.company_id, old))
        have = {(company_id, folded) for company_id, folded in session.execute(there)}
    fresh = [
        (number, text, folded, _kind(row, folded, text))
        for number, row in rows.items()
        for folded, text in row.names.items()
        if (number, folded) not in have
    ]
    add_rows(session, _TABLES["name"], ("company_id", "text", "folded", "kind"), fresh, {})


def _kind(row: CompanyRow, folded: str, text: str) -> str:
    return row.kinds.get(folded) or ("legal" if text == row.name else "alias")


@dataclass(frozen=True)
class Saved:
    """How many companies are new, were known, and were left out: closed before anybody here knew them; the ids."""

    added: int
    known: int
    closed: int
    ids: frozenset[int] = frozenset()


def save(session: Session, rows: Sequence[CompanyRow], register: Register | None = None) -> Saved:
    """Add new companies and update known ones, by SIREN, LEI, or name and department.

    A value that the register leaves empty does not erase one that is there, nor one that differs what a person typed.
    """
    register = register or Register()
    rows = _numbered(rows)
    merged = _merged(rows)
    known = _known(session, list(merged.values()))
    merged = _with_own_lei(session, merged, known)
    unknown = {key: row for key, row in merged.items() if key not in known}
    new = {key: row for key, row in unknown.items() if not row.facts.get("closed")}
    if new:
        _insert(session, new.values(), register)
    there = {key: one for key, one in known.items() if key in merged}
    ids = {key: one["id"] for key, one in there.items()}
    _change(session, there, _without_older(session, {key: merged[key] for key in there}, ids), register)
    old = list(ids.values())
    if new:
        ids |= {key: one["id"] for key, one in _known(session, list(new.values()), ()).items() if key in new}
    _add_names(session, {number: merged[key] for key, number in ids.items()}, old)
    _keep_figures(session, rows, ids, register)
    session.expire_all()
    return Saved(len(new), len(old), len(unknown) - len(new), frozenset(ids.values()))


def count_known(session: Session, rows: Sequence[CompanyRow]) -> int:
    """How many of these companies are there already."""
    return len(_known(session, rows, ()))


def _numbered(rows: Sequence[CompanyRow]) -> Sequence[CompanyRow]:
    """The rows, one without a number as that of the same name which has one, if only one has in its department.

    One without a department is that of the same name in any.
    """
    if not any(row.is_of_name for row in rows):
        return rows
    owners: defaultdict[Hashable, dict[Hashable, CompanyRow]] = defaultdict(dict)
    for row in rows:
        if row.siren or row.lei:
            for place in {row.place, (row.place[0], None)}:
                owners[place][row.key] = row
    only = {place: one for place, alike in owners.items() if len(alike) == 1 for one in alike.values()}
    same = ((row, only.get(row.place, row) if row.is_of_name else row) for row in rows)
    return [replace(row, siren=one.siren, lei=one.lei, name=one.name) for row, one in same]


def _merged(rows: Sequence[CompanyRow]) -> dict[Hashable, CompanyRow]:
    """One row for each company: of several the last counts, of accounts those of the last year."""
    merged: dict[Hashable, CompanyRow] = {}
    for row in sorted(rows, key=lambda one: one.year or 0):
        if sooner := merged.get(row.key):
            row = _joined(sooner, row)
        merged[row.key] = row
    return merged


def _joined(sooner: CompanyRow, row: CompanyRow) -> CompanyRow:
    """Two rows of one company. Of names that differ only in how they are written, one in small letters is taken."""
    facts = {**sooner.facts, **row.facts, **{name: sooner.facts[name] for name in row.weak & sooner.facts.keys()}}
    names, kinds = {**sooner.names, **row.names}, {**sooner.kinds, **row.kinds}
    name = sooner.name if "name" in row.weak else row.name
    if row.is_of_name:
        name = name if sooner.name.isupper() else sooner.name
        names[row.place[0]] = name
    return replace(row, name=name, names=names, kinds=kinds, facts=facts)


def _with_own_lei(
    session: Session, rows: Mapping[Hashable, CompanyRow], known: Mapping[Hashable, _Known]
) -> dict[Hashable, CompanyRow]:
    """The rows, without a LEI that another company has: the one that is there, or the first to bring it."""
    leis = [row.lei for row in rows.values() if row.lei]
    if not leis:
        return dict(rows)
    there = select(Company.lei, Company.id).where(one_of(Company.lei, leis))
    holder: dict[str, Hashable] = {str(lei): number for lei, number in session.execute(there)}
    kept = dict(rows)
    for key, row in rows.items():
        me = known[key]["id"] if key in known else key
        if row.lei and holder.setdefault(row.lei, me) != me:
            kept[key] = replace(row, lei=None)
    return kept


def _change(
    session: Session, there: Mapping[Hashable, _Known], rows: Mapping[Hashable, CompanyRow], register: Register
) -> None:
    """Write what rows change of companies that are there, those with the same columns at once."""
    changes: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    moved = []
    for key, one in there.items():
        if change := _updated(one, rows[key], register):
            changes[tuple(sorted(change))].append(change)
            if change.keys() & set(FACTS):  # the search index has them
                moved.append(one["id"])
    for alike in changes.values():
        session.execute(update(Company), alike)
    if moved:
        outbox.add_of_companies(session, moved)


def _without_older(
    session: Session, rows: Mapping[Hashable, CompanyRow], ids: Mapping[Hashable, int]
) -> dict[Hashable, CompanyRow]:
    """The rows without amounts of accounts that are older than those that are known."""
    dated = [ids[key] for key, row in rows.items() if row.year]
    newest = figures.newest(session, dated) if dated else {}
    kept = dict(rows)
    for key, row in rows.items():
        if row.year:
            old = {name for name in figures.YEARLY if newest.get((ids[key], name), 0) > row.year}
            kept[key] = replace(row, facts={name: value for name, value in row.facts.items() if name not in old})
    return kept


def _keep_figures(
    session: Session, rows: Sequence[CompanyRow], ids: Mapping[Hashable, int], register: Register
) -> None:
    """Keep the amounts of accounts whose year is known."""
    told = {
        (ids[row.key], name, row.year): float(row.facts[name])
        for row in rows
        if row.year and row.key in ids
        for name in figures.YEARLY
        if name in row.facts
    }
    if told:
        figures.save(session, told, register.name, register.day)


def all_names(session: Session, after: int = 0) -> Iterator[tuple[str, int, str]]:
    """Every folded name with its company's id and its kind; only those added after the one with this id."""
    query = select(Name.folded, Name.company_id, Name.kind).where(Name.id > after).order_by(Name.id)
    return ((folded, company_id, kind) for folded, company_id, kind in session.execute(query))


def names_state(session: Session, up_to: int | None = None) -> tuple[int, int]:
    """How many names there are, and the id of the newest, among those up to an id: it tells new ones and gone ones."""
    query = select(func.count(Name.id), func.max(Name.id))
    count, newest = session.execute(query if up_to is None else query.where(Name.id <= up_to)).one()
    return count, newest or 0


def merged(session: Session) -> dict[int, int]:
    """The records that another one stands for, with that one."""
    query = select(Company.id, Company.merged_into).where(Company.merged_into.is_not(None))
    return {number: kept for number, kept in session.execute(query) if kept is not None}


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Company]:
    """Companies by their ids."""
    return {
        company.id: company
        for chunk in in_chunks(list(ids))
        for company in session.scalars(select(Company).where(Company.id.in_(chunk)))
    }


class Located(NamedTuple):
    """A company with its number and its city."""

    id: int
    siren: str | None
    city: str | None


def among(session: Session, ids: Iterable[int], departments: Collection[str], sirens: Collection[str]) -> list[Located]:
    """Those of companies that are in one of these departments, or have one of these SIREN numbers."""
    query = select(Company.id, Company.siren, Company.city).where(
        or_(Company.department.in_(sorted(departments)), Company.siren.in_(sorted(sirens)))
    )
    return [
        Located(*row)
        for chunk in in_chunks(list(ids))
        for row in session.execute(query.where(Company.id.in_(chunk)).order_by(Company.id))
    ]


def touch(session: Session, company_ids: Iterable[int]) -> None:
    """Something is told no more of these companies: what is reckoned from their signals is to be reckoned anew."""
    for ids in in_chunks(sorted(company_ids)):
        session.execute(update(Company).where(Company.id.in_(ids)).values(changed_at=utcnow()))


def register_state(session: Session, last: int | None = None) -> tuple[int, str, str]:
    """The id of the company that was added last, when it was added, and when any company changed last (ISO 8601).

    It tells one register from another, and from what it was; of the company with an id, when one is given. Zero and
    empty where there is none.
    """
    query = select(Company.id, Company.added_at).order_by(Company.id.desc()).limit(1)
    row = session.execute(query if last is None else query.where(Company.id == last)).one_or_none()
    changed = session.scalar(select(func.max(Company.changed_at)))
    return row.id if row else 0, row.added_at.isoformat() if row else "", changed.isoformat() if changed else ""


def columns(
    session: Session, names: Sequence[str], changed_since: datetime | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Id, whether it trades, and these columns of companies, some thousands at a time.

    Those that changed since a moment, whatever became of them, in any order; None: all that trade, by id. Of merged
    records it is the one that stands for them that trades.
    """
    trades = ~Company.closed & Company.merged_into.is_(None)
    wanted = [Company.id, trades.label("trades"), *(getattr(Company, name) for name in names)]
    query = select(*wanted)
    if changed_since is None:
        query = query.where(trades).order_by(Company.id)
    else:  # in order, SQLite would read the whole table
        query = query.where(Company.changed_at >= changed_since)
    return session.execute(query.execution_options(yield_per=ROWS)).partitions()


def count(session: Session) -> int:
    """How many companies there are."""
    return session.scalar(select(func.count(Company.id))) or 0


def by_siren(session: Session, siren: str) -> list[Company]:
    """The company with this SIREN number, if there is one; the one that stands for it, where it is merged."""
    return _standing(session, Company.siren == siren)


def _standing(session: Session, where: ColumnElement[bool]) -> list[Company]:
    meant = select(func.coalesce(Company.merged_into, Company.id)).where(where)
    return list(session.scalars(select(Company).where(Company.id.in_(meant)).order_by(Company.id)))


@dataclass(frozen=True)
class Bearer:
    """A company that bears a name, as much as tells it from others."""

    id: int
    name: str
    siren: str | None
    city: str | None
    department: str | None


def with_siren(session: Session, sirens: Collection[str]) -> set[str]:
    """Those of these SIREN numbers that companies here have."""
    return {str(one) for one in session.scalars(select(Company.siren).where(Company.siren.in_(sirens)))}


def bearing(session: Session, folded: Collection[str]) -> dict[str, list[Bearer]]:
    """The companies that bear each of these folded names: as their legal one, or where none does, as any other."""
    meant = select(func.coalesce(Company.merged_into, Company.id).label("meant"), Name.folded, Name.kind)
    named = meant.join(Name, Name.company_id == Company.id).where(
        Name.folded.in_(folded), Name.kind.not_in(("domain", "ticker"))
    )
    found: defaultdict[str, dict[bool, dict[int, Bearer]]] = defaultdict(lambda: {True: {}, False: {}})
    rows = named.subquery()
    own = (Company.id, Company.name, Company.siren, Company.city, Company.department)
    query = select(rows.c.folded, rows.c.kind, *own).join(rows, rows.c.meant == Company.id).order_by(Company.id)
    for key, kind, *facts in session.execute(query):
        bearer = Bearer(*facts)
        found[key][kind == "legal"][bearer.id] = bearer
    return {key: list((kinds[True] or kinds[False]).values()) for key, kinds in found.items()}


def by_folded_name(session: Session, folded: str) -> list[Company]:
    """The companies that bear a name, legal or alias."""
    return _standing(session, Company.id.in_(select(Name.company_id).where(Name.folded == folded)))


def beginning_with(session: Session, folded: str, *, limit: int) -> list[Company]:
    """Some companies with a name that begins so, those with exactly that name first."""
    begins = (Name.folded >= folded, Name.folded < folded + "\U0010ffff")
    names = select(Name.company_id, Name.folded).where(*begins).order_by(Name.folded).limit(4 * limit)
    ids = list(dict.fromkeys(row[0] for row in session.execute(names)))
    found = {one.id: one for one in _standing(session, Company.id.in_(ids))}
    kept = merged(session) if any(number not in found for number in ids) else {}
    order = dict.fromkeys(kept.get(number, number) for number in ids)
    return [found[number] for number in order if number in found][:limit]


def after(session: Session, number: int, *, limit: int) -> list[Company]:
    """The companies with the next higher ids, without the records that another one stands for."""
    query = select(Company).where(Company.id > number, Company.merged_into.is_(None)).order_by(Company.id)
    return list(session.scalars(query.limit(limit)))


_CLASS, _LOOKED_AT = 4, 300  # signs of an activity's class; companies that are compared by their size


def similar(session: Session, company: Company, *, limit: int) -> list[Company]:
    """Other companies of the same class of activity: those of the department first, then those nearest in size."""
    if not company.naf:
        return []
    is_other = (Company.id != company.id, Company.merged_into.is_(None), ~Company.closed)
    query = select(Company).where(Company.naf.startswith(company.naf[:_CLASS]), *is_other).limit(_LOOKED_AT)
    found = list(session.scalars(query.where(Company.department == company.department)))
    if len(found) < limit:
        near = {one.id for one in found}
        found += [one for one in session.scalars(query) if one.id not in near]

    def distance(one: Company) -> tuple[bool, float, str]:
        sizes = one.headcount, company.headcount
        gap = abs(log((sizes[0] + 1) / (sizes[1] + 1))) if sizes[0] is not None and sizes[1] is not None else inf
        return one.department != company.department, gap, one.name

    return sorted(found, key=distance)[:limit]
