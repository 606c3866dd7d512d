"""One round of the crawl: feeds that are due, then the articles they announce."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawlers import bulletins, files, revisits, sitemaps
from crawlers.access import forbids_copies
from crawlers.addresses import canonical, is_front_page
from crawlers.agreement import Texts, replaced_by
from crawlers.budget import Budget, PutOff
from crawlers.extract import Extracted, NoText
from crawlers.extraction import Extraction
from crawlers.feeds import Feed
from crawlers.health import trouble_of, wall
from crawlers.politeness import NoRobotsTxt, scrapy_settings
from crawlers.reading import Answer, Reading, read_as_wished
from crawlers.responses import asked, connection_trouble, header, moved_to, reason, retry_after
from crawlers.schedule import Past, Visit, max_age, next_visit, per_week
from store import claims, documents, failures, skipped, sources
from store.addresses import identity
from store.base import utcnow
from store.database import Database
from store.documents import Page
from store.errors import Conflict
from store.hosts import Share, host_of, slot_of
from store.sameness import is_same
from store.sources import FEED, LISTS, REGISTER
from store.tables import Document, Source

_HOLD, _BEAT = timedelta(minutes=2), 5  # seconds after which what is held is held anew
_ROUND = 5000
_MOST_ISSUES = 20  # of a bulletin, in one reading: those of a week
_NO_PAGES = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


class RoundSpider(scrapy.Spider):
    """Claims due sources, reads their feeds, fetches new articles, and keeps what it finds as it goes."""

    name = "vigie"

    def __init__(self, *, database: Database, share: Share, crawl: dict[str, Any]) -> None:
        super().__init__()
        self.parent = os.getppid()
        self.database = database
        self.share = share
        self.follow, self.longest = crawl["follow_articles"], crawl["longest_minutes"]
        self.budget = Budget(database, a_day=crawl["host_requests"], patience=crawl["host_seconds"])
        self.readings: dict[int, Reading] = {}
        self.texts = Texts()
        self.extraction = Extraction(
            seconds=crawl["extract_seconds"], megabytes=crawl["extract_megabytes"], user_agent=crawl["user_agent"]
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's call at the beginning: what goes wrong in this class is to be told to it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.stumbled, signals.spider_error)
        return spider

    def stumbled(self, failure: Failure, response: Response) -> None:
        """An answer made this class raise: its source is let go with the reason, its article keeps the feed's words."""
        facts = response.request.cb_kwargs if response.request else {}
        said = failures.said(failure.value)
        if "source_id" in facts:
            self.note_failure(facts["source_id"], said)
        elif "document_id" in facts:
            self.set_aside(response, facts["document_id"], facts["edited"], said)

    def set_aside(self, response: Response, document_id: int, edited: str | None, said: str) -> None:
        """Name a page that cannot be kept, and keep its article without it, or let it wait alone."""
        self.name_page(document_id, asked(response), said)
        failures.each_alone(self.database, "document", [document_id], lambda ids: self.complete(ids[0], None, edited))

    def closed(self, reason: str) -> None:
        """Scrapy's call at the end of the round."""
        self.budget.save()
        self.extraction.stop()
        with self.database.session() as session:
            claims.let_go_of_mine(session)

    def beat(self) -> None:
        """Hold on to the sources that are being read; without the process that wants to know of them, end."""
        if os.getppid() != self.parent:
            self.parent = os.getppid()
            signal.raise_signal(signal.SIGTERM)  # Scrapy ends kindly then; asked twice, it does not
        with suppress(OperationalError), self.database.session() as session:  # the next one may come in time
            claims.renew(session, utcnow() + _HOLD)

    async def start(self) -> AsyncIterator[Request]:
        """The requests a round begins with: sources that are due, and articles an earlier round did not finish."""
        with self.database.session() as session:
            claimed = sources.claim_due(session, utcnow(), hold=_HOLD, limit=_ROUND, share=self.share)
            unfinished = documents.claim_announced(session, utcnow(), hold=_HOLD, limit=_ROUND, share=self.share)
        self.report(sources=len(claimed), articles=len(unfinished))
        LoopingCall(self.beat).start(_BEAT, now=False)
        for source in claimed:
            reading = self.reading_of(source, utcnow())
            if source.url.startswith(files.SCHEME):
                async for request in self.file_answered(source):
                    yield request
            else:
                yield self.source_request(reading.url, source.id, root=True)
        for request in self.follow_articles(unfinished):
            yield request

    def reading_of(self, source: Source, now: datetime) -> Reading:
        """The reading of a source that begins."""
        address, conditional = revisits.address_of(source, now), revisits.is_conditional(source, now)
        reading = Reading(address, source.kind, source.language, source.body_digest, conditional)
        self.readings[source.id] = reading
        return reading

    def source_request(self, address: str, source_id: int, *, root: bool) -> Request:
        """The request of a source, or of a further sitemap or issue that it names; an issue is read but once."""
        return Request(
            address,
            callback=self.answered,
            errback=self.source_failed,
            cb_kwargs={"source_id": source_id, "root": root},
            meta={
                "dont_cache": bulletins.is_issue(address),
                "unconditional": not self.readings[source_id].is_conditional,
            },
            dont_filter=True,
            priority=1,
        )

    async def file_answered(self, source: Source) -> AsyncIterator[Request]:
        """Read a source that is a file of this machine; gives the requests of the articles that it names."""
        try:
            body = files.content(source.url)
        except OSError as error:
            self.note_failure(source.id, f"the file cannot be read: {error.strerror or error}")
            return
        response = Response(source.url, body=body, request=Request(source.url))
        async for request in self.answered(response, source.id, root=True):
            yield request

    def ours(self, session: Session, found: Sequence[Document], now: datetime) -> list[Document]:
        """Those of some articles that this process is to read: the others' hosts are asked by other processes."""
        asked = [one.id for one in found if self.has_page(one) and self.share.has(one.url)]
        taken = {one.id for one in documents.claim_for_fetch(session, asked, now, hold=_HOLD)}
        return [one for one in found if one.id in taken or not self.has_page(one)]

    def has_page(self, document: Document) -> bool:
        """Whether an article's page is fetched: a notice says all in its fields, a part of a page is not all of it."""
        return self.follow and not document.notice and not urlsplit(document.url).fragment

    def follow_articles(self, announced: list[Document]) -> Iterator[Request]:
        """The requests of articles' pages."""
        self.keep_as_announced([document for document in announced if not self.has_page(document)])
        for document in announced:
            if self.has_page(document):
                yield self.article_request(document)

    def edited(self, session: Session, source: Source, found: Feed, now: datetime) -> list[Request]:
        """The requests of the articles that a feed edited, at the hosts that this process asks."""
        if not self.follow or source.kind != FEED:
            return []
        titles = dict(documents.edited(session, source, found.entries, now))
        changed = [one for one in documents.by_ids(session, list(titles)).values() if self.has_page(one)]
        return [self.article_request(one, titles[one.id]) for one in self.ours(session, changed, now)]

    def article_request(self, document: Document, edited: str | None = None) -> Request:
        """The request of an article's page; `edited` is the new title of one that was read before.

        Pages are kept in the database, so the cache is left out.
        """
        return Request(
            document.url,
            callback=self.article,
            errback=self.article_failed,
            cb_kwargs={"document_id": document.id, "edited": edited},
            meta={"dont_cache": True},
            dont_filter=True,
        )

    async def answered(self, response: Response, source_id: int, root: bool) -> AsyncIterator[Request]:
        """Keep what a source lists, follow its new articles, and ask for the further sitemaps that it names."""
        now = utcnow()
        reading = self.readings[source_id]
        answer = await self.listed(response, reading, root, now)
        found = answer.feed
        with self.database.session() as session:
            source = session.get_one(Source, source_id)
            if root and not answer.is_known:
                source.body_digest = None if found.error else answer.digest
                source.kind = source.kind if found.error else answer.kind
                source.ttl_minutes, source.note = found.ttl_minutes, found.note
            again = self.edited(session, source, found, now)
            new = self.keep(session, source, found, reading.room)
            ours = self.ours(session, new, now)
            reading.new += len(new)
            reading.listed += len(found.entries)
            reading.contradicts |= bool(new) and bool(response.meta.get("same_validators"))
            if root:
                reading.moved_to, reading.is_whole = moved_to(response), "cached" not in response.flags
                reading.trouble = "empty" if found.error else None
                if found.error and (stopped := wall(urlsplit(response.url).hostname or "", response.body)):
                    reading.trouble, found = "blocked", replace(found, error=stopped)
                reading.per_week = per_week([article.published_at for article in found.entries], now)
                reading.max_age = max_age(header(response, "Cache-Control"))
            further = list(reading.further(self.unread(session, source, found)))
            if not root and source.kind == REGISTER and not found.error:
                skipped.add(session, source, [asked(response)])
            self.note(session, source, found.error)
        self.report(articles=len(ours) + len(again))
        for request in (*again, *self.follow_articles(ours)):
            yield request
        for address in further:
            yield self.source_request(address, source_id, root=False)

    def source_failed(self, failure: Failure) -> None:
        """Note why a source could not be read, and when the server wishes to be asked again."""
        request = failure.request  # type: ignore[attr-defined]
        now = utcnow()
        source_id, root = request.cb_kwargs["source_id"], request.cb_kwargs["root"]
        if isinstance(failure.value, PutOff):
            self.readings[source_id].put_off = failure.value if root else None
            self.note_failure(source_id, None)
            return
        if isinstance(failure.value, HttpError):
            self.readings[source_id].retry_after = retry_after(failure.value.response, now)
            if root:
                self.readings[source_id].trouble = trouble_of(failure.value.response.status)
        elif root and (known := connection_trouble(failure)):
            self.readings[source_id].trouble = known
        elif root and isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, NoRobotsTxt):
            self.readings[source_id].trouble = "blocked"  # by robots.txt
        said = reason(failure)
        self.note_failure(source_id, said if root else f"{request.url}: {said}")

    async def listed(self, response: Response, reading: Reading, root: bool, now: datetime) -> Answer:
        """What an answer lists; nothing when it is the same as last time.

        What was fetched is read in a process that can be ended, a file of this machine in this one.
        """
        if not root and "cached" in response.flags:
            return Answer(Feed(()), is_known=True)
        body = files.unpacked(response.body)
        digest = hashlib.blake2b(response.body, digest_size=16).hexdigest()
        if root and digest == reading.body_digest and not sitemaps.looks_like_index(body):
            return Answer(Feed(()), is_known=True)  # an index stays the same while the sitemaps that it names change
        content_type = header(response, "Content-Type")
        facts: dict[str, Any] = {"wished": reading.kind, "language": reading.language, "url": response.url}
        facts |= {"content_type": content_type, "now": now}
        if response.url.startswith(files.SCHEME):
            kind, feed = read_as_wished(body, **facts)
            return Answer(feed, kind, digest)
        try:
            kind, feed = await asyncio.wrap_future(self.extraction.start_list(body, **facts))
        except Exception as error:  # whatever a hostile body makes the process end with
            kind, feed = reading.kind or FEED, Feed((), self.extraction.why(error))
        return Answer(feed, kind, digest)

    @staticmethod
    def unread(session: Session, source: Source, found: Feed) -> Sequence[str]:
        """Where the rest is to be read. An issue of a bulletin stays as it is: each is read once, and only new ones."""
        if source.kind != REGISTER:
            return found.more
        past = skipped.among(session, source, found.more)
        fresh = [address for address in found.more if address not in past]
        skipped.add(session, source, fresh[_MOST_ISSUES:])
        return fresh[:_MOST_ISSUES]

    @staticmethod
    def keep(session: Session, source: Source, found: Feed, room: int) -> list[Document]:
        """Keep the articles that are new. Of a list that is not only of news, the newest; the rest is passed over."""
        if source.kind not in LISTS:
            return documents.announce(session, source, found.entries)
        addresses = [article.url for article in found.entries]
        past = documents.known_urls(session, addresses) | skipped.among(session, source, addresses)
        fresh = [article for article in found.entries if article.url not in past]
        skipped.add(session, source, [article.url for article in fresh[room:]])
        return documents.announce(session, source, fresh[:room])

    def note_failure(self, source_id: int, error: str | None) -> None:
        """Note that an answer of a source will not come."""
        with self.database.session() as session:
            self.note(session, session.get_one(Source, source_id), error)

    def note(self, session: Session, source: Source, error: str | None) -> None:
        """Note that an answer of a source came; with the last one its visit is over."""
        reading = self.readings[source.id]
        reading.waiting -= 1
        reading.error = reading.error or error
        if reading.waiting:
            return
        now = utcnow()
        if reading.put_off:
            self.put_off(source, reading.put_off)
        else:
            self.finish(source, reading, now)
            self.note_revisit(source, reading, now)
        self.report(sources_done=1)

    @staticmethod
    def put_off(source: Source, why: PutOff) -> None:
        """Let a source be read when its host may be asked again; how it is stays as it was."""
        claims.let_go(source)
        source.due_at = why.until
        if why.is_limit:
            source.error, source.trouble = str(why), "limited"

    def finish(self, source: Source, reading: Reading, now: datetime) -> None:
        """Write a visit's outcome on its source."""
        visit = Visit(
            new=reading.new,
            listed=reading.listed,
            per_week=reading.per_week,
            failed=reading.error is not None,
            retry_after=reading.retry_after,
            max_age=reading.max_age,
            spread=random.random(),  # noqa: S311 (nothing is kept secret by it)
        )
        past = Past(source.fetched_at, source.per_week, source.ttl_minutes, source.failures)
        following = next_visit(now, past, visit, self.longest)
        claims.let_go(source)
        source.due_at, source.fetched_at = following.due_at, now
        source.per_week, source.failures, source.error = following.per_week, following.failures, reading.error
        source.trouble = (reading.trouble or "failed") if reading.error else None
        if reading.error is None:
            source.read_at = now
        if reading.new:
            source.last_new_at, source.usual_per_week = now, following.per_week
        if reading.trouble == "gone":
            source.asleep_at = now

    @staticmethod
    def note_revisit(source: Source, reading: Reading, now: datetime) -> None:
        """Note where a source is to be asked for the next time, and whether only for what changed."""
        if reading.error:
            revisits.note_failure(source, reading.url, now)
        else:
            revisits.note_move(source, reading.url, reading.moved_to, now)
            revisits.note_answer(source, is_whole=reading.is_whole, contradicts=reading.contradicts, now=now)
        source.host_slot = slot_of(revisits.address_of(source, now))

    async def article(self, response: Response, document_id: int, edited: str | None) -> None:
        """Take the text out of a page, in a process that is ended when it takes too long or too much memory."""
        kind = header(response, "Content-Type")
        page = None
        try:
            if is_front_page(response.url) and not is_front_page(asked(response)):
                raise NoText("the article is gone: its address leads to the front page")
            if kind.startswith(_NO_PAGES) or response.body.startswith(b"%PDF"):
                raise NoText(f"it is no page but {kind or 'a PDF'}")
            found = await asyncio.wrap_future(self.extraction.start(response.body, kind, response.url, utcnow()))
            self.compare(document_id, edited, response, found)
            addresses = tuple(one for one in (canonical(response.url), found.canonical) if one)
            page = Page(
                found.title,
                found.text,
                found.author,
                found.published_at,
                kind,
                response.body,
                addresses,
                found.date_source,
                self.access(response, found),
            )
        except NoText as error:
            self.logger.warning("%s: no text: %s", response.url, error)
        except Exception as error:  # whatever a hostile page makes the extractor raise, the feed's own words are kept
            why = self.extraction.why(error)
            self.logger.warning("%s: no text: %s", response.url, why)
            self.name_page(document_id, response.url, f"no text is taken out, {why}")
        self.complete(document_id, page, edited, gone=True)

    def compare(self, document_id: int, edited: str | None, response: Response, found: Extracted) -> None:
        """Raise `NoText` when a page is not the article that was announced, but what is given in its place."""
        with self.database.session() as session:
            document = session.get_one(Document, document_id)
            is_listed = document.source.kind in LISTS  # what a list calls a page may be "Read more"
            said = "" if is_listed else edited or f"{document.title}\n{document.text}"
            if why := replaced_by(said, found.title, found.text):
                raise NoText(why)
            if is_listed or edited:
                return
            host = host_of(response.url)
            other = self.texts.again(host, found.text, document.id, document.title, document.text)
            if other is not None:
                number, text = other
                documents.take_for_announced(session, session.get_one(Document, number), text)
        if other is not None:
            raise NoText("the server gives the same text for other articles")

    def access(self, response: Response, found: Extracted) -> documents.Access:
        """What may be kept of a page, by what it says itself and by what is said in front of it."""
        headers = [value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")]
        is_open = found.access == documents.OPEN
        return documents.NO_ARCHIVE if is_open and forbids_copies(headers, self.extraction.agent) else found.access

    def name_page(self, document_id: int, url: str, said: str) -> None:
        """Name on its source a page that cannot be used, and why."""
        with self.database.session() as session:
            if document := session.get(Document, document_id):
                document.source.page_error, document.source.page_error_at = f"{url}: {said}", utcnow()

    def article_failed(self, failure: Failure) -> None:
        """A page that cannot be read leaves what the feed said."""
        request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, PutOff):
            self.report(articles_put_off=1)
            return
        self.logger.warning("%s: %s", request.url, reason(failure))
        answer = failure.value.response.status if isinstance(failure.value, HttpError) else 0
        self.complete(**request.cb_kwargs, page=None, gone=answer in (404, 410, 451))

    def keep_as_announced(self, announced: list[Document]) -> None:
        """Take the feed's own words for the articles."""
        if not announced:
            return
        with self.database.session() as session:
            for document in documents.by_ids(session, [one.id for one in announced]).values():
                if document.state != "announced":  # another process was sooner
                    continue
                if document.title or document.text:
                    documents.complete(session, document, None)
                else:
                    self.let_go(session, document)
        self.report(articles_done=len(announced))

    def complete(self, document_id: int, page: Page | None, edited: str | None, *, gone: bool = False) -> None:
        """Store an article's page. What a list named and is no article is let go; `gone`: for good."""
        try:
            self.keep_page(document_id, page, edited, gone=gone)
        except Conflict:  # another process kept the same article under another address meanwhile: now it is seen
            self.keep_page(document_id, page, edited, gone=gone)
        self.report(articles_done=1)

    def keep_page(self, document_id: int, page: Page | None, edited: str | None, *, gone: bool) -> None:
        """Store an article's page, in one transaction. Raises `Conflict`."""
        with self.database.session() as session:
            document = session.get(Document, document_id)
            if document is None or (edited is None and document.state != "announced"):
                pass  # another process was sooner
            elif edited is not None:
                documents.revise(session, document, edited, page, utcnow())
            elif document.source.kind in LISTS and page is None:
                self.let_go(session, document, gone=gone)
            elif page is None or not self.is_known(session, document, page):
                documents.complete(session, document, page, page_first=document.source.kind in LISTS)

    @staticmethod
    def is_known(session: Session, document: Document, page: Page) -> bool:
        """Whether a page shows that its document is one we have, which is then known by its addresses too.

        What a page says of its own address is believed when the words are the same: some say the same of all pages.
        """
        others = documents.take_addresses(session, document, page.addresses)
        own = page.addresses[-1] if page.addresses else document.url
        is_its_own = identity(own) == identity(document.url)
        for other in others:
            if is_same((page.title, page.text), (other.title, other.text)):
                documents.absorb(session, document, other)
                if is_its_own:
                    documents.rename(session, other, own)
                return True
        if others:
            documents.take_back(session, document)
        if own != document.url and is_its_own:
            documents.rename(session, document, own)
        return False

    @staticmethod
    def let_go(session: Session, document: Document, *, gone: bool = True) -> None:
        """Forget what a list named and is no article; when it is `gone` for good, never ask for it again."""
        if gone:
            skipped.add(session, document.source, [document.url])
        documents.drop(session, document)

    @staticmethod
    def report(**counts: int) -> None:
        """Tell the parent process how far the round is: one JSON object a line, whose numbers add up."""
        with suppress(BrokenPipeError):  # it is gone: `beat` ends the round
            print(json.dumps(counts), flush=True)  # noqa: T201


def main() -> None:
    """Run one round in this process: a JSON object with `database`, `cache`, `crawl` and `share` on standard input."""
    from scrapy.crawler import CrawlerProcess

    order = json.load(sys.stdin)
    database = Database(order["database"])
    process = CrawlerProcess(scrapy_settings(order["crawl"], order["cache"]))
    share = Share(**order["share"])
    process.crawl(RoundSpider, database=database, share=share, crawl=order["crawl"])
    process.start()
    database.close()


if __name__ == "__main__":
    main()
