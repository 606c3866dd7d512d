"""What articles tell of a company as entries: one event once, however many types, sentences and articles it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from signals.types import Taxonomy
from store.tables import Signal


@dataclass(frozen=True)
class Entry:
    """What one article, or story, tells of a company.

    `stories` are the signals of each of its stories, the leading one first, in each the newest first; the types of the
    others are told with it, not apart.
    """

    stories: tuple[tuple[Signal, ...], ...]

    @property
    def signals(self) -> list[Signal]:
        """All its signals."""
        return [one for story in self.stories for one in story]

    @property
    def best(self) -> Signal:
        """The signal whose sentence tells it best: how it stands now, surely, and with the most details."""
        leading = self.stories[0]
        now = [one for one in leading if one.status == standing(leading)] or leading
        return max(now, key=lambda one: (round(one.confidence * one.link_confidence, 1), len(one.slots), *_age(one)))

    @property
    def newest(self) -> Signal:
        """The signal that was published last."""
        return max(self.signals, key=_age)


def _age(signal: Signal) -> tuple[bool, datetime | None, int]:
    return signal.published_at is not None, signal.published_at, signal.id


def standing(story: Sequence[Signal]) -> str:
    """How a story stands: after all its articles, or, where it is none yet, after its newest signal."""
    return story[0].story.status if story[0].story else story[0].status


def weight(signals: Iterable[Signal], taxonomy: Taxonomy) -> float:
    """What news weigh: by the type, how large it is, and how sure; the heaviest counts."""

    def of(signal: Signal) -> float:
        kind = taxonomy.types.get(signal.type)
        return (kind.weight if kind else 0) * signal.impact * signal.confidence * signal.link_confidence

    return max(map(of, signals), default=0.0)


@dataclass
class _Open:
    """An entry that is being made: the leading story, and those that are told along."""

    leading: Sequence[Signal]
    others: list[Sequence[Signal]] = field(default_factory=list)

    def takes(self, story: Sequence[Signal]) -> bool:
        """Whether a story is told along: a sentence tells both, or most of the shorter one's articles do; another event
        of a type that the entry has is not.
        """
        if any(one.sentence == other.sentence for one in self.leading for other in story):
            return True
        ours, theirs = ({one.document_id for one in of_it} for of_it in (self.leading, story))
        kinds = {one[0].type for one in (self.leading, *self.others)}
        return story[0].type not in kinds and 2 * len(ours & theirs) > min(len(ours), len(theirs))


def entries_of(signals: Iterable[Signal], taxonomy: Taxonomy) -> list[Entry]:
    """The signals of a company (newest first) as entries, the heaviest first.

    A story is told along with a heavier one (of equal ones, that which is told earlier in an article) of which most of
    the articles are its own. What follows from another type never leads it.
    """
    stories: dict[tuple[str, int], list[Signal]] = {}
    for one in signals:
        stories.setdefault((one.type, one.story_key), []).append(one)
    kinds = {kind for kind, _ in stories}

    def follows(kind: str) -> bool:
        known = taxonomy.types.get(kind)
        return known is not None and not kinds.isdisjoint(known.derived_from)

    made: list[_Open] = []

    def order(story: list[Signal]) -> tuple[bool, float, int, int]:
        place = min((one.start, one.id) for one in story)
        return follows(story[0].type), -weight(story, taxonomy), *place

    for story in sorted(stories.values(), key=order):
        entry = next((one for one in made if one.takes(story)), None)
        if entry is None:
            made.append(_Open(story))
        else:
            entry.others.append(story)
    found = [Entry(tuple(map(tuple, (one.leading, *one.others)))) for one in made]
    return sorted(found, key=lambda one: -weight(one.signals, taxonomy))


def grouped(signals: Sequence[Signal], taxonomy: Taxonomy) -> list[Entry]:
    """Signals of any companies (newest first) as entries, each where the first of its signals was."""
    of_company: dict[tuple[int | None, str], list[Signal]] = {}
    for one in signals:
        of_company.setdefault((one.company_id, "" if one.company_id else one.subject), []).append(one)
    entries = [entry for told in of_company.values() for entry in entries_of(told, taxonomy)]
    places = {one.id: place for place, one in enumerate(signals)}
    return sorted(entries, key=lambda entry: min(places[one.id] for one in entry.signals))
