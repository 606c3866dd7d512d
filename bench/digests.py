"""How many digests a minute are made and handed to a mail server on this machine.

python -m bench.digests
"""

from __future__ import annotations

import random
import socket
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from rich.console import Console
from rich.table import Table

from bench.memory import most_memory
from digests.headers import address
from digests.links import Links
from digests.send import send_digests
from digests.sender import Sender
from digests.transport import SmtpServer
from leads import offers
from leads.board import read_board
from leads.offers import Offer
from leads.ranking import horizon, rank
from signals.types import default_taxonomy
from store import reps, watchlists
from store.base import utcnow
from store.database import Database
from store.migrate import upgrade
from store.tables import Company, Document, Mention, Signal, Source, Story

_REPS, _COMPANIES, _FOLLOWED, _SIGNALS = 300, 5_000, 40, 4_000
_LIMIT = 1000  # digests a minute
SMALLEST = (3, 50, 40)
_OFFER = {"name": "o", "fit": [{"criterion": "headcount", "min": 50, "points": 50}]}


def _fill(database: Database, people: int, size: int, told: int) -> None:
    chance, now = random.Random(1), utcnow()  # noqa: S311
    kinds = ["hiring", "funding", "opening", "appointment", "contract_won", "acquisition"]
    with database.session() as session:
        source = Source(url="http://x/feed", name="Presse")
        many = [Company(name=f"Entreprise {n}", department="25", headcount=n % 100) for n in range(size)]
        session.add_all([source, *many])
        session.flush()
        for number in range(told):
            company, day = chance.choice(many), now - timedelta(hours=chance.randint(1, 160))
            title = f"{company.name} annonce la nouvelle numéro {number} de son plan de développement industriel"
            document = Document(source=source, url=f"http://x/{number}", title=title, text="", published_at=day)
            story = Story(company_id=company.id, type=chance.choice(kinds), status="done", confidence=0.9, sources=1)
            story.first_at = story.last_at = day
            session.add_all([document, story])
            session.flush()
            facts = {"sentence": title, "start": 0, "end": len(title), "slots": {}, "version": "v"}
            session.add(Mention(document_id=document.id, company_id=company.id))
            session.add(
                Signal(
                    document=document,
                    company=company,
                    type=story.type,
                    families=["growing"],
                    status="done",
                    published_at=day,
                    confidence=0.9,
                    link_confidence=0.9,
                    story_id=story.id,
                    **facts,
                )
            )
        for number in range(people):
            rep = reps.save(session, f"rep{number}@example.org", f"Rep {number}", "fr")
            followed = chance.sample(many, _FOLLOWED)
            watchlists.add(session, watchlists.save(session, rep, ""), [one.id for one in followed])
        offers.save(session, Offer.model_validate(_OFFER), "bench")
    offer, taxonomy = Offer.model_validate(_OFFER), default_taxonomy()
    with database.session() as session:
        there = read_board(session, taxonomy, now - horizon(offer, taxonomy), offer)
    rank(database, there, offer, taxonomy, now.date())


def main(people: int = _REPS, size: int = _COMPANIES, told: int = _SIGNALS) -> None:
    """Print the digests a minute against the limit."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        database = Database(f"sqlite:///{Path(folder) / 'vigie.db'}")
        upgrade(database)
        _fill(database, people, size, told)
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
        free.close()
        server = Controller(Sink(), hostname="127.0.0.1", port=port)
        server.start()
        links = Links("https://vigie.example", "secret")
        sender = Sender(address("vigie@example.org", "Vigie"), default_taxonomy(), links, timedelta(days=7))
        post = SmtpServer("127.0.0.1", port, "none", "", "")
        started = time.perf_counter()
        sent = list(send_digests(database, post, sender, utcnow()))
        taken = time.perf_counter() - started
        server.stop()
        database.close()
    done = sum(bool(one.where) for one in sent)
    rate = done / taken * 60
    table = Table("digests", "news in each", "s", "a minute", f"of the limit ({_LIMIT:,})", "MB", title="digests")
    news = f"{sum(one.news for one in sent) / max(1, done):.1f}"
    table.add_row(str(done), news, f"{taken:.1f}", f"{rate:,.0f}", f"{rate / _LIMIT:.2f}", f"{most_memory() / 1e6:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
