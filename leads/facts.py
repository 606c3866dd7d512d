"""What all companies are, in columns, so that all are judged at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from companies.criteria import FIGURES, Fact, value_of
from leads.conditions import Condition
from leads.offers import Offer
from store import companies
from store.tables import Company

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_Columns = Mapping[str, Sequence[Any] | NDArray[Any]]

CRITERIA = frozenset(get_args(Fact))
_VALUES = "values.json"
_PLAIN = FIGURES - {"age", "headcount"}  # kept as the numbers they are, unknown as nan
_RAW = {
    "age": ("created_on",),
    "headcount": ("headcount", "headcount_band"),
    "digital_presence": ("digital_presence", "site"),
}
_KEPT_AS: dict[str, Callable[[Any], Hashable]] = {
    "created_on": lambda day: day and day.toordinal(),
    "site": bool,  # only whether there is one counts: there are as many sites as companies
}
_READ_AS: dict[str, Callable[[Any], Any]] = {"created_on": lambda day: day and date.fromordinal(day)}


class Facts:
    """What companies are, by the criteria that are asked for, in the order of their ids.

    A criterion of many distinct values (an amount) is a column of numbers; of the others each company has the number
    of its value, so that each distinct value is judged once.
    """

    def __init__(self, criteria: Collection[str] = CRITERIA) -> None:
        self._figures = sorted(_PLAIN.intersection(criteria))
        coded = {one: _RAW.get(one, (one,)) for one in sorted(criteria) if one not in _PLAIN}
        self._coded = coded | {"place": ("department", "country")}
        self._values: dict[str, dict[Hashable, int]] = {name: {} for name in self._coded}
        names = [*self._figures, *(name for raw in self._coded.values() for name in raw)]
        self._names = list(dict.fromkeys(names))
        self._columns = self._encoded(np.empty(0, np.int64), dict.fromkeys(self._names, ()), True)
        # What was added is joined to a column when that is first asked for: one on disk may stay unread.
        self._added: dict[str, NDArray[Any]] = {}
        self._order: Ints | None = None

    def add(self, ids: Ints, columns: _Columns, trades: Flags | bool = True) -> None:
        """Companies in the order of their ids, with a value of each column; those that are there are written over."""
        self._put(self._encoded(ids, columns, trades))

    def read(self, session: Session, since: datetime | None = None) -> Ints:
        """Read every company that trades; or those that changed since then, whatever became of them. Returns which."""
        blocks = []
        for rows in companies.columns(session, self._names, since):
            numbers, trades, *values = zip(*rows, strict=True)
            columns = dict(zip(self._names, values, strict=True))
            blocks.append(self._encoded(np.array(numbers, np.int64), columns, np.array(trades, np.bool_)))
        if not blocks:
            return np.empty(0, np.int64)
        ids: Ints = np.concatenate([one["id"] for one in blocks])
        order = np.argsort(ids)
        self._put({name: np.concatenate([one[name] for one in blocks])[order] for name in blocks[0]})
        return ids

    def _encoded(self, ids: Ints, columns: _Columns, trades: Flags | bool) -> dict[str, NDArray[Any]]:
        block: dict[str, NDArray[Any]] = {"id": ids, "trades": np.zeros(len(ids), np.bool_) | trades}
        for name in self._figures:
            block[name] = np.array(columns[name], np.float64)  # None becomes nan
        plain = {
            **columns,
            **{name: list(map(how, columns[name])) for name, how in _KEPT_AS.items() if name in columns},
        }
        for name, raw in self._coded.items():
            known = self._values[name]
            rows = zip(*(plain[one] for one in raw), strict=True)
            block[name] = np.fromiter((known.setdefault(one, len(known)) for one in rows), np.int32, len(ids))
        return block

    def _put(self, block: Mapping[str, NDArray[Any]]) -> None:
        if not len(self.ids):
            self._columns = dict(block)
            return
        for name in list(self._added):
            self._column(name)
        mine, ids = self.ids, block["id"]
        at = np.searchsorted(mine, ids)
        there = mine.take(at, mode="clip") == ids
        for name, values in block.items():
            self._columns[name][at[there]] = values[there]
        if not there.all():
            self._added = {name: values[~there] for name, values in block.items()}
            joined = np.concatenate([mine, self._added["id"]])
            self._order = None if joined[len(mine)] > mine[-1] else np.argsort(joined, kind="stable")

    def _column(self, name: str) -> NDArray[Any]:
        added = self._added.pop(name, None)
        if added is not None:
            whole = np.concatenate([self._columns[name], added])
            self._columns[name] = whole if self._order is None else whole[self._order]
        return self._columns[name]

    @property
    def ids(self) -> Ints:
        return self._column("id")

    def _by_value(self, name: str, judge: Callable[[Company], bool]) -> Flags:
        """Which companies have a value of which the judge says yes."""
        raw = self._coded[name]
        judged = []
        for values in cast("Iterable[tuple[Any, ...]]", self._values[name]):
            one = {
                key: _READ_AS[key](value) if key in _READ_AS else value for key, value in zip(raw, values, strict=True)
            }
            judged.append(judge(cast(Company, SimpleNamespace(**one))))
        said: Flags = np.array(judged, np.bool_)[self._column(name)]
        return said

    def covered(self, offer: Offer) -> Flags:
        """Which companies trade in the offer's territory."""
        trades: Flags = self._column("trades")
        return trades & self._by_value("place", lambda one: offer.covers(one.department, one.country))

    def meet(self, condition: Condition, today: date) -> Flags:
        """Which companies meet a condition."""
        name = condition.criterion
        if name not in self._figures:
            return self._by_value(name, lambda one: condition.met_by(value_of(one, name, today)))
        values: Floats = self._column(name)
        if condition.unknown:
            return np.isnan(values)
        low = -np.inf if condition.min is None else condition.min
        high = np.inf if condition.max is None else condition.max
        return (values >= low) & (values <= high)

    def fit(self, offer: Offer, today: date) -> Floats:
        """The points of fit of each company; minus infinity for those that do not trade in the territory."""
        found = np.where(self.covered(offer), 0.0, -np.inf)
        for criterion in offer.fit:
            found += criterion.points * self.meet(criterion, today)
        return found

    def save(self, folder: Path) -> None:
        """Write the columns to a folder."""
        for name in list(self._columns):
            np.save(folder / f"{name}.npy", self._column(name))
        values = {name: list(known) for name, known in self._values.items()}
        (folder / _VALUES).write_text(json.dumps(values), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> Facts:
        """The columns of a folder, each read when it is asked for."""
        facts = Facts()
        for name, values in json.loads((folder / _VALUES).read_text(encoding="utf-8")).items():
            facts._values[name] = {tuple(one): number for number, one in enumerate(values)}
        # Written over in memory only: the files stay as they are.
        facts._columns = {name: np.load(folder / f"{name}.npy", mmap_mode="c") for name in facts._columns}
        return facts
