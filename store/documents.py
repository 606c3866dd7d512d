"""Documents: found once by their address, kept with the page they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.tables import Document, RawPage

_CHUNK = 500  # SQLite takes a limited number of parameters in one statement.
_MAX_PAGE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Article:
    """What a crawl found at an address. `body` is the page as fetched, empty when only the feed spoke of it."""

    source_id: int
    url: str
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    content_type: str = ""
    body: bytes = b""


def known_urls(session: Session, urls: Sequence[str]) -> set[str]:
    """Those of the addresses that a document has already."""
    known: set[str] = set()
    for start in range(0, len(urls), _CHUNK):
        chunk = urls[start : start + _CHUNK]
        known.update(session.scalars(select(Document.url).where(Document.url.in_(chunk))))
    return known


def add(session: Session, articles: Iterable[Article]) -> list[Document]:
    """Store new articles; an address that is known already is left as it is. Returns the new documents."""
    fresh = {article.url: article for article in articles}
    known = known_urls(session, list(fresh))
    compressor = zstandard.ZstdCompressor(level=6)
    documents = []
    for url, article in fresh.items():
        if url in known:
            continue
        document = Document(
            source_id=article.source_id,
            url=url,
            title=article.title,
            text=article.text,
            author=article.author,
            language=article.language,
            published_at=article.published_at,
        )
        if article.body:
            document.page = RawPage(content_type=article.content_type, body=compressor.compress(article.body))
        session.add(document)
        documents.append(document)
    session.flush()
    return documents


def page_body(page: RawPage) -> bytes:
    """The page's bytes as they were fetched."""
    return zstandard.ZstdDecompressor().decompress(page.body, max_output_size=_MAX_PAGE)


def in_state(session: Session, state: str, *, limit: int) -> list[Document]:
    """The oldest documents that wait in a state (`collected` or `analysed`)."""
    return list(session.scalars(select(Document).where(Document.state == state).order_by(Document.id).limit(limit)))
