"""One round of the crawl: feeds that are due, then the articles they announce."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pebble
import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers import registers
from crawlers.extract import extract
from crawlers.feeds import read
from crawlers.guard import GuardedResolver
from crawlers.politeness import scrapy_settings
from crawlers.schedule import Visit, next_visit
from store import documents, sources
from store.base import utcnow
from store.database import Database
from store.documents import Page
from store.hosts import Share
from store.tables import Document, Source

_HOLD = timedelta(hours=2)
_ROUND = 5000
_EXTRACT_SECONDS = 20
_EXTRACT_BYTES = 1024 * 1024 * 1024


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (_EXTRACT_BYTES, _EXTRACT_BYTES))


def reason(failure: Failure) -> str:
    """Why a request failed, in words for the administrator."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"the server answered {error.response.status}"
    host = ""
    request = getattr(failure, "request", None)
    if request is not None:
        host = request.url.split("/")[2].rpartition("@")[2]
    if any(host == name or host.startswith(f"{name}:") for name in GuardedResolver.refused):
        return f"refused: {host} is at a private address"
    if isinstance(error, IgnoreRequest):
        return f"not fetched: {error}" if str(error) else "not fetched: forbidden by robots.txt"
    words = " ".join(str(error).split()) or type(error).__name__
    return f"cannot be fetched: {words}"[:300]


def retry_after(response: Response, now: datetime) -> int | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3: a number or a date), or None."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return int(value[:9])
    try:
        return max(0, int((parsedate_to_datetime(value) - now).total_seconds()))
    except (ValueError, TypeError):
        return None


class RoundSpider(scrapy.Spider):
    """Claims due sources, reads their feeds, fetches new articles, and keeps what it finds as it goes."""

    name = "vigie"

    def __init__(self, *, database: Database, share: Share, follow: bool = True) -> None:
        super().__init__()
        self.database = database
        self.share = share
        self.follow = follow
        self.pool = pebble.ProcessPool(max_workers=1, max_tasks=500, initializer=_limit_memory)

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end of the round."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()

    async def start(self) -> AsyncIterator[Request]:
        """The requests a round begins with: sources that are due, and articles an earlier round did not finish."""
        with self.database.session() as session:
            claimed = sources.claim_due(session, utcnow(), hold=_HOLD, limit=_ROUND, share=self.share)
            unfinished = documents.announced(session, limit=_ROUND, share=self.share)
        self.report(sources=len(claimed), articles=len(unfinished))
        for source in claimed:
            yield Request(
                source.url,
                callback=self.feed,
                errback=self.feed_failed,
                cb_kwargs={"source_id": source.id},
                meta={"source_id": source.id},
                dont_filter=True,
                priority=1,
            )
        for request in self.follow_articles(unfinished):
            yield request

    def is_ours(self, document: Document) -> bool:
        """Whether this process asks the article's host, or nobody does."""
        return not self.follow or bool(document.notice) or self.share.has(document.url)

    def follow_articles(self, announced: list[Document]) -> Iterator[Request]:
        """The requests of articles' pages; a notice says all in its fields, and its page is not fetched."""
        self.keep_as_announced([document for document in announced if document.notice or not self.follow])
        for document in announced:
            if self.follow and not document.notice:
                yield self.article_request(document)

    def article_request(self, document: Document) -> Request:
        """The request of an article's page. Pages are kept in the database, so the cache is left out."""
        return Request(
            document.url,
            callback=self.article,
            errback=self.article_failed,
            cb_kwargs={"document_id": document.id},
            meta={"document_id": document.id, "dont_cache": True},
            dont_filter=True,
        )

    def feed(self, response: Response, source_id: int) -> Iterator[Request]:
        """Keep what a feed announces, say when it is due again, and follow its new articles."""
        digest = hashlib.blake2b(response.body, digest_size=16).hexdigest()
        now = utcnow()
        with self.database.session() as session:
            source = session.get_one(Source, source_id)
            new: list[Document] = []
            error = None
            if digest != source.body_digest:
                kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
                if registers.looks_like_records(response.body):
                    parsed = registers.read(response.body, now=now)
                else:
                    parsed = read(response.body, url=response.url, content_type=kind, now=now)
                error = parsed.error
                new = documents.announce(session, source, parsed.entries)
                source.body_digest = None if error else digest
            self.finish(source, Visit(len(new), failed=error is not None), error, now)
        ours = [document for document in new if self.is_ours(document)]
        self.report(sources_done=1, articles=len(ours))
        yield from self.follow_articles(ours)  # the others' hosts are asked by who has their share

    def feed_failed(self, failure: Failure) -> None:
        """Note on the source why it could not be read, and when to try again."""
        now = utcnow()
        wish = retry_after(failure.value.response, now) if isinstance(failure.value, HttpError) else None
        with self.database.session() as session:
            source = session.get_one(Source, failure.request.meta["source_id"])  # type: ignore[attr-defined]
            self.finish(source, Visit(failed=True, retry_after=wish), reason(failure), now)
        self.report(sources_done=1)

    @staticmethod
    def finish(source: Source, visit: Visit, error: str | None, now: datetime) -> None:
        """Write a visit's outcome on its source."""
        following = next_visit(now, source.interval_minutes, source.failures, visit)
        source.due_at, source.claimed_until, source.fetched_at = following.due_at, None, now
        source.interval_minutes, source.failures, source.error = following.interval_minutes, following.failures, error

    async def article(self, response: Response, document_id: int) -> None:
        """Take the text out of a page, in a process that is ended when it takes too long or too much memory."""
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        page = None
        try:
            future = self.pool.schedule(
                extract, args=(response.body, kind, response.url, utcnow()), timeout=_EXTRACT_SECONDS
            )
            found = await asyncio.wrap_future(future)
            page = Page(found.title, found.text, found.author, found.published_at, kind, response.body)
        except Exception as error:  # whatever a hostile page makes the extractor raise, the feed's own words are kept
            self.logger.warning("%s: no text (%s: %s)", response.url, type(error).__name__, error)
        self.complete(document_id, page)

    def article_failed(self, failure: Failure) -> None:
        """A page that cannot be read leaves what the feed said."""
        request = failure.request  # type: ignore[attr-defined]
        self.logger.warning("%s: %s", request.url, reason(failure))
        self.complete(request.meta["document_id"], None)

    def keep_as_announced(self, announced: list[Document]) -> None:
        """Take the feed's own words for the articles."""
        if not announced:
            return
        with self.database.session() as session:
            for document in documents.by_ids(session, [one.id for one in announced]).values():
                documents.complete(session, document, None)
        self.report(articles_done=len(announced))

    def complete(self, document_id: int, page: Page | None) -> None:
        """Store an article's page."""
        with self.database.session() as session:
            documents.complete(session, session.get_one(Document, document_id), page)
        self.report(articles_done=1)

    @staticmethod
    def report(**counts: int) -> None:
        """Tell the parent process how far the round is: one JSON object a line, whose numbers add up."""
        print(json.dumps(counts), flush=True)  # noqa: T201


def main() -> None:
    """Run one round in this process: a JSON object with `database`, `cache`, `crawl` and `share` on standard input."""
    from scrapy.crawler import CrawlerProcess

    order = json.load(sys.stdin)
    database = Database(order["database"])
    process = CrawlerProcess(scrapy_settings(order["crawl"], order["cache"]))
    share = Share(**order["share"])
    process.crawl(RoundSpider, database=database, share=share, follow=order["crawl"]["follow_articles"])
    process.start()
    database.close()


if __name__ == "__main__":
    main()
