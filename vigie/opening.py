"""An installation, opened: its settings, and its database at the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from leads import offers
from store import sources
from store.database import Database
from store.migrate import upgrade
from store.sources import SourceEntry
from vigie.settings import Settings, load


@contextmanager
def opened(config: Path) -> Iterator[tuple[Settings, Database]]:
    """The settings, and the database at its newest schema with the sources of the settings."""
    settings = load(config)
    database = Database(settings.database_url)
    try:
        upgrade(database)
        listed = [SourceEntry(one.url, one.name, one.language, one.kind) for one in settings.sources]
        with database.reading() as session:  # who only wants to look need not wait for who writes
            changed = any((*sources.out_of_step(session, listed), offers.out_of_step(session, settings.offers)))
        if changed:
            with database.session() as session:
                sources.synchronise(session, listed)
                offers.synchronise(session, settings.offers, str(config))
        yield settings, database
    finally:
        database.close()
