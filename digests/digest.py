"""What a rep is told this morning: chosen from what was never sent to them, ordered by what matters most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args

from digests.reasons import reason_to_call
from digests.spark import blocks, svg_points
from leads.wording import Words
from store.tables import Company, Rep, Signal
from watch.selection import Chosen, Part


@dataclass(frozen=True)
class Article:
    """Where a sentence stands."""

    title: str
    url: str
    source: str


@dataclass(frozen=True)
class Proof:
    """A sentence that proves a signal, in quotation marks, and the articles it stands in.

    `is_title` tells that the sentence is the headline, which need not be said again beside the address.
    """

    quoted: str
    is_title: bool
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Item:
    """What happened, in words: the type with its status, when, and each sentence that says so.

    `signal_id` is the newest of its signals, for feedback, `signal_ids` are all; `known` tells that the rep was told of
    its story before.
    """

    signal_id: int
    signal_ids: tuple[int, ...]
    label: str
    family: str
    when: str
    proofs: tuple[Proof, ...]
    known: bool


@dataclass(frozen=True)
class Section:
    """A company and its news. `reason` to call is one sentence, of hot leads; `volume` its articles of each day."""

    company: Company
    items: tuple[Item, ...]
    part: Part
    reason: str
    volume: tuple[int, ...]

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


def _proofs(signals: Sequence[Signal], words: Words) -> tuple[Proof, ...]:
    """Each sentence once, however many articles have it."""
    articles: dict[str, dict[str, Article]] = {}
    for signal in signals:
        document = signal.document
        article = Article(document.title or document.url, document.url, document.source.name)
        articles.setdefault(" ".join(signal.sentence.split()), {})[document.url] = article
    return tuple(
        Proof(words.quoted(sentence), any(one.title == sentence for one in known.values()), tuple(known.values()))
        for sentence, known in articles.items()
    )


def _was_announced(signals: Iterable[Signal]) -> bool:
    """Whether a plan was published at least a day before it was said to be done; what comes together is one report."""
    days: dict[str, list[datetime]] = {"planned": [], "done": []}
    for one in signals:
        if one.published_at and one.status in days:
            days[one.status].append(one.published_at)
    return all(days.values()) and max(days["done"]) - min(days["planned"]) >= timedelta(days=1)


def _item(group: Sequence[Chosen], words: Words) -> Item:
    newest = group[0].signal
    kind = words.taxonomy.types.get(newest.type)
    family = words.taxonomy.family_of(newest.type).labels.of(words.language) if kind else ""
    status = newest.story.status if newest.story else newest.status
    was_planned = any("planned" in one.told_as for one in group) or _was_announced(one.signal for one in group)
    label = words.taxonomy.label(newest.type, words.language) + words.status(status, was_planned=was_planned)
    label += words.volume(newest.slots)
    day = newest.published_at
    proofs = _proofs([one.signal for one in group], words)
    ids, known = tuple(one.signal.id for one in group), any(one.told_as for one in group)
    return Item(newest.id, ids, label, family, words.age(day) if day else "", proofs, known)


def _weight(group: Sequence[Chosen], words: Words) -> float:
    """What a piece of news weighs: by its type, how large it is, and how sure."""

    def of(signal: Signal) -> float:
        kind = words.taxonomy.types.get(signal.type)
        return (kind.weight if kind else 0) * signal.impact * signal.confidence * signal.link_confidence

    return max(of(one.signal) for one in group)


def _grouped(chosen: Sequence[Chosen], words: Words) -> list[list[list[Chosen]]]:
    """By company, then by story: the parts of the mail in order, in each what weighs most first."""
    companies: dict[int, dict[tuple[str, int], list[Chosen]]] = {}
    for one in chosen:
        key = (one.signal.type, one.signal.story_key)
        companies.setdefault(one.company.id, {}).setdefault(key, []).append(one)
    found = []
    for of_company in companies.values():
        kinds = {kind for kind, _ in of_company}
        said = {kind for kind in kinds if _is_said(kind, kinds, words)}  # the event it is derived from stands beside it
        groups = [group for (kind, _), group in of_company.items() if kind not in said]
        groups.sort(key=lambda group: -_weight(group, words))
        found.append(groups)
    order = get_args(Part)
    return sorted(found, key=lambda groups: (order.index(groups[0][0].part), -_weight(groups[0], words)))


def _is_said(kind: str, kinds: set[str], words: Words) -> bool:
    known = words.taxonomy.types.get(kind)
    return known is not None and not kinds.isdisjoint(known.derived_from)


@dataclass(frozen=True)
class Shown:
    """The companies with their news as far as there is room; `left` are the signals without, `more` their stories."""

    sections: tuple[Section, ...]
    left: frozenset[int]
    more: int


Volumes = Callable[[set[int]], Mapping[int, tuple[int, ...]]]
"""The articles of each of the last days that name some companies, by their ids."""


def sections_of(chosen: Sequence[Chosen], volumes: Volumes, words: Words, most: int) -> Shown:
    """What was chosen (newest first), by company, with at most as many things as wanted; one company at least."""
    sections: list[Section] = []
    room, more = most, 0
    left: set[int] = set()
    of_company: defaultdict[int, set[int]] = defaultdict(set)
    for one in chosen:
        of_company[one.company.id].add(one.signal.id)
    for groups in _grouped(chosen, words):
        first, company = groups[0][0], groups[0][0].company
        shown = groups[:room] if sections else groups[: max(room, 1)]
        room, more = room - len(shown), more + len(groups) - len(shown)
        if not shown:
            left |= of_company[company.id]
            continue
        left |= {one.signal.id for group in groups[len(shown) :] for one in group}
        reason = reason_to_call(first.signal, words) if first.part == "hot" else ""
        items = tuple(_item(group, words) for group in shown)
        sections.append(Section(company, items, first.part, reason, ()))
    found = volumes({one.company.id for one in sections})
    return Shown(tuple(replace(one, volume=found.get(one.company.id, ())) for one in sections), frozenset(left), more)


def compose(rep: Rep, chosen: Sequence[Chosen], volumes: Volumes, coverage: Coverage, words: Words) -> Digest:
    """The digest of what was chosen (newest first), with at most as many things as the rep wants."""
    shown = sections_of(chosen, volumes, words, rep.most)
    signals = tuple(one.signal for one in chosen if one.signal.id not in shown.left)
    held = tuple(one.signal for one in chosen if one.signal.id in shown.left)
    return Digest(rep, words.today, shown.sections, signals, held, shown.more, coverage)
