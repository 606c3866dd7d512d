"""What a rep is told this morning: chosen from what was never sent to them, ordered by what matters most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args

from digests.items import Item, item_of
from digests.morning import why
from digests.reasons import reason_to_call
from digests.spark import blocks, svg_points
from leads.offers import Offer
from leads.whom import Person
from leads.wording import Words
from signals.entries import Entry, entries_of, weight
from store.tables import Company, Rep, Signal
from watch.selection import Chosen, Part


@dataclass(frozen=True)
class Section:
    """A company and its news.

    `why` to call it is said in twelve words, `reason` to call in a sentence, of hot leads; `volume` are its articles of
    each day.
    """

    company: Company
    items: tuple[Item, ...]
    part: Part
    why: str
    reason: str
    volume: tuple[int, ...]

    @property
    def when(self) -> str:
        """When something was last new of it."""
        return max(self.items, key=lambda one: (one.at is not None, one.at)).when

    @property
    def points(self) -> str:
        """Its articles of the last days as the points of an SVG polyline."""
        return svg_points(self.volume)

    @property
    def blocks(self) -> str:
        """Its articles of the last days in blocks."""
        return blocks(self.volume)

    @property
    def place(self) -> str:
        """City and department, as far as they are known."""
        company = self.company
        department = f"({company.department})" if company.department else ""
        return " ".join(part for part in (company.city, department) if part)


@dataclass(frozen=True)
class Coverage:
    """What was read since the last digest, so that silence can be judged; `silent` are followed, and long unnamed.

    `missed_since` is when the last digest left, where at least one was missed since.
    """

    articles: int
    sources: int
    failing: int
    watched: int
    silent: tuple[str, ...] = ()
    missed_since: datetime | None = None


@dataclass(frozen=True)
class Digest:
    """One rep's digest. `signals` are those it tells, `held` those that it has no room for and only counts (`more`)."""

    rep: Rep
    day: date
    sections: tuple[Section, ...]
    signals: tuple[Signal, ...]
    held: tuple[Signal, ...]
    more: int
    coverage: Coverage

    @property
    def news(self) -> int:
        """How many things it tells."""
        return sum(len(section.items) for section in self.sections)

    def of(self, part: Part) -> list[Section]:
        """The companies of a part."""
        return [section for section in self.sections if section.part == part]


@dataclass(frozen=True)
class _News:
    """The entries of a company, the heaviest first, and how the stories of their signals were told before."""

    company: Company
    part: Part
    offer: Offer | None
    entries: list[Entry]
    told_as: Mapping[int, frozenset[str]]

    def items(self, number: int, words: Words) -> tuple[Item, ...]:
        """The first of them in words."""
        return tuple(item_of(one, words, lambda signal: self.told_as[signal.id]) for one in self.entries[:number])

    def left(self, number: int) -> set[int]:
        """The signals of those after the first."""
        return {signal.id for one in self.entries[number:] for signal in one.signals}


def _by_company(chosen: Sequence[Chosen], words: Words) -> list[_News]:
    """The parts of the mail in order, in each the company first of which the news weigh most."""
    companies: dict[int, list[Chosen]] = {}
    for one in chosen:
        companies.setdefault(one.company.id, []).append(one)
    found = [
        _News(
            of_it[0].company,
            of_it[0].part,
            of_it[0].offer,
            entries_of((one.signal for one in of_it), words.taxonomy),
            {one.signal.id: one.told_as for one in of_it},
        )
        for of_it in companies.values()
    ]
    order = get_args(Part)
    return sorted(found, key=lambda one: (order.index(one.part), -weight(one.entries[0].signals, words.taxonomy)))


def with_unread(chosen: Sequence[Chosen], unread: AbstractSet[int], words: Words) -> tuple[list[Chosen], int]:
    """What belongs to entries of which a signal is unread, and how many entries these are."""
    entries = [one for news in _by_company(chosen, words) for one in news.entries]
    signals = [ids for one in entries if not unread.isdisjoint(ids := {signal.id for signal in one.signals})]
    kept = {number for ids in signals for number in ids}
    return [one for one in chosen if one.signal.id in kept], len(signals)


@dataclass(frozen=True)
class Shown:
    """The companies with their news as far as there is room; `left` are the signals without, `more` their entries."""

    sections: tuple[Section, ...]
    left: frozenset[int]
    more: int


@dataclass(frozen=True)
class Background:
    """What is known of some companies beside the news, by their ids.

    `volumes` are the articles of each of the last days that name one, `people` who is who there.
    """

    volumes: Mapping[int, tuple[int, ...]]
    people: Mapping[int, Sequence[Person]]


Look = Callable[[set[int]], Background]
"""How the background of some companies is read."""


def sections_of(chosen: Sequence[Chosen], look: Look, words: Words, most: int) -> Shown:
    """What was chosen (newest first), by company, with at most as many things as wanted; one company at least."""
    sections: list[Section] = []
    room, more = most, 0
    left: set[int] = set()
    told = _by_company(chosen, words)
    known = look({one.company.id for one in told[:most]})
    for news in told:
        number = min(len(news.entries), room if sections else max(room, 1))
        room, more = room - number, more + len(news.entries) - number
        left |= news.left(number)
        if number:
            items, who = news.items(number, words), news.company
            best, people = news.entries[0].best, known.people.get(who.id, ())
            pitch = news.offer.pitch(words.taxonomy, best.type) if news.offer else ""
            reason = reason_to_call(best, people, words, pitch) if news.part == "hot" else ""
            volume = known.volumes.get(who.id, ())
            sections.append(Section(who, items, news.part, why(items, words), reason, volume))
    return Shown(tuple(_said_once(sections)), frozenset(left), more)


def _said_once(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, of which the items refer to the company where their sentence stands already."""
    said: dict[str, str] = {}
    for section in sections:
        items = [replace(one, said_at=said.get(one.quoted, "")) for one in section.items]
        for one in items:
            said.setdefault(one.quoted, section.company.name)
        yield replace(section, items=tuple(items))


def compose(rep: Rep, chosen: Sequence[Chosen], look: Look, coverage: Coverage, words: Words) -> Digest:
    """The digest of what was chosen (newest first), with at most as many things as the rep wants."""
    shown = sections_of(chosen, look, words, rep.most)
    signals = tuple(one.signal for one in chosen if one.signal.id not in shown.left)
    held = tuple(one.signal for one in chosen if one.signal.id in shown.left)
    return Digest(rep, words.today, shown.sections, signals, held, shown.more, coverage)
