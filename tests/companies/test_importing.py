"""Files of registers and tables of one's own, as users give them."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.columns import FIELDS, ColumnMap
from companies.importing import Wishes, import_file
from companies.sirene import Companies, Establishments
from companies.values import domain, domains_in
from store.companies import PERSON, all_names
from store.database import Database
from store.errors import Invalid
from store.figures import of_company
from store.tables import Company, Name
from tests.support.data import needs

UNITS = (*Companies.NEEDED, "dateCreationUniteLegale", "sigleUniteLegale", "trancheEffectifsUniteLegale",
         "denominationUsuelle1UniteLegale", "activitePrincipaleUniteLegale",
         "nomenclatureActivitePrincipaleUniteLegale")  # fmt: skip
PLACES = (*Establishments.NEEDED, "codePostalEtablissement", "libelleCommuneEtablissement", "enseigne1Etablissement")


def write(file: Path, columns: tuple[str, ...], *rows: dict[str, str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
    return file


def unit(siren: str, name: str, **more: str) -> dict[str, str]:
    row = dict.fromkeys(UNITS, "") | {"siren": siren, "denominationUniteLegale": name}
    row |= {"etatAdministratifUniteLegale": "A", "categorieJuridiqueUniteLegale": "5710"}
    return row | {f"{key}UniteLegale": value for key, value in more.items()}


def place(
    siret: str, city: str, code: str, *, head: bool = False, is_open: bool = True, sign: str = ""
) -> dict[str, str]:
    return dict.fromkeys(PLACES, "") | {
        "siret": siret,
        "etablissementSiege": str(head).lower(),
        "etatAdministratifEtablissement": "A" if is_open else "F",
        "codeCommuneEtablissement": code,
        "libelleCommuneEtablissement": city,
        "enseigne1Etablissement": sign,
    }


def companies_in(database: Database) -> list[Company]:
    with database.session() as session:
        return list(session.scalars(select(Company).order_by(Company.id)))


def test_sirene_gives_companies_with_their_names_and_facts(database: Database, tmp_path: Path) -> None:
    more = {"dateCreation": "1999-05-04", "sigle": "FA", "trancheEffectifs": "21", "denominationUsuelle1": "AMBLARD"}
    naf = {"activitePrincipale": "25.50A", "nomenclatureActivitePrincipale": "NAFRev2"}
    file = write(
        tmp_path / "StockUniteLegale.csv",
        UNITS,
        unit("732829320", "FORGES AMBLARD", **more, **naf),
        unit("005650007", "", categorieJuridique="1000"),
        unit("552100554", "[ND]"),
        unit("356000000", "VIEILLE FORGE", etatAdministratif="C"),
        unit("732829321", "FAUSSE"),
        unit("542107651", "DEMAIN", dateCreation="2093-01-01"),
    )
    outcome = import_file(database, file, rejects=tmp_path / "rejects.csv")
    assert (outcome.added, outcome.updated, outcome.left_out) == (1, 0, 3)
    assert [(number, why.split(" '")[0]) for number, why in outcome.rejects] == [
        (6, "siren"),
        (7, "the day 2093-01-01 lies in the future"),
    ]
    assert (tmp_path / "rejects.csv").read_text("utf-8").startswith("line,reason\n6,siren '732829321'")
    (company,) = companies_in(database)
    assert (company.siren, company.naf, company.headcount, company.headcount_band) == ("732829320", "2550A", None, "21")
    assert (str(company.created_on), company.register, company.closed) == ("1999-05-04", "sirene", False)
    with database.session() as session:
        kinds = dict(session.execute(select(Name.folded, Name.kind)).all())
    assert kinds == {"forges amblard": "legal", "amblard": "trade", "fa": "acronym"}


def test_establishments_give_city_department_signs_and_the_number_of_sites(database: Database, tmp_path: Path) -> None:
    import_file(database, write(tmp_path / "u.csv", UNITS, unit("356000000", "LA POSTE"), unit("732829320", "AMBLARD")))
    file = write(
        tmp_path / "e.csv",
        PLACES,
        place("35600000000048", "PARIS 15", "75115", head=True),
        place("35600000009075", "BASTIA", "2B033", sign="La Poste Relais"),
        place("35600000049837", "SAINT-DENIS", "97411"),
        place("35600000009076", "LILLE", "59350"),
        place("73282932000074", "THIERS", "63430", head=True),
        place("11110219000019", "LYON", "69123"),
    )
    outcome = import_file(database, file)
    assert [number for number, _ in outcome.rejects] == [5]
    assert outcome.left_out == 1
    post, forge = companies_in(database)
    assert (post.department, post.city, post.secondary_sites) == ("75", "PARIS 15", 2)
    assert (forge.department, forge.secondary_sites) == ("63", 0)
    closed = write(tmp_path / "f.csv", PLACES, place("35600000009075", "BASTIA", "2B033", is_open=False))
    import_file(database, closed)
    assert companies_in(database)[0].secondary_sites == 1
    with database.session() as session:
        assert "la poste relais" in {name for name, _, _ in all_names(session)}


MAP = {
    "clients": ColumnMap(
        columns={
            "name": "Raison sociale",
            "siren": "N° SIREN",
            "department": "Département",
            "headcount": "Effectif",
            "turnover": "CA (k€)",
        },
        units={"turnover": 1000},
    )
}
CLIENTS = (
    "Raison sociale;N° SIREN;Département;Effectif;CA (k€)\n"
    "Câblage « Élan »;732829320;1;1\u202f250;12 500,50\n"
    '"L’Œil\nService";005650007;29;;0\n'
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_table_of_ones_own_is_read_by_its_map(database: Database, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "clients.csv"
    file.write_bytes(CLIENTS.replace("\u202f", "\u00a0").encode(encoding))
    for _ in range(2):
        assert import_file(database, file, MAP).refused == 0
    one, other = companies_in(database)
    assert (one.name, one.department, one.headcount, one.turnover) == ("Câblage « Élan »", "01", 1250, 12_500_500)
    assert (other.name, other.headcount, other.turnover, other.register) == ("L’Œil", None, 0, "clients")


def test_each_further_name_has_its_kind(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text(
        "name;acronym;trade_names;brands;former_names;ticker;aliases;site\n"
        "Forges Amblard;FA;Amblard Outils;Tenaille|Pince;Veuve Amblard;AMB;Amblard;https://www.Amblard.example/fr\n"
    )
    assert import_file(database, file).refused == 0
    with database.session() as session:
        kinds = dict(session.execute(select(Name.text, Name.kind)).all())
    assert kinds == {
        "Forges Amblard": "legal",
        "FA": "acronym",
        "Amblard Outils": "trade",
        "Tenaille": "brand",
        "Pince": "brand",
        "Veuve Amblard": "former",
        "AMB": "ticker",
        "Amblard": "alias",
        "amblard.example": "domain",
    }


def test_a_missing_column_is_named_with_the_nearest(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text(CLIENTS.replace("Département", "Departement"), "utf-8")
    with pytest.raises(Invalid, match=r"clients\.csv, line 1.*'Département' \(the nearest is 'Departement'\)"):
        import_file(database, file, MAP, Wishes("clients"))
    with pytest.raises(Invalid, match="there is no map 'client'"):
        import_file(database, file, MAP, Wishes("client"))


def test_gleif_gives_companies_that_trade(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "gleif.csv"
    file.write_text(
        "LEI,Entity.LegalName,Entity.LegalAddress.Country,Entity.LegalAddress.City,Entity.LegalAddress.PostalCode,"
        "Entity.RegistrationAuthority.RegistrationAuthorityID,Entity.RegistrationAuthority."
        "RegistrationAuthorityEntityID,Entity.EntityCategory\n"
        "529900T8BM49AURSDO55,FORGES AMBLARD,FR,THIERS,63300,RA000189,732 829 320,GENERAL\n"
        "529900T8BM49AURSDO56,WRONG,FR,,,,,GENERAL\n"
        "529900HNOAA1KXQJUQ27,AMBLARD FUND,LU,,,,,FUND\n",
        "utf-8",
    )
    outcome = import_file(database, file)
    assert (outcome.added, outcome.left_out, outcome.refused) == (1, 1, 1)
    (company,) = companies_in(database)
    assert (company.siren, company.lei, company.department) == ("732829320", "529900T8BM49AURSDO55", "63")


def test_a_newer_file_updates_in_place_and_keeps_what_a_person_typed(database: Database, tmp_path: Path) -> None:
    file = write(tmp_path / "u.csv", UNITS, unit("732829320", "AMBLARD", trancheEffectifs="21"))
    import_file(database, file)
    with database.session() as session:
        company = session.scalars(select(Company)).one()
        company.legal_form, company.sources = "5499", {"legal_form": [PERSON, "2026-11-01"]}
    newer = write(tmp_path / "v.csv", UNITS, unit("732829320", "AMBLARD ET FILS", trancheEffectifs="22"))
    outcome = import_file(database, newer)
    assert (outcome.added, outcome.updated) == (0, 1)
    (company,) = companies_in(database)
    assert (company.name, company.headcount_band, company.legal_form) == ("AMBLARD ET FILS", "22", "5499")
    with database.session() as session:
        assert {"amblard", "amblard et fils"} <= {name for name, _, _ in all_names(session)}


def test_an_import_that_was_cut_off_goes_on_where_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [unit("732829320", "UN"), unit("005650007", "DEUX"), unit("552100554", "TROIS")]
    file = write(tmp_path / "u.csv", UNITS, *rows)
    monkeypatch.setattr("companies.importing._BATCH", 1)
    seen: list[float] = []

    def stop(share: float) -> None:
        seen.append(share)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(database, file, progress=stop)
    assert [one.name for one in companies_in(database)] == ["UN", "DEUX"]
    outcome = import_file(database, file)
    assert (outcome.resumed_at, outcome.added, outcome.updated) == (3, 1, 0)
    assert import_file(database, file).resumed_at == 0


def test_accounts_are_kept_by_year_and_the_last_one_counts(database: Database, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(
        "name,siren,year,turnover,profit\nUN,732829320,2024,500,-20\nUN,732829320,2025-06-30,600,\n", "utf-8"
    )
    second.write_text("name,siren,year,turnover\nUN,732829320,2023,400\nUN,732829320,2024,501\n", "utf-8")
    import_file(database, first)
    import_file(database, second)
    (company,) = companies_in(database)
    assert (company.turnover, company.profit) == (600, -20)
    with database.session() as session:
        kept = {(one.criterion, one.year): (one.value, one.source) for one in of_company(session, company.id)}
    assert kept == {
        ("turnover", 2025): (600, "csv"),
        ("turnover", 2024): (501, "csv"),
        ("turnover", 2023): (400, "csv"),
        ("profit", 2024): (-20, "csv"),
    }


def test_a_lei_stays_with_the_company_that_has_it(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    lei = "529900T8BM49AURSDO55"
    file.write_text(f"name,siren,lei\nUN,,{lei}\nDEUX,732829320,\n", "utf-8")
    import_file(database, file)
    other = tmp_path / "d.csv"
    other.write_text(f"name,siren,lei\nDEUX,732829320,{lei}\nTROIS,005650007,{lei}\n", "utf-8")
    assert import_file(database, other).refused == 0
    assert {one.name: one.lei for one in companies_in(database)} == {"TROIS": lei, "DEUX": None}


def test_one_siren_twice_in_a_file_is_one_company(database: Database, tmp_path: Path) -> None:
    file = write(tmp_path / "u.csv", UNITS, unit("732829320", "UN"), unit("732829320", "UN BIS"))
    import_file(database, file)
    assert [one.name for one in companies_in(database)] == ["UN BIS"]


def damaged_gzip(file: Path, text: bytes) -> None:
    packed = bytearray(gzip.compress(text))
    packed[-6] ^= 0xFF  # of the check sum
    file.write_bytes(packed)


def damaged_zip(file: Path, text: bytes) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("list.csv", text)
    file.write_bytes(file.read_bytes().replace(b"Castelor 9999", b"Castelor 8888"))


def protected_zip(file: Path, text: bytes) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", text)
    packed = bytearray(file.read_bytes())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(sign) + place] |= 1
    file.write_bytes(packed)


@pytest.mark.parametrize(
    ("pack", "said"), [(damaged_gzip, "damaged"), (damaged_zip, "damaged"), (protected_zip, "protected by a password")]
)
def test_of_a_damaged_archive_nothing_is_taken(
    database: Database, tmp_path: Path, pack: Callable[[Path, bytes], None], said: str
) -> None:
    file = tmp_path / "list.csv.gz"
    pack(file, b"name\n" + b"".join(b"Castelor %d\n" % number for number in range(12_000)))
    with pytest.raises(Invalid, match=said):
        import_file(database, file)
    assert companies_in(database) == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("count", ["1" + "0" * 20, "9" * 400, "3000000000", "5000000000 à 9000000000"])
def test_a_number_that_nothing_can_hold_is_refused_and_the_others_stay(
    database: Database, tmp_path: Path, count: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"name,headcount,turnover\nVelmora,{count},1\nCastelor,12,{'9' * 330}\nVoltrix,30,5\n", "utf-8")
    outcome = import_file(database, file)
    assert [line for line, _ in outcome.rejects] == [2, 3]
    assert [one.name for one in companies_in(database)] == ["Voltrix"]


def test_the_real_files_are_read(database: Database) -> None:
    for name, added in (("sirene_samples/sample_unites_legales_OK.csv", 0), ("gleif_names/gleif_fr.csv.gz", 8000)):
        outcome = import_file(database, needs("companies", name))
        assert outcome.refused == 0, outcome.rejects[:3]
        assert outcome.added >= added


def test_every_column_stands_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "companies.md").read_text("utf-8")
    assert [what for what in FIELDS if f"`{what}`" not in page] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("voir www.amblard.example.", ["amblard.example"]),
        ("https://presse.amblard.example/fr, ou velmora.example", ["presse.amblard.example", "velmora.example"]),
        ("Fin. suite de.rien 3.5", ["de.rien"]),
        ("rien", []),
    ],
)
def test_the_domains_of_a_text_are_found_where_they_end(text: str, found: list[str]) -> None:
    told = list(domains_in(text))
    assert [site for _, site in told] == found
    assert all(text[:end].endswith(site) for end, site in told)


def test_what_is_no_address_has_no_domain() -> None:
    assert [domain(site) for site in ("", "[amblard", "amblard", "http://[::1", "Amblard.example/fr")] == [
        *("", "", "", "", "amblard.example"),
    ]
