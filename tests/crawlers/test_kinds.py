from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select

from store import documents, sources
from store.database import Database
from store.sources import SourceEntry
from store.tables import Document, Skipped, Source
from tests.crawlers.test_collect import collect, errors
from tests.support.press import Answer, Press

TEXT = """<p>Les Forges Amblard agrandissent leur atelier de la Loire, où travailleront cinquante personnes de plus. Le
fabricant de brides avait annoncé ce projet au printemps dernier.</p>"""


def page(title: str, published: str = "") -> Answer:
    meta = f'<meta property="article:published_time" content="{published}">' if published else ""
    head = f'<head><meta charset="utf-8"><title>{title}</title>{meta}</head>'
    return Answer(f"<!doctype html><html>{head}<body><article><h1>{title}</h1>{TEXT}</article></body></html>".encode())


def found(database: Database) -> dict[str, Document]:
    with database.session() as session:
        return {one.url.partition("/cp/")[2]: one for one in session.scalars(select(Document))}


def test_a_newsroom_gives_its_articles_and_only_new_addresses_are_asked_for(
    database: Database, tmp_path: Path, press: Press
) -> None:
    link = '<li><a href="/cp/{0}">{1}</a></li>'
    old = link.format("usine", "12 mai 2026 Les Forges ouvrent") + link.format("vide", "Toutes nos offres d'emploi")
    gone = link.format("parti", "Un communiqué retiré depuis") + link.format("panne", "Un communiqué en panne")
    press.answers["/presse"] = Answer(f"<html><body><ul>{old}{gone}</ul></body></html>".encode())
    press.answers["/cp/usine"] = page("Amblard ouvre une usine", "2026-03-05T09:30:00+01:00")
    press.answers["/cp/vide"] = Answer(b"<html><body></body></html>")
    press.answers["/cp/panne"] = Answer(status=500)
    with database.session() as session:
        sources.add(session, SourceEntry(press.address + "/presse", "presse", kind="newsroom"))
    collect(database, tmp_path)
    assert {path: one.title for path, one in found(database).items()} == {"usine": "Amblard ouvre une usine"}
    press.answers["/presse"].body = press.answers["/presse"].body.replace(
        b"<ul>", "<ul><li><a href='/cp/four'>Un four électrique de plus</a></li>".encode()
    )
    press.answers["/cp/four"] = page("Un four")
    press.asked.clear()
    collect(database, tmp_path)
    asked = set(press.paths()) - {"/robots.txt"}
    assert asked == {"/presse", "/cp/four", "/cp/panne"}  # what failed for a while is tried again
    assert set(found(database)) == {"usine", "four"}
    assert errors(database) == {"presse": None}


def test_a_page_is_no_newsroom_unasked(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/presse"] = Answer(b"<html><body><a href='/cp/a'>Une usine de plus</a></body></html>")
    collect(database, tmp_path, press.address + "/presse")
    assert "give it the kind newsroom" in (errors(database)["presse"] or "")
    assert found(database) == {}


def sitemap(*addresses: str, tag: str = "url") -> Answer:
    root = "urlset" if tag == "url" else "sitemapindex"
    inner = "".join(f"<{tag}><loc>{address}</loc></{tag}>" for address in addresses)
    return Answer(f'<?xml version="1.0"?><{root}>{inner}</{root}>'.encode(), "application/xml")


def test_the_sitemaps_of_an_index_are_read_and_the_page_says_the_day(
    database: Database, tmp_path: Path, press: Press
) -> None:
    elsewhere = press.address.replace("127.0.0.1", "localhost")
    press.answers["/plan.xml"] = sitemap("/plan.xml", "/1.xml", "/2.xml", f"{elsewhere}/3.xml", tag="sitemap")
    press.answers["/1.xml"] = sitemap("/cp/a", "/cp/b")
    press.answers["/1.xml"].headers["ETag"] = '"1"'
    press.answers["/cp/a"] = page("Amblard ouvre une usine", "2021-06-02T10:00:00+02:00")
    collect(database, tmp_path, press.address + "/plan.xml")
    assert "/3.xml" not in press.paths()
    assert [one.published_on and one.published_on.isoformat() for one in found(database).values()] == ["2021-06-02"]
    assert errors(database)["plan.xml"] == f"{press.address}/2.xml: the server answered 404"
    press.answers["/2.xml"] = sitemap("/cp/c")
    press.answers["/cp/c"] = page("Amblard agrandit")
    press.asked.clear()
    collect(database, tmp_path, press.address + "/plan.xml")
    assert set(found(database)) == {"a", "c"}
    assert "/cp/b" not in press.paths()
    assert errors(database)["plan.xml"] is None


def test_the_archive_of_a_sitemap_is_passed_over(database: Database, tmp_path: Path, press: Press) -> None:
    archive = [f"/cp/{number}" for number in range(300)]
    press.answers["/plan.xml"] = sitemap(*archive)
    collect(database, tmp_path, press.address + "/plan.xml", follow_articles=False)
    with database.session() as session:
        assert session.scalars(select(Source.kind)).one() == "sitemap"
        assert len(session.scalars(select(Skipped)).all()) == 300
        assert documents.count(session) == 0  # an address without a title is nothing to analyse
    press.answers["/plan.xml"] = sitemap(*archive, "/cp/new")
    press.answers["/cp/new"] = page("Amblard ouvre une usine")
    collect(database, tmp_path, press.address + "/plan.xml")
    assert set(found(database)) == {"new"}
    assert not [path for path in press.paths() if path.startswith("/cp/") and path != "/cp/new"]


def test_what_did_not_change_is_not_parsed_again(database: Database, tmp_path: Path, press: Press) -> None:
    press.rss("/feed", ("/cp/a", "Une usine"))  # the server says nothing of when it changed
    press.answers["/plan.xml"] = sitemap("/1.xml", tag="sitemap")
    press.answers["/1.xml"] = sitemap("/cp/b")
    press.answers["/1.xml"].headers["ETag"] = '"1"'
    press.answers["/cp/b"] = page("Amblard agrandit")
    addresses = [press.address + path for path in ("/feed", "/plan.xml")]
    collect(database, tmp_path, *addresses)
    assert set(found(database)) == {"a", "b"}
    with database.session() as session:
        session.execute(delete(Document))
    collect(database, tmp_path, *addresses)
    assert found(database) == {}  # what is not parsed is not found
    press.rss("/feed", ("/cp/a", "Une usine !"))
    press.answers["/1.xml"].headers["ETag"] = '"2"'
    collect(database, tmp_path, *addresses)
    assert set(found(database)) == {"a", "b"}
