from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from signals.stories import assign
from store import figures, users
from store.base import utcnow
from store.database import Database
from store.tables import Company, Contact, Establishment, Mention, Signal, Source, Watched
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import send
from web.charts import months_until, year_chart


@pytest.fixture
def known(tell: Tell, database: Database) -> None:
    """Velmora with criteria of two sources, a story that names somebody, and a mention."""
    tell("appointment", "Velmora nomme <b>Zoé</b> Gall.", utcnow() - timedelta(days=2))
    with database.session() as session:
        velmora = session.get_one(Company, 1)
        velmora.register, velmora.register_date = "SIRENE", date(2026, 1, 5)
        velmora.headcount_band, velmora.turnover, velmora.siren = "21", 3.2e6, "900000019"
        velmora.sources = {"turnover": ["INPI", "2025-06-30"]}
        figures.save(session, {(1, "turnover", 2024): 3.2e6}, "INPI", date(2025, 6, 30))
        signal = session.scalars(select(Signal)).one()
        held = {"name": "Zoé Gall", "folded": "zoe gall", "function": "directrice", "sentence": signal.sentence}
        session.add(Contact(company_id=1, document_id=signal.document_id, said_at=signal.published_at, **held))
        session.add(Mention(document_id=signal.document_id, company_id=1))
    assign(database, lambda kind, confidence: True)


@pytest.mark.usefixtures("known")
def test_a_company_shows_what_is_known_of_it_with_its_sources(enter: Enter) -> None:
    page = re.sub(r"\s+", " ", enter("max").get("/companies/1").text)
    assert re.search(r"<dt>Headcount</dt> <dd>50 to 99 employees<br>.{20}SIRENE, January 5, 2026", page)
    assert re.search(r"<dt>Turnover</dt> <dd>€3.2M<br>.{20}INPI, June 30, 2025", page)
    known = re.findall(r"<dt>([^<]+)", page)
    assert "Profit" not in known
    (unknown,) = re.findall(r"<summary>(\d+) criteria unknown</summary> <p class=\"faint\">([^.]+)", page)
    assert len(unknown[1].split(", ")) == int(unknown[0]) == 19 - len(known)
    assert "profit" in unknown[1]
    assert "<td>2024</td><td>turnover</td>" in page
    assert "Zoé Gall</strong>, directrice" in page
    assert "nomme &lt;b&gt;Zoé" in page
    assert re.search(r'<tr><td>Presse</td><td class="number">1</td><td>2 days ago</td><td>not read yet</td>', page)
    assert page.count("<circle ") == 1


def test_one_of_whom_nothing_is_known_says_so(tell: Tell, enter: Enter) -> None:
    page = enter("ann").get("/companies/2").text
    assert "No source that is read has told anything of it yet." in page
    assert "No article has named anybody" in page
    assert "1 more source is read" in page
    assert enter("ann").get("/companies/999").status_code == 404
    assert enter("ann").get("/companies/x").status_code == 422


def test_a_company_is_watched_and_watched_no_more(tell: Tell, enter: Enter, database: Database) -> None:
    client = enter("max")
    assert send(client, "/companies/2/watch", "/companies/2").headers["location"] == "/companies/2"
    assert "Watch no more" in client.get("/companies/2").text
    assert send(client, "/companies/2/watch", "/companies/2", name="Lyon").status_code == 303
    assert ">Lyon</a>" in client.get("/companies/2").text
    send(client, "/companies/2/unwatch", "/companies/2")
    assert "Watch no more" not in client.get("/companies/2").text
    assert client.post("/companies/2/watch").status_code == 403
    with database.session() as session:
        assert len(session.scalars(select(Watched)).all()) == 2  # those of the other reps
        told = [(one.who, one.action, one.what) for one in users.audit(session, limit=3)]
    assert told == [("max@example.org", action, "#2") for action in ("unwatch", "watch", "watch")]


