from __future__ import annotations

import pytest

from companies.columns import read_fact
from companies.criteria import plain_code
from companies.identifiers import siren, siren_in, siret
from store.base import utcnow

NUMBER = "552100554"


@pytest.mark.parametrize(
    "typed",
    [
        "552100554",
        " 552 100 554 ",
        "552\u00a0100\u202f554",
        "552.100.554",
        "552-100-554",
        "SIREN : 552 100 554",
        "RCS Paris 552 100 554",
        "n° SIRET 552 100 554 00013",
        "552 100 554 00013",
        "55210055400013",
        "FR96552100554",
        "fr 96 552 100 554",
        "TVA intracommunautaire : FR 96 552100554",
        "FRA1552100554",
        "55210055400013.0",
        "552100554,00",
    ],
)
def test_a_number_is_understood_however_it_is_written(typed: str) -> None:
    assert siren_in(typed) == siren(typed) == NUMBER


@pytest.mark.parametrize(("typed", "number"), [("5650007", "005650007"), ("05650007", "005650007")])
def test_zeros_that_a_spreadsheet_took_are_put_back(typed: str, number: str) -> None:
    assert siren_in(typed) == siren(typed) == number
    assert siren_in("5650007" + "00015") == number


@pytest.mark.parametrize(
    "typed", ["", "1083", "20 Minutes", "3615", "1234567", "12345678901", "Verrerie 552100554", "FR", "1" * 30, "²" * 9]
)
def test_a_name_is_no_number(typed: str) -> None:
    assert siren_in(typed) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("552100555", "siren '552100555' has a wrong check digit"),
        ("552 100 554 00014", "siret '55210055400014' has a wrong check digit"),
        ("FR13552100554", "wrong key"),
        ("FR96552100555", "wrong check digit"),
    ],
)
def test_a_number_that_cannot_be_one_is_said_to_be_wrong(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        siren_in(typed)


def test_the_establishments_of_the_post_office_have_a_rule_of_their_own() -> None:
    assert siren_in("356 000 000 00048") == "356000000"
    assert siret("35600000049837") == "35600000049837"
    with pytest.raises(ValueError, match="wrong check digit"):
        siret("35600000000049")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("14.19Z", "1419Z"), ("1419z", "1419Z"), ("14.19 Z", "1419Z"), ("1.11Z", "0111Z"), ("111Z", "0111Z")],
)
def test_a_code_of_activity_is_read_without_its_point_or_first_zero(typed: str, code: str) -> None:
    assert read_fact("naf", typed, utcnow().date()) == code
    assert plain_code(typed) == code.casefold()


def test_the_beginning_of_a_code_stays_as_it_is() -> None:
    assert [plain_code(one) for one in ("28", "28.4", "C", "5710", "")] == ["28", "284", "c", "5710", ""]
