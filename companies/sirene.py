"""Rows of INSEE's SIRENE register: companies (StockUniteLegale) and their establishments (StockEtablissement).

Columns: https://www.data.gouv.fr/datasets/base-sirene-des-entreprises-et-de-leurs-etablissements-siren-siret
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from companies.folding import by_key, name_key
from companies.identifiers import siren, siret
from companies.names import in_brackets
from companies.tables import place_of
from companies.values import day, department
from store.companies import CompanyRow, known_only
from store.establishments import EstablishmentRow

SOURCE = "sirene"
_HIDDEN = "[ND]"
_UNKNOWN_BANDS = {"", "NN"}
_NAF = "NAFRev2"
_TRADE_NAMES = 3
_SIGNS = 3


def _shown(value: str) -> str:
    """A cell, empty where the register hides it."""
    text = " ".join(value.split()) if value else ""
    return "" if text == _HIDDEN else text


class Companies:
    """Reads rows of StockUniteLegale with these columns; a row has one more value, empty, for columns left out."""

    NEEDED = ("siren", "etatAdministratifUniteLegale", "denominationUniteLegale", "categorieJuridiqueUniteLegale")

    def __init__(self, columns: Sequence[str], today: date) -> None:
        self._today = today
        self._at = {name: place_of(columns, f"{name}UniteLegale") for name in _COMPANY}
        self._at["siren"] = columns.index("siren")
        self._usual = [place_of(columns, f"denominationUsuelle{one}UniteLegale") for one in range(1, _TRADE_NAMES + 1)]

    def row(self, values: Sequence[str]) -> CompanyRow | None:
        """A company, or None for who has no name of business: a sole trader, or a company that hides its name."""
        at = self._at
        number = siren(values[at["siren"]])
        if number is None:
            raise ValueError("siren is empty")
        usual = [text for place in self._usual if (text := _shown(values[place]))]
        name = _shown(values[at["denomination"]]) or (usual[0] if usual else "")
        names, kinds = {}, {}
        # The legal name comes last: where a trade name or acronym is the same, it stays the legal one.
        further = [*in_brackets(name), (_shown(values[at["sigle"]]), "acronym"), *((text, "trade") for text in usual)]
        told = [*further, (name, "legal")]
        for text, kind in told:
            if text and (key := name_key(text)):
                names[key], kinds[key] = text, kind
        if "legal" not in kinds.values():
            return None
        band = values[at["trancheEffectifs"]]
        naf = values[at["activitePrincipale"]] if values[at["nomenclatureActivitePrincipale"]] == _NAF else ""
        facts = {
            "created_on": day(values[at["dateCreation"]], self._today),
            "legal_form": values[at["categorieJuridique"]] or None,
            "naf": naf.replace(".", "") or None,
            "headcount_band": None if band in _UNKNOWN_BANDS else band,
            "closed": values[at["etatAdministratif"]] == "C",
        }
        return CompanyRow(name, names, number, facts=known_only(facts), kinds=kinds)


_COMPANY = (
    *("dateCreation", "sigle", "trancheEffectifs", "etatAdministratif", "denomination", "categorieJuridique"),
    *("activitePrincipale", "nomenclatureActivitePrincipale"),
)
_ESTABLISHMENT = (
    *("etablissementSiege", "etatAdministratifEtablissement", "codePostalEtablissement", "codeCommuneEtablissement"),
    *("libelleCommuneEtablissement", "activitePrincipaleEtablissement", "denominationUsuelleEtablissement"),
    *(f"enseigne{count}Etablissement" for count in range(1, _SIGNS + 1)),
)


class Establishments:
    """Reads rows of StockEtablissement with these columns; a row has one more value, empty, for columns left out."""

    NEEDED = ("siret", "etablissementSiege", "etatAdministratifEtablissement", "codeCommuneEtablissement")

    def __init__(self, columns: Sequence[str], today: date) -> None:
        self._at = {name: place_of(columns, name) for name in (*_ESTABLISHMENT, "siret")}

    def row(self, values: Sequence[str]) -> EstablishmentRow:
        """An establishment."""
        at = self._at
        number = siret(values[at["siret"]])
        signs = (_shown(values[at[name]]) for name in ("denominationUsuelleEtablissement", *_ESTABLISHMENT[-_SIGNS:]))
        return EstablishmentRow(
            siret=number,
            is_head=values[at["etablissementSiege"]].lower() == "true",
            is_open=values[at["etatAdministratifEtablissement"]] != "F",
            city=_shown(values[at["libelleCommuneEtablissement"]]) or None,
            department=department(values[at["codeCommuneEtablissement"]] or values[at["codePostalEtablissement"]]),
            naf=values[at["activitePrincipaleEtablissement"]].replace(".", "") or None,
            signs=by_key(signs),
        )
