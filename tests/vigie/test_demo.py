"""The demonstration, run as a newcomer runs it: real collection, signals, ranking, digests."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from signals.types import default_taxonomy
from store.database import Database
from store.tables import Document, Rep, Score, Signal


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """What the demonstration printed until it served the pages, and the folder it runs in."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "vigie", "demo"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        printed = ""
        while "(admin," not in printed:
            line = running.stdout.readline()
            assert line, printed
            printed += line
        yield printed, folder
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0


def test_every_article_is_collected_and_every_family_found(demo: tuple[str, Path]) -> None:
    database = Database(f"sqlite:///{demo[1] / 'var/demo/vigie.db'}")
    with database.session() as session:
        documents = list(session.scalars(select(Document)))
        assert len(documents) >= 40
        assert {document.state for document in documents} == {"analysed"}
        assert all(document.published_at for document in documents)
        found = list(session.scalars(select(Signal).where(Signal.company_id.is_not(None))))
        assert {family for one in found for family in one.families} == set(default_taxonomy().families)
        assert all(one.document.full_text[one.start : one.end] == one.sentence for one in found)
        assert {score.state for score in session.scalars(select(Score))} >= {"hot", "potential"}
    database.close()


def test_what_only_looks_like_news_is_told_of_no_company(demo: tuple[str, Path]) -> None:
    database = Database(f"sqlite:///{demo[1] / 'var/demo/vigie.db'}")
    with database.session() as session:
        told = {one.document.url.rsplit("/", 1)[1] for one in session.scalars(select(Signal)) if one.company_id}
    database.close()
    looks = {"mirandole-bordeaux-table", "foot-recrutement", "conseil-redressement-explique", "ferrandier-portrait"}
    looks |= {"conseil-bourse", "taux-bce", "aquilon-storm", "minister-appointed", "jobs-advert", "funding-explainer"}
    assert told & looks == set()


def test_the_digest_is_named_and_tells_new_things_only(demo: tuple[str, Path]) -> None:
    printed, folder = demo
    assert "Hot leads" in printed
    assert "Morning digest" in printed
    mails = sorted((folder / "var/demo/outbox").glob("*.html"))
    assert len(mails) == 2
    assert all(str(mail.relative_to(folder)) in printed for mail in mails)
    french = next(mail for mail in mails if "zoe" in mail.name).read_text("utf-8")
    assert "a ouvert lundi sa deuxième usine" in french
    assert french.count("Sylvafer en redressement judiciaire") == 1
    database = Database(f"sqlite:///{folder / 'var/demo/vigie.db'}")
    with database.session() as session:
        assert all(rep.digest_at for rep in session.scalars(select(Rep).where(Rep.subscribed)))
    database.close()


def test_the_digest_begins_with_the_morning_and_says_no_sentence_twice(demo: tuple[str, Path]) -> None:
    _, folder = demo
    for file in (folder / "var/demo/outbox").glob("*.html"):
        mail = file.read_text("utf-8")
        assert len(mail.encode()) < 60_000
        lines = re.findall(r'<tr><td[^>]*><a href="#(c\d+)".*?<td class="why"[^>]*>(.*?)</td>', mail, re.DOTALL)
        told = re.findall(r'<div class="company" id="(c\d+)"', mail)
        assert [anchor for anchor, _ in lines] == told[:10]
        for _, why in lines:
            said = re.sub(r"<[^>]+>|·", " ", why).split()
            assert 1 <= len(said) <= 13  # twelve, and that it is hot
        quoted = re.findall(r'<p class="proof"[^>]*>([«“].*?[»”])', mail)
        assert len(quoted) == len(set(quoted)) > 10


def test_the_digest_has_hot_leads_and_what_happened_can_be_found(demo: tuple[str, Path]) -> None:
    _, folder = demo
    french = next((folder / "var/demo/outbox").glob("*zoe*.html")).read_text("utf-8")
    assert "Prospects chauds" in french
    assert "Pourquoi appeler" in french
    config = Path(__file__).parents[2] / "vigie/demo/config.yaml"
    command = [sys.executable, "-m", "vigie", "find", "--family", "growing", "--where", "headcount>=50"]
    done = subprocess.run([*command, "--config", str(config)], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Velmora" in done.stdout


def test_the_pages_are_served_and_the_printed_sign_in_opens_them(demo: tuple[str, Path]) -> None:
    found = re.search(r"The pages: (http://127.0.0.1:\d+)", demo[0])
    password = re.search(r"password  (.+?)  as", demo[0])
    assert found
    assert password
    transport = httpx.HTTPTransport(retries=5)  # they are served just after it is printed
    with httpx.Client(base_url=found[1], transport=transport, follow_redirects=True) as client:
        for email, said in (("zoe.lambert", "Prospects chauds"), ("sam.archer", "Hot leads"), ("admin", "Aujourd")):
            client.cookies.clear()
            key = re.search(r'name="key" value="(\w+)"', client.get("/signin").text)
            assert key
            fields = {"key": key[1], "email": f"{email}@vigie.example", "password": password[1]}
            assert said in client.post("/signin", data=fields).text
        assert client.get("/admin/sources").text.count("/admin/sources/read") == 4
