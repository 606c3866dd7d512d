"""What a rep is told this morning: chosen from what was never sent to them, ordered by what matters most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from signals.scoring import day_of
from signals.wording import Words
from store.tables import Company, Rep, Signal


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

    `signal_id` is the newest of its signals, for feedback.
    """

    signal_id: int
    label: str
    family: str
    when: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Section:
    """A company and its news."""

    company: Company
    items: tuple[Item, ...]

    @property
    def place(self) -> str:
        """City and department, as far as they are known."""
        company = self.company
        department = f"({company.department})" if company.department else ""
        return " ".join(part for part in (company.city, department) if part)


@dataclass(frozen=True)
class Coverage:
    """What was read since the last digest, so that silence can be judged."""

    articles: int
    sources: int
    failing: int


@dataclass(frozen=True)
class Digest:
    """One rep's digest. `signals` are those it tells; `watched` is how many companies the rep follows."""

    rep: Rep
    day: date
    sections: tuple[Section, ...]
    signals: tuple[Signal, ...]
    watched: int
    coverage: Coverage

    @property
    def news(self) -> int:
        """How many things it tells."""
        return sum(len(section.items) for section in self.sections)


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


def _item(signals: Sequence[Signal], words: Words) -> Item:
    newest = signals[0]
    kind = words.taxonomy.types.get(newest.type)
    family = words.taxonomy.family_of(newest.type).labels.of(words.language) if kind else ""
    status = newest.story.status if newest.story else newest.status
    label = words.taxonomy.label(newest.type, words.language) + words.status(status)
    label += words.volume(newest.slots)
    day = day_of(newest)
    return Item(newest.id, label, family, words.age(day) if day else "", _proofs(signals, words))


def _weight(signal: Signal, words: Words) -> float:
    kind = words.taxonomy.types.get(signal.type)
    return (kind.weight if kind else 0) * signal.impact * signal.confidence * signal.link_confidence


def compose(rep: Rep, signals: Sequence[Signal], watched: int, coverage: Coverage, words: Words) -> Digest:
    """The digest of these signals (newest first): by company, then story; what weighs most comes first."""
    companies: dict[int, Company] = {}
    groups: dict[int, dict[tuple[str, int], list[Signal]]] = {}
    for signal in signals:
        if signal.company is not None:
            companies[signal.company.id] = signal.company
            of_company = groups.setdefault(signal.company.id, {})
            of_company.setdefault((signal.type, signal.story_key), []).append(signal)

    def weight(group: list[Signal]) -> float:
        return max(_weight(signal, words) for signal in group)

    def is_said(kind: str, of_company: dict[tuple[str, int], list[Signal]]) -> bool:
        """Whether the event that this one is derived from is told beside it."""
        known = words.taxonomy.types.get(kind)
        return known is not None and any(other in known.derived_from for other, _ in of_company)

    sections = []
    for number in sorted(groups, key=lambda one: -max(map(weight, groups[one].values()))):
        of_company = groups[number]
        items = [group for (kind, _), group in of_company.items() if not is_said(kind, of_company)]
        items.sort(key=weight, reverse=True)
        sections.append(Section(companies[number], tuple(_item(group, words) for group in items)))
    return Digest(rep, words.today, tuple(sections), tuple(signals), watched, coverage)
