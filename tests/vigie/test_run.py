"""The service as a process: a round at once, and a clean stop whatever it is doing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from store import failures
from store.database import Database
from tests.support.press import Answer, Press, serving
from vigie.jobs.rankings import run_rankings
from vigie.jobs.stages import stage
from vigie.scheduler import Runner
from vigie.settings import Settings


def configured(folder: Path, feed: str) -> Path:
    file = folder / "config.yaml"
    file.write_text(
        f"data: {folder / 'var'}\ncrawl: {{allow_loopback: true, delay_seconds: 0}}\n"
        f"sources:\n- {{url: '{feed}', name: Presse, language: fr}}\n",
        "utf-8",
    )
    return file


def started(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vigie", "run", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(press: Press, path: str) -> None:
    until = time.monotonic() + 60
    while path not in press.paths():
        assert time.monotonic() < until, "the service did not read its source"
        time.sleep(0.1)


def test_it_does_a_round_and_stops_on_sigterm(tmp_path: Path) -> None:
    with serving() as press:
        press.answers["/1"] = Answer(b"<html><body><p>Velmora ouvre une usine.</p></body></html>")
        config = configured(tmp_path, press.rss("/feed", (press.address + "/1", "Velmora ouvre une usine")))
        service = started(config)
        assert service.stdout is not None
        lines = [service.stdout.readline() for _ in range(2)]
        assert "running; there is no rep yet" in lines[0]
        assert "1 articles fetched, 1 signals found, 1 documents indexed" in lines[1]
        service.send_signal(signal.SIGTERM)
        printed, errors = service.communicate(timeout=30)
    assert service.returncode == 0
    assert printed.rstrip().endswith("stopped")
    assert errors == ""


def test_it_stops_in_the_middle_of_a_round(tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b" "
            time.sleep(0.2)

    with serving() as press:
        press.answers["/1"] = Answer(stream=endless)
        config = configured(tmp_path, press.rss("/feed", (press.address + "/1", "Velmora ouvre une usine")))
        service = started(config)
        wait_for(press, "/1")
        service.send_signal(signal.SIGTERM)
        printed, errors = service.communicate(timeout=30)
    assert service.returncode == 0, errors
    assert printed.rstrip().endswith("stopped")
    assert "Traceback" not in errors


def test_a_stage_that_fails_is_noted_and_those_after_it_are_done(tmp_path: Path) -> None:
    with serving() as press:
        config = configured(tmp_path, press.rss("/feed", (press.address + "/1", "Velmora ouvre une usine")))
        (tmp_path / "var" / "crawl.log").mkdir(parents=True)  # where the crawl cannot write then
        service = started(config)
        assert service.stdout is not None
        lines = [service.stdout.readline() for _ in range(2)]
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=30)
    assert "0 articles fetched, 0 signals found, 0 documents indexed" in lines[1]
    assert "collect: IsADirectoryError" in errors
    assert "Traceback" not in errors
    database = Database(f"sqlite:///{tmp_path / 'var' / 'vigie.db'}")
    with database.reading() as session:
        (noted,) = failures.everything(session)
        assert (noted.kind, noted.unit) == ("stage", "collect")
    assert stage(database, "collect", lambda: 3, 0, print) == 3
    with database.reading() as session:
        assert not failures.everything(session)
    database.close()


def test_the_first_ranking_of_a_day_is_made_up_for_when_it_failed(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_disk, ranked = [OSError("No space left on device")], list[date]()

    def ranking(settings: Settings, database: Database, today: date) -> list[str]:
        if full_disk:
            raise full_disk.pop()
        ranked.append(today)
        return run_rankings(settings, database, today)

    monkeypatch.setattr("vigie.scheduler.run_rankings", ranking)
    runner = Runner(Settings.model_validate({"data": tmp_path}), database)
    runner._round()
    assert not ranked
    with database.reading() as session:
        assert [(one.kind, one.unit) for one in failures.everything(session)] == [("stage", "rank")]
    runner._round()
    runner._round()  # without news, on the same day
    assert len(ranked) == 1
    with database.reading() as session:
        assert not failures.everything(session)
