"""Searches and lists as RSS 2.0, for feed readers: their addresses are signed, since readers cannot sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from digests.items import item_of
from leads.wording import Words
from signals.entries import grouped
from store import signals, watchlists
from store.base import utcnow
from store.errors import NotFound
from store.tables import Signal, User
from watch.watchlists import content_of
from web.filters import expect_read
from web.searching import asked_of
from web.site import Site, site_of

_ITEMS = 50
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

feeds_router = APIRouter()


def without_control(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", text)


def rss(title: str, link: str, found: Sequence[Signal], words: Words, base: str) -> bytes:
    """A feed of what signals (newest first) tell, an item an entry, which leads to its page, where its sources are."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", title), ("language", words.language)):
        SubElement(channel, name).text = without_control(text)
    for entry in grouped(found, words.taxonomy):
        item, best, told = SubElement(channel, "item"), entry.best, item_of(entry, words)
        who = best.company.name if best.company else best.subject
        SubElement(item, "title").text = without_control(f"{who}: {', '.join(told.labels)}")
        SubElement(item, "link").text = f"{base}/signals/{best.id}"
        SubElement(item, "guid", isPermaLink="false").text = f"vigie-signal-{min(told.signal_ids)}"
        sources = ", ".join(one.source for one in told.articles)
        SubElement(item, "description").text = without_control(f"{told.quoted} {sources}")
        if published := entry.newest.published_at:
            SubElement(item, "pubDate").text = format_datetime(published)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _user(session: Session, site: Site, token: str) -> tuple[User, int]:
    rep_id, list_id, kept = site.sender.links.fed(token)
    user = session.get(User, rep_id)
    if user is None or not user.active or user.password[-8:] != kept:
        raise NotFound
    return user, list_id


@feeds_router.get("/rss/{token}")
def update_index(request: Request, token: str) -> Response:
    """The news of a list, or of the search that the rest of the address asks for."""
    site = site_of(request)
    with site.database.reading() as session:
        user, list_id = _user(session, site, token)
        words = site.sender.words(user.rep, utcnow())
        base = site.sender.links.base
        if list_id:
            one = watchlists.of_id(session, user.rep, list_id)
            content = content_of(one)
            known = signals.newest_on_list(session, one.id, limit=_ITEMS)
            found = [signal for signal in known if content.wants(signal)]
            title = one.name or words.translations.gettext("My companies")
            body = rss(f"Vigie · {title}", f"{base}/watchlists/{one.id}", found, words, base)
        else:
            asked = asked_of(request.query_params, words)
            expect_read(asked.unread)
            page = site.jobs.look(asked.search, words.today, "date", limit=_ITEMS, offset=0)
            found = signals.by_ids(session, [one.signal for one in page.found])
            title = ", ".join(value for _, value in asked.typed) or words.translations.gettext("Search")
            body = rss(f"Vigie · {title}", f"{base}{asked.address()}", found, words, base)
    return Response(body, media_type="application/rss+xml")
