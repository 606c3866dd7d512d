from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from companies.criteria import indexed
from index.embedded import EmbeddedIndex
from index.indexing import update_index
from signals.stories import assign
from store import companies
from store.base import utcnow
from store.companies import CompanyRow
from store.database import Database
from store.tables import Match, Signal, Watched, Watchlist
from tests.conftest import Tell
from tests.web.conftest import Enter
from tests.web.support import form_key, send
from watch.watchlists import content_of

NEW, OLD = utcnow() - timedelta(days=1), utcnow() - timedelta(days=40)


@pytest.fixture
def found(tell: Tell, database: Database, tmp_path: Path) -> None:
    """Three signals in the index."""
    tell("hiring", "Velmora recrute <i>90</i> personnes.", NEW, title="Emploi à Lyon")
    tell("opening", "Velmora ouvre une usine.", OLD)
    tell("hiring", "Castelor embauche.", NEW, company=2, title="Une levée de fonds")
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)


def sentences(page: str) -> list[str]:
    found = re.findall(r"<blockquote>(.*?)\s*<footer>", page, re.DOTALL)
    return sorted(re.sub(r"</?mark>", "", one) for one in found)


RECRUTE, OUVRE, EMBAUCHE = (
    "Velmora recrute &lt;i&gt;90&lt;/i&gt; personnes.",
    "Velmora ouvre une usine.",
    "Castelor embauche.",
)


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("", [EMBAUCHE, OUVRE, RECRUTE]),
        ("text=usines", [OUVRE]),
        ('text="levée de fonds"', [EMBAUCHE]),
        ("text=recrut* -lyon", []),
        ("type=hiring", [EMBAUCHE, RECRUTE]),
        ("type=hiring&place=69", [RECRUTE]),
        ("family=growing&type=hiring&type=opening&department=69", [OUVRE, RECRUTE]),
        ("days=7", [EMBAUCHE, RECRUTE]),
        (f"until={OLD.date()}", [OUVRE]),
        (f"since={NEW.date()}&place=69,DE", [RECRUTE]),
        ("turnover_min=?", [EMBAUCHE, OUVRE, RECRUTE]),
        ("headcount_min=5", []),
        ("confidence=0.99", []),
    ],
)
def test_what_is_asked_must_all_hold(enter: Enter, asked: str, answers: list[str]) -> None:
    answer = enter("ann").get(f"/search?{asked}")
    assert answer.status_code == 200
    assert sentences(answer.text) == answers
    assert f"{len(answers)} signal" in answer.text


@pytest.mark.usefixtures("found")
def test_counts_say_what_else_could_be_chosen_and_addresses_keep_the_rest(enter: Enter) -> None:
    client = enter("ann")
    page = client.get("/search?text=velmora&type=hiring").text
    facets = re.findall(r'<a href="([^"]+)"( aria-current="true")?>([^<]+)</a> <span class="faint">(\d+)', page)
    assert ("/search?text=velmora", ' aria-current="true"', "Hiring", "1") in facets
    other = next(address for address, _, said, _ in facets if said.startswith("New") or "pen" in said)
    assert "opening" in other
    assert sentences(client.get(other.replace("&amp;", "&")).text) == [OUVRE, RECRUTE]
    assert "<mark>Velmora</mark>" in page


@pytest.mark.usefixtures("found")
def test_where_the_words_stand_elsewhere_the_passage_is_shown(enter: Enter) -> None:
    page = enter("ann").get("/search?text=fonds").text
    assert re.search(r'<p class="faint">Une levée de <mark>fonds</mark>', page)


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    "asked", ["days=many", "since=yesterday", "type=nonsense", "confidence=7", "place=everywhere", "profit_max=x"]
)
def test_what_cannot_be_read_is_named_and_nothing_is_shown(enter: Enter, asked: str) -> None:
    client = enter("ann")
    page = client.get(f"/search?{asked}").text
    assert "This cannot be read; nothing is shown until it is corrected:" in page
    assert sentences(page) == []
    assert client.get(f"/search/export.csv?{asked}").status_code == 422
    rss = re.search(r'href="[^"]*(/rss/[^"]+)"', client.get("/search").text)
    assert rss
    assert client.get(f"{rss[1].partition('?')[0]}?{asked}").status_code == 422


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("asked", ["place=69 42", "place=69;42", "department=42 69", "department=42, 69"])
def test_departments_are_read_whatever_stands_between_them(enter: Enter, asked: str) -> None:
    page = enter("ann").get(f"/search?{asked}").text
    assert "cannot be read" not in page
    assert len(sentences(page)) > 0


@pytest.mark.usefixtures("found")
def test_companies_are_found_by_the_beginning_of_a_name(enter: Enter, database: Database) -> None:
    with database.session() as session:
        companies.save(session, [CompanyRow(f"Castel {one}", {f"castel {one}": f"Castel {one}"}) for one in "abcdefgh"])
    page = enter("ann").get("/search?text=Castelo").text
    assert re.findall(r'<li><a href="/companies/(\d+)">([^<]+)', page) == [("2", "Castelor")]
    assert enter("ann").get("/search?text=castel").text.count('<li><a href="/companies/') == 5


@pytest.mark.usefixtures("found")
def test_a_search_is_saved_as_a_list_in_one_step(enter: Enter, database: Database) -> None:
    client = enter("max")
    at = "/search?text=recrute&type=hiring"
    key = form_key(client.get(at).text)
    fields = {"key": key, "text": "recrute", "type": "hiring", "name": "Emplois", "grows": "1"}
    assert client.post("/search/save", data=fields).headers["location"] == "/watchlists"
    with database.session() as session:
        made = session.scalars(select(Watchlist).where(Watchlist.name == "Emplois")).one()
        search = content_of(made).search
        assert search is not None
        assert (search.text, search.types) == ("recrute", ("hiring",))
        matches = session.scalars(select(Match.signal_id).where(Match.watchlist_id == made.id)).all()
        watched = session.scalars(select(Watched.company_id).where(Watched.watchlist_id == made.id)).all()
        assert (matches, watched) == ([1], [1])
    assert send(client, "/search/save", at, text="x").status_code == 422
    assert send(client, "/search/save", at, name="Faux", days="x").status_code == 422
    assert client.post("/search/save", data={"name": "x"}).status_code == 403


def test_an_empty_index_answers_with_what_to_do(enter: Enter) -> None:
    assert "Nothing answers this" in enter("ann").get("/search?text=usine").text


def test_what_one_article_tells_is_one_entry_that_opens(
    enter: Enter, tell: Tell, database: Database, tmp_path: Path
) -> None:
    for kind, said in (("opening", "Velmora ouvre une usine."), ("investment", "Velmora ouvre une usine.")):
        tell(kind, said, NEW)
    with database.session() as session:
        second = session.get_one(Signal, 2)
        second.document_id, second.start, second.sentence = 1, 9, "Elle y investit 3 millions."
    assign(database, lambda kind, confidence: True)
    update_index(database, EmbeddedIndex(tmp_path / "index"), indexed)
    page = enter("ann").get("/search").text
    assert sentences(page) == [OUVRE]
    assert "2 signals" in page
    assert "2 types, 1 source</summary>" in page
    assert "<q>Elle y investit 3 millions.</q>" in page