@pytest.mark.usefixtures("known")
def test_a_muted_company_is_told_of_no_more(enter: Enter) -> None:
    client = enter("ann")
    assert "Velmora" in client.get("/").text
    send(client, "/companies/1/mute", "/companies/1", muted="true")
    assert "You muted it" in client.get("/companies/1").text
    assert "Velmora" not in client.get("/?all=1").text
    send(client, "/companies/1/mute", "/companies/1", muted="false")
    assert "Velmora" in client.get("/").text


def test_a_merged_record_shows_the_one_that_stands_for_it(tell: Tell, enter: Enter, database: Database) -> None:
    with database.session() as session:
        session.get_one(Company, 2).merged_into = 1
    assert "<h1>Velmora" in enter("ann").get("/companies/2").text


def test_a_source_that_fails_says_so(tell: Tell, enter: Enter, database: Database) -> None:
    with database.session() as session:
        source = session.scalars(select(Source)).one()
        source.fetched_at, source.error = utcnow() - timedelta(days=1), "404"
    assert "yesterday, then failing" in enter("ann").get("/companies/1").text


def test_the_chart_counts_stories_of_each_family_by_month() -> None:
    today = date(2026, 3, 10)
    assert months_until(today)[0] == date(2025, 4, 1)
    assert months_until(today)[-1] == date(2026, 3, 1)
    told = [("growing", date(2026, 3, 1))] * 4 + [("buzz", date(2025, 4, 30)), ("buzz", date(2025, 3, 31))]
    chart = year_chart(told, ["buzz", "hr_moves", "growing"], today)
    assert chart.families == ("buzz", "growing")
    assert [(dot.family, dot.month, dot.stories) for dot in chart.dots] == [
        ("buzz", date(2025, 4, 1), 1),
        ("growing", date(2026, 3, 1), 4),
    ]
    assert chart.dots[0].x < chart.dots[1].x
    assert chart.dots[0].radius * 2 == pytest.approx(chart.dots[1].radius, rel=0.1)
    assert all(dot.x + dot.radius < chart.width and dot.y + dot.radius < chart.height for dot in chart.dots)


def test_codes_are_said_by_their_names_and_places_and_similar_companies_are_listed(
    tell: Tell, enter: Enter, database: Database
) -> None:
    with database.session() as session:
        velmora, castelor = session.get_one(Company, 1), session.get_one(Company, 2)
        velmora.naf, velmora.legal_form, velmora.headcount = "2841Z", "5710", 100
        castelor.naf, castelor.headcount = "2841Z", 900
        for number, (name, naf, department, headcount) in enumerate(
            (("Proche", "2841Z", "69", 9000), ("Autre métier", "2842Z", "69", 100), ("Semblable", "2841Z", "38", 120)),
            3,
        ):
            one = Company(id=number, name=name, naf=naf, department=department, headcount=headcount, sources={})
            session.add(one)
        facts = {"company_id": 1, "department": "69", "naf": "2841Z", "is_open": True}
        session.add(Establishment(siret="90000001900017", is_head=True, city="Lyon", **facts))
        session.add(Establishment(siret="90000001900025", is_head=False, city="Bron", **facts))
        session.add(Establishment(siret="90000001900033", is_head=False, city="Vaise", **facts | {"is_open": False}))
    page = re.sub(r"\s+", " ", enter("max").get("/companies/1").text)
    assert "<dd>Manufacture of machinery and equipment (2841Z)" in page
    assert "<dd>SAS, société par actions simplifiée (5710)" in page
    assert "2 places of business" in page
    assert re.search(r"<td>Lyon \(69\) <span class=\"tag\">head office</span></td>.*<td>Bron \(69\)</td>", page)
    assert "Vaise" not in page
    similar = page[page.index("Similar companies") :]
    assert re.findall(r'<li><a href="/companies/\d+">([^<]+)', similar)[:3] == ["Proche", "Semblable", "Castelor"]
    assert "Autre métier" not in similar
