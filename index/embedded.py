"""The embedded back-end: tantivy, in a folder of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy
from tantivy import FieldType, Occur, Order

from index.query import Entry, Hits, Query
from index.words import LANGUAGES, Term, analyser, normalise, terms
from store.errors import Unavailable

SCHEMA = 1  # raise it when fields or analysis change: the index is then built anew beside the old one
_HEAP = 64_000_000
_TITLE, _WORD, _STEM = 3.0, 2.0, 1.0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)  # the proleptic Gregorian ordinal; 0 is undated
    builder.add_text_field("facts", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="words", index_option="freq")
    builder.add_text_field("words", tokenizer_name="words", index_option="position")
    for code in LANGUAGES:
        builder.add_text_field(f"stems_{code}", tokenizer_name=f"stems_{code}", index_option="freq")
    return builder.build()


class EmbeddedIndex:
    """A `SearchIndex` in a folder. One process writes at a time; any number reads.

    Raises `Unavailable` when another process writes, or when the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        folder = folder / f"tantivy-{SCHEMA}"
        self._schema = _schema()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder))
        except (OSError, ValueError) as error:
            raise Unavailable(f"search index {folder}: {error}; delete the folder to have it built anew") from None
        self._index.register_tokenizer("words", analyser())
        for code, stemmer in LANGUAGES.items():
            self._index.register_tokenizer(f"stems_{code}", analyser(stemmer))
        self._folder = folder
        self._mark = folder / "filled"  # written with the first commit; tantivy's own files tell nothing of it

    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return not self._mark.exists()

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        try:
            writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        except ValueError as error:
            raise Unavailable(f"search index {self._folder}: another process writes to it ({error})") from None
        try:
            yield writer
        finally:
            writer.wait_merging_threads()

    def write(self, entries: list[Entry], removed: set[int]) -> None:
        """Put the entries in place of those with the same id, and take the removed out, in one commit."""
        with self._writing() as writer:
            for gone in removed | {entry.id for entry in entries}:
                # By query: by term, tantivy-py takes the number for a signed one and deletes nothing.
                writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "id", gone))
            for entry in entries:
                writer.add_document(_document(entry))
            writer.commit()
        self._mark.touch()
        self._index.reload()

    def search(self, query: Query) -> Hits:
        """The documents that answer the query; by date, undated ones come last."""
        self._index.reload()
        searcher = self._index.searcher()
        asked = terms(query.text)
        by_date = query.order == "date" or not asked
        found = searcher.search(
            self._query(query, asked),
            limit=query.limit,
            offset=query.offset,
            order_by_field="day" if by_date else None,
            order=Order.Desc,
        )
        ids = searcher.fast_field_values("id", [address for _, address in found.hits])
        return Hits(tuple(int(one) for one in ids if one is not None), found.count or 0)  # type: ignore[attr-defined]  # the stub forgets it

    def _query(self, query: Query, asked: list[Term]) -> tantivy.Query:
        parts = [(Occur.MustNot if term.negated else Occur.Must, self._term(term)) for term in asked]
        if query.fact:
            fact = tantivy.Query.term_query(self._schema, "facts", query.fact, "basic")
            parts.append((Occur.Must, tantivy.Query.const_score_query(fact, 0.0)))
        if query.since or query.until:
            low = query.since.toordinal() if query.since else 1
            high = query.until.toordinal() if query.until else None
            period = tantivy.Query.range_query(self._schema, "day", FieldType.Unsigned, low, high)
            parts.append((Occur.Must, tantivy.Query.const_score_query(period, 0.0)))
        if all(occur is Occur.MustNot for occur, _ in parts):
            parts.append((Occur.Must, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(parts)

    def _term(self, term: Term) -> tantivy.Query:
        schema, words = self._schema, term.words
        if len(words) > 1:
            make = tantivy.Query.phrase_prefix_query if term.prefix else tantivy.Query.phrase_query
            return make(schema, "words", list(words))
        if term.prefix:
            return tantivy.Query.regex_query(schema, "words", f"{words[0]}.*")  # folded: letters and digits only
        named = [("title", words[0], _TITLE), ("words", words[0], _WORD)]
        for code in LANGUAGES:
            if stem := term.stems(code):
                named.append((f"stems_{code}", stem, _STEM))
        return tantivy.Query.boolean_query(
            [
                (Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, word, "freq"), boost))
                for field, word, boost in named
            ]
        )


def _document(entry: Entry) -> tantivy.Document:
    title, whole = normalise(entry.title), normalise(f"{entry.title}\n{entry.text}")
    document = tantivy.Document()
    document.add_unsigned("id", entry.id)
    document.add_unsigned("day", entry.day.toordinal() if entry.day else 0)
    for fact in entry.facts:
        document.add_text("facts", fact)
    document.add_text("title", title)
    document.add_text("words", whole)
    for code in LANGUAGES:
        if entry.language in (code, None):
            document.add_text(f"stems_{code}", whole)
    return document
