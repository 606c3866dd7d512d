"""Whether anything is lost, doubled or held up when the work is ended at any moment.

    python -m bench.kills [KILLS [COPIES [SEED]]]

The demonstration's press, COPIES times over (2), goes through collect, analyse, index, rank and digest, each a process
of its own. Once unbroken; then from an empty folder again and again, until KILLS processes (200) were ended by SIGKILL
at a random moment of their work. After two kills each stage is run once more to its end, at once. What stands in the
database, the index and the outbox then must be what stands there after the unbroken run. Exits with 1 where it is not.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from textwrap import shorten

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from index.query import Query
from store import reps, watchlists
from store.database import Database
from store.tables import Company, Delivery, Document, Mail, Rep, Score, Signal, Story
from vigie.demo import run, server
from vigie.engines import open_index
from vigie.opening import opened

STAGES = ("collect", "analyse", "index", "rank", "digest")
SMALLEST = (5, 1)
_REPS = 20  # beside those of the demonstration, so that the mails take a while
_EACH = 2  # kills of a stage before it is let come to its end
_WORDS = ("usine", "plant", "recrute", "nomme", "acquisition")
Rows = Counter[tuple[object, ...]]
"""What stands somewhere, each with how many times it does."""


def _in_database(database: Database) -> dict[str, Rows]:
    document = (Document.url, Document.title, Document.text, Document.state)
    event = (Document.url, Signal.type, Signal.status, Signal.company_id, Signal.sentence, Signal.confidence)
    story = (Story.type, Story.status, Story.sources, Story.published, Story.confidence)
    told = (Rep.email, Document.url, Signal.type, Signal.sentence, Delivery.held)
    signals = select(*event, *story).join(Document, Document.id == Signal.document_id)
    tellings = select(*told).join(Delivery, Delivery.rep_id == Rep.id).join(Signal, Signal.id == Delivery.signal_id)
    queries = {
        "documents": select(*document),
        "signals with their stories": signals.outerjoin(Story, Story.id == Signal.story_id),
        "scores": select(Score.offer, Score.company_id, Score.state, Score.fit, Score.timing),
        "told to reps": tellings.join(Document, Document.id == Signal.document_id),
        "mails": select(Rep.email, Mail.day, Mail.news, Mail.state).join(Mail, Mail.rep_id == Rep.id),
    }
    with database.session() as session:
        return {name: Counter(tuple(row) for row in session.execute(query)) for name, query in queries.items()}


def _standing(config: Path) -> dict[str, Rows]:
    """All that came of the work."""
    with opened(config) as (settings, database):
        found, index = _in_database(database), open_index(settings)
        with database.session() as session:
            urls = {one.id: one.url for one in session.execute(select(Document.id, Document.url))}
        hits = [(word, urls.get(one)) for word in _WORDS for one in index.search(Query(word, limit=10_000)).ids]
        left = [message_from_bytes(one.read_bytes(), policy=SMTP) for one in settings.data.glob("outbox/*.eml")]
    found["hits of five searches"] = Counter(hits)
    found["mails in the outbox"] = Counter((str(one["To"]), str(one["Subject"])) for one in left)
    return found


def _started(stage: str, config: Path) -> subprocess.Popen[bytes]:
    once = ("--once",) if stage == "collect" else ()
    command = [sys.executable, "-m", "vigie", stage, *once, "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 (our own)


def _to_its_end(stage: str, config: Path) -> float:
    """Run a stage; the seconds it took."""
    started = time.monotonic()
    process = _started(stage, config)
    _, said = process.communicate()
    if process.returncode:
        raise SystemExit(f"{stage} ended with {process.returncode}: {said.decode()}")
    return time.monotonic() - started


def _killed(stage: str, config: Path, after: float) -> bool:
    """Start a stage and end it after some seconds; whether it was still at work."""
    process = _started(stage, config)
    time.sleep(after)
    process.kill()
    process.communicate()
    return process.returncode < 0


def _prepared(folder: Path, address: str, copies: int) -> Path:
    config = folder / "config.yaml"
    text = (Path(server.__file__).parent / "config.yaml").read_text("utf-8")
    config.write_text(text.replace("data: var/demo", f"data: {folder}/var"), "utf-8")
    with opened(config) as (_, database):
        run.prepare(database, address, copies)
        with database.session() as session:
            companies = list(session.scalars(select(Company.id).order_by(Company.id)))
            for number in range(_REPS):
                rep = reps.save(session, f"rep{number}@vigie.example", f"Rep {number}", "fr")
                watchlists.add(session, watchlists.save(session, rep, ""), companies[number::_REPS])
    return config


def _trial(config: Path, seconds: dict[str, float], kills: Counter[str], most: int, chance: random.Random) -> None:
    """Go through the stages, each killed some times at a moment of the seconds that it takes, then run to its end."""
    for stage in STAGES:
        for _ in range(_EACH):
            if kills.total() < most and _killed(stage, config, chance.uniform(0, seconds[stage])):
                kills[stage] += 1
        _to_its_end(stage, config)


def main(kills: int, copies: int = 2, seed: int = 34) -> None:
    """Print what stands after the unbroken run, and in how many of the broken ones the same does."""
    chance, done, same, trials = random.Random(seed), Counter[str](), Counter[str](), 0  # noqa: S311 (no secret)
    with tempfile.TemporaryDirectory() as folder, server.serving(copies) as address:
        config = _prepared(Path(folder), address, copies)
        seconds = {stage: _to_its_end(stage, config) for stage in STAGES}
        wanted = _standing(config)
        while done.total() < kills:
            trials += 1
            with tempfile.TemporaryDirectory() as other:
                config = _prepared(Path(other), address, copies)
                _trial(config, seconds, done, kills, chance)
                found = _standing(config)
            for name, rows in wanted.items():
                same[name] += rows == found[name]
                for said, rest in (("missing", rows - found[name]), ("too many", found[name] - rows)):
                    if rest:
                        first = shorten(str(next(iter(rest))), 300)
                        Console().print(f"run {trials}, {name}: {rest.total()} {said}, as {first}", soft_wrap=True)
    table = Table("what", "unbroken", "the same in", title=f"{done.total()} kills in {trials} runs, seed {seed}")
    for name, rows in wanted.items():
        table.add_row(name, str(rows.total()), f"{same[name]} of {trials}")
    Console().print(table, ", ".join(f"{stage}: {done[stage]} kills" for stage in STAGES))
    if same.total() < trials * len(wanted):
        raise SystemExit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:] or ("200",)))
