from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from httpx import Client

from companies.criteria import indexed
from index.embedded import EmbeddedIndex
from index.indexing import update_index
from signals.stories import assign
from store import users
from store.base import utcnow
from store.database import Database
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import LINKS
from web.feeds import without_control


@pytest.fixture
def told(tell: Tell, database: Database, tmp_path: Path) -> None:
    tell("hiring", "Velmora <script>recrute</script> & forme.", utcnow() - timedelta(days=1))
    tell("award", "Velmora est primée.", utcnow() - timedelta(days=2))
    tell("hiring", "Castelor recrute.", utcnow() - timedelta(days=1), company=2)
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)


def address_of(page: str) -> str:
    found = re.search(r'href="http://127.0.0.1(/rss/[^"]+)"', page)
    assert found
    return html.unescape(found[1])


@pytest.mark.usefixtures("told")
def test_a_search_and_a_list_are_feeds_that_need_no_sign_in(enter: Enter, address: str) -> None:
    client = enter("ann")
    search = address_of(client.get("/search?type=hiring").text)
    mine = address_of(client.get("/watchlists/2").text)
    with Client(base_url=address) as reader:
        answer = reader.get(search)
        assert answer.headers["content-type"].startswith("application/rss+xml")
        assert "<script" not in answer.text
        read = feedparser.parse(answer.content)
        assert {one.title for one in read.entries} == {"Velmora & Fils: Hiring", "Castelor: Hiring"}
        read = feedparser.parse(reader.get(mine).content)
        assert read.feed.title == "Vigie · My companies"
        assert [one.title for one in read.entries] == ["Velmora & Fils: Hiring", "Velmora & Fils: Award"]
        assert read.entries[0].link == "http://127.0.0.1/signals/1"


def test_what_one_sentence_tells_is_one_item(enter: Enter, address: str, tell: Tell, database: Database) -> None:
    for kind in ("hiring", "opening"):
        tell(kind, "Velmora ouvre une usine et recrute.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    with Client(base_url=address) as reader:
        read = feedparser.parse(reader.get(address_of(enter("ann").get("/watchlists/2").text)).content)
    assert [one.title for one in read.entries] == ["Velmora & Fils: Hiring, Site opening"]


@pytest.mark.usefixtures("told")
def test_a_feed_ends_with_the_password_and_belongs_to_its_user(enter: Enter, address: str, database: Database) -> None:
    mine = address_of(enter("ann").get("/watchlists/2").text)
    with database.session() as session:
        ann, max_ = (users.by_email(session, f"{name}@example.org") for name in ("ann", "max"))
        stolen = LINKS.feed(max_.rep_id, max_.password, 2).removeprefix(LINKS.base)
    with Client(base_url=address) as reader:
        for wrong in (stolen, mine[:-1], "/rss/x"):
            assert reader.get(wrong).status_code == 404
        assert reader.get(mine).status_code == 200
        with database.session() as session:
            users.by_email(session, "ann@example.org").password = "another"
        assert reader.get(mine).status_code == 404
    assert ann.rep_id != max_.rep_id


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert without_control("a\x00b\x1bc\ufffed\ud800e\tf") == "abcde\tf"
