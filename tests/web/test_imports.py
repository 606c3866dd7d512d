from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from httpx import Client, Response
from sqlalchemy import select

from store import companies
from store.companies import CompanyRow
from store.database import Database
from store.tables import Audit, Company, Watched
from tests.web.conftest import Enter
from tests.web.support import form_key

NUMBERS = ("73282932000074", "00565000700015")


def spreadsheet(*rows: tuple[object, ...]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Clients")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


LIST = spreadsheet(
    ("Mes prospects",),
    (),
    ("SIRET", "Société", "Ville", "Interlocuteur"),
    (NUMBERS[0], "Forges Amblard", "Firminy", "Zoé Gall"),
    (NUMBERS[1], "Moulins <b>Lorrains</b>", "Metz", ""),
    ("55210055400014", "Faux Numéro", "Paris", ""),
)


def dropped(client: Client, content: bytes, name: str = "../liste.xlsx", number: int = 0, **typed: str) -> Response:
    key = form_key(client.get(f"/import?number={number}").text)
    files = {"table": (name, content)} if content else None
    return client.post("/import", data={"key": key, "number": str(number), **typed}, files=files)


def decided(client: Client, at: str, **fields: str) -> Response:
    page = client.get(at).text
    hidden = dict(re.findall(r'<input type="hidden" name="(number|name)" value="([^"]*)">', page))
    return client.post(at.partition("?")[0], data={"key": form_key(page), **hidden, **fields})


def names(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(session.scalars(select(Company.name)))


def test_what_is_in_a_file_is_shown_before_it_is_kept(enter: Enter, database: Database) -> None:
    client = enter("max")
    at = dropped(client, LIST).headers["location"]
    page = client.get(at).text
    assert "2 companies" in page
    assert "2 establishments" in page
    assert "line 6: siret &#39;55210055400014&#39; has a wrong check digit" in page
    assert re.search(r'<select name="c3"[^>]*>.*?<option value="contact" selected>', page)
    assert "<b>" not in page
    assert names(database) == []
    done = decided(client, at, do="import").headers["location"]
    assert "2 companies are new, 0 were known, 1 line was refused." in client.get(done).text
    assert names(database) == ["Forges Amblard", "Moulins <b>Lorrains</b>"]
    assert client.get(at).status_code == 404
    with database.session() as session:
        assert session.scalars(select(Audit.action).where(Audit.action == "import")).all() == ["import"]


def test_columns_are_corrected_and_looked_at_again(enter: Enter, database: Database) -> None:
    client = enter("ada")
    at = dropped(client, b"Ville;Truc\nFirminy;Forges Amblard\nMetz;Moulins Lorrains\n", "liste.csv").headers[
        "location"
    ]
    again = decided(client, at, do="look", c0="name", c1="").headers["location"]
    page = client.get(again).text
    assert re.search(r'<select name="c0"[^>]*>.*?<option value="name" selected>', page)
    assert "<li>Firminy" in page
    decided(client, again, do="import", c0="name", c1="")
    assert names(database) == ["Firminy", "Metz"]
    assert client.get(f"{at}&c0=nonsense").status_code in (404, 422)


def test_a_rep_brings_a_file_onto_a_list_of_theirs_and_decides_who_is_meant(enter: Enter, database: Database) -> None:
    with database.session() as session:
        for siren, city in (("732829320", "Lyon"), ("005650007", "Metz")):
            row = CompanyRow("Castelor", {"castelor": "Castelor"}, siren, facts={"city": city, "headcount": 9})
            companies.save(session, [row])
    client = enter("ann")
    assert client.get("/import").headers["location"] == "/watchlists"
    key = form_key(client.get("/watchlists").text)
    assert client.post("/import", data={"key": key, "names": "Castelor"}).status_code == 422
    number = int(
        client.post("/watchlists", data={"key": form_key(client.get("/watchlists").text), "name": "L"})
        .headers["location"]
        .rpartition("/")[2]
    )
    lines = "Castelor\n732829320\nVerrerie Lhomme"
    at = dropped(client, b"", number=number, names=lines).headers["location"]
    page = client.get(at).text
    assert "Who is meant?" in page
    assert re.search(r'<select name="d1"><option value="">leave it out</option><option value="1">Castelor · Lyon', page)
    done = decided(client, at, do="import", d1="2").headers["location"]
    assert f'href="/watchlists/{number}"' in client.get(done).text
    with database.session() as session:
        assert sorted(session.scalars(select(Watched.company_id))) == [1, 2, 3]
        assert session.get_one(Company, 1).headcount == 9


def test_what_somebody_else_dropped_is_nobody_elses(enter: Enter) -> None:
    at = dropped(enter("max"), LIST).headers["location"]
    assert enter("ada").get(at).status_code == 404
    for token in ("../../etc/passwd", "x", "a" * 43):
        assert enter("ada").get(f"/import/{token}").status_code == 404
    number = 1
    assert enter("max").get(f"/import?number={number}").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "x.csv", "at most 50 MB"),
        (b"MZ", "x.exe", "cannot be read"),
        (b"PK\x03\x04 broken", "x.xlsx", "x.xlsx"),
        (b"couleur;taille\n1;2\n", "x.csv", "no column holds the names"),
    ],
)
def test_what_cannot_be_read_says_why_and_no_path(enter: Enter, content: bytes, name: str, said: str) -> None:
    client = enter("ada")
    answer = dropped(client, content, name)
    if answer.status_code == 303:
        answer = client.get(answer.headers["location"])
    assert answer.status_code == 422
    assert said in answer.text
    assert str(Path("/tmp")) not in answer.text
