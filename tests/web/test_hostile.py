"""What a feed or a register may hold reaches pages as text, never as markup."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.criteria import indexed
from crawlers.feeds import read
from index.embedded import EmbeddedIndex
from index.indexing import update_index
from leads import offers
from leads.offers import Offer
from signals.stories import assign
from signals.types import default_taxonomy
from store.base import utcnow
from store.database import Database
from store.tables import Company, Mention, Signal, Source
from tests.conftest import Tell
from tests.leads.support import rank
from tests.web.conftest import Enter

EVIL = (
    "\"'><script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(1)><style>*{display:none}</style>"
    "<form action=https://evil.example><input name=password></form><iframe src=https://evil.example></iframe>"
    '<a href="javascript:alert(1)">x</a>{{ 7 * 7 }}'
)
OFFER = Offer.model_validate({"name": f"A {EVIL}"[:100], "fit": [{"criterion": "country", "in": ["FR"], "points": 50}]})


class Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check(page: str) -> None:
    for tag, attributes in Elements(page).found:
        said = (tag, attributes)
        assert tag not in ("img", "style", "object", "embed", "base"), said
        assert not any(name.startswith("on") or name == "style" for name in attributes), said
        assert "evil.example" not in (attributes.get("src") or "") + (attributes.get("action") or ""), said
        assert not (attributes.get("href") or "").startswith("javascript:"), said
        if tag in ("script", "iframe"):
            assert (attributes.get("src") or "").startswith("/"), said


@pytest.fixture
def hostile(tell: Tell, database: Database, tmp_path: Path) -> None:
    """Everything that comes from outside is hostile."""
    for days in (1, 2):
        tell("appointment", f"Velmora {EVIL} recrute.", utcnow() - timedelta(days=days), title=EVIL)
    with database.session() as session:
        for company in session.scalars(select(Company)):
            company.name, company.site, company.city, company.listing = f"{EVIL} {company.id}", EVIL, EVIL, EVIL
            company.register = EVIL
        source = session.scalars(select(Source)).one()
        source.name, source.error = EVIL, EVIL
        for signal in session.scalars(select(Signal)):
            signal.slots = {"person": [EVIL], "role": [EVIL], "place": [{"text": EVIL}]}
            signal.subject, signal.version = EVIL, EVIL
            session.add(Mention(document_id=signal.document_id, company_id=1))
        offers.save(session, OFFER, EVIL, EVIL)
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)
    rank(database, OFFER, default_taxonomy(), utcnow().date())


@pytest.mark.usefixtures("hostile")
def test_no_markup_from_outside_reaches_a_page(enter: Enter) -> None:
    client = enter("ann")
    paths = [
        "/",
        "/?all=1",
        "/ranking",
        "/companies/1",
        "/signals/1",
        "/watchlists",
        "/watchlists/2",
        "/offers",
        "/digest",
    ]
    paths += [f"/offers/edit?name={OFFER.name}", "/search"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        check(answer.text)
    for name, value in (("text", EVIL), ("place", EVIL), ("type", EVIL), ("naf", EVIL), ("days", EVIL)):
        check(client.get("/search", params={name: value}).text)
    check(client.get("/ranking", params={"naf": EVIL}).text)
    check(client.get("/signin", params={"next": EVIL}).text)
    admin = enter("ada")
    for path in ("/admin", "/admin/sources", "/admin/users", "/admin/audit", "/admin/mail"):
        check(admin.get(path).text)


def test_what_a_feed_hides_in_markup_is_not_even_kept() -> None:
    body = f"<rss version='2.0'><channel><item><title><![CDATA[Avant {EVIL} après]]></title><link>https://x.example/1</link>"
    body += f"<description><![CDATA[{EVIL}]]></description></item></channel></rss>"
    (entry,) = read(body.encode(), url="https://x.example", content_type="", now=utcnow()).entries
    assert entry.title == "Avant \"'>x{{ 7 * 7 }} après"
    assert "alert" not in entry.summary
    assert "evil" not in entry.summary
