"""The embedded back-end: tantivy, in a folder of this machine."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import FieldType, Occur

from index.query import Entry, Hits, Order, Query, Rebuild
from index.signals import FACETS, FIGURES, MOST_VALUES, Found, SignalPage, SignalQuery, counting, required
from index.words import LANGUAGES, Term, analyser, normalise, rows, terms
from store.errors import Unavailable

SCHEMA = 4  # raise it when fields or analysis change: the index is then built anew beside the old one
_HEAP = 64_000_000
_Part = tuple[Occur, tantivy.Query]


def _with_words(builder: tantivy.SchemaBuilder) -> tantivy.Schema:
    """The fields of days, terms and words, which documents and signals both have."""
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)  # the proleptic Gregorian ordinal; 0 is undated
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="words", index_option="freq")
    builder.add_text_field("words", tokenizer_name="words", index_option="position")
    for code in LANGUAGES:
        builder.add_text_field(f"stems_{code}", tokenizer_name=f"stems_{code}", index_option="freq")
    return builder.build()


def _of_signals() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("document", "company"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("confidence", *FIGURES):
        builder.add_float_field(name, indexed=True, fast=True)
    return _with_words(builder)


class _Files:
    """A tantivy index in a folder, or in memory."""

    def __init__(self, folder: Path | None, schema: tantivy.Schema) -> None:
        self.folder, self.schema = folder, schema
        try:
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(schema, path=str(folder) if folder else None)
        except (OSError, ValueError) as error:
            raise Unavailable(f"search index {folder}: {error}; delete the folder to have it built anew") from None
        self._index.register_tokenizer("words", analyser())
        for code, stemmer in LANGUAGES.items():
            self._index.register_tokenizer(f"stems_{code}", analyser(stemmer))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        try:
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        except ValueError as error:
            raise Unavailable(f"search index {self.folder}: another process writes to it ({error})") from None
        try:
            yield writer
        finally:
            writer.wait_merging_threads()

    def write(self, key: str, gone: Collection[int], added: Iterable[tantivy.Document]) -> None:
        """Take out what has one of these numbers in a field, and add documents, in one commit."""
        with self._writing() as writer:
            for number in gone:
                # By query: by term, tantivy-py takes the number for a signed one and deletes nothing.
                writer.delete_documents_by_query(tantivy.Query.term_query(self.schema, key, number))
            for document in added:
                writer.add_document(document)
            writer.commit()

    def opened(self) -> tuple[tantivy.Schema, tantivy.Searcher]:
        """The fields, and what searches all that was committed until now, by whichever process."""
        self._index.reload()
        return self.schema, self._index.searcher()


class PassingIndex:
    """The signals of a few documents, in memory: searches are asked of what is new, not of the archive."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._signals = _Files(None, _of_signals())
        self._signals.write("document", (), (one for entry in entries for one in _signals_of(entry)))
        self._opened = self._signals.opened()
        self._having: defaultdict[str, set[int]] = defaultdict(set)  # which signals have a term
        for signal in (one for entry in entries for one in entry.signals):
            for term in signal.terms:
                self._having[term].add(signal.id)

    def find(self, query: SignalQuery) -> list[Found]:
        """The signals that answer the query, by their ids."""
        if self._none_has(query):  # most of many searches are about other places and kinds
            return []
        return _found(*self._opened, query)

    def _none_has(self, query: SignalQuery) -> bool:
        """Whether no signal has a term of each group that the query asks for."""
        left: set[int] | None = None
        for group in required(query):
            having = set().union(*(self._having[term] for term in group if term in self._having))
            left = having if left is None else left & having
            if not left:
                return True
        return False


