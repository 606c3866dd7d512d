from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from companies.criteria import indexed
from index.embedded import EmbeddedIndex
from index.indexing import update_index
from leads import offers
from leads.offers import Offer
from signals.stories import assign
from signals.types import default_taxonomy
from store.base import utcnow
from store.database import Database
from store.tables import Company
from tests.conftest import Tell
from tests.leads.support import rank
from tests.web.conftest import Enter
from web.tables import harmless, table

EVIL = '=HYPERLINK("http://evil.example")'
OFFER = Offer.model_validate({"name": "A", "fit": [{"criterion": "department", "in": ["69"], "points": 50}]})


@pytest.fixture
def filled(tell: Tell, database: Database, tmp_path: Path) -> None:
    """A hot lead whose name and news begin like formulas."""
    tell("hiring", '@SUM(1) recrute, "dit-on".', utcnow() - timedelta(days=1))
    with database.session() as session:
        session.get_one(Company, 1).name = EVIL
        offers.save(session, OFFER, "test")
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)
    rank(database, OFFER, default_taxonomy(), utcnow().date())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("path", ["/search/export.", "/ranking/export.", "/watchlists/2/export."])
def test_every_list_is_a_file_of_each_kind_and_none_a_formula(enter: Enter, path: str) -> None:
    client, asked = enter("ann"), {"offer": "A"} if "ranking" in path else {}
    answer = client.get(f"{path}csv", params=asked)
    assert answer.headers["content-disposition"].endswith('.csv"')
    (row,) = rows(answer.text)
    assert (row["company"], row["department"]) == (f"'{EVIL}", "69")
    assert not any(cell.startswith(("=", "@", "+", "-")) for cell in row.values())
    (line,) = client.get(f"{path}jsonl", params=asked).text.splitlines()
    assert json.loads(line)["company"] == EVIL
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{path}xlsx", params=asked).content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK" in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.usefixtures("filled")
def test_a_file_has_what_the_page_shows(enter: Enter) -> None:
    client = enter("ann")
    assert len(rows(client.get("/search/export.csv?text=recrute").text)) == 1
    assert rows(client.get("/search/export.csv?text=football").text) == []
    assert rows(client.get("/ranking/export.csv?offer=A&department=38").text) == []
    assert client.get("/ranking/export.csv?offer=B").status_code == 404
    assert client.get("/ranking/export.csv?offer=A&state=dropped").status_code == 404
    assert client.get("/search/export.exe").status_code == 422
    assert client.get("/watchlists/1/export.csv").status_code == 404
    page = client.get("/search?text=recrute&type=hiring").text
    assert '/search/export.csv?text=recrute&amp;type=hiring"' in page


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "\r\n=1"])
def test_what_begins_like_a_formula_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"a{text}") == f"a{text}"


def test_numbers_and_days_stay_what_they_are() -> None:
    cells = (-5, 1.5, date(2026, 3, 1), None, "x")
    answer = table("t", "xlsx", "abcde", [cells])
    sheet = zipfile.ZipFile(io.BytesIO(bytes(answer.body))).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>([^<]+)</v>", sheet)[5:8] == ["-5", "1.5", "46082"]
