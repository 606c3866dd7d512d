from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select

from digests.post import SmtpServer
from store import companies, documents, reps, sources, watchlists
from store.companies import CompanyRow
from store.database import Database
from store.documents import Article
from store.sources import SourceEntry
from store.tables import Signal, Source
from tests.digests.support import Inbox, Tell


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, SmtpServer]]:
    box = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, SmtpServer("127.0.0.1", port, "none", "", "")
    controller.stop()


@pytest.fixture
def tell(database: Database) -> Tell:
    """Two reps follow Velmora; the function stores a signal on it."""
    with database.session() as session:
        sources.synchronise(session, [SourceEntry("https://presse.example/rss", "Presse", "fr")])
        row = CompanyRow("Velmora & Fils", {"velmora": "Velmora"}, facts={"department": "69", "city": "Lyon"})
        companies.save(session, [row, CompanyRow("Castelor", {"castelor": "Castelor"})])
        for mail, name, language in (
            ("zoe@example.org", "Zoé Lefèvre-Œuvrard", "fr"),
            ("ann@example.org", "Ann Oak", "en"),
        ):
            watchlists.add(session, watchlists.save(session, reps.save(session, mail, name, language), ""), [1])

    def store(
        kind: str,
        sentence: str,
        published: datetime | None,
        company: int = 1,
        title: str = "Un titre",
        status: str = "done",
    ) -> None:
        with database.session() as session:
            source = session.scalars(select(Source)).one()
            number = session.scalar(select(func.count(Signal.id)))
            url = f"https://presse.example/{number}"
            (document,) = documents.announce(session, source, [Article(url, title, sentence, None, published)])
            session.add(
                Signal(
                    document_id=document.id,
                    company_id=company,
                    type=kind,
                    families=["growing"],
                    status=status,
                    sentence=sentence,
                    start=0,
                    end=len(sentence),
                    slots={},
                    published_at=published,
                    confidence=0.8,
                    link_confidence=0.8,
                    version="1",
                )
            )

    return store
