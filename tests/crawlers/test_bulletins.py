"""Issues of the bulletin: from the XML and the archives that are published to articles with a notice."""

from __future__ import annotations

import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from crawlers.feeds import Feed
from crawlers.files import unpacked
from crawlers.reading import kind_of, read
from store.database import Database
from store.sources import REGISTER
from store.tables import Document
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADDRESS = "<adresse><france><codePostal>39100</codePostal><ville>Dole</ville></france></adresse>"
NUMBER = "<numeroImmatriculation><numeroIdentificationRCS>005 650 007</numeroIdentificationRCS></numeroImmatriculation>"
COURT = "<numeroDepartement>39</numeroDepartement><tribunal>Greffe du tribunal de commerce de Dole</tribunal>"
JUDGMENT = f"""<annonce><typeAnnonce><creation/></typeAnnonce><nojo>1</nojo><numeroAnnonce>1234</numeroAnnonce>{COURT}
<personneMorale><denomination>VOLTRIX</denomination></personneMorale>{NUMBER}{ADDRESS}
<jugement><famille>Jugement d'ouverture</famille><nature>Jugement d'ouverture de liquidation judiciaire</nature>
<date>24 février 2026</date><complementJugement>Liquidateur : SELARL
Aubry.</complementJugement></jugement></annonce>"""
SALE = f"""<avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>7</numeroAnnonce>{COURT}<personnes><personne>
<personneMorale>{NUMBER}<denomination>VOLTRIX</denomination></personneMorale>{ADDRESS}</personne></personnes>
<precedentProprietairePM><denomination>AMBLARD</denomination><numeroImmatriculation><numeroIdentificationRCS>732 829 320
</numeroIdentificationRCS></numeroImmatriculation></precedentProprietairePM>
<acte><vente><dateCommencementActivite>2026-02-01</dateCommencementActivite><descriptif>Achat d'un fonds.</descriptif>
</vente></acte></avis>"""
CHANGE = f"""<avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>8</numeroAnnonce>{COURT}<personnes><personne>
<personneMorale><denomination>VOLTRIX</denomination></personneMorale>{NUMBER}</personne></personnes>
<modificationsGenerales><descriptif>modification survenue sur l'administration.</descriptif></modificationsGenerales>
</avis>"""
ACCOUNTS = f"""<avis><typeAnnonce><annonce/></typeAnnonce><numeroAnnonce>9</numeroAnnonce>{COURT}{NUMBER}
<denomination>VOLTRIX</denomination>{ADDRESS}<depot><dateCloture>2025-12-31</dateCloture>
<typeDepot>Comptes annuels et rapports</typeDepot></depot></avis>"""


def issue(root: str, *notices: str, day: str = "2026-03-01") -> bytes:
    inner = f"<annonces>{''.join(notices)}</annonces>" if root == "PCL_REDIFF" else f"<listeAvis>{''.join(notices)}"
    inner += "" if root == "PCL_REDIFF" else "</listeAvis>"
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    body = f"{head}<{root}><parution>20260042</parution><dateParution>{day}</dateParution>{inner}</{root}>"
    return body.encode("iso-8859-1")


def archive(**files: bytes) -> bytes:
    target = BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, body in files.items():
            member = tarfile.TarInfo(name.replace("_at_", "."))
            member.size = len(body)
            tar.addfile(member, BytesIO(body))
    return target.getvalue()


def notices(body: bytes) -> Feed:
    body = unpacked(body)
    assert kind_of(body, None) == REGISTER
    return read(body, kind=REGISTER, url="https://journal.example/", content_type="", now=NOW)


def test_a_judgment_says_what_the_api_says_of_it() -> None:
    (article,) = notices(issue("PCL_REDIFF", JUDGMENT, day="1er mars 2026")).entries
    assert article.url == "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:A202600421234"
    assert article.title == "VOLTRIX : Jugement d'ouverture de liquidation judiciaire"
    assert article.published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert article.notice == {
        "register": "bodacc",
        "kind": "collective",
        "name": "VOLTRIX",
        "siren": "005650007",
        "city": "Dole",
        "department": "39",
        "court": "Greffe du tribunal de commerce de Dole",
        "family": "Jugement d'ouverture",
        "nature": "Jugement d'ouverture de liquidation judiciaire",
        "date": "2026-02-24",
        "text": "Liquidateur : SELARL Aubry.",
    }


