from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from store import documents
from store.addresses import number
from store.base import utcnow
from store.database import Database
from store.sameness import is_same, resemblance
from store.tables import Document, Identity
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press

USINE = """<p>Les Forges Amblard ont ouvert mardi une usine de deux mille mètres carrés à Firminy, dans la Loire, où
travailleront cinquante personnes.</p><p>Le fabricant de brides avait annoncé ce projet au printemps dernier.</p>"""
FOUR = """<p>La verrerie Candelier met en service un four électrique sur son site de Saint-Omer, qui remplace un four à
gaz.</p><p>Sept salariés ont été formés à sa conduite pendant l'été, indique l'entreprise.</p>"""


def page(text: str, canonical: str = "", title: str = "Un titre") -> Answer:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    head = f'<head><meta charset="utf-8"><title>{title}</title>{link}</head>'
    return Answer(f"<html>{head}<body><article><h1>{title}</h1>{text}</article></body></html>".encode())


def kept(database: Database) -> set[str]:
    with database.session() as session:
        return {url.split("/", 3)[3] for url in session.scalars(select(Document.url))}


def test_addresses_that_lead_to_one_article_are_one_document(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/court"] = Answer(status=302, headers={"Location": "/usine"})
    press.answers["/partage"] = page(USINE, "/usine?utm_source=x")
    press.answers["/usine"] = page(USINE)
    feed = press.rss("/feed", ("/usine", "Une usine"), ("/court", "Une usine !"), ("/partage", "Usine : c'est fait"))
    collect(database, tmp_path, feed)
    assert kept(database) == {"usine"}
    press.asked.clear()
    again = press.rss("/feed", ("/court", "Une usine"), ("/partage", "Une usine de plus"), ("/usine#lire", "Usine"))
    collect(database, tmp_path, again)
    assert press.paths() == ["/feed"]
    assert len(kept(database)) == 1


def test_the_order_in_which_the_pages_of_one_article_are_read_is_all_one(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/court"] = Answer(status=302, headers={"Location": "/usine"})
    press.answers["/partage"] = page(USINE, "/usine?utm_source=x")
    press.answers["/usine"] = page(USINE)
    collect(
        database, tmp_path, press.rss("/un", ("/court", "Une"), ("/partage", "C'est fait"), ("/usine", "Une usine"))
    )
    assert kept(database) == {"usine"}


def test_a_page_that_calls_itself_what_another_is_leaves_it_its_address(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/usine"] = page(USINE, "/four")
    press.answers["/four"] = page(FOUR)
    collect(database, tmp_path, press.rss("/feed", ("/usine", "Une usine"), ("/four", "Un four")))
    with database.session() as session:
        four = session.scalars(select(Document).where(Document.url.endswith("/four"))).one()
        assert four.text.startswith("La verrerie")
        assert session.get_one(Identity, number(four.url)).document_id == four.id
    assert kept(database) == {"usine", "four"}


def test_pages_that_all_call_themselves_the_same_stay_apart(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/usine"] = page(USINE, "/actualites")
    press.answers["/four"] = page(FOUR, "/actualites")
    collect(database, tmp_path, press.rss("/feed", ("/usine", "Une usine"), ("/four", "Un four")))
    assert kept(database) == {"usine", "four"}


def test_the_form_for_browsers_is_kept_of_an_address(database: Database, tmp_path: Path, press: Press) -> None:
    press.answers["/eco/usine/amp"] = page(USINE, "/eco/usine")
    press.answers["/four"] = page(FOUR, "/")
    collect(database, tmp_path, press.rss("/feed", ("/eco/usine/amp", "Une usine"), ("/four", "Un four")))
    assert kept(database) == {"eco/usine", "four"}


def test_an_article_whose_address_leads_to_the_front_page_is_gone(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/usine"] = Answer(status=302, headers={"Location": "/"})
    press.answers["/"] = page(FOUR, title="Toute l'actualité")
    collect(database, tmp_path, press.rss("/feed", ("/usine", "Une usine à Firminy")))
    with database.session() as session:
        assert [(one.title, one.text) for one in session.scalars(select(Document))] == [("Une usine à Firminy", "")]
        assert len(session.scalars(select(Identity)).all()) == 1


def test_versions_of_a_text_are_the_same_and_other_texts_are_not() -> None:
    edited = USINE.replace("cinquante", "soixante")
    assert resemblance(USINE, USINE) == 1
    assert 0.7 < resemblance(USINE, edited) < 1
    assert is_same(("Une usine", USINE), ("L'usine est ouverte", edited))
    assert not is_same(("Une usine", USINE), ("Une usine", FOUR))
    assert is_same(("Une usine", ""), ("une  USINE", FOUR))
    assert not is_same(("", ""), ("", ""))


def analysed(database: Database) -> None:
    with database.session() as session:
        session.execute(update(Document).values(state="analysed"))


def versions(database: Database) -> dict[str, tuple[str, str, int]]:
    with database.session() as session:
        return {
            one.url.rpartition("/")[2]: (one.title, one.state, one.version) for one in session.scalars(select(Document))
        }


def test_an_edited_article_is_read_again_as_a_version_of_the_same(
    database: Database, tmp_path: Path, press: Press
) -> None:
    press.answers["/usine"] = page(USINE)
    press.answers["/four"] = page(FOUR)
    collect(database, tmp_path, press.rss("/feed", ("/usine", "Une usine"), ("/four", "Un four")))
    analysed(database)
    press.answers["/usine"] = page(USINE.replace("cinquante", "soixante"))
    press.asked.clear()
    collect(database, tmp_path, press.rss("/feed", ("/usine", "Une usine et 60 emplois"), ("/four", "Un four")))
    assert "/four" not in press.paths()
    assert versions(database) == {"usine": ("Une usine et 60 emplois", "edited", 2), "four": ("Un four", "analysed", 1)}
    with database.session() as session:
        (usine,) = session.scalars(select(Document).where(Document.version == 2))
        assert "soixante" in usine.text
        assert usine.page is not None
        assert b"soixante" in documents.page_body(usine.page)


def test_an_entry_changed_since_it_was_read_is_read_again_and_only_once(
    database: Database, tmp_path: Path, press: Press
) -> None:
    def atom(changed: str) -> str:
        entry = f"<title>Une usine</title><link href='/usine'/><updated>{changed}</updated>"
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry>{entry}</entry></feed>"
        press.answers["/feed"] = Answer(body.encode(), "application/atom+xml")
        return press.address + "/feed"

    press.answers["/usine"] = page(USINE)
    now = utcnow()
    collect(database, tmp_path, atom((now - timedelta(hours=1)).isoformat()))
    analysed(database)
    press.answers["/usine"] = page(USINE.replace("cinquante", "soixante"))
    collect(database, tmp_path, atom((utcnow() + timedelta(seconds=1)).isoformat()))
    assert versions(database)["usine"] == ("Une usine", "edited", 2)
    analysed(database)
    press.asked.clear()
    time.sleep(1)
    collect(database, tmp_path, atom(now.isoformat()))
    assert "/usine" not in press.paths()


def test_a_source_that_renames_or_dates_all_anew_has_edited_nothing(
    database: Database, tmp_path: Path, press: Press
) -> None:
    paths = [f"/{number}" for number in range(10)]
    collect(database, tmp_path, press.rss("/feed", *((path, f"Un titre {path[1:]}") for path in paths)))
    analysed(database)
    press.asked.clear()
    collect(database, tmp_path, press.rss("/feed", *((path, f"GAZETTE | Un titre {path[1:]}") for path in paths)))
    assert press.paths() == ["/feed"]
    assert {state for _, state, _ in versions(database).values()} == {"analysed"}
