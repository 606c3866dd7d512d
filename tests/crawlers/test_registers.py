"""Official notices: from the bulletin's records to articles with a notice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawlers.registers import read
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