def test_each_part_of_the_bulletin_is_read() -> None:
    sale, change, accounts = (
        dict(notices(issue(root, text)).entries[0].notice or {})
        for root, text in (("RCS-A_IMMAT", SALE), ("RCS-B_REDIFF", CHANGE), ("Bilan_XML_Rediff", ACCOUNTS))
    )
    assert (sale["kind"], sale["text"], sale["former"]) == (
        "vente",
        "Achat d'un fonds.",
        [{"name": "AMBLARD", "siren": "732829320"}],
    )
    assert (change["kind"], change["text"]) == ("modification", "modification survenue sur l'administration.")
    assert (accounts["kind"], accounts["deposit"], accounts["date"]) == (
        "dpc",
        "Comptes annuels et rapports",
        "2025-12-31",
    )


def test_archives_are_read_and_archives_in_them() -> None:
    day = archive(PCL_BXA20260042_at_xml=issue("PCL_REDIFF", JUDGMENT), readme_at_txt=b"nothing")
    year = archive(PCL_BXA20260042_at_taz=day, RCS_at_xml=issue("RCS-A_IMMAT", SALE))
    assert [one.title.partition(" :")[0] for one in notices(day).entries] == ["VOLTRIX"]
    assert len(notices(year).entries) == 2


def test_a_page_of_issues_gives_each_of_them_once(database: Database, tmp_path: Path, press: Press) -> None:
    names = [f"{part}_BXA2026{number:04}.taz" for number in range(40, 52) for part in ("PCL", "RCS-A")]
    for number, name in enumerate(names):
        text = JUDGMENT.replace("1234", str(number)) if name.startswith("PCL") else SALE.replace(">7<", f">{number}<")
        root = "PCL_REDIFF" if name.startswith("PCL") else "RCS-A_IMMAT"
        press.answers[f"/{name}"] = Answer(archive(issue_at_xml=issue(root, text)), "application/octet-stream")

    def page(*named: str) -> Answer:
        links = "".join(f'<a href="{name}">{name}</a>\n' for name in named)
        return Answer(f"<html><body><h1>Index</h1><a href='../'>..</a>{links}</body></html>".encode())

    address = f"{press.address}/issues/"
    press.answers["/issues/"] = page(*(f"/{name}" for name in names[:-1]))
    collect(database, tmp_path, address)
    newest = {f"/{name}" for name in names[3:-1]}  # twenty of them; the older are passed over
    assert set(press.paths()) - {"/issues/", "/robots.txt"} == newest
    with database.session() as session:
        assert len(session.scalars(select(Document)).all()) == len(newest)
    press.asked.clear()
    press.answers["/issues/"] = page(*(f"/{name}" for name in names))
    collect(database, tmp_path, address)
    assert [path for path in press.paths() if path != "/robots.txt"] == ["/issues/", f"/{names[-1]}"]


def test_a_notice_taken_back_is_left_out() -> None:
    back = JUDGMENT.replace("<creation/>", "<annulation/>").replace("1234", "77")
    assert len(notices(issue("PCL_REDIFF", JUDGMENT, back)).entries) == 1


def test_what_is_broken_is_told() -> None:
    whole = unpacked(archive(PCL_at_xml=issue("PCL_REDIFF", JUDGMENT)))
    assert "the archive cannot be read" in (notices(whole[:700]).error or "")
    assert notices(b"<PCL_REDIFF></PCL_REDIFF>").entries == ()


def test_an_issue_replaces_no_entity() -> None:
    told = issue("PCL_REDIFF", JUDGMENT.replace("SELARL", "&a;")).replace(
        b"?><PCL", b"?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><PCL", 1
    )
    (article,) = notices(told).entries
    assert "root" not in article.summary
