"""Documents: found once by their address, kept with the page they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import zstandard
from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session, defer

from store import claims, failures, host_visits, leads, outbox
from store.addresses import number
from store.base import in_chunks, one_of, utcnow
from store.hosts import EVERY_HOST, Share
from store.sameness import resemblance
from store.sources import LISTS, hosts_of_others
from store.tables import Document, Identity, RawPage, Signal, Source
from store.tables.press import TO_ANALYSE as TO_ANALYSE

Access = Literal["open", "no_archive", "paywalled"]
OPEN: Access = "open"
NO_ARCHIVE: Access = "no_archive"
PAYWALLED: Access = "paywalled"
_MUCH = 0.5  # share of runs of words, from which on a text is taken to come from the page
_DATA = ("jsonld", "meta")  # where a page says its date for programs
_A_DAY = timedelta(days=1)
_TELLING_WORDS = 4  # of a title, which several articles of a day hardly share
_EDITED_FOR = timedelta(days=7)  # after it was found, an article is read again when it is edited
_MOST_VERSIONS = 5
_FEW_EDITED = 3
_MAX_PAGE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Article:
    """What a feed says of an article; `summary` is plain text, `notice` what a register's notice says in its fields.

    The date of `published_at`, in whatever zone it is, is the day of who published it.
    `feed_id` is what the feed calls it (`guid`, `atom:id`), where it calls no other article so; `updated_at` when it
    was changed, where the feed says that apart from when it was published.
    """

    url: str
    title: str
    summary: str = ""
    author: str | None = None
    published_at: datetime | None = None
    notice: dict[str, Any] | None = None
    feed_id: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """What the article's page says. `body` are the bytes as fetched.

    The date of `published_at`, in whatever zone it is, is the day of who published it.
    `addresses` are those the article has too: where the request was led, and the one that the page calls its own.
    `date_source` is where on the page its date was found, `access` what its publisher lets be kept of it.
    """

    title: str
    text: str
    author: str | None
    published_at: datetime | None
    content_type: str
    body: bytes
    addresses: tuple[str, ...] = ()
    date_source: str = "page"
    access: Access = OPEN

    @property
    def lasting_text(self) -> str:
        """What may be kept of the text: nothing where it is for subscribers."""
        return "" if self.access == PAYWALLED else self.text


def _calls(source: Source, article: Article) -> list[int]:
    """What an article is known by besides its address.

    That is its title with its date, which stay when a site renames all it has, and what the source calls it, which is
    believed where the title is the same: some call all their articles alike.
    """
    known: list[int] = []
    title = article.title.casefold()
    if article.published_at and not article.notice and len(title.split()) >= _TELLING_WORDS:
        known.append(number(f"{source.id} {title} {article.published_at.astimezone(UTC).isoformat()}"))
    if article.feed_id:
        known.append(number(f"{source.id} {article.feed_id} {title}"))
    return known


def _known(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Of these numbers those that are a document's, with its id."""
    known: dict[int, int] = {}
    for chunk in in_chunks(numbers):
        query = select(Identity.number, Identity.document_id).where(Identity.number.in_(chunk))
        known.update(session.execute(query).all())
    return known


def known_urls(session: Session, urls: Sequence[str]) -> set[str]:
    """Those of the addresses that lead to a document already."""
    by_number = {number(url): url for url in urls}
    return {by_number[value] for value in _known(session, list(by_number))}


def announce(session: Session, source: Source, articles: Iterable[Article]) -> list[Document]:
    """Keep the articles that are new, before their pages are read.

    One is known by its address in any form, by its title and date, or by its title and what the source calls it. Of
    several processes that are told of the same article, one keeps it.
    """
    claims.in_turn(session, "fetch")
    called = [(article, _calls(source, article)) for article in articles]
    often = Counter(value for _, values in called for value in values)  # what stands in one list twice is two articles
    listed = [(one, [number(one.url), *(value for value in values if often[value] == 1)]) for one, values in called]
    known = _known(session, list(dict.fromkeys(value for _, numbers in listed for value in numbers)))
    found: list[Document] = []
    fresh: dict[int, int | Document] = {}
    for article, numbers in listed:
        owner = next((one for value in numbers if (one := known.get(value) or fresh.get(value)) is not None), None)
        if owner is None:
            owner = _new(source, article)
            found.append(owner)
        fresh |= {value: owner for value in numbers if value not in known and value not in fresh}
    session.add_all(found)
    session.flush()
    owners = {value: one if isinstance(one, int) else one.id for value, one in fresh.items()}
    if owners:
        session.execute(insert(Identity), [{"number": value, "document_id": owner} for value, owner in owners.items()])
    return found


