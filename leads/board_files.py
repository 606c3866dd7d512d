"""The board in files, brought up to date by what changed: ranking costs what is new, not what is there."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from leads.board import COMPANY, DAY, Board, rows_of
from leads.facts import Facts, Floats, Ints
from signals.types import Taxonomy
from store import companies, signals
from store.base import utcnow
from store.folders import sweep, written

_FORMAT = 2  # of the files; others are written anew
_ABOUT, _ROWS = "about.json", "signals.npy"
_OVERLAP = timedelta(minutes=10)  # what a transaction marked is seen when it ends: no later than this
_FEW, _FEW_OF = 10_000, 20  # rows that may change before the files are written anew: so many, or one in so many


def open_board(session: Session, folder: Path, taxonomy: Taxonomy, since: datetime) -> Board:
    """The facts of all companies by every criterion, and the signals on them published since then, as they stand.

    They are read from files in the folder, with what changed since these were written; the files are written when there
    are none of this register, or none that go back so far, and anew when much changed.
    """
    begun, state, kinds = utcnow(), companies.register_state(session), tuple(taxonomy.types)
    stored = _stored(session, folder, kinds, since)
    if stored:
        facts, rows, about = stored
        changed = datetime.fromisoformat(about["read_at"]) - _OVERLAP
        ids = facts.read(session, changed)
        told = np.array(sorted(signals.companies_told_since(session, changed).union(ids.tolist())), np.int64)
        new = rows_of(session, taxonomy, datetime.fromisoformat(about["since"]), told.tolist())
        rows = _with(rows, new, told)
        if not (_many(len(ids), len(facts.ids)) or _many(len(new), len(rows))):
            return Board(facts, rows, kinds)
        rows = rows[rows[:, DAY] >= since.date().toordinal()]  # the rest has faded meanwhile
    else:
        facts = Facts()
        facts.read(session)
        rows = rows_of(session, taxonomy, since)
    there = Board(facts, rows, kinds)
    if len(facts.ids):
        about = {"read_at": begun.isoformat(), "since": since.isoformat(), "state": state, "kinds": kinds}
        _write(there, folder, f"board-{_FORMAT}-{begun:%Y%m%d%H%M%S%f}", about)
    return there


def _stored(
    session: Session, folder: Path, kinds: tuple[str, ...], since: datetime
) -> tuple[Facts, Floats, dict[str, Any]] | None:
    """The facts and signals of the newest files that hold, with what was said about them."""
    for one in sorted(folder.glob(f"board-{_FORMAT}-{'[0-9]' * 20}"), reverse=True):
        try:
            about = json.loads((one / _ABOUT).read_text(encoding="utf-8"))
            if _holds(session, about, kinds, since):
                return Facts.load(one), np.load(one / _ROWS, mmap_mode="r"), about
        except FileNotFoundError:  # another process wrote newer ones, and took these out
            continue
    return None


def _holds(session: Session, about: dict[str, Any], kinds: tuple[str, ...], since: datetime) -> bool:
    """Whether files are of this register and these types, and go back far enough.

    A data folder may have come to another database, or the database back from a copy that is older.
    """
    last, added, changed = about["state"]
    now = companies.register_state(session, last)
    ours = now[:2] == (last, added) and now[2] >= changed
    return ours and tuple(about["kinds"]) == kinds and datetime.fromisoformat(about["since"]) <= since


def _many(changed: int, of: int) -> bool:
    return changed > max(_FEW, of // _FEW_OF)


def _with(rows: Floats, new: Floats, company_ids: Ints) -> Floats:
    """The rows with those of some companies in place of what they had."""
    if not len(company_ids):
        return rows
    stay = rows[~np.isin(rows[:, COMPANY], company_ids)]
    return np.insert(stay, np.searchsorted(stay[:, COMPANY], new[:, COMPANY]), new, axis=0)


def _write(there: Board, folder: Path, name: str, about: dict[str, Any]) -> None:
    new = folder / name
    with written(new) as scratch:
        there.facts.save(scratch)
        np.save(scratch / _ROWS, there.rows)
        (scratch / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
    sweep(folder, "board-*", [new])
