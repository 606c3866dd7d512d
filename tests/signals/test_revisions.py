from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from companies.importing import import_file
from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.rules import default_extractor
from store import documents, sources
from store.database import Database
from store.documents import Article, Page
from store.sources import SourceEntry
from store.tables import Document, Signal, Source

WHEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
TEXT = (
    "Velmora lève 12 millions d'euros. Le fabricant de brides prépare ainsi l'agrandissement de son atelier du Jura, où"
    " travaillent déjà une centaine de personnes, a indiqué sa directrice lors d'une visite de presse organisée mardi. "
    "Les fonds viennent de la banque publique d'investissement et de plusieurs particuliers de la région."
)
OTHER = TEXT.replace("12 millions", "15 millions")


def read(
    database: Database, folder: Path, *found: tuple[str, str, str], days: int = 0
) -> list[tuple[str, str, int, int]]:
    """Documents after some were found (address, title, text): address, title, version and number of signals."""
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        source = session.scalars(select(Source)).one()
        for url, title, text in found:
            article = Article(url, title, "", None, WHEN + timedelta(days=days))
            for document in documents.announce(session, source, [article]):
                documents.complete(session, document, Page(title, text, None, None, "text/html", b"x"))
    analyse_collected(database, default_extractor(), open_linker(database, folder))
    with database.session() as session:
        told = list(session.scalars(select(Signal.document_id)))
        every = session.scalars(select(Document).order_by(Document.id))
        return [(one.url.partition(".example/")[2], one.title, one.version, told.count(one.id)) for one in every]


def known(database: Database, folder: Path) -> None:
    file = folder / "companies.csv"
    file.write_text("name\nVelmora\n", "utf-8")
    import_file(database, file)


def test_an_article_that_comes_back_under_another_address_and_date_is_the_same(
    database: Database, tmp_path: Path
) -> None:
    known(database, tmp_path)
    ((*first, told),) = read(database, tmp_path, ("https://presse.example/1", "Des fonds pour Velmora", TEXT))
    assert (first, told > 0) == (["1", "Des fonds pour Velmora", 1], True)
    later = read(database, tmp_path, ("https://presse.example/2026/fonds", "De l'argent pour Velmora", TEXT), days=3)
    assert later == [("1", "De l'argent pour Velmora", 2, told)]
    with database.session() as session:
        assert session.scalars(select(Document.published_at)).one() == WHEN
        assert documents.known_urls(session, ["https://presse.example/2026/fonds"])


def test_other_figures_and_other_hosts_are_other_articles(database: Database, tmp_path: Path) -> None:
    known(database, tmp_path)
    found = read(
        database,
        tmp_path,
        ("https://presse.example/1", "Des fonds pour Velmora", TEXT),
        ("https://presse.example/2", "Encore des fonds pour Velmora", OTHER),
        ("https://gazette.example/1", "Velmora : des fonds", TEXT),
        ("https://presse.example/3", "Court", "Velmora lève 12 millions d'euros."),
        ("https://presse.example/4", "Court aussi", "Velmora lève 12 millions d'euros."),
    )
    assert [(url, version) for url, _, version, _ in found] == [("1", 1), ("2", 1), ("1", 1), ("3", 1), ("4", 1)]


def test_what_comes_at_once_under_several_titles_is_several_articles(database: Database, tmp_path: Path) -> None:
    known(database, tmp_path)
    found = (("1", "Des fonds pour Velmora"), ("2", "Velmora, la suite"), ("3", "Velmora, la suite"))
    every = read(database, tmp_path, *((f"https://presse.example/{path}", title, TEXT) for path, title in found))
    assert [(path, title) for path, title, _, _ in every] == list(found[:2])
    with database.session() as session:
        assert len(set(session.scalars(select(Signal.story_id).where(Signal.type == "funding")))) == 1
