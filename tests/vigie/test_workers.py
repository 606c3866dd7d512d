"""Real workers on a real queue: several processes, each page fetched once, each article analysed once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from store.database import Database
from store.tables import Document, Signal
from tests.support.postgres import Server
from tests.support.press import Answer, Press, serving
from tests.vigie.support import vigie_here
from vigie.pages import PageJobs
from vigie.queue import Queue
from vigie.settings import load

HOSTS, ARTICLES = 5, 6
PAGE = """<html><body><article><h1>{title}</h1><p>{title}. Cinquante personnes y travailleront dès l’automne, a dit
la direction mardi à la presse régionale réunie sur place.</p></article></body></html>"""
COUNT_ANALYSES = """
CREATE TABLE analysis (document_id bigint);
CREATE FUNCTION note_analysis() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO analysis VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER note_analysis AFTER UPDATE OF state ON document FOR EACH ROW
WHEN (NEW.state = 'analysed') EXECUTE FUNCTION note_analysis();
"""


@pytest.fixture
def presses() -> Iterator[list[Press]]:
    """Newsrooms at hosts of their own; each of their feeds announces an article at the next one as well."""
    with ExitStack() as stack:
        found = [stack.enter_context(serving(f"127.0.0.{number + 2}")) for number in range(HOSTS)]
        for number, press in enumerate(found):
            press.slowness = 0.02
            items = []
            for one in range(ARTICLES):
                title = f"Velmora ouvre une usine à Dole, n° {number}-{one}"
                where = found[(number + 1) % HOSTS] if one == 0 else press
                where.answers[f"/{number}-{one}"] = Answer(PAGE.format(title=title).encode())
                items.append((f"{where.address}/{number}-{one}", title))
            press.rss("/feed", *items)
        yield found


@pytest.fixture
def installation(postgres: Server, presses: list[Press], tmp_path: Path) -> Iterator[tuple[Path, Database]]:
    """An installation on PostgreSQL that knows a company and reads the newsrooms."""
    url = postgres.create()
    file, listed = tmp_path / "config.yaml", tmp_path / "listed.csv"
    listed.write_text("name,siren\nForges Amblard,005650007\n", "utf-8")
    of_companies = {"url": listed.as_uri(), "name": "Register", "kind": "companies"}
    content = {
        "data": str(tmp_path / "var"),
        "store": {"url": url},
        "crawl": {"allow_loopback": True, "delay_seconds": 0, "retries": 0},
        "sources": [*({"url": f"{one.address}/feed", "name": one.address} for one in presses), of_companies],
        "workers": {"tries": 2, "silent_seconds": 5, "shares": 4},
    }
    file.write_text(json.dumps(content), "utf-8")
    register = tmp_path / "companies.csv"
    register.write_text("name,siren,department,city\nVelmora,732829320,39,Dole\n", "utf-8")
    assert vigie_here("companies", "import", str(register), "--config", str(file)).returncode == 0
    opened = Database(url)
    with opened.engine.begin() as connection:
        connection.execute(text(COUNT_ANALYSES))
    yield file, opened
    opened.close()


def start(file: Path, *command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "vigie", *command, "--config", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def until(holds: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.5)  # what it asks is work as well, which the workers then cannot do


def end(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGTERM)
    told, _ = process.communicate(timeout=60)
    return told


def test_several_workers_do_everything_once(installation: tuple[Path, Database], presses: list[Press]) -> None:
    file, database = installation
    scheduler, workers = start(file, "schedule"), start(file, "work", "--processes", "3")

    def is_done() -> bool:
        found = vigie_here("search", "usine", "--config", str(file)).stdout
        return f"of {HOSTS * ARTICLES} documents" in found

    def all_analysed() -> bool:
        with database.session() as session:
            return bool(session.scalar(text("SELECT count(*) FROM analysis")) == HOSTS * ARTICLES)

    until(all_analysed)
    until(is_done)
    told = end(scheduler) + end(workers)
    assert "Traceback" not in told
    with database.session() as session:
        analysed = session.scalars(text("SELECT document_id FROM analysis")).all()
        assert sorted(analysed) == sorted(session.scalars(select(Document.id)))
        signals = session.scalars(select(func.count(Signal.id)).where(Signal.type == "opening")).one()
    assert signals == HOSTS * ARTICLES
    for press in presses:
        fetched = Counter(path for path in press.paths() if path != "/robots.txt")
        assert set(fetched.values()) == {1}, fetched
        assert len(fetched) == ARTICLES + 1
        assert press.busiest == 1  # one request at a time of one host, whoever asks
    assert vigie_here("jobs", "list", "--config", str(file)).stdout.endswith("0 jobs\n")
    assert "Forges Amblard" in vigie_here("companies", "show", "005650007", "--config", str(file)).stdout


def test_what_fails_is_tried_again_then_set_aside_and_can_be_retried(
    installation: tuple[Path, Database], tmp_path: Path
) -> None:
    file, database = installation
    search = {"engine": "elasticsearch", "hosts": ["http://localhost:1"]}  # where nothing listens
    bad = tmp_path / "bad.yaml"
    bad.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"search": search}), "utf-8")
    scheduler = start(bad, "schedule")
    until(lambda: "index" in vigie_here("jobs", "list", "--all", "--config", str(bad)).stdout)
    end(scheduler)
    assert vigie_here("work", "--once", "--queue", "nothing", "--config", str(bad)).returncode == 2
    first = start(bad, "work", "--queue", "index", "--once").communicate(timeout=60)[0]
    assert "Elasticsearch at http://localhost:1 does not answer" in first
    assert "0 jobs" in vigie_here("jobs", "list", "--config", str(bad)).stdout
    worker = start(bad, "work", "--queue", "index")
    until(lambda: "1 job\n" in vigie_here("jobs", "list", "--config", str(bad)).stdout)
    read_now(file, database)
    end(worker)
    listed = vigie_here("jobs", "list", "--config", str(bad)).stdout
    assert "refused" in listed
    assert "no job 999 was set aside" in vigie_here("jobs", "retry", "999", "--config", str(file)).stderr
    assert vigie_here("jobs", "retry", "--all", "--config", str(file)).stdout == "1 job queued\n"
    start(file, "work", "--queue", "index", "--once").communicate(timeout=60)
    left = vigie_here("jobs", "list", "--all", "--config", str(file)).stdout
    assert "index" not in left


def read_now(file: Path, database: Database) -> None:
    """Where there are workers, the pages have them fetch: of one host, one process asks at a time."""
    with database.session() as session:
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'fetch'"))
    PageJobs(load(file), database).collect()
    assert "fetch" in vigie_here("jobs", "list", "--all", "--config", str(file)).stdout
    with database.session() as session:
        assert session.scalars(select(func.count(Document.id))).one() == 0


def test_what_a_killed_worker_was_at_is_done_by_another(
    installation: tuple[Path, Database], presses: list[Press]
) -> None:
    file, database = installation
    queue = Queue(load(file), database)
    queue.prepare()
    for press in presses:
        press.slowness = 1.5
    with queue.app.open():
        assert queue.put_fetches() > 1
        assert queue.put_fetches() == 0
        killed = start(file, "work", "--queue", "fetch")
        until(lambda: any(press.asked for press in presses))
        killed.kill()
        killed.communicate()
        assert queue.revive() == []  # it may just be slow
        for press in presses:
            press.slowness = 0
        time.sleep(6)
        assert queue.revive() == ["fetch"]
        start(file, "work", "--queue", "fetch", "--once").communicate(timeout=90)
    with database.session() as session:
        fetched = select(func.count(Document.id)).where(Document.state == "collected")
        assert session.scalars(fetched).one() == HOSTS * ARTICLES
