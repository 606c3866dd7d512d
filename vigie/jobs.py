"""The jobs of the service, wired from the rooms: the command line, the demonstration and the scheduler run the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from sqlalchemy.orm import Session

from companies.criteria import indexed
from companies.importing import Imported, import_file
from companies.linker import open_linker
from crawlers import files
from crawlers.collect import collect_once
from crawlers.download import download
from digests.deliver import Sent
from digests.links import Links, secret_in
from digests.mail import address
from digests.send import send_alerts, send_digests, send_summaries
from digests.sender import Sender
from digests.transport import MailFolder, SmtpServer, Transport
from index.indexing import reindex, update_index
from index.query import SearchIndex
from leads import offers
from leads.board import Board
from leads.board_files import open_board
from leads.ranking import horizon, rank
from leads.replay import DAYS, Replay, replay
from signals.analyse import analyse_collected
from signals.relink import naming, relink
from signals.types import default_extractor, default_taxonomy
from store import documents, reps, sources
from store.base import utcnow
from store.database import Database
from store.errors import Unavailable, VigieError
from store.hosts import EVERY_HOST, Share
from store.migrate import upgrade
from store.sources import SourceEntry
from store.tables import Source
from vigie.console import progress_bars, say, warn
from vigie.engines import open_index
from vigie.percolator import Percolator
from vigie.queries import keyword_filter
from vigie.settings import Settings, load

_IMPORT_HOLD = timedelta(hours=1)  # after which an import that was cut off is gone on with


@contextmanager
def opened(config: Path) -> Iterator[tuple[Settings, Database]]:
    """The settings, and the database at its newest schema with the sources of the settings."""
    settings = load(config)
    database = Database(settings.database_url)
    try:
        upgrade(database)
        with database.session() as session:
            sources.synchronise(session, [SourceEntry(s.url, s.name, s.language, s.kind) for s in settings.sources])
            offers.synchronise(session, settings.offers, str(config))
        yield settings, database
    finally:
        database.close()


def run_collect(
    settings: Settings,
    database: Database,
    stopping: Callable[[], bool] = lambda: False,
    share: Share = EVERY_HOST,
) -> Counter[str]:
    """One round of the crawl, of every host or of a share, with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with progress_bars(*columns) as bars:
        feeds, articles = bars.add_task("sources", total=None), bars.add_task("articles", total=None)

        def show(counts: Counter[str]) -> None:
            bars.update(feeds, total=counts["sources"], completed=counts["sources_done"])
            bars.update(articles, total=counts["articles"], completed=counts["articles_done"])

        return collect_once(
            database_url=settings.database_url,
            folder=settings.data,
            crawl=settings.crawl.model_dump(),
            share=share,
            progress=show,
            stopping=stopping,
        )


def run_analyse(settings: Settings, database: Database, stopping: Callable[[], bool] = lambda: False) -> int:
    """Analyse what waits, with a progress bar; returns how many signals were found."""
    with progress_bars(TextColumn("analysed"), BarColumn(), MofNCompleteColumn()) as bars:
        with database.session() as session:
            task = bars.add_task("articles", total=documents.count_in_state(session, *documents.TO_ANALYSE))
        linker = open_linker(database, settings.data)

        def show(done: int) -> None:
            bars.update(task, completed=done)

        return analyse_collected(database, default_extractor(), linker, show, stopping)


def run_index(settings: Settings, database: Database) -> int:
    """Index what changed, and find the lists that it answers; returns how many documents were read."""
    return _with_progress(update_index, settings, database)


def run_reindex(settings: Settings, database: Database) -> int:
    """Build the index anew beside the live one, with a progress bar; returns how many documents are in it."""
    return _with_progress(reindex, settings, database)


