from __future__ import annotations

from sqlalchemy import select

from store import skipped, sources
from store.database import Database
from store.sources import SourceEntry
from store.tables import Source


def test_addresses_are_passed_over_for_the_source_that_listed_them(database: Database) -> None:
    addresses = [f"https://presse.example/{number}" for number in range(1200)]
    with database.session() as session:
        sources.synchronise(session, [SourceEntry(f"https://{name}.example/", name) for name in "ab"])
        one, other = session.scalars(select(Source).order_by(Source.id))
        skipped.add(session, one, addresses[:1100])
        skipped.add(session, one, addresses[1000:1150])
        assert skipped.among(session, one, addresses) == set(addresses[:1150])
        assert skipped.among(session, other, addresses) == set()
