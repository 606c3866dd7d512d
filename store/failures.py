"""What went wrong with one unit of work, so that it alone waits: tried again at growing intervals, then set aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice, repeat
from typing import Literal, TypeVar

from sqlalchemy import BigInteger, Select, cast, delete, or_, select
from sqlalchemy.orm import Session

from store.base import one_of, utcnow
from store.database import Database
from store.errors import Unavailable, VigieError
from store.tables import Document, Failure

Kind = Literal["document", "rep", "stage", "job", "reminder"]
"""Of what: an article that is analysed, a person who is written to, a stage of a round, a job of the workers, or a rep
who is late with leads (by id)."""
_PAUSES = (1, 5, 30, 120, 720)
"""Minutes after each failure; after the next it is set aside."""
_LONGEST = 2000  # characters of a reason
_Unit = TypeVar("_Unit")
_Done = TypeVar("_Done")


def said(error: BaseException | None) -> str:
    """An error in words: our own as it is, any other with its kind; behind it what it happened at."""
    words = str(error) if isinstance(error, VigieError) else f"{type(error).__name__}: {error}"
    return ", ".join((words, *getattr(error, "__notes__", ())))


def each_alone(
    database: Database, kind: Kind, units: Sequence[_Unit], work: Callable[[Sequence[_Unit]], _Done]
) -> list[_Done]:
    """Do work on several units at once; where that fails, on each alone, and note those that fail.

    Returns what is done. Raises `Unavailable`, which is no unit's fault.
    """
    try:
        return [work(units)]
    except Unavailable:
        raise
    except Exception as error:  # whatever one unit makes it raise, the others are worked on
        if len(units) == 1:
            failed(database, kind, units[0], error, utcnow())
            return []
    return [done for unit in units for done in each_alone(database, kind, [unit], work)]


def failed(database: Database, kind: Kind, unit: object, error: Exception, now: datetime) -> str:
    """Note why a unit failed, but for `Unavailable`, which is no unit's fault; returns it in words."""
    words = said(error)
    if not isinstance(error, Unavailable):
        with suppress(Unavailable), database.session() as session:
            note(session, kind, unit, words, now)
    return words


def note(session: Session, kind: Kind, unit: object, error: str, now: datetime, *, aside: bool = False) -> Failure:
    """A unit failed: it is tried again later, or set aside after the last try, or at once with `aside`.

    A stage is tried again with the next round, however often it failed.
    """
    found = session.get(Failure, (kind, str(unit)))
    if found is None:
        found = Failure(kind=kind, unit=str(unit), tries=0)
        session.add(found)
    found.tries, found.error, found.failed_at = found.tries + 1, error[:_LONGEST], now
    pauses = repeat(0) if kind == "stage" else iter(_PAUSES)
    pause = None if aside else next(islice(pauses, found.tries - 1, None), None)
    found.due_at = None if pause is None else now + timedelta(minutes=pause)
    return found


def forget(session: Session, kind: Kind, units: Collection[object]) -> None:
    """These units are done after all, or are to be tried as if they had never failed."""
    if units:
        session.execute(delete(Failure).where(Failure.kind == kind, Failure.unit.in_([str(one) for one in units])))


def waits(failure: Failure, now: datetime) -> bool:
    """Whether a unit that failed is not to be tried now."""
    return failure.due_at is None or failure.due_at > now


def ids_waiting(kind: Kind, now: datetime) -> Select[int]:
    """The numbers of the units of a kind that are not to be tried now, for a query."""
    waits_still = or_(Failure.due_at.is_(None), Failure.due_at > now)
    return select(cast(Failure.unit, BigInteger)).where(Failure.kind == kind, waits_still)


def of_kind(session: Session, kind: Kind) -> dict[str, Failure]:
    """What failed of a kind, by unit."""
    return {one.unit: one for one in session.scalars(select(Failure).where(Failure.kind == kind))}


def everything(session: Session) -> dict[Failure, str]:
    """All that failed and was not done since, with the address of a document or the name of any other unit.

    What was set aside comes first, then what failed last.
    """
    query = select(Failure).where(Failure.kind != "job")  # which stand in the queue
    found = session.scalars(query.order_by(Failure.failed_at.desc(), Failure.kind, Failure.unit)).all()
    ids = [int(one.unit) for one in found if one.kind == "document"]
    rows = session.execute(select(Document.id, Document.url).where(one_of(Document.id, ids)))
    urls = {str(row.id): row.url for row in rows}
    ordered = sorted(found, key=lambda one: one.due_at is not None)
    return {one: urls.get(one.unit, one.unit) if one.kind == "document" else one.unit for one in ordered}
