"""Both back-ends on the same 5,000 documents: the same hits, counts and days, and scores that order alike."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

import pytest

from index.elastic import ElasticIndex
from index.embedded import EmbeddedIndex, PassingIndex
from index.query import Entry, Query, SearchIndex, facts
from index.signals import Asked, SignalEntry, SignalQuery, Value
from nlp.corpus import texts
from tests.support.node import server

DOCUMENTS = 5000
KINDS = {"hiring": ("growing", "buzz"), "funding": ("financial_growth",), "opening": ("new_sites", "growing")}
TODAY = date(2026, 3, 10)


def company(number: int, chance: random.Random) -> dict[str, Value]:
    place = f"{number % 95 + 1:02d}"
    known: dict[str, Value] = {"department": place, "country": "FR", "naf": (place[0], place)}
    known["headcount"] = float(number % 300) if number % 5 else None
    known["turnover"] = chance.choice([None, 1e5 * number])
    return known


def made() -> Iterator[Entry]:
    chance = random.Random(8)
    sentences = list(texts())
    companies = [company(number, chance) for number in range(400)]
    for number in range(1, DOCUMENTS + 1):
        title, *text = chance.sample(sentences, chance.randint(2, 9))
        day = TODAY - timedelta(days=chance.randint(0, 400)) if chance.random() < 0.95 else None
        signals, found = [], frozenset[str]()
        for one in range(chance.choice([0, 0, 1, 1, 2])):
            kind, who = chance.choice(list(KINDS)), chance.randrange(400)
            sure = chance.random()
            people = (chance.choice(["Zoé Le Gall", "Ann O’Neill", "Al"]),) if chance.random() < 0.3 else ()
            signals.append(SignalEntry(number * 4 + one, who + 1, kind, KINDS[kind], sure, companies[who], people))
            found |= facts(list(KINDS[kind]), kind, str(companies[who]["department"]))
        language = chance.choices(["fr", "en", None], [60, 37, 3])[0]  # whatever it is, both must stem alike
        yield Entry(number, title, " ".join(text), language, day, found, tuple(signals))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(made())


@pytest.fixture(scope="module")
def both(entries: list[Entry], node: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchIndex, SearchIndex]:
    """The embedded index and Elasticsearch; a part was written twice, and a part taken out."""
    indices: tuple[SearchIndex, SearchIndex]
    indices = EmbeddedIndex(tmp_path_factory.mktemp("index")), ElasticIndex(server(node))
    for index in indices:
        index.write([*entries[:300], Entry(DOCUMENTS + 9, "Sera retiré", "", "fr", TODAY, frozenset())], set())
        index.write(entries[200:], {DOCUMENTS + 9})
    return indices


def typed(entries: list[Entry], chance: random.Random) -> str:
    """What people type: words of a document, its phrases, beginnings, capitals, elisions, and words to leave out."""
    entry = chance.choice(entries)
    words = f"{entry.title} {entry.text}".split()
    at = chance.randrange(len(words))
    kind = chance.randrange(6)
    if kind == 0:
        return f'"{" ".join(words[at : at + chance.randint(2, 4)])}"'.replace('""', '"')
    if kind == 1:
        return f"{words[at][: chance.randint(2, 5)]}*"
    if kind == 2:
        return f"{words[at].upper()} -{chance.choice(words)}"
    if kind == 3:
        return f"l’{words[at]}"
    return " ".join(chance.sample(words, chance.randint(1, 3)))


def questions(entries: list[Entry]) -> Iterator[SignalQuery]:
    """Searches, saved searches and the candidates of rankings."""
    chance = random.Random(9)
    for _ in range(200):
        since = TODAY - timedelta(days=chance.randint(10, 300)) if chance.random() < 0.5 else None
        criteria = []
        if chance.random() < 0.3:
            criteria.append(Asked("headcount", low=float(chance.randint(1, 200))))
        if chance.random() < 0.2:
            criteria.append(Asked("naf", frozenset(chance.sample(["1", "2", "28", "43"], 2))))
        if chance.random() < 0.1:
            criteria.append(Asked("turnover", unknown=True))
        yield SignalQuery(
            text=typed(entries, chance) if chance.random() < 0.6 else "",
            families=frozenset(chance.sample(["growing", "new_sites", "buzz"], chance.randint(0, 2))),
            types=frozenset(chance.sample(list(KINDS), chance.choice([0, 0, 1, 2]))),
            criteria=tuple(criteria),
            places=frozenset(f"{chance.randint(1, 95):02d}" for _ in range(chance.choice([0, 0, 10, 30]))),
            people=frozenset({"zoe le-gall"}) if chance.random() < 0.1 else frozenset(),
            since=since,
            until=since + timedelta(days=100) if since and chance.random() < 0.3 else None,
            undated=chance.random() < 0.3,
            least_confidence=chance.choice([0.0, 0.0, 0.4, 0.9]),
            after=chance.choice([0, 0, 9000]),
        )


def test_the_same_documents_are_found(entries: list[Entry], both: tuple[SearchIndex, SearchIndex]) -> None:
    chance = random.Random(10)
    days = {entry.id: entry.day or date.min for entry in entries}
    found = 0
    for _ in range(200):
        text = typed(entries, chance)
        family = chance.choice([None, None, "growing"])
        by_date, other = (index.search(Query(text, family=family, order="date", limit=9000)) for index in both)
        assert set(by_date.ids) == set(other.ids), text
        assert by_date.total == other.total == len(other.ids), text
        assert [days[one] for one in by_date.ids] == [days[one] for one in other.ids], text
        found += by_date.total
    assert found > 200 * 20


def test_the_same_signals_companies_and_counts_are_found(
    entries: list[Entry], both: tuple[SearchIndex, SearchIndex]
) -> None:
    embedded, elastic = both
    found = 0
    for query in questions(entries):
        candidates = embedded.find(query)
        assert elastic.find(query) == candidates, query
        first, other = embedded.look(query, limit=50), elastic.look(query, limit=50)
        assert (first.total, first.facets) == (other.total, other.facets), query
        assert first.total == len(candidates)
        found += bool(candidates)
    assert found > 80


def test_what_is_new_answers_saved_searches_as_the_archive_does(
    entries: list[Entry], both: tuple[SearchIndex, SearchIndex]
) -> None:
    new = entries[-400:]
    passing, ids = PassingIndex(new), {signal.id for entry in new for signal in entry.signals}
    for query in islice(questions(entries), 100):
        for index in both:
            assert [one for one in index.find(query) if one.signal in ids] == passing.find(query), query


def test_scores_order_alike(entries: list[Entry], both: tuple[SearchIndex, SearchIndex]) -> None:
    chance = random.Random(11)
    shared = most = 0
    for _ in range(150):
        words = chance.choice(entries).title.split()
        text = " ".join(chance.sample([one for one in words if len(one) > 3] or words, 1))
        first, other = (index.search(Query(text, order="relevance", limit=10)).ids for index in both)
        shared, most = shared + len(set(first) & set(other)), most + len(first)
    assert shared / most > 0.9
