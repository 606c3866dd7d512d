"""Official notices: from the bulletin's records to articles with a notice."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.json_feeds import parsed
from crawlers.notices import looks_like_records, read
from store.database import Database
from store.tables import Document
from tests.crawlers.test_collect import collect, errors
from tests.support.press import Answer, serving

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def record(**fields: Any) -> dict[str, Any]:
    """A record as the API gives it: objects inside fields are text."""
    plain = {
        "id": "A202600421234",
        "dateparution": "2026-03-01",
        "familleavis": "collective",
        "familleavis_lib": "Procédures collectives",
        "tribunal": "Tribunal de commerce de Dole",
        "commercant": "VOLTRIX",
        "ville": "Dole",
        "registre": ["005 650 007", "005650007"],
        "url_complete": "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A202600421234",
    } | fields
    return {key: json.dumps(value) if isinstance(value, dict) else value for key, value in plain.items()}


JUDGMENT = {
    "famille": "Jugement d'ouverture",
    "nature": "Jugement d'ouverture de liquidation judiciaire",
    "date": "2026-02-24",
    "complementJugement": "Liquidateur : SELARL Aubry.",
}


def answer(*records: object) -> bytes:
    return json.dumps({"total_count": len(records), "results": records}).encode()


def test_a_judgment_is_read_with_its_company_court_and_day() -> None:
    (article,) = read(answer(record(jugement=JUDGMENT)), now=NOW).entries
    assert article.title == "VOLTRIX : Jugement d'ouverture de liquidation judiciaire"
    assert article.published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert article.notice == {
        "register": "bodacc",
        "kind": "collective",
        "name": "VOLTRIX",
        "siren": "005650007",
        "city": "Dole",
        "court": "Tribunal de commerce de Dole",
        "family": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture de liquidation judiciaire",
        "date": "2026-02-24",
        "text": "Liquidateur : SELARL Aubry.",
    }


def test_a_sale_names_who_had_it_before() -> None:
    former = {"personne": {"denomination": "AMBLARD", "numeroImmatriculation": {"numeroIdentification": "732 829 320"}}}
    sold = record(familleavis="vente", listeprecedentproprietaire=former, acte={"vente": {"descriptif": "Achat."}})
    (article,) = read(answer(sold), now=NOW).entries
    assert article.notice
    assert article.notice["former"] == [{"name": "AMBLARD", "siren": "732829320"}]


def test_the_records_of_the_first_version_are_read_too() -> None:
    body = json.dumps({"records": [{"fields": record(jugement=JUDGMENT)}]}).encode()
    assert [article.notice["siren"] for article in read(body, now=NOW).entries if article.notice] == ["005650007"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"[1, 2", "begins like JSON"),
        (b'{"error": "quota"}', "without a list"),
        (b'{"results": [{"id": 1}, 3, {"id": "x", "familleavis": "dpc"}]}', "no notice"),
        (b'{"results": []}', None),
        (b"[" * 100_000, "begins like JSON"),
        (
            answer(record(jugement="{broken", registre=[None, 3], listepersonnes="[]", url_complete="javascript:1")),
            None,
        ),
    ],
)
def test_a_body_without_notices_is_said_to_be_one(body: bytes, error: str | None) -> None:
    found = read(body, now=NOW).error
    assert (found is None) if error is None else (error in (found or ""))


def test_markup_in_a_notice_is_no_markup_in_the_article() -> None:
    hostile = record(commercant="<script>alert(1)</script>VOLTRIX", jugement=JUDGMENT)
    (article,) = read(answer(hostile), now=NOW).entries
    assert "<" not in article.title


def test_a_register_is_a_source_like_any_other(database: Database, tmp_path: Path) -> None:
    with serving() as press:
        press.answers["/bodacc"] = Answer(answer(record(jugement=JUDGMENT)), "application/json")
        collect(database, tmp_path, f"{press.address}/bodacc")
    assert errors(database) == {"bodacc": None}
    with database.session() as session:
        document = session.scalars(select(Document)).one()
        assert document.notice
        assert (document.state, document.notice["siren"], document.page) == ("collected", "005650007", None)


def test_exports_as_lines_and_as_a_table_are_read_the_newest_first() -> None:
    records = [
        record(id=f"A2026004{n}", url_complete="", dateparution=f"2026-02-0{n}", jugement=JUDGMENT) for n in (1, 2)
    ]
    lines = "\n".join(json.dumps(one) for one in records).encode()
    table = StringIO()
    writer = csv.DictWriter(table, list(records[0]), delimiter=";")
    writer.writeheader()
    for one in records:
        writer.writerow({key: ",".join(value) if isinstance(value, list) else value for key, value in one.items()})
    for body in (lines, table.getvalue().encode("utf-8-sig")):
        assert looks_like_records(body, parsed(body))
        found = read(body, now=NOW).entries
        assert [str(article.published_at)[:10] for article in found] == ["2026-02-02", "2026-02-01"]
        assert found[0].notice is not None
        assert found[0].notice["siren"] == "005650007"
        assert found[0].notice["nature"] == JUDGMENT["nature"]


def test_a_file_of_notices_is_a_source(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "notices du jour.json.gz"
    file.write_bytes(gzip.compress(answer(record(jugement=JUDGMENT))))
    collect(database, tmp_path, file.as_uri(), (tmp_path / "missing.json").as_uri())
    with database.session() as session:
        assert session.scalars(select(Document.title)).one().startswith("VOLTRIX")
    assert errors(database) == {
        "notices%20du%20jour.json.gz": None,
        "missing.json": "the file cannot be read: No such file or directory",
    }
