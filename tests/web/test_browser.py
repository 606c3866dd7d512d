"""The pages in a real browser, on what the demonstration's press tells."""

from __future__ import annotations

import pytest

from store import reps, users
from store.database import Database
from tests.support.browser import Browser, browser
from tests.support.demo import ADMIN, PASSWORD, REP
from web.pages import STATIC

WIDTHS = (390, 1280)
PATHS = {
    "today": "/?all=1",
    "ranking": "/ranking",
    "company": "/companies/1",
    "signal": "/signals/5",
    "search": "/search?text=usine&turnover_min=%3F",
    "watchlists": "/watchlists",
    "watchlist": "/watchlists/1",
    "offers": "/offers",
    "offer": "/offers/edit?name=Machines%20et%20automatismes",
    "digest": "/digest",
    "tokens": "/tokens",
    "leads": "/leads",
    "board": "/leads?whose=all&view=board",
    "calls": "/leads/calls",
    "pipeline": "/leads/pipeline",
    "figures": "/leads/quality",
    "offer-leads": "/offers/leads?name=Machines%20et%20automatismes",
    "setup": "/setup",
    "setup-companies": "/setup?step=companies",
    "admin": "/admin",
    "sources": "/admin/sources",
    "taxonomy": "/admin/taxonomy",
    "users": "/admin/users",
    "mail": "/admin/mail",
    "audit": "/admin/audit",
    "erasure": "/admin/people",
    "team": "/leads/team",
    "verdicts": "/leads/verdicts",
    "offer-suggestions": "/offers/suggestions?name=Machines%20et%20automatismes",
    "away": "/leads/team/away",
    "definitions": "/leads/definitions",
    "lead": "/leads/1",
    "missing": "/nothing",
}

OF_MANAGERS = ("/setup", "/admin", "/leads/team", "/leads/verdicts", "/offers/suggestions")


def test_a_reps_day_from_sign_in_to_a_watched_company_and_a_read_digest(pages: tuple[str, Database]) -> None:
    address, database = pages
    with browser(address) as one:
        one.sign_in(REP, PASSWORD)
        assert "Prospects chauds" in one.text
        assert "Pourquoi appeler" in one.text
        one.follow(one.find("article .label"))
        assert "Pourquoi c'est un signal" in one.text
        assert one.find("mark#evidence").text in one.find(".text").text
        one.open("/ranking")
        one.find("details.ledger summary").click()
        assert "salariés" in one.find("table.ledger").text
        one.press("Brumasec")
        one.press("Suivre")
        assert "Ne plus suivre" in one.text
        one.open("/watchlists")
        one.press("Mes entreprises")
        assert "Brumasec" in one.text
        one.open("/digest")
        one.driver.switch_to.frame(one.find("iframe"))
        assert "Vigie" in one.find("body").text
        one.driver.switch_to.default_content()
        one.open("/search")
        one.find("#text").send_keys("usine")
        one.press("Recherche")
        assert one.all("mark")
        one.open("/")
        one.press("Tout marquer comme lu")
        assert "Tout est lu." in one.text
        one.follow(one.find("header form button"))
        assert "Se connecter" in one.text
    with database.session() as session:
        assert "watch" in {one.action for one in users.audit(session, limit=20)}
        assert reps.by_email(session, REP).digest_at


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_accessible_fit_the_window_and_are_pictured(pages: tuple[str, Database], language: str) -> None:
    address, database = pages
    with database.session() as session:
        for email in (REP, ADMIN):
            reps.by_email(session, email).language = language
    wrong: list[str] = []
    with browser(address, language=language) as one:
        one.open("/signin")
        wrong += _faults(one, "signin", "/signin", language)
        one.sign_in(REP, PASSWORD)
        signed_in_as = REP
        for name, path in PATHS.items():
            if path.startswith(OF_MANAGERS) and signed_in_as != ADMIN:
                one.driver.delete_all_cookies()
                one.sign_in(ADMIN, PASSWORD)
                signed_in_as = ADMIN
            one.open(path)
            wrong += _faults(one, name, path, language)
            wrong += [f"{path} {message}" for message in one.complaints() if path != "/nothing"]
    assert wrong == []


def _faults(one: Browser, name: str, path: str, language: str) -> list[str]:
    """What is wrong with an open page, as wide as a desk and as a phone; it is pictured in both."""
    assert one.find("html").get_attribute("lang") == language
    wrong = []
    for width in WIDTHS:
        one.widen(width)
        wrong += [f"{path} at {width}: {fault}" for fault in one.faults()]
        if one.overflow() > 0:
            wrong.append(f"{path} at {width}: {one.overflow()} pixels too wide")
        one.picture(f"{name}-{language}")
    return wrong


def test_search_answers_while_one_types_and_keys_lead_through_the_page(pages: tuple[str, Database]) -> None:
    with browser(pages[0]) as one:
        one.sign_in(REP, PASSWORD)
        one.open("/search")
        one.find("body").send_keys("/")
        assert one.driver.switch_to.active_element.get_attribute("id") == "text"
        one.find("#text").send_keys("usine")
        one.until(lambda: "usine" in {mark.text for mark in one.all("#found mark")})
        assert one.driver.current_url.endswith("/search?text=usine&order=date")
        one.open("/ranking")
        one.find("body").send_keys("j")
        first = one.driver.switch_to.active_element.text
        one.driver.switch_to.active_element.send_keys("j")
        assert one.driver.switch_to.active_element.text != first
        one.driver.switch_to.active_element.send_keys("k")
        assert one.driver.switch_to.active_element.text == first
        one.find("#shortcuts button").click()
        one.open("/ranking")
        one.find("body").send_keys("j")
        assert one.driver.switch_to.active_element.tag_name == "body"


def test_the_script_is_short() -> None:
    assert len((STATIC / "vigie.js").read_text("utf-8").splitlines()) < 150
