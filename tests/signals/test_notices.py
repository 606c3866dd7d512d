"""Official notices become signals by their fields."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from companies.folding import name_key
from companies.linker import open_linker
from signals.analyse import analyse_collected
from signals.notices import read_notice
from signals.rules import default_extractor
from store import companies, documents, sources
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Signal, Source
from tests.support.data import needs

BASE = {"register": "bodacc", "name": "VOLTRIX", "siren": "005650007"}


def told(**notice: Any) -> list[tuple[str, str, str]]:
    return [(one.type, one.name, one.role) for one in read_notice(BASE | notice)]


@pytest.mark.parametrize(
    ("notice", "found"),
    [
        ({"kind": "collective", "nature": "Jugement de conversion en liquidation judiciaire"}, ["insolvency"]),
        ({"kind": "collective", "nature": "Dépôt de l'état des créances"}, ["insolvency"]),
        ({"kind": "conciliation"}, ["insolvency"]),
        ({"kind": "dpc", "deposit": "Comptes annuels et rapports"}, ["accounts_filed"]),
        ({"kind": "modification", "text": "Modification survenue sur le capital"}, ["capital_operation"]),
        ({"kind": "modification", "text": "Transfert du siège social"}, ["relocation"]),
        ({"kind": "modification", "text": "Dénomination et administration modifiées"}, ["rebranding", "appointment"]),
        ({"kind": "creation"}, ["creation"]),
        ({"kind": "immatriculation", "text": "Immatriculation suite à transfert"}, ["relocation"]),
        ({"kind": "radiation"}, []),
        ({"kind": "retablissement_professionnel"}, []),
        ({}, []),
    ],
)  # fmt: skip
def test_the_kind_of_a_notice_decides(notice: dict[str, Any], found: list[str]) -> None:
    assert [kind for kind, _, _ in told(**notice)] == found


def test_a_sale_is_told_of_both_sides() -> None:
    former = [{"name": "AMBLARD", "siren": "732829320"}]
    assert told(kind="vente", former=former) == [
        ("acquisition", "VOLTRIX", "acquirer"),
        ("divestment", "AMBLARD", "seller"),
    ]


@pytest.mark.parametrize(
    ("nature", "procedure"),
    [
        ("Jugement d'ouverture d'une procédure de redressement judiciaire", "redressement judiciaire"),
        ("Jugement de conversion en liquidation judiciaire", "liquidation judiciaire"),
        ("Jugement arrêtant le plan de sauvegarde", "sauvegarde"),
        ("Jugement de clôture pour insuffisance d'actif", "liquidation judiciaire"),
        ("Jugement arrêtant un plan de cession", "plan de cession"),
    ],
)
def test_a_judgment_names_its_procedure(nature: str, procedure: str) -> None:
    (one,) = read_notice(BASE | {"kind": "collective", "nature": nature})
    assert one.slots["procedure"] == [procedure]


def test_a_notice_is_linked_by_its_number_not_by_its_name(database: Database, tmp_path: Any) -> None:
    with database.session() as session:
        row = CompanyRow(name="Voltrix Industrie", names={name_key("Voltrix Industrie"): "x"}, siren="005650007")
        other = CompanyRow(name="Voltrix", names={name_key("Voltrix"): "Voltrix"}, siren="732829320")
        companies.save(session, [row, other])
        sources.synchronise(session, [SourceEntry("https://registre.example", "Bulletin")])
        session.flush()
        notice = BASE | {"kind": "collective", "nature": "Jugement d'ouverture", "court": "Tribunal de Dole"}
        day = datetime(2026, 3, 1, tzinfo=UTC)
        article = Article("https://registre.example/1", "VOLTRIX : Jugement", "", None, day, notice)
        for document in documents.announce(session, session.scalars(select(Source)).one(), [article]):
            documents.complete(session, document, None)
    assert analyse_collected(database, default_extractor(), open_linker(database, tmp_path)) == 1
    with database.session() as session:
        signal = session.scalars(select(Signal)).one()
        assert (signal.type, signal.families, signal.subject) == ("insolvency", ["difficulty"], "VOLTRIX")
        assert [one.name for one in companies.by_ids(session, [signal.company_id or 0]).values()] == [
            "Voltrix Industrie"
        ]
        assert (signal.link_confidence, signal.slots["court"]) == (1.0, ["Tribunal de Dole"])


def test_real_judgments_are_all_told_and_nothing_else() -> None:
    right = wrong = missed = 0
    for line in needs("events", "fr_bodacc_notices.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        notice = {"kind": "collective", "nature": row["orig"][0], "text": row["text"], "siren": row["siren"]}
        found = {one.type for one in read_notice(notice | {"name": row["company"]})}
        right += "insolvency" in found
        missed += "insolvency" not in found
        wrong += len(found - {"insolvency"})
    assert right / (right + wrong) >= 0.99
    assert right / (right + missed) >= 0.99