def _new(source: Source, article: Article) -> Document:
    return Document(
        source_id=source.id,
        url=article.url,
        title=article.title,
        text=article.summary,
        author=article.author,
        language=source.language,
        published_at=article.published_at,
        unread_since=source.read_at or utcnow(),
        date_source="feed" if article.published_at else "unknown",
        notice=article.notice,
    )


def edited(session: Session, source: Source, articles: Iterable[Article], now: datetime) -> list[tuple[int, str]]:
    """Ids of documents that their source edited since they were read, with the title it gives them now.

    A source that seems to have edited half of what it lists has changed its habits and not its articles: none are.
    """
    by_number = {number(article.url): article for article in articles if not article.notice}
    owners = set(_known(session, list(by_number)).values())
    lately = (Document.state == "analysed", Document.version < _MOST_VERSIONS, Document.found_at >= now - _EDITED_FOR)
    query = select(Document).where(Document.id.in_(owners), Document.source_id == source.id, *lately)
    changed: list[tuple[int, str]] = []
    for document in session.scalars(query.options(defer(Document.text)).order_by(Document.id)):
        article = by_number.get(number(document.url))
        if article and _is_edited(document, article):
            changed.append((document.id, article.title))
    return changed if len(changed) <= max(_FEW_EDITED, len(owners) // 2) else []


def _is_edited(document: Document, article: Article) -> bool:
    if article.title and article.title.split() != document.title.split():
        return True
    return article.updated_at is not None and article.updated_at > (document.revised_at or document.found_at)


def revise(session: Session, document: Document, title: str, page: Page | None, now: datetime) -> None:
    """Take the title and the page of an edited article. It is analysed again when its words are others than before."""
    before = document.full_text
    claims.let_go(document)
    document.title, document.revised_at = title or document.title, now
    if page is not None and page.text.strip():
        document.announced_only = False
        document.text = page.lasting_text or document.text
        _keep_page(document, page)
    _count_version(session, document, before)


def _count_version(session: Session, document: Document, before: str) -> None:
    """Let a document be analysed again when its words are others than before."""
    if document.full_text == before:
        return
    document.version += 1
    if document.state == "analysed":
        document.state = "edited"
    outbox.add(session, [document.id])


def complete(session: Session, document: Document, page: Page | None, *, page_first: bool = False) -> None:
    """Add what the page says (None: it cannot be read).

    The feed's title, author and date are trusted first, or those of the page with `page_first`.
    """
    document.state = "collected"
    claims.let_go(document)
    outbox.add(session, [document.id])
    document.announced_only = page is None and document.notice is None
    if page is None:
        return
    if len(page.lasting_text) > len(document.text):
        document.text = page.lasting_text
    first, second = (page.title, document.title) if page_first else (document.title, page.title)
    document.title = first or second
    _take_facts(document, page)
    _keep_page(document, page)


def take_for_announced(session: Session, document: Document, text: str) -> None:
    """Give a document the words of its announcement back: its page was none of an article."""
    before = document.full_text
    document.text, document.page, document.announced_only = text, None, True
    _count_version(session, document, before)


def re_extract(document: Document, page: Page) -> None:
    """Take what today's rules read in the page that was kept of a document.

    What it had may be its source's own words, which are kept where the page gives less than half as many.
    """
    is_list = document.source.kind in LISTS
    if page.access == PAYWALLED and resemblance(document.text, page.text) >= _MUCH:
        document.text = ""
    elif len(page.lasting_text) * 2 >= len(document.text):
        document.text = page.lasting_text
    document.title = (page.title if is_list else "") or document.title or page.title
    _take_facts(document, page)
    if page.access != OPEN:
        document.access, document.page = page.access, None


def _take_facts(document: Document, page: Page) -> None:
    """Take the page's author where the feed names none, and its date where it is to be believed sooner."""
    document.author = document.author or page.author
    is_of_page = document.date_source != "feed"
    if page.published_at is not None and (is_of_page or _is_better(page, document.published_at)):
        document.published_at, document.date_source = page.published_at, page.date_source


def _is_better(page: Page, announced: datetime | None) -> bool:
    """Whether the page's date is to be believed sooner than the feed's.

    So it is where the page says in its data that it is older: some feeds give all they have the day of today. The hour
    that the page gives is taken where the feed has but the day.
    """
    if announced is None or page.published_at is None:
        return page.published_at is not None
    if page.date_source not in _DATA:
        return False
    only_day = announced.astimezone(UTC).time() == time() != page.published_at.astimezone(UTC).time()
    return page.published_at < announced - _A_DAY or (only_day and abs(page.published_at - announced) <= _A_DAY)


def _keep_page(document: Document, page: Page) -> None:
    document.access = page.access
    if page.access != OPEN:
        document.page = None
        return
    _keep_body(document, page.content_type, zstandard.ZstdCompressor(level=6).compress(page.body))


def _keep_body(document: Document, content_type: str, body: bytes) -> None:
    if document.page is None:
        document.page = RawPage(content_type=content_type, body=body)
    else:
        document.page.content_type, document.page.body = content_type, body


def take_addresses(session: Session, document: Document, urls: Iterable[str]) -> list[Document]:
    """Let a document be known by those of these addresses that are nobody's; returns whose the others are.

    Those of a document whose page was not read yet are taken too: it is compared with this one when its turn comes.
    """
    wanted = dict.fromkeys(map(number, (document.url, *urls)))
    known = _known(session, list(wanted))
    owners = by_ids(session, sorted(set(known.values()) - {document.id}))
    unread = {one.id for one in owners.values() if one.state == "announced"}
    session.add_all(Identity(number=value, document_id=document.id) for value in wanted if value not in known)
    session.flush()
    _give(session, document, [value for value, owner in known.items() if owner in unread])
    return [one for one in owners.values() if one.id not in unread]


def take_back(session: Session, document: Document) -> None:
    """Let a document be known by its address again, which another took by mistake."""
    _give(session, document, [number(document.url)])


def _give(session: Session, document: Document, numbers: Sequence[int]) -> None:
    if numbers:
        session.execute(update(Identity).where(Identity.number.in_(numbers)).values(document_id=document.id))


def absorb(session: Session, document: Document, into: Document) -> None:
    """Let go of a document that is the same article as another, which is known by all its addresses from now on."""
    session.execute(update(Identity).where(Identity.document_id == document.id).values(document_id=into.id))
    drop(session, document)


def supersede(session: Session, older: Document, newer: Document, now: datetime) -> None:
    """Let an older document be the newer version of the article it is, which goes into it."""
    title, text = newer.title, newer.text
    page = newer.page
    if page is not None:
        _keep_body(older, page.content_type, page.body)
    older.access = newer.access
    absorb(session, newer, older)
    before = older.full_text
    older.title, older.text, older.revised_at = title or older.title, text, now
    _count_version(session, older, before)


def rename(session: Session, document: Document, url: str) -> None:
    """Give a document the address that its publisher prefers, unless another has it."""
    if session.scalar(select(Document.id).where(Document.url == url)) is None:
        document.url = url
        session.flush()


def drop(session: Session, document: Document) -> None:
    """Let go of a document that is no article, or the same as another."""
    leads.lose(session, session.scalars(select(Signal).where(Signal.document_id == document.id)), utcnow())
    session.delete(document)
    session.flush()


def forget_pages(session: Session, ids: Collection[int]) -> None:
    """Keep no page of these documents any more."""
    for some in in_chunks(list(ids)):
        session.execute(delete(RawPage).where(RawPage.document_id.in_(some)))


def page_body(page: RawPage) -> bytes:
    """The page's bytes as they were fetched."""
    return zstandard.ZstdDecompressor().decompress(page.body, max_output_size=_MAX_PAGE)


def by_ids(session: Session, ids: Sequence[int]) -> dict[int, Document]:
    """Documents by their ids."""
    return {document.id: document for document in session.scalars(select(Document).where(one_of(Document.id, ids)))}


def _to_read(now: datetime) -> tuple[ColumnElement[bool], ...]:
    put_off = host_visits.is_put_off(Document.host_slot, Document.url, now)
    return Document.state == "announced", ~put_off, Document.id.not_in(failures.ids_waiting("document", now))


def _may_be_asked(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return claims.is_free(Document, now), Document.host_slot.not_in(hosts_of_others(now))


def claim_announced(
    session: Session, now: datetime, *, hold: timedelta, limit: int, share: Share = EVERY_HOST
) -> list[Document]:
    """Take the oldest documents of a share whose pages are to be read now, at hosts that no other process asks."""
    claims.in_turn(session, "fetch")
    waiting = select(Document.id).where(*_to_read(now), *_may_be_asked(now), share.where(Document.host_slot))
    return _taken(session, waiting.order_by(Document.id).limit(limit), now, hold)


def claim_for_fetch(session: Session, ids: Sequence[int], now: datetime, *, hold: timedelta) -> list[Document]:
    """Take those of some documents that no other process has, nor asks the host of."""
    if not ids:
        return []
    claims.in_turn(session, "fetch")
    return _taken(session, select(Document.id).where(one_of(Document.id, ids), *_may_be_asked(now)), now, hold)


def _taken(session: Session, wanted: Select[int], now: datetime, hold: timedelta) -> list[Document]:
    ids = claims.take(session, Document, wanted, now + hold)
    return sorted(by_ids(session, ids).values(), key=lambda one: one.id)


def slots_announced(session: Session, now: datetime) -> set[int]:
    """The slots of the hosts of which pages are to be read now."""
    asked = (*_to_read(now), *_may_be_asked(now))
    return set(session.scalars(select(Document.host_slot).where(*asked).distinct()))


def is_any_waiting(session: Session, now: datetime) -> bool:
    """Whether there is a document whose page is to be read now, or that is to be analysed."""
    waiting = or_(and_(*_to_read(now)), and_(*_to_analyse(now)))
    return session.scalar(select(Document.id).where(waiting).limit(1)) is not None


def _to_analyse(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Document.state.in_(TO_ANALYSE), Document.id.not_in(failures.ids_waiting("document", now))


def claim_collected(session: Session, now: datetime, *, hold: timedelta, limit: int) -> list[int]:
    """Take the oldest documents to be analysed (again); returns their ids."""
    claims.free_orphans(session)
    waiting = select(Document.id).where(*_to_analyse(now), claims.is_free(Document, now))
    return sorted(claims.take(session, Document, waiting.order_by(Document.id).limit(limit), now + hold))


def let_go(session: Session, ids: Sequence[int]) -> None:
    """Let others take documents that this process held."""
    claims.let_go_of_all(session, Document, one_of(Document.id, ids))


def count(session: Session, *, up_to: int | None = None) -> int:
    """How many there are, or how many have an id up to this one."""
    counted = select(func.count(Document.id))
    return session.scalar(counted if up_to is None else counted.where(Document.id <= up_to)) or 0


def analysed_since(session: Session, since: datetime) -> list[int]:
    """The ids of the analysed documents that were found since then, in order."""
    query = select(Document.id).where(Document.state == "analysed", Document.found_at >= since)
    return list(session.scalars(query.order_by(Document.id)))


def ids_after(session: Session, number: int, *, limit: int) -> list[int]:
    """The first ids after this one, in order."""
    return list(session.scalars(select(Document.id).where(Document.id > number).order_by(Document.id).limit(limit)))


def count_in_state(session: Session, *states: str) -> int:
    """How many documents wait in one of these states."""
    return session.scalar(select(func.count(Document.id)).where(Document.state.in_(states))) or 0


def count_found_since(session: Session, since: datetime) -> int:
    """How many documents were found since then."""
    return session.scalar(select(func.count(Document.id)).where(Document.found_at >= since)) or 0


def analysed(session: Session, *, after: int, limit: int) -> list[Document]:
    """The oldest documents that were analysed, with a larger id than this."""
    query = select(Document).where(Document.id > after, Document.state == "analysed").order_by(Document.id)
    return list(session.scalars(query.limit(limit)))


def last_texts(session: Session, number: int) -> list[str]:
    """The titles and texts of the articles that were found last; notices are left out."""
    found = session.scalars(
        select(Document).where(Document.notice.is_(None)).order_by(Document.id.desc()).limit(number)
    )
    return [document.full_text for document in found]