def _with_progress(how: Callable[..., int], settings: Settings, database: Database) -> int:
    with progress_bars(TextColumn("indexed"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bars:
        task = bars.add_task("documents", total=None)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        return how(database, open_index(settings), indexed, Percolator(database, utcnow().date()), show)


def up_to_date(settings: Settings, database: Database) -> SearchIndex:
    """The index, with what changed read if that is possible now."""
    try:
        run_index(settings, database)
    except Unavailable as error:  # the service may be writing: what it has indexed so far can be searched
        warn(f"the newest documents may be missing: {error}")
    return open_index(settings)


def _first_day(today: date, versions: Collection[offers.Offer]) -> date:
    """The first day of which a signal may count for one of the offers, on any of the days that a replay shows."""
    taxonomy = default_taxonomy()
    longest = max((horizon(one, taxonomy) for one in versions), default=timedelta())
    return today - longest - timedelta(days=DAYS + 1)


def _board(settings: Settings, session: Session, since: date) -> Board:
    return open_board(session, settings.data, default_taxonomy(), datetime.combine(since, time(), UTC))


def run_rankings(settings: Settings, database: Database, today: date, name: str = "") -> list[str]:
    """Rank for every offer that holds, or for the one with this name; returns their names.

    The index must be up to date: it says which articles may have the words that an offer wants or does not want.

    Raises `NotFound` when there is no such offer.
    """
    index, taxonomy = open_index(settings), default_taxonomy()
    with database.session() as session:
        chosen = [offers.named(session, name)] if name else offers.current(session)
        since = _first_day(today, chosen)
        there = _board(settings, session, since)
    for offer in chosen:
        rank(database, there, offer, taxonomy, today, keyword_filter(index, offer, taxonomy, since))
    return [offer.name for offer in chosen]


def run_replay(
    settings: Settings, database: Database, before: offers.Offer | None, after: offers.Offer, today: date
) -> Replay:
    """What the offer would have told over the last days, against how it was before."""
    index, taxonomy = open_index(settings), default_taxonomy()
    since = _first_day(today, [offer for offer in (before, after) if offer])
    with database.session() as session:
        there = _board(settings, session, since)
        return replay(
            session, there, before, after, taxonomy, today, lambda offer: keyword_filter(index, offer, taxonomy, since)
        )


def run_import(settings: Settings, database: Database, file: Path, column_map: str) -> Imported:
    """Import a file of companies, with a progress bar; refused lines go to the `rejects` folder of the data."""
    with progress_bars(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bars:
        task = bars.add_task(file.name, total=1.0)
        return import_file(
            database,
            file,
            settings.imports,
            chosen=column_map,
            rejects=settings.data / "rejects" / f"{file.name.split('.')[0]}.csv",
            progress=lambda share: bars.update(task, completed=share),
        )


def run_download(settings: Settings, url: str) -> Path:
    """The file at an address, in the `downloads` folder of the data, with a progress bar; only if it changed."""
    with progress_bars(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()) as bars:
        task = bars.add_task("download", total=1.0)
        return download(
            url,
            settings.data / "downloads",
            user_agent=settings.crawl.user_agent,
            allow_loopback=settings.crawl.allow_loopback,
            seconds=settings.crawl.timeout_seconds,
            progress=lambda share: bars.update(task, completed=share),
        )


def file_of(settings: Settings, address: str) -> Path:
    """The file of a register: at an address of the web, sent again only if it changed, or on this machine."""
    if address.startswith(("https://", "http://")):
        return run_download(settings, address)
    return files.path_of(address) if address.startswith(files.SCHEME) else Path(address)


def run_registers(settings: Settings, database: Database, stopping: Callable[[], bool] = lambda: False) -> int:
    """Look at the registers of companies that are due, and import those that changed; returns how many were looked at.

    What goes wrong is noted on the source, which is looked at again after an hour, then two, four and so on.
    """
    looked = 0
    while not stopping():
        with database.session() as session:
            source = sources.claim_register(session, utcnow(), hold=_IMPORT_HOLD)
            if source is None:
                break
            number, address, name, before = source.id, source.url, source.name, source.body_digest
        state, error = before, None
        try:
            file = file_of(settings, address)
            with file.open("rb") as opened_file:
                state = hashlib.file_digest(opened_file, "blake2b").hexdigest()
            if state != before:
                _tell_import(name, run_import(settings, database, file, ""))
        except (VigieError, OSError) as wrong:
            state, error = before, str(wrong)
        with database.session() as session:
            sources.looked_at(session.get_one(Source, number), utcnow(), state, error)
        looked += 1
    return looked


def _tell_import(name: str, outcome: Imported) -> None:
    say(f"{name}: {outcome.added} companies added, {outcome.updated} updated, {outcome.refused} lines refused")
    if outcome.rejects_file:
        warn(f"{name}: the refused lines are in {outcome.rejects_file}")


def run_relink(settings: Settings, database: Database, names: Collection[str]) -> tuple[int, int]:
    """Link the stored articles that have these folded names anew, with a progress bar.

    Returns how many were read again, and of how many of them something else is told now.
    """
    with progress_bars(TextColumn("searched"), BarColumn(), MofNCompleteColumn()) as bars:
        with database.session() as session:
            task = bars.add_task("articles", total=documents.count_in_state(session, "analysed"))
        ids = naming(database, names, lambda done: bars.update(task, completed=done))
    return len(ids), relink(database, ids, default_extractor(), open_linker(database, settings.data))


def transport_of(settings: Settings) -> Transport:
    """Where mails go: the SMTP server of the settings, or the outbox folder when none is set."""
    mail = settings.mail
    if not mail.host:
        return MailFolder(settings.data / "outbox")
    return SmtpServer(mail.host, mail.port, mail.security, mail.user, mail.password.get_secret_value())


def links_of(settings: Settings) -> Links:
    """The addresses in mails of this installation."""
    return Links(settings.web.url, settings.web.secret.get_secret_value() or secret_in(settings.data))


def sender_of(settings: Settings) -> Sender:
    """How this installation writes to its reps."""
    schedule = settings.schedule
    return Sender(
        address=address(settings.mail.sender, "Vigie"),
        taxonomy=default_taxonomy(),
        links=links_of(settings),
        fresh=timedelta(days=settings.mail.fresh_days),
        at=schedule.digest_at,
        zone=schedule.time_zone,
        days=schedule.digest_days,
    )


def run_digest(settings: Settings, database: Database, now: datetime, *, only_due: bool = False) -> list[Sent]:
    """Send every rep their digest, or those whose time has come; returns what became of each.

    On schedule, administrators are told how the sources are, too.
    """
    transport, sender = transport_of(settings), sender_of(settings)
    summaries = list(send_summaries(database, transport, sender, now)) if only_due and settings.mail.summary else []
    return summaries + list(send_digests(database, transport, sender, now, only_due=only_due))


def run_alerts(settings: Settings, database: Database, now: datetime) -> list[Sent]:
    """Mail at once what lists with immediate delivery tell; returns what became of each mail."""
    return list(send_alerts(database, transport_of(settings), sender_of(settings), now))


def next_digest(settings: Settings, database: Database, now: datetime) -> datetime | None:
    """When the next rep is written to; None when there is no rep."""
    sender = sender_of(settings)
    with database.session() as session:
        schedules = [sender.schedule(rep) for rep in reps.everyone(session) if rep.subscribed]
    return min((one.next(now) for one in schedules), default=None)
