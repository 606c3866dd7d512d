"""An entry in words, as mails and pages tell it: what happened, when, the sentence that says so, and who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leads.wording import Words
from signals.entries import Entry, standing
from store.tables import Signal

ToldAs = Callable[[Signal], frozenset[str]]
"""How the story of a signal was told to somebody before."""


@dataclass(frozen=True)
class Article:
    """Where something stands."""

    title: str
    url: str
    source: str


@dataclass(frozen=True)
class Item:
    """What happened, in words: `labels` are its types with how each stands, the leading one first, with its `detail`.

    `at` is when it was published last, `signal_id` that of the sentence, for feedback, `signal_ids` are all its
    signals; `articles` are one of each source, that of the sentence first; `confidence` is how sure it is that it
    happened. `known` tells that the reader was told of it before, `said_at` at which company the sentence stands
    already.
    """

    signal_id: int
    signal_ids: tuple[int, ...]
    labels: tuple[str, ...]
    detail: str
    when: str
    at: datetime | None
    quoted: str
    articles: tuple[Article, ...]
    confidence: float
    known: bool = False
    said_at: str = ""


def _articles(entry: Entry) -> tuple[Article, ...]:
    """An article of each source that tells it."""
    first = entry.best.document_id
    found: dict[str, Article] = {}
    for signal in sorted(entry.signals, key=lambda one: one.document_id != first):
        document = signal.document
        article = Article(document.title or document.url, document.url, document.source.name)
        found.setdefault(article.source, article)
    return tuple(found.values())


def _was_announced(story: Iterable[Signal]) -> bool:
    """Whether a plan was published at least a day before it was said to be done; what comes together is one report."""
    days: dict[str, list[datetime]] = {"planned": [], "done": []}
    for one in story:
        if one.published_at and one.status in days:
            days[one.status].append(one.published_at)
    return all(days.values()) and max(days["done"]) - min(days["planned"]) >= timedelta(days=1)


def _label(story: Sequence[Signal], words: Words, told_as: ToldAs) -> str:
    was_planned = any("planned" in told_as(one) for one in story) or _was_announced(story)
    status = words.status(standing(story), was_planned=was_planned)
    return words.label(story[0].type) + status + words.volume(story[0].slots)


def _never(_: Signal) -> frozenset[str]:
    return frozenset()


def item_of(entry: Entry, words: Words, told_as: ToldAs = _never) -> Item:
    """An entry in a reader's words."""
    best, day = entry.best, entry.newest.published_at
    return Item(
        signal_id=best.id,
        signal_ids=tuple(one.id for one in entry.signals),
        labels=tuple(dict.fromkeys(_label(story, words, told_as) for story in entry.stories)),
        detail=words.details(best),
        when=words.age(day) if day else "",
        at=day,
        quoted=words.quoted(" ".join(best.sentence.split())),
        articles=_articles(entry),
        confidence=best.story.confidence if best.story else best.confidence,
        known=any(told_as(one) for one in entry.signals),
    )
