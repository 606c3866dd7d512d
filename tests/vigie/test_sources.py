from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from store.base import utcnow
from store.database import Database
from store.tables import Source
from tests.companies.test_importing import UNITS, unit, write
from tests.crawlers.test_kinds import page, sitemap
from tests.support.press import Answer, Press, serving
from tests.vigie.support import vigie_here


@pytest.fixture
def press() -> Iterator[Press]:
    with serving() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path) -> tuple[str, str]:
    file = tmp_path / "vigie.yaml"
    file.write_text(f"data: {tmp_path / 'var'}\ncrawl: {{allow_loopback: true, delay_seconds: 0, retries: 0}}\n")
    return "--config", str(file)


def test_the_newsroom_at_an_address_is_found_shown_added_and_read(press: Press, config: tuple[str, str]) -> None:
    links = "".join(f'<li><a href="/cp/{n}">Un communiqué de plus, le {n}</a></li>' for n in range(3))
    press.answers["/presse"] = Answer(f"<html><body><ul>{links}</ul></body></html>".encode())
    press.answers["/cp/1"] = page("Amblard ouvre une usine", "2026-03-05T09:30:00+01:00")
    url = press.address + "/presse"
    dry = vigie_here("sources", "add", url, "--dry-run", *config)
    assert f"newsroom: {url}: 3 articles" in dry.stdout
    assert "Un communiqué de plus, le 2" in dry.stdout
    assert "nothing is added" in dry.stdout
    added = vigie_here("sources", "add", url, "--name", "Amblard", *config)
    assert added.stdout.splitlines()[-1] == f"{url} is read from now on as a newsroom, called Amblard"
    assert vigie_here("collect", "--once", *config).stdout == "1 sources read, 3 articles fetched\n"
    assert "Amblard" in vigie_here("sources", *config).stdout
    again = vigie_here("sources", "add", url, *config)
    assert (again.returncode, "is read already, as Amblard" in again.stderr) == (1, True)
    assert vigie_here("sources", "drop", url, *config).returncode == 0
    assert "Amblard" not in vigie_here("sources", *config).stdout


def test_the_kind_can_be_chosen(press: Press, config: tuple[str, str]) -> None:
    press.rss("/rss", ("/cp/1", "Un communiqué"))
    press.answers["/"] = Answer(
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>'
    )
    press.answers["/sitemap.xml"] = sitemap("/cp/1", "/cp/2")
    added = vigie_here("sources", "add", press.address, "--kind", "sitemap", *config)
    assert f"{press.address}/sitemap.xml is read from now on as a sitemap" in added.stdout


def test_what_gives_nothing_is_said_and_not_added(press: Press, config: tuple[str, str]) -> None:
    press.answers["/"] = Answer(b"<html><body>Bonjour</body></html>")
    answer = vigie_here("sources", "add", press.address, *config)
    assert answer.returncode != 0
    assert f"no feed, newsroom or sitemap is found at {press.address}/; nothing is added" in answer.stderr
    assert "the server answered 404" in answer.stdout
    assert "is no web address" in vigie_here("sources", "add", "ftp://x", *config).stderr


def test_all_sources_are_checked_and_nothing_is_kept(press: Press, config: tuple[str, str]) -> None:
    vigie_here("sources", "add", press.rss("/rss", ("/cp/1", "Un communiqué")), "--name", "Bonne", *config)
    good = vigie_here("sources", "check", *config)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "1 sources, 0 of them give nothing")
    del press.answers["/rss"]
    bad = vigie_here("sources", "check", *config)
    assert (bad.returncode, "the server answered 404" in bad.stdout) == (1, True)
    assert "/cp/1" not in press.paths()


def test_companies_are_imported_from_an_address(press: Press, config: tuple[str, str]) -> None:
    press.answers["/clients.csv"] = Answer(b"name,siren\nVelmora,732829320\n", "text/csv")
    answer = vigie_here("companies", "import", press.address + "/clients.csv", *config)
    assert answer.stdout == "1 added, 0 updated, 0 lines refused\n"
    gone = vigie_here("companies", "import", press.address + "/missing.csv", *config)
    assert (gone.returncode, "the server answered 404" in gone.stderr) == (4, True)


def test_a_register_of_companies_is_a_source_and_imported_when_it_changed(
    press: Press, config: tuple[str, str], tmp_path: Path
) -> None:
    file = write(tmp_path / "StockUniteLegale_utf8.csv", UNITS, unit("732829320", "FORGES AMBLARD"))
    press.answers["/stock.csv"] = Answer(file.read_bytes(), "text/csv")
    url = press.address + "/stock.csv"
    unsaid = vigie_here("sources", "add", url, *config)
    assert "nothing is added; a register of companies is added with --kind companies" in unsaid.stderr
    dry = vigie_here("sources", "add", url, "--kind", "companies", "--dry-run", *config)
    assert "sirene, with FORGES AMBLARD and others" in dry.stdout
    vigie_here("sources", "add", url, "--kind", "companies", "--name", "SIRENE", *config)
    first = vigie_here("collect", "--once", *config)
    assert "SIRENE: 1 companies added, 0 updated, 0 lines refused" in first.stdout
    assert "FORGES AMBLARD" in vigie_here("companies", "show", "732829320", *config).stdout
    assert "companies added" not in vigie_here("collect", "--once", *config).stdout  # it is due tomorrow
    assert "ok" in vigie_here("sources", "check", *config).stdout


def test_a_register_that_cannot_be_had_is_named_and_asked_for_again(
    press: Press, config: tuple[str, str], tmp_path: Path
) -> None:
    with open(config[1], "a") as file:
        file.write(f"sources: [{{url: '{press.address}/stock.csv', name: SIRENE, kind: companies}}]\n")
    warned = vigie_here("collect", "--once", *config).stderr
    assert f"SIRENE ({press.address}/stock.csv): " in warned
    assert "the server answered 404" in warned
    write(tmp_path / "stock.csv", UNITS, unit("732829320", "FORGES AMBLARD"))
    press.answers["/stock.csv"] = Answer((tmp_path / "stock.csv").read_bytes(), "text/csv")
    make_due(tmp_path)
    assert "1 companies added" in vigie_here("collect", "--once", *config).stdout
    make_due(tmp_path)
    assert "companies added" not in vigie_here("collect", "--once", *config).stdout  # the same as before
    assert "SIRENE" in vigie_here("sources", *config).stdout


def test_a_damaged_register_keeps_nothing_from_being_read(
    press: Press, config: tuple[str, str], tmp_path: Path
) -> None:
    press.answers["/stock.zip"] = Answer(b"PK\x03\x04" + b"no archive" * 9, "application/zip")
    press.answers["/a"] = Answer(b"<html><body><p>Velmora ouvre une usine.</p></body></html>")
    feed = press.rss("/feed", (press.address + "/a", "Velmora ouvre une usine"))
    listed = f"[{{url: '{press.address}/stock.zip', name: SIRENE, kind: companies}}, {{url: '{feed}', name: Presse}}]"
    with open(config[1], "a") as file:
        file.write(f"sources: {listed}\n")
    done = vigie_here("collect", "--once", *config)
    assert "1 sources read, 1 articles fetched" in done.stdout
    assert f"SIRENE ({press.address}/stock.zip): " in done.stderr
    assert "the archive is damaged" in done.stderr


def make_due(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'var' / 'vigie.db'}")
    with database.session() as session:
        session.execute(update(Source).values(due_at=utcnow()))
    database.close()
