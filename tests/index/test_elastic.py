"""What only Elasticsearch has: answers for each document, names of indices, an engine that is busy."""

from __future__ import annotations

from datetime import date

import pytest
from elasticsearch import Elasticsearch

from index.elastic import ElasticIndex, Server, _mappings
from index.query import Entry, Query
from index.signals import SignalEntry, SignalQuery
from store.errors import Unavailable
from tests.support.front import Front, standing
from tests.support.node import server


def entry(number: int, **criteria: float) -> Entry:
    signal = SignalEntry(number * 10, 1, "hiring", ("growing",), 0.9, criteria)
    return Entry(number, f"Usine {number}", "", "fr", date(2026, 3, 2), frozenset(), (signal,))


def test_what_the_engine_refuses_is_named_and_the_rest_is_written(node: str) -> None:
    index = ElasticIndex(server(node))
    with pytest.raises(Unavailable, match=r"refused 1 of what was written, first .*signals-1/20: .*nonsense"):
        index.write([entry(1), entry(2, nonsense=1.0), entry(3)], set())
    assert index.search(Query("usine")).total == 3
    assert [one.signal for one in index.find(SignalQuery())] == [10, 30]


def test_documents_that_a_busy_engine_does_not_take_are_sent_again(node: str) -> None:
    made = server(node)
    with standing(Front(node, busy_items=2)) as front:
        index = ElasticIndex(Server(Elasticsearch(front.address), made.prefix))
        index.write([entry(number) for number in range(1, 40)], set())
        assert front.refused == 2
    assert ElasticIndex(made).search(Query("usine")).total == 39


def test_only_our_own_indices_are_removed_and_the_old_versions_with_them(node: str) -> None:
    made = server(node)
    other = f"{made.prefix}-documents"
    older = f"{made.prefix}-0-documents-7"
    for name in (other, older):
        made.client.indices.create(index=name)
    index = ElasticIndex(made)
    index.write([entry(1)], set())
    rebuild = index.rebuild()
    rebuild.write([entry(1)], 1)
    rebuild.finish()
    there = set(made.client.indices.get_alias(index=f"{made.prefix}*"))
    assert there == {other, f"{made.prefix}-1-documents-2", f"{made.prefix}-1-signals-2"}


def test_a_start_that_was_interrupted_is_gone_on_with(node: str) -> None:
    made = server(node)
    made.client.indices.create(index=f"{made.prefix}-1-documents-1", mappings=_mappings("documents"))
    index = ElasticIndex(made)
    assert index.is_new()
    assert index.search(Query("usine")).total == 0
    assert index.find(SignalQuery()) == []
    assert index.look(SignalQuery()).total == 0
    index.write([entry(1)], set())
    assert not index.is_new()
    assert index.search(Query("usine")).total == 1
