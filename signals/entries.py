"""What articles tell of a company as entries: one event once, however many types, sentences and articles it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
        return max(now, key=lambda one: (round(one.confidence * one.link_confidence, 1), len(one.slots), one.id))

    @property
    def newest(self) -> Signal:
        """The signal that was published last."""
        return max(self.signals, key=lambda one: (one.published_at is not None, one.published_at, one.id))


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
    """An entry that is being made: `documents` are those of its leading story."""

    documents: set[int]
    kinds: set[str]
    stories: list[tuple[Signal, ...]] = field(default_factory=list)

    def has_room_for(self, kind: str, documents: set[int]) -> bool:
        """Whether a story is told along: most of the shorter one's articles tell both; a second such event is not."""
        shared = len(self.documents & documents)
        return kind not in self.kinds and 2 * shared > min(len(self.documents), len(documents))


def entries_of(signals: Iterable[Signal], taxonomy: Taxonomy) -> list[Entry]:
    """The signals of a company (newest first) as entries, the heaviest first.

    A story is told along with a heavier one of which most of the articles are its own. What follows from another type
    never leads it.
    """
    stories: dict[tuple[str, int], list[Signal]] = {}
    for one in signals:
        stories.setdefault((one.type, one.story_key), []).append(one)
    kinds = {kind for kind, _ in stories}

    def follows(kind: str) -> bool:
        known = taxonomy.types.get(kind)
        return known is not None and not kinds.isdisjoint(known.derived_from)

    made: list[_Open] = []
    for story in sorted(stories.values(), key=lambda one: (follows(one[0].type), -weight(one, taxonomy))):
        kind, documents = story[0].type, {one.document_id for one in story}
        entry = next((one for one in made if one.has_room_for(kind, documents)), None)
        if entry is None:
            entry = _Open(documents, set())
            made.append(entry)
        entry.kinds.add(kind)
        entry.stories.append(tuple(story))
    found = [Entry(tuple(one.stories)) for one in made]
    return sorted(found, key=lambda one: -weight(one.signals, taxonomy))