class _Version:
    """The files of one index; `filled` is there when it may be searched, `reached` while it is being built."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = _Files(folder / "documents", _with_words(tantivy.SchemaBuilder()))
        self.signals = _Files(folder / "signals", _of_signals())
        self.filled = folder / "filled"  # tantivy's own files tell nothing of it
        self._mark = folder / "reached"

    @property
    def reached(self) -> int:
        """The highest id of a document that was written to it while it is being built."""
        return int(self._mark.read_text()) if self._mark.exists() else 0

    def write(self, entries: list[Entry], removed: Collection[int]) -> None:
        """Put the entries with their signals in place of those with the same id, and take the removed out.

        Both are written again after a crash between the two commits: the outbox is emptied only after them.
        """
        gone = {*removed, *(entry.id for entry in entries)}
        self.signals.write("document", gone, (one for entry in entries for one in _signals_of(entry)))
        self.documents.write("id", gone, (_document(entry) for entry in entries))

    def reach(self, number: int) -> None:
        """Note how far it is built."""
        written = self._mark.with_suffix(".new")
        written.write_text(str(number))
        written.replace(self._mark)


class EmbeddedIndex:
    """A `SearchIndex` in a folder. One process writes at a time; any number reads.

    Raises `Unavailable` when another process writes, or when the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._name = folder, f"tantivy-{SCHEMA}"
        self._open: _Version | None = None

    def _numbered(self, number: int) -> Path:
        return self._folder / (self._name if number == 1 else f"{self._name}-{number}")

    def _numbers(self) -> list[int]:
        """The numbers of the versions there are, the oldest first."""
        found = [one.name.removeprefix(self._name).removeprefix("-") for one in self._folder.glob(f"{self._name}*")]
        return sorted(int(one or 1) for one in found if one.isdecimal() or not one)

    def _live(self) -> _Version:
        """The newest version that is whole; the very first one when nothing was ever written."""
        whole = [one for one in self._numbers() if (self._numbered(one) / "filled").exists()]
        folder = self._numbered(whole[-1] if whole else 1)
        if self._open is None or self._open.folder != folder:
            self._open = _Version(folder)
        return self._open

    def _built(self) -> _Version | None:
        """The version that is being built beside the live one."""
        last = self._numbered(max(self._numbers(), default=1))
        return _Version(last) if (last / "reached").exists() and not (last / "filled").exists() else None

    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return not self._live().filled.exists()

    def write(self, entries: list[Entry], removed: set[int]) -> None:
        """Put the entries with their signals in place of those with the same id, and take the removed out."""
        live = self._live()
        live.write(entries, removed)
        live.filled.touch()
        if built := self._built():
            built.write(entries, removed)

    def rebuild(self) -> Rebuild:
        """Begin to build it anew, or go on with that."""
        built = self._built()
        if built is None:
            built = _Version(self._numbered(max(self._numbers(), default=0) + 1))
            built.reach(0)
        return _Building(built)

    def search(self, query: Query) -> Hits:
        """The documents that answer the query; by date, undated ones come last."""
        schema, searcher = self._live().documents.opened()
        asked = terms(query.text)
        parts = _said(schema, asked)
        if query.fact:
            parts.append(_one_of(schema, (query.fact,)))
        parts += _in_period(schema, query)
        by_date = query.order == "date" or not asked
        parts += [] if by_date else _in_a_row(schema, query.text)
        found = searcher.search(
            _all_of(parts),
            limit=query.limit,
            offset=query.offset,
            order_by_field="day" if by_date else None,
            order=tantivy.Order.Desc,
        )
        return Hits(_numbers(searcher, "id", [address for _, address in found.hits]), _count(found))

    def find(self, query: SignalQuery) -> list[Found]:
        """The signals that answer the query, by their ids."""
        return _found(*self._live().signals.opened(), query)

    def look(self, query: SignalQuery, order: Order = "date", *, limit: int = 20, offset: int = 0) -> SignalPage:
        """A page of the signals that answer the query, with counts."""
        schema, searcher = self._live().signals.opened()
        field = {"id": "id", "relevance": None if terms(query.text) else "day"}.get(order, "day")
        found = searcher.search(
            _asked(schema, query, in_a_row=field is None),
            limit=limit,
            offset=offset,
            order_by_field=field,
            order=tantivy.Order.Desc,
        )
        facets = _counts(schema, searcher, query)
        return SignalPage(_pairs(searcher, [address for _, address in found.hits]), _count(found), facets)


class _Building:
    """A `Rebuild` in a folder beside the live one."""

    def __init__(self, version: _Version) -> None:
        self._version = version
        self.reached = version.reached

    def write(self, entries: list[Entry], reached: int) -> None:
        """Add the entries of all documents up to an id, from the last one that was reached."""
        self._version.write(entries, ())
        self._version.reach(reached)
        self.reached = reached

    def finish(self) -> None:
        """Put it in the live one's place, at once for every reader, and remove the old."""
        self._version.filled.touch()
        for old in self._version.folder.parent.glob("tantivy-*"):
            if old != self._version.folder:  # those of older versions of this program, too
                shutil.rmtree(old, ignore_errors=True)


def _counts(schema: tantivy.Schema, searcher: tantivy.Searcher, query: SignalQuery) -> dict[str, dict[str, int]]:
    """How many signals have each value of each facet."""
    counts = {}
    for asked, names in counting(query).items():
        wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        for name, found in searcher.aggregate(_asked(schema, asked), wanted).items():
            counts[name] = {one["key"]: int(one["doc_count"]) for one in found["buckets"]}
    return counts


def _asked(schema: tantivy.Schema, query: SignalQuery, *, in_a_row: bool = False) -> tantivy.Query:
    parts = _said(schema, terms(query.text)) + (_in_a_row(schema, query.text) if in_a_row else [])
    parts += [_one_of(schema, sorted(group)) for group in required(query)]
    parts += [_between(schema, one.criterion, one.low, one.high) for one in query.criteria if one.is_span]
    if query.companies:
        parts.append((Occur.Must, tantivy.Query.term_set_query(schema, "company", sorted(query.companies))))
    if query.least_confidence:
        parts.append(_between(schema, "confidence", query.least_confidence, None))
    if query.after or query.before is not None:
        high = None if query.before is None else query.before - 1
        ids = tantivy.Query.range_query(schema, "id", FieldType.Unsigned, query.after + 1, high)
        parts.append((Occur.Must, tantivy.Query.const_score_query(ids, 0.0)))
    return _all_of(parts + _in_period(schema, query))


