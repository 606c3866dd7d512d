from __future__ import annotations

from crawlers.probe import probe
from store.database import Database
from tests.crawlers.test_collect import POLITE
from tests.crawlers.test_kinds import sitemap
from tests.support.press import Answer, Press, serving


def test_what_a_page_leads_to_is_found_a_feed_first(database: Database, press: Press) -> None:
    links = "".join(f'<li><a href="/cp/{n}">Un communiqué de plus, le {n}</a></li>' for n in range(4))
    head = '<head><link rel="alternate" type="application/rss+xml" href="/rss"></head>'
    press.answers["/"] = Answer(f"<html>{head}<body><ul>{links}</ul></body></html>".encode())
    press.answers["/plan.xml"] = sitemap("/cp.xml", tag="sitemap")
    press.answers["/cp.xml"] = sitemap("/cp/1", "/cp/2")
    press.answers["/robots.txt"] = Answer(f"Sitemap: {press.address}/plan.xml".encode(), "text/plain")
    press.rss("/rss", ("/cp/1", "Un communiqué"))
    found = probe([(press.address + "/", None)], POLITE, str(database.url), discover=True)
    assert [(one.kind, one.url.rpartition("/")[2], one.count, one.error) for one in found] == [
        ("feed", "rss", 1, None),
        ("newsroom", "", 4, None),
        ("sitemap", "plan.xml", 2, None),
    ]
    assert found[0].articles[0].title == "Un communiqué"


def test_each_address_is_looked_at_and_nothing_else_when_not_asked_to_discover(
    database: Database, press: Press
) -> None:
    press.answers["/page"] = Answer(b"<html><body>Bonjour</body></html>")
    feed = press.rss("/rss", ("/cp/1", "Un communiqué"))
    wanted = [(press.address + "/page", None), (press.address + "/missing", "sitemap"), (feed, None)]
    found = probe(wanted, POLITE, str(database.url))
    assert [(one.asked, one.kind) for one in found] == [
        (wanted[0][0], "feed"),
        (wanted[1][0], "sitemap"),
        (feed, "feed"),
    ]
    assert [bool(one.error) for one in found] == [True, True, False]
    assert set(press.paths()) == {"/robots.txt", "/page", "/missing", "/rss"}


def test_a_page_without_anything_gives_nothing(database: Database, press: Press) -> None:
    press.answers["/page"] = Answer(b"<html><body>Bonjour</body></html>")
    found = probe([(press.address + "/page", None)], POLITE, str(database.url), discover=True)
    assert not [one for one in found if one.error is None]


def test_private_addresses_are_not_looked_at(database: Database, press: Press) -> None:
    (found,) = probe(
        [(press.address + "/rss", None)], {**POLITE, "allow_loopback": False}, str(database.url), discover=True
    )
    assert "private address" in (found.error or "")
    assert press.asked == []


def test_a_host_that_wants_to_be_asked_slowly_holds_up_nobody_else(database: Database, press: Press) -> None:
    feed = press.rss("/rss", ("/cp/1", "Un communiqué"))
    with serving("127.0.0.9") as slow:
        slow.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 900\n", "text/plain")
        late = slow.rss("/rss", ("/cp/1", "Un communiqué"))
        patient = {**POLITE, "host_seconds": 2000}
        found = probe([(late, None), (feed, None)], patient, str(database.url), seconds=8)
    assert [(one.asked, one.error) for one in found] == [(late, "no answer within 8 seconds"), (feed, None)]


def test_what_is_looked_at_counts_for_the_day_of_its_host(database: Database, press: Press) -> None:
    feed = press.rss("/rss", ("/cp/1", "Un communiqué"))
    crawl = {**POLITE, "host_requests": 3}
    for _ in range(2):
        (found,) = probe([(feed, None)], crawl, str(database.url))
    assert found.error is not None
    assert "was asked 3 times today" in found.error
    assert len(press.asked) == 3
