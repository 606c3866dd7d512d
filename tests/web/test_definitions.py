"""The handbook of leads: what each word means, and who changes it."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from leads.contract import RETURNS
from leads.lead_wording import definition
from leads.stages import STAGES, TEMPERATURES
from leads.wording import Words
from signals.localization import Language
from signals.types import default_taxonomy
from store.base import utcnow
from store.database import Database
from store.tables import Definition
from tests.web.conftest import Enter
from tests.web.support import send
from web.definitions import KINDS

AT = "/leads/definitions"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("language", get_args(Language))
def test_every_term_has_a_definition(language: Language) -> None:
    words = Words(language, default_taxonomy(), utcnow().date())
    said = [definition(term, words) for term in (*KINDS, *STAGES, *TEMPERATURES, *RETURNS)]
    assert len(set(said)) == len(said)


def test_a_manager_says_what_a_word_means_and_reps_read_it(enter: Enter, database: Database) -> None:
    manager, rep = enter("max"), enter("ann")
    text = text_of(rep.get(AT).text)
    assert "A talk confirmed the need." in text
    assert "Moves on to: need confirmed (SQL) (an owner, a call in which you talked, the need)" in text
    assert "Change it" not in text
    send(manager, AT, AT, term="sales_qualified", text=" Un <b>rendez-vous</b> a eu lieu. ")
    page = rep.get(AT).text
    assert "Un &lt;b&gt;rendez-vous&lt;/b&gt; a eu lieu." in page
    assert "A talk confirmed the need." not in page
    send(manager, AT, AT, term="sales_qualified", text="")
    assert "A talk confirmed the need." in rep.get(AT).text
    with database.reading() as session:
        kept = [(one.term, one.text, one.author) for one in session.query(Definition).order_by(Definition.id)]
    assert kept == [
        ("sales_qualified", "Un <b>rendez-vous</b> a eu lieu.", "max@example.org"),
        ("sales_qualified", "", "max@example.org"),
    ]
    assert send(manager, AT, AT, term="nothing", text="x").status_code == 404
