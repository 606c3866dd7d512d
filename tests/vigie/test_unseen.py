"""Characters that nobody sees, in feeds, pages, lists of companies and what is typed: all is found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from store.database import Database
from store.tables import Company, Document, Signal
from tests.support.press import Answer, Press, serving
from tests.vigie.support import vigie_here

PAGE = """<html><head><title>x</title></head><body><article><h1>Bat&shy;elor&#8203; ouvre\u00a0une usine</h1>
<p>Bate\u00adlor Ma\u0302ts ouvre\u202fune usi\u200bne à\u00a0Dole, dans le Jura.</p><p>Cinquante personnes y
travail\u2060leront dès l’automne, a dit la direction mardi à la presse régionale.</p></article></body></html>"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Database]:
    """An installation that has read a feed, a page and a list with such characters; its tests only read."""
    tmp_path = tmp_path_factory.mktemp("unseen")
    file = tmp_path / "vigie.yaml"
    listed = tmp_path / "listed.csv"
    listed.write_text("\ufeffname,si\u200bren,department\nBate\u00adlor\u00a0Mâts\u200b,732829320,39\n", "utf-8")
    with serving() as press:
        announce(press)
        file.write_text(
            f"language: fr\ndata: {tmp_path / 'var'}\n"
            f"sources: [{{url: {press.address}/feed, name: Presse, language: fr}}]\n"
            "crawl: {allow_loopback: true, delay_seconds: 0, retries: 0}\n"
        )
        for command in (("companies", "import", str(listed)), ("collect", "--once"), ("analyse",), ("index",)):
            done = vigie_here(*command, "--config", str(file))
            assert done.returncode == 0, done.stderr
    return file, Database(f"sqlite:///{tmp_path / 'var' / 'vigie.db'}")


def announce(press: Press) -> None:
    press.answers["/a"] = Answer(PAGE.encode())
    press.rss("/feed", ("/a", "Bate\u00adlor\u200b Mâts\u00a0: une usine"), ("/b", "Mots\u202fdu&#8203; fil\ufeff"))


def test_what_is_stored_has_none_and_is_linked(installed: tuple[Path, Database]) -> None:
    with installed[1].session() as session:
        assert session.scalars(select(Company.name)).all() == ["Batelor Mâts"]
        titles = session.scalars(select(Document.title).order_by(Document.url)).all()
        assert titles == ["Batelor Mâts : une usine", "Mots du fil"]
        text = session.scalars(select(Document.text).order_by(Document.url)).first() or ""
        assert "Batelor Mâts ouvre une usine à Dole" in text
        assert "travailleront" in text
        signal = session.scalars(select(Signal).where(Signal.type == "opening")).first()
        assert signal is not None
        assert signal.company_id == 1


@pytest.mark.parametrize("typed", ["bate\u00adlor\u200b", "usine\u00a0dole", '"mâts\u202fouvre"', "ma\u0302ts"])
def test_what_is_typed_is_found(installed: tuple[Path, Database], typed: str) -> None:
    found = vigie_here("search", typed, "--config", str(installed[0])).stdout
    assert "Batelor Mâts : une usine" in found, found


def test_a_company_is_found_by_what_was_pasted(installed: tuple[Path, Database]) -> None:
    shown = vigie_here("companies", "show", "bate\u00adlor\u202fma\u0302ts\ufeff", "--config", str(installed[0]))
    assert shown.returncode == 0, shown.stderr
    assert "Batelor Mâts" in shown.stdout
