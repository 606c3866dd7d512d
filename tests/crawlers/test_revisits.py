"""A source is asked each time it is due, whatever its server said of how long its answer may be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import DateTime, select

from crawlers.revisits import address_of
from store.base import UtcDateTime, utcnow
from store.database import Database
from store.health import problems
from store.tables import Document, Source
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press

DAYS, LISTED = 12, 3
FAR = "Wed, 01 Jan 2031 00:00:00 GMT"
LONG_AGO = "Mon, 05 Jan 2015 08:00:00 GMT"


def a_day_passes(database: Database) -> None:
    """As if all that is noted of sources were a day older."""
    with database.session() as session:
        for source in session.scalars(select(Source)):
            for column in Source.__table__.columns:
                then = getattr(source, column.key) if isinstance(column.type, UtcDateTime | DateTime) else None
                if then is not None:
                    setattr(source, column.key, then - timedelta(days=1))


def feed_on(press: Press, path: str, day: int, **headers: str) -> str:
    """The feed as it is on a day: its newest articles."""
    items = [
        (f"/{path}/{one}", f"Amblard ouvre une usine, n° {one}") for one in range(max(0, day - LISTED + 1), day + 1)
    ]
    return press.rss(f"/{path}", *reversed(items), **headers)


def kept(database: Database) -> int:
    with database.session() as session:
        return len(session.scalars(select(Document)).all())


def the_source(database: Database) -> Source:
    with database.session() as session:
        return session.scalars(select(Source)).one()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Last_Modified": LONG_AGO},
        {"Cache_Control": "public, max-age=31536000, immutable", "ETag": '"0"'},
        {"Expires": FAR, "Last_Modified": LONG_AGO},
        {"ETag": '"always the same"'},  # to which the server answers 304, though there is something new
        {"ETag": 'W/"{day}"', "Cache_Control": "max-age=86400"},
    ],
    ids=["none", "stuck Last-Modified", "max-age", "Expires", "stuck ETag", "good ETag"],
)
def test_twelve_days_lose_no_article(database: Database, tmp_path: Path, press: Press, headers: dict[str, str]) -> None:
    for day in range(DAYS):
        a_day_passes(database)
        given = {name: value.format(day=day) for name, value in headers.items()}
        collect(database, tmp_path, feed_on(press, "feed", day, **given), follow_articles=False)
    assert kept(database) == DAYS
    assert press.paths().count("/feed") == DAYS


def test_new_articles_under_the_same_validators_are_told_on_the_source(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = feed_on(press, "feed", 0, ETag='"x"')
    collect(database, tmp_path, feed, follow_articles=False)
    collect(database, tmp_path, feed, follow_articles=False)
    assert "If-None-Match" in press.asked[-1][1]
    assert problems(the_source(database), utcnow()) == []
    feed_on(press, "feed", 1, ETag='"x"')
    a_day_passes(database)
    collect(database, tmp_path, feed, follow_articles=False)
    assert kept(database) == 2
    assert [one.kind for one in problems(the_source(database), utcnow())] == ["validators"]
    collect(database, tmp_path, feed, follow_articles=False)
    assert "If-None-Match" not in press.asked[-1][1]
    for _ in range(30):
        a_day_passes(database)
    for _ in range(2):
        collect(database, tmp_path, feed, follow_articles=False)
    assert "validators" not in {one.kind for one in problems(the_source(database), utcnow())}
    assert "If-None-Match" in press.asked[-1][1]


def test_a_server_in_maintenance_for_a_day_is_asked_again_the_next(
    database: Database, tmp_path: Path, press: Press
) -> None:
    feed = feed_on(press, "feed", 0)
    press.answers["/maintenance"] = Answer(b"<!doctype html><html><body><h1>Maintenance</h1></body></html>")
    collect(database, tmp_path, feed, follow_articles=False)
    press.answers["/feed"] = Answer(status=301, headers={"Location": "/maintenance"})
    a_day_passes(database)
    collect(database, tmp_path, feed, follow_articles=False)
    assert the_source(database).error
    feed_on(press, "feed", 1)
    a_day_passes(database)
    collect(database, tmp_path, feed, follow_articles=False)
    source = the_source(database)
    assert (source.url, source.error, source.trouble, kept(database)) == (feed, None, None, 2)
    assert problems(source, utcnow()) == []


def moved(database: Database, folder: Path, press: Press) -> Callable[[], list[str]]:
    """A source whose address has led elsewhere for good for three days; gives what another day asks for."""
    feed_on(press, "new", 0)
    press.answers["/old"] = Answer(status=308, headers={"Location": "/new"})

    def another_day() -> list[str]:
        a_day_passes(database)
        press.asked.clear()
        collect(database, folder, f"{press.address}/old", follow_articles=False)
        return [path for path in press.paths() if path != "/robots.txt"]

    assert [another_day() for _ in range(4)] == [["/old", "/new"]] * 4
    return another_day


def test_a_source_that_moved_is_read_there_and_looked_for_each_week(
    database: Database, tmp_path: Path, press: Press
) -> None:
    another_day = moved(database, tmp_path, press)
    asked = [another_day() for _ in range(8)]
    assert asked == [["/new"]] * 6 + [["/old", "/new"], ["/new"]]
    source = the_source(database)
    assert (source.url, source.moved_to) == (f"{press.address}/old", f"{press.address}/new")
    assert [one.kind for one in problems(source, utcnow())] == ["moved"]
    for _ in range(5):
        another_day()
    feed_on(press, "old", 1)
    assert [another_day() for _ in range(2)] == [["/old"]] * 2
    assert problems(the_source(database), utcnow()) == []


def test_of_two_addresses_the_one_that_answers_is_read(database: Database, tmp_path: Path, press: Press) -> None:
    another_day = moved(database, tmp_path, press)
    press.answers["/old"] = Answer(status=410)
    assert [another_day() for _ in range(8)] == [["/new"]] * 6 + [["/old"], ["/new"]]
    assert the_source(database).error is None
    press.answers["/new"] = Answer(status=404)
    feed_on(press, "old", 1)
    assert [another_day() for _ in range(2)] == [["/new"], ["/old"]]
    source = the_source(database)
    assert (source.error, address_of(source, utcnow()), kept(database)) == (None, f"{press.address}/old", 3)
