"""The stages of a round: one that fails is noted, and those after it are done all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from store import failures
from store.base import utcnow
from store.database import Database
from store.errors import VigieError

_Done = TypeVar("_Done")


def stage(
    database: Database, name: str, work: Callable[[], _Done], otherwise: _Done, tell: Callable[[str], None]
) -> _Done:
    """Do a stage, and return what came of it, or `otherwise` where it fails: the next round does it again.

    `tell` is told what went wrong.
    """
    try:
        done = work()
    except Exception as error:  # whatever it is, the rest of the round is done
        words = failures.failed(database, "stage", name, error, utcnow())
        tell(words if isinstance(error, VigieError) else f"{name}: {words}")
        return otherwise
    with database.reading() as session:
        failed = failures.of_kind(session, "stage")
    if name in failed:
        with database.session() as session:
            failures.forget(session, "stage", [name])
    return done
