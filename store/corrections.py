"""What people correct of whom names stand for: names that are not a company's, names added, records merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store import leads, outbox, watchlists
from store.base import in_chunks, utcnow
from store.companies import FACTS, PERSON
from store.errors import Conflict
from store.tables import Company, Name, NegativeAlias, SettledName

_MERGED = "merged"


def refuse(session: Session, company: Company, folded: str, context: str) -> bool:
    """Say that a name is not this company's, in texts with these folded words. Whether nobody had said so."""
    same = select(NegativeAlias.id).where(
        NegativeAlias.company_id == company.id, NegativeAlias.folded == folded, NegativeAlias.context == context
    )
    if session.scalar(same) is not None:
        return False
    session.add(NegativeAlias(company_id=company.id, folded=folded, context=context))
    return True


def allow(session: Session, company: Company, folded: str) -> int:
    """Take back all that was said against a name of a company; how much that was."""
    said = session.scalars(
        select(NegativeAlias).where(NegativeAlias.company_id == company.id, NegativeAlias.folded == folded)
    ).all()
    for one in said:
        session.delete(one)
    return len(said)


def refused(session: Session, ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """By company, the folded names that are not its own, with the folded words of the texts where that holds."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for chunk in in_chunks(list(ids)):
        for one in session.scalars(select(NegativeAlias).where(NegativeAlias.company_id.in_(chunk))):
            found[one.company_id].append((one.folded, one.context))
    return found


def settle(session: Session, document_id: int, folded: str, company_id: int | None) -> None:
    """Say whom a folded name stands for in a document: a company, or (None) none of the register."""
    session.merge(SettledName(document_id=document_id, folded=folded, company_id=company_id, settled_at=utcnow()))
    session.flush()


def unsettle(session: Session, document_id: int, folded: str) -> bool:
    """Take back what was said of a name in a document. Whether something was."""
    one = session.get(SettledName, (document_id, folded))
    if one is not None:
        session.delete(one)
    return one is not None


def settled(session: Session, document_ids: Collection[int]) -> dict[int, dict[str, int | None]]:
    """By document, whom its folded names stand for, as a person said; of a merged record the one it stands for."""
    found: defaultdict[int, dict[str, int | None]] = defaultdict(dict)
    stands = func.coalesce(Company.merged_into, Company.id)
    for chunk in in_chunks(list(document_ids)):
        query = select(SettledName.document_id, SettledName.folded, stands).outerjoin(
            Company, Company.id == SettledName.company_id
        )
        for number, folded, company_id in session.execute(query.where(SettledName.document_id.in_(chunk))):
            found[number][folded] = company_id
    return found


def confirmed(session: Session, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By company, in how many documents a person said that a folded name stands for it or for what is merged into it.

    A company of which nobody said so is left out.
    """
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    stands = func.coalesce(Company.merged_into, Company.id)
    for chunk in in_chunks(list(ids)):
        query = select(stands, SettledName.folded, func.count()).join(Company, Company.id == SettledName.company_id)
        is_meant = Company.id.in_(chunk) | Company.merged_into.in_(chunk)
        for company_id, folded, times in session.execute(query.where(is_meant).group_by(stands, SettledName.folded)):
            found[company_id][folded] = times
    return found


def add_name(session: Session, company: Company, text: str, folded: str) -> bool:
    """Give a company another name, by hand. Whether it had not got it."""
    there = select(Name.id).where(Name.company_id == company.id, Name.folded == folded)
    if session.scalar(there) is not None:
        return False
    session.add(Name(company_id=company.id, text=text, folded=folded, kind="alias"))
    return True


def type_fact(session: Session, company: Company, criterion: str, value: Any) -> None:
    """Write what a person typed: no register writes over it, until it is emptied (None)."""
    sources = dict(company.sources or {})
    setattr(company, criterion, value)
    sources.pop(criterion, None)
    if value is not None:
        sources[criterion] = [PERSON, utcnow().date().isoformat()]
    company.sources = sources
    session.flush()
    outbox.add_of_companies(session, [company.id])


def names_of(session: Session, company: Company) -> list[str]:
    """The folded names of a company, those of the records merged into it included."""
    ids = select(Company.id).where((Company.id == company.id) | (Company.merged_into == company.id))
    return list(session.scalars(select(Name.folded).where(Name.company_id.in_(ids)).order_by(Name.id)))


def merge(session: Session, kept: Company, other: Company) -> None:
    """Let one record stand for both. The other stays as it is, so that nothing is lost when they are parted again.

    What the kept record does not know it takes from the other, with a source that says so; who follows the other
    follows it too, and its leads are those of the kept record. Raises `Conflict` when one of them is merged already.
    """
    if kept.id == other.id:
        raise Conflict(f"{kept.name} is one record; name two")
    for one in (kept, other):
        if one.merged_into is not None:
            raise Conflict(f"{one.name} (#{one.id}) is merged into #{one.merged_into} already")
    if session.scalar(select(func.count(Company.id)).where(Company.merged_into == other.id)):
        raise Conflict(f"other records are merged into {other.name} (#{other.id}); unmerge them first")
    other.merged_into = kept.id
    sources = dict(kept.sources or {})
    for name in FACTS:
        if name != "closed" and getattr(kept, name) is None and getattr(other, name) is not None:
            setattr(kept, name, getattr(other, name))
            sources[name] = [f"{_MERGED} #{other.id}", utcnow().date().isoformat()]
    kept.sources = sources
    session.flush()
    outbox.add_of_companies(session, [kept.id])
    for watchlist in watchlists.following(session, other):
        watchlists.add(session, watchlist, [kept.id])
    leads.follow_merge(session, kept, other)


def unmerge(session: Session, other: Company) -> Company:
    """Part a record from the one that stands for it, and give that one back. Raises `Conflict` when it is none."""
    if other.merged_into is None:
        raise Conflict(f"{other.name} (#{other.id}) is not merged into another record")
    kept = session.get_one(Company, other.merged_into)
    other.merged_into = None
    sources = dict(kept.sources or {})
    for name, (source, _) in list(sources.items()):
        if source == f"{_MERGED} #{other.id}":
            setattr(kept, name, None)
            del sources[name]
    kept.sources = sources
    session.flush()
    outbox.add_of_companies(session, [kept.id])
    leads.follow_parting(session, kept, other)
    return kept