def _found(schema: tantivy.Schema, searcher: tantivy.Searcher, query: SignalQuery) -> list[Found]:
    query_of_all = _asked(schema, query)
    count = _count(searcher.search(query_of_all, limit=1))
    found = searcher.search(query_of_all, limit=max(1, count), count=False).hits
    return sorted(_pairs(searcher, [address for _, address in found]), key=lambda one: (one.signal, one.company))


def _pairs(searcher: tantivy.Searcher, addresses: list[tantivy.DocAddress]) -> tuple[Found, ...]:
    pairs = zip(_numbers(searcher, "id", addresses), _numbers(searcher, "company", addresses), strict=True)
    return tuple(Found(*pair) for pair in pairs)


def _count(found: tantivy.SearchResult) -> int:
    return found.count or 0  # type: ignore[attr-defined]  # the stub forgets it


def _numbers(searcher: tantivy.Searcher, field: str, addresses: list[tantivy.DocAddress]) -> tuple[int, ...]:
    values = searcher.fast_field_values(field, addresses)
    return tuple(int(one) for one in values if one is not None)


def _all_of(parts: Sequence[_Part]) -> tantivy.Query:
    if all(occur is Occur.MustNot for occur, _ in parts):
        parts = [*parts, (Occur.Must, tantivy.Query.all_query())]
    return tantivy.Query.boolean_query(list(parts))


def _said(schema: tantivy.Schema, asked: Iterable[Term]) -> list[_Part]:
    return [(Occur.MustNot if term.negated else Occur.Must, _term(schema, term)) for term in asked]


def _in_a_row(schema: tantivy.Schema, text: str) -> list[_Part]:
    """What lifts a text that has the words as they were typed."""
    return [
        (
            Occur.Should,
            tantivy.Query.const_score_query(tantivy.Query.phrase_query(schema, "words", list(words)), weight),
        )
        for words, weight in rows(text)
    ]


def _one_of(schema: tantivy.Schema, facts: Sequence[str]) -> _Part:
    if len(facts) == 1:
        found = tantivy.Query.term_query(schema, "facts", facts[0], "basic")
    else:
        found = tantivy.Query.term_set_query(schema, "facts", list(facts))
    return Occur.Must, tantivy.Query.const_score_query(found, 0.0)


def _between(schema: tantivy.Schema, field: str, low: float | None, high: float | None) -> _Part:
    span = tantivy.Query.range_query(schema, field, FieldType.Float, low, high)
    return Occur.Must, tantivy.Query.const_score_query(span, 0.0)


def _in_period(schema: tantivy.Schema, query: Query | SignalQuery) -> list[_Part]:
    if not (query.since or query.until):
        return []
    low = query.since.toordinal() if query.since else 1
    high = query.until.toordinal() if query.until else None
    period = tantivy.Query.range_query(schema, "day", FieldType.Unsigned, low, high)
    if isinstance(query, SignalQuery) and query.undated:
        undated = tantivy.Query.term_query(schema, "day", 0)
        period = tantivy.Query.boolean_query([(Occur.Should, period), (Occur.Should, undated)])
    return [(Occur.Must, tantivy.Query.const_score_query(period, 0.0))]


def _term(schema: tantivy.Schema, term: Term) -> tantivy.Query:
    words = term.words
    if len(words) > 1:
        make = tantivy.Query.phrase_prefix_query if term.prefix else tantivy.Query.phrase_query
        return make(schema, "words", list(words))
    if term.prefix:
        return tantivy.Query.regex_query(schema, "words", f"{words[0]}.*")  # folded: letters and digits only
    return tantivy.Query.boolean_query(
        [
            (Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, word, "freq"), boost))
            for field, word, boost in term.weighed
        ]
    )


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("id", entry.id)
    for fact in entry.facts:
        document.add_text("facts", fact)
    _add_words(document, entry)
    return document


def _signals_of(entry: Entry) -> Iterator[tantivy.Document]:
    for signal in entry.signals:
        document = tantivy.Document()
        document.add_unsigned("id", signal.id)
        document.add_unsigned("document", entry.id)
        document.add_unsigned("company", signal.company)
        document.add_float("confidence", signal.confidence)
        for fact in signal.terms:
            document.add_text("facts", fact)
        for name, value in signal.figures.items():
            document.add_float(name, value)
        document.add_text("type", signal.kind)
        for family in signal.families:
            document.add_text("family", family)
        if isinstance(department := signal.criteria.get("department"), str):
            document.add_text("department", department)
        _add_words(document, entry)
        yield document


def _add_words(document: tantivy.Document, entry: Entry) -> None:
    title, whole = normalise(entry.title), normalise(f"{entry.title}\n{entry.text}")
    document.add_unsigned("day", entry.day.toordinal() if entry.day else 0)
    document.add_text("title", title)
    document.add_text("words", whole)
    for code in LANGUAGES:
        if entry.language in (code, None):
            document.add_text(f"stems_{code}", whole)
