from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

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
from web.filters import filters_of

FIT = [{"criterion": "department", "in": ["69"], "points": 50}, {"criterion": "turnover", "max": 1e6, "points": -5}]
OFFER = Offer.model_validate({"name": "Robots & bras", "fit": FIT})


@pytest.fixture
def ranked(tell: Tell, database: Database) -> None:
    """Velmora is a hot lead, Castelor a potential one."""
    tell("hiring", "Velmora <i>recrute</i>.", utcnow() - timedelta(days=1))
    assign(database, lambda kind, confidence: True)
    with database.session() as session:
        for one in session.scalars(select(Company)):
            one.department, one.headcount_band = "69", "21"
        offers.save(session, OFFER, "test")
    rank(database, OFFER, default_taxonomy(), utcnow().date())


@pytest.mark.usefixtures("ranked")
def test_leads_are_shown_with_their_ledger_in_place(enter: Enter) -> None:
    client = enter("ann")
    page = client.get("/ranking").text
    assert re.findall(r'<h2><a href="/companies/1">([^<]+)', page) == ["Velmora &amp; Fils"]
    assert "Hot leads (1)" in page
    assert "Potential leads (1)" in page
    assert re.search(r'<td class="number">\+50</td><td>fit</td>\s*<td>department 69</td>', page)
    assert "turnover: unknown" in page
    assert "&lt;i&gt;recrute" in page
    page = client.get("/ranking", params={"offer": OFFER.name, "state": "potential"}).text
    assert "Castelor" in page
    assert "Velmora" not in page


@pytest.mark.usefixtures("ranked")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"department": "69, 38"}, True),
        ({"department": "38"}, False),
        ({"headcount_min": "50"}, True),
        ({"headcount_min": "50", "headcount_max": "60"}, False),
        ({"turnover_min": "?"}, True),
        ({"turnover_min": "1 000,5"}, False),
        ({"turnover_min": "many"}, False),
    ],
)
def test_filters_ask_for_what_companies_are(enter: Enter, asked: dict[str, str], found: bool) -> None:
    page = enter("ann").get("/ranking", params=asked).text
    assert ("Velmora" in page) == found
    assert ("cannot be read" in page) == ("many" in asked.values())
    assert f'value="{next(iter(asked.values()))}"' in page


def test_without_an_offer_the_page_says_what_to_do(enter: Enter) -> None:
    assert "There is no offer yet" in enter("ann").get("/ranking").text
    assert "Write the first offer" not in enter("ann").get("/ranking").text
    assert "Write the first offer" in enter("max").get("/ranking").text


@pytest.mark.usefixtures("ranked")
@pytest.mark.parametrize("asked", [{"offer": "Fours"}, {"state": "warm"}])
def test_what_there_is_not_is_not_found(enter: Enter, asked: dict[str, str]) -> None:
    assert enter("ann").get("/ranking", params=asked).status_code == 404


def test_every_field_is_read_as_it_was_typed() -> None:
    filters = filters_of({"naf": " 28,29 ", "age_max": "3", "profit_min": "-1e5", "city": "", "other": "x"})
    assert filters.typed == {"naf": "28,29", "age_max": "3", "profit_min": "-1e5"}
    asked = {one.criterion: (one.values, one.min, one.max) for one in filters.conditions}
    assert asked == {"naf": (("28", "29"), None, None), "age": ((), None, 3), "profit": ((), -1e5, None)}
