"""The back-end for many documents and several machines: Elasticsearch.

Words are cut, folded and stemmed here, as for the embedded index, and the engine is given them ready: both back-ends
find the same, highlights fit both, and any distribution of the engine will do. It keeps no text (`_source` is off):
what was found is read from the store.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    Elasticsearch,
    TransportError,
)
from elasticsearch.helpers import streaming_bulk

from index.query import Entry, Hits, Order, Query, Rebuild
from index.signals import FACETS, FIGURES, MOST_VALUES, Found, SignalEntry, SignalPage, SignalQuery, counting, required
from index.words import LANGUAGES, Term, normalise, rows, terms, tokens
from store.errors import Unavailable

SCHEMA = 1  # raise it when fields or analysis change: the index is then built anew beside the old one
_PAGE = 10_000  # hits of one answer, the engine's own limit
_EXPANSIONS = 1000  # words that the beginning at the end of a phrase may stand for
_CHUNK_BYTES = 8_000_000
_TRIES = 5  # of a document that the engine is too busy to take
_KINDS = ("documents", "signals")
_Json = dict[str, Any]
_FIELDS: list[Mapping[str, Any]] = [{"field": "id"}, {"field": "company"}]


def _words(options: str) -> _Json:
    return {"type": "text", "analyzer": "whitespace", "index_options": options}


def _mappings(kind: str) -> _Json:
    number: _Json = {"type": "long"}
    fields: _Json = {"id": number, "day": {"type": "date"}, "facts": {"type": "keyword", "doc_values": False}}
    fields |= {"title": _words("freqs"), "words": _words("positions")}
    fields |= {f"stems_{code}": _words("freqs") for code in LANGUAGES}
    if kind == "signals":
        fields |= {"document": number, "company": number}
        fields |= {name: {"type": "keyword", "index": False} for name in FACETS}
        fields |= {name: {"type": "double"} for name in ("confidence", *FIGURES)}
    return {"dynamic": "strict", "_meta": {"reached": 0}, "_source": {"enabled": False}, "properties": fields}


@dataclass(frozen=True)
class Server:
    """Where Elasticsearch is, and how it is spoken to. `client` is made by who has the secrets."""

    client: Elasticsearch
    prefix: str = "vigie"
    shards: int = 1
    replicas: int = 0

    @contextmanager
    def asking(self) -> Iterator[Elasticsearch]:
        """The client. Raises `Unavailable` in words when the engine does not answer, or refuses."""
        try:
            yield self.client
        except (AuthenticationException, AuthorizationException):
            raise Unavailable(f"{self._name} refuses the key; see 'search' in config.yaml") from None
        except ApiError as error:
            raise Unavailable(f"{self._name}: {error.status_code} {error.message}") from None
        except TransportError as error:
            raise Unavailable(f"{self._name} does not answer ({error.message})") from None

    @property
    def _name(self) -> str:
        hosts = ", ".join(str(node.base_url) for node in self.client.transport.node_pool.all())
        return f"Elasticsearch at {hosts}"


class ElasticIndex:
    """A `SearchIndex` on Elasticsearch: `PREFIX-SCHEMA-documents` and `…-signals`, aliases of numbered indices.

    Who writes must be the only one. Raises `Unavailable` when the engine does not answer or refuses a document.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._documents, self._signals = (self._alias(kind) for kind in _KINDS)

    def _alias(self, kind: str) -> str:
        return f"{self._server.prefix}-{SCHEMA}-{kind}"

    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        with self._server.asking() as client:
            return not client.indices.exists_alias(name=self._signals)

    def write(self, entries: list[Entry], removed: set[int]) -> None:
        """Put the entries with their signals in place of those with the same id, and take the removed out.

        What is refused or interrupted is written again with the rest: the outbox is emptied only afterwards.
        """
        with self._server.asking() as client:
            if self.is_new():
                self._create(client, 1)
                self._go_live(client, 1)
            _write(client, self._documents, self._signals, entries, removed)
            if built := self._built(client):
                _write(client, *self._named(built), entries, removed)

    def rebuild(self) -> Rebuild:
        """Begin to build it anew, or go on with that."""
        with self._server.asking() as client:
            number = self._built(client)
            if number is None:
                number = max(self._numbers(client), default=0) + 1
                self._create(client, number)
        return _Building(self, number)

    def reached(self, number: int) -> int:
        """The highest id of a document that was written to a version while it is being built."""
        with self._server.asking() as client:
            documents, _ = self._named(number)
            return int(client.indices.get_mapping(index=documents)[documents]["mappings"]["_meta"]["reached"])

    def add(self, number: int, entries: list[Entry], reached: int) -> None:
        """Add to a version that is being built."""
        documents, signals = self._named(number)
        with self._server.asking() as client:
            _write(client, documents, signals, entries, ())
            client.indices.put_mapping(index=documents, meta={"reached": reached})

    def finish(self, number: int) -> None:
        """Search a version from now on, and remove all others."""
        with self._server.asking() as client:
            self._go_live(client, number)
            kept = self._named(number)
            ours = re.compile(rf"{re.escape(self._server.prefix)}-\d+-({'|'.join(_KINDS)})-\d+")
            there = client.indices.get_alias(index=f"{self._server.prefix}-*")
            for name in there:  # by name: an engine that is set up with care refuses patterns
                if ours.fullmatch(name) and name not in kept:
                    client.options(ignore_status=404).indices.delete(index=name)

    def _named(self, number: int) -> tuple[str, str]:
        return f"{self._documents}-{number}", f"{self._signals}-{number}"

    def _numbers(self, client: Elasticsearch) -> list[int]:
        """The numbers of the versions that are whole (both their indices are there), the oldest first."""
        there = set(client.indices.get_alias(index=f"{self._server.prefix}-{SCHEMA}-*"))
        numbers = [name.rpartition("-")[2] for name in there if name.startswith(f"{self._signals}-")]
        return sorted(int(one) for one in numbers if one.isdecimal() and f"{self._documents}-{one}" in there)

    def _built(self, client: Elasticsearch) -> int | None:
        """The version that is being built beside the live one."""
        last = max(self._numbers(client), default=None)
        if last is None or client.indices.exists_alias(index=self._named(last)[1], name=self._signals):
            return None
        return last

    def _create(self, client: Elasticsearch, number: int) -> None:
        settings = {
            "number_of_shards": self._server.shards,
            "number_of_replicas": self._server.replicas,
            "refresh_interval": "30s",  # each write ends with a refresh of its own
        }
        for kind, name in zip(_KINDS, self._named(number), strict=True):
            try:
                client.indices.create(index=name, settings=settings, mappings=_mappings(kind))
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":  # left by a start that was interrupted
                    raise

    def _go_live(self, client: Elasticsearch, number: int) -> None:
        """Move both aliases, in one step."""
        actions: list[_Json] = []
        for alias, name in zip((self._documents, self._signals), self._named(number), strict=True):
            actions += [{"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}}]
            actions += [{"add": {"index": name, "alias": alias}}]
        client.indices.update_aliases(actions=actions)

    def search(self, query: Query) -> Hits:
        """The documents that answer the query; by date, undated ones come last."""
        asked = terms(query.text)
        filters = [_one_of([query.fact])] if query.fact else []
        wanted = _all_of(query.text, filters + _in_period(query))
        order = _order("date" if query.order == "date" or not asked else "relevance")
        with self._server.asking() as client:
            page = _page(client, self._documents, [(wanted, [])], order, query.limit, query.offset)
        return Hits(tuple(one["id"][0] for one in page.found), page.total)

    def find(self, query: SignalQuery) -> list[Found]:
        """The signals that answer the query, by their ids."""
        with self._server.asking() as client:
            return [_found(one) for one in _each(client, self._signals, _asked(query), [{"id": "asc"}])]

    def look(self, query: SignalQuery, order: Order = "date", *, limit: int = 20, offset: int = 0) -> SignalPage:
        """A page of the signals that answer the query, with counts."""
        by = "date" if order == "relevance" and not terms(query.text) else order
        with self._server.asking() as client:
            counted = {query: list[str]()} | counting(query)  # the query itself first
            asked = [(_asked(one), names) for one, names in counted.items()]
            page = _page(client, self._signals, asked, _order(by), limit, offset)
        return SignalPage(tuple(map(_found, page.found)), page.total, page.facets)


class _Building:
    """A `Rebuild` in indices beside the live ones."""

    def __init__(self, index: ElasticIndex, number: int) -> None:
        self._index, self._number = index, number
        self.reached = index.reached(number)

    def write(self, entries: list[Entry], reached: int) -> None:
        """Add the entries of all documents up to an id, from the last one that was reached."""
        self._index.add(self._number, entries, reached)
        self.reached = reached

    def finish(self) -> None:
        """Put it in the live one's place, at once for every reader, and remove the old."""
        self._index.finish(self._number)


def _write(
    client: Elasticsearch, documents: str, signals: str, entries: Collection[Entry], removed: Collection[int]
) -> None:
    client.indices.refresh(index=signals)  # of an interrupted write, too, the signals must be seen to be taken out
    gone = sorted({entry.id for entry in entries} | set(removed))
    told = {signal.id for entry in entries for signal in entry.signals}
    of_them = {"terms": {"document": gone}}
    left = [one["id"][0] for one in _each(client, signals, of_them, [{"id": "asc"}])] if gone else []
    actions: list[_Json] = [_deletion(documents, one) for one in removed]
    actions += [_deletion(signals, one) for one in left if one not in told]
    refused = []
    bulk = streaming_bulk(
        client,
        (*actions, *_actions(documents, signals, entries)),
        max_chunk_bytes=_CHUNK_BYTES,
        max_retries=_TRIES,
        initial_backoff=1,
        max_backoff=30,
        raise_on_error=False,
    )
    for is_done, answer in bulk:
        ((action, result),) = answer.items()
        if not is_done and not (action == "delete" and result.get("status") == 404):
            refused.append(f"{result['_index']}/{result['_id']}: {result.get('error', result['status'])}")
    client.indices.refresh(index=[documents, signals])
    if refused:
        raise Unavailable(f"Elasticsearch refused {len(refused)} of what was written, first {refused[0]}")


def _deletion(index: str, number: int) -> _Json:
    return {"_op_type": "delete", "_index": index, "_id": str(number)}


def _actions(documents: str, signals: str, entries: Iterable[Entry]) -> Iterator[_Json]:
    for entry in entries:
        words = _said_by(entry)
        yield {"_index": documents, "_id": str(entry.id), "id": entry.id, "facts": sorted(entry.facts), **words}
        for signal in entry.signals:
            yield {"_index": signals, "_id": str(signal.id), "document": entry.id, **_signal(signal), **words}


def _said_by(entry: Entry) -> _Json:
    title, whole = normalise(entry.title), normalise(f"{entry.title}\n{entry.text}")
    words: _Json = {"title": " ".join(tokens(title)), "words": " ".join(tokens(whole))}
    for code in LANGUAGES:
        if entry.language in (code, None):
            words[f"stems_{code}"] = " ".join(tokens(whole, code))
    return words | ({"day": entry.day.isoformat()} if entry.day else {})


def _signal(signal: SignalEntry) -> _Json:
    fields: _Json = {"id": signal.id, "company": signal.company, "confidence": signal.confidence}
    fields |= {"type": signal.kind, "family": list(signal.families), "facts": sorted(signal.terms)} | signal.figures
    department = signal.criteria.get("department")
    return fields | ({"department": department} if isinstance(department, str) else {})


def _each(client: Elasticsearch, index: str, query: _Json, sort: list[_Json]) -> Iterator[_Json]:
    """The fields of all that answers, however many, as they were when the first was asked for."""
    opened = client.open_point_in_time(index=index, keep_alive="2m", ignore_unavailable=True)["id"]
    try:
        after = None
        while True:
            answer = client.search(
                pit={"id": opened, "keep_alive": "2m"},
                query=query,
                sort=sort,
                size=_PAGE,
                docvalue_fields=_FIELDS,
                search_after=after,
                track_total_hits=False,
            )
            opened, hits = answer.get("pit_id", opened), answer["hits"]["hits"]
            yield from (one["fields"] for one in hits)
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        client.close_point_in_time(id=opened)


@dataclass(frozen=True)
class _Page:
    """The fields of some of what answers, how many answer in all, and how many have each value of facets."""

    found: list[_Json]
    total: int
    facets: dict[str, dict[str, int]]


def _page(
    client: Elasticsearch, index: str, asked: list[tuple[_Json, list[str]]], sort: list[_Json], limit: int, offset: int
) -> _Page:
    """A page of what answers the first query; each query with the facets to count of it, all in one request."""
    query = asked[0][0]
    near = offset + limit <= _PAGE
    searches: list[_Json] = []
    for one, names in asked:
        counted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        searches += [{"index": index, "ignore_unavailable": True}, {"query": one, "size": 0, "aggs": counted}]
    searches[1] |= {"track_total_hits": True, "sort": sort, "docvalue_fields": _FIELDS}
    searches[1] |= {"from": offset, "size": limit} if near else {}
    answers = client.msearch(searches=searches)["responses"]
    for answer in answers:
        if "error" in answer:
            raise Unavailable(f"Elasticsearch could not search: {answer['error']}")
    counts = [item for answer in answers for item in answer.get("aggregations", {}).items()]
    facets: dict[str, dict[str, int]] = {name: {} for _, names in asked for name in names}
    facets |= {name: {one["key"]: int(one["doc_count"]) for one in found["buckets"]} for name, found in counts}
    hits = answers[0]["hits"]
    total = int(hits["total"]["value"])
    if near or offset >= total:
        return _Page([one["fields"] for one in hits["hits"]], total, facets)
    every = _each(client, index, query, sort)  # the engine jumps no further: what lies before is leafed through
    return _Page([one for at, one in enumerate(every) if offset <= at < offset + limit], total, facets)


def _found(fields: _Json) -> Found:
    return Found(fields["id"][0], fields["company"][0])


def _order(by: Order) -> list[_Json]:
    first: dict[Order, list[_Json]] = {
        "relevance": [{"_score": "desc"}],
        "date": [{"day": {"order": "desc", "missing": "_last", "unmapped_type": "date"}}],
        "id": [],
    }
    return [*first[by], {"id": {"order": "desc", "unmapped_type": "long"}}]


def _asked(query: SignalQuery) -> _Json:
    filters = [_one_of(sorted(group)) for group in required(query)]
    filters += [_between(one.criterion, one.low, one.high) for one in query.criteria if one.is_span]
    if query.companies:
        filters.append({"terms": {"company": sorted(query.companies)}})
    if query.least_confidence:
        filters.append(_between("confidence", query.least_confidence, None))
    if query.after or query.before is not None:
        span = {"gt": query.after} | ({"lt": query.before} if query.before is not None else {})
        filters.append({"range": {"id": span}})
    return _all_of(query.text, filters + _in_period(query))


def _all_of(text: str, filters: list[_Json]) -> _Json:
    """What answers a text and filters; `should` changes the order by relevance only."""
    wanted: list[_Json] = []
    unwanted: list[_Json] = []
    for one in terms(text):
        (unwanted if one.negated else wanted).append(_term(one))
    lifted = [
        {"constant_score": {"filter": {"match_phrase": {"words": " ".join(words)}}, "boost": weight}}
        for words, weight in rows(text)
    ]
    return {"bool": {"must": wanted, "must_not": unwanted, "filter": filters, "should": lifted}}


def _one_of(facts: list[str]) -> _Json:
    return {"terms": {"facts": facts}}


def _between(field: str, low: float | None, high: float | None) -> _Json:
    ends = {"gte": low, "lte": high}
    return {"range": {field: {name: value for name, value in ends.items() if value is not None}}}


def _in_period(query: Query | SignalQuery) -> list[_Json]:
    if not (query.since or query.until):
        return []
    ends = {"gte": query.since, "lte": query.until}
    period: _Json = {"range": {"day": {name: day.isoformat() for name, day in ends.items() if day}}}
    if isinstance(query, SignalQuery) and query.undated:
        undated = {"bool": {"must_not": {"exists": {"field": "day"}}}}
        period = {"bool": {"should": [period, undated]}}
    return [period]


def _term(term: Term) -> _Json:
    words = term.words
    if len(words) > 1:
        phrase = {"query": " ".join(words)}
        if term.prefix:
            return {"match_phrase_prefix": {"words": phrase | {"max_expansions": _EXPANSIONS}}}
        return {"match_phrase": {"words": phrase}}
    if term.prefix:
        return {"prefix": {"words": words[0]}}
    return {
        "bool": {"should": [{"term": {field: {"value": word, "boost": boost}}} for field, word, boost in term.weighed]}
    }
