from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import lxml.html
import pytest

from crawlers.dates import moment, published
from crawlers.day_words import days_in, moment_of
from crawlers.zones import zone_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://www.gazette.example/eco/usine"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Publié le 14 sept. 2026", "2026-09-14 00:00"),
        ("mar. 1er sept. 2026, 10 h 30", "2026-09-01 08:30"),
        ("le 1er mars 2026 à 10h30", "2026-03-01 09:30"),
        ("12 août 2026", "2026-08-12 00:00"),
        ("12 AOÛT 2026", "2026-08-12 00:00"),
        ("3 déc. 2025 | 18:05", "2025-12-03 17:05"),
        ("Nov. 3, 2026 at 5:30 p.m.", "2026-11-03 16:30"),
        ("June 21st, 2026", "2026-06-21 00:00"),
        ("21 June 2026", "2026-06-21 00:00"),
        ("03/04/2026", "2026-04-03 00:00"),
        ("3.4.2026", "2026-04-03 00:00"),
        ("2026-04-03", "2026-04-03 00:00"),
        ("31 février 2026", None),
        ("14 septante 2026", None),
        ("le 14 septembre", None),
        ("dossier 112/04/2026", None),
    ],
)
def test_days_in_words_are_read(text: str, day: str | None) -> None:
    found = next(days_in(text, ZoneInfo("Europe/Paris")), None)
    assert (found and f"{found.astimezone(UTC):%Y-%m-%d %H:%M}") == day


@pytest.mark.parametrize(
    ("text", "local", "found"),
    [
        ("2026-11-18T10:00:00+01:00", False, "2026-11-18 09:00"),
        ("2026-11-18T10:00:00+0100", False, "2026-11-18 09:00"),
        ("2026-11-18 10:00:00 +01:00", False, "2026-11-18 09:00"),
        ("2026-11-18T10:00:00Z", True, "2026-11-18 10:00"),
        ("2026-11-18T10:00:00.000Z", True, "2026-11-18 10:00"),
        ("2026-07-18T10:00:00", True, "2026-07-18 08:00"),
        ("2026-07-18T10:00:00", False, "2026-07-18 10:00"),
        ("2026-11-18", True, "2026-11-18 00:00"),
        ("hier", True, None),
    ],
)
def test_moments_are_in_utc(text: str, local: bool, found: str | None) -> None:
    when = moment(text, ZoneInfo("Europe/Paris") if local else UTC)
    assert (when and f"{when.astimezone(UTC):%Y-%m-%d %H:%M}") == found


def said(head: str = "", body: str = "", url: str = URL) -> tuple[str, str] | None:
    article = f"<main><article><h1>Une usine</h1>{body}</article></main>"
    page = f'<html lang="fr"><head>{head}</head><body>{article}</body></html>'
    found = published(lxml.html.document_fromstring(page), url, NOW)
    return (f"{found.at.astimezone(UTC):%Y-%m-%d %H:%M}", found.where) if found else None


JSONLD = '<script type="application/ld+json">{"@graph": [{"@type": ["NewsArticle"], "datePublished": "%s"}]}</script>'
META = '<meta property="article:published_time" content="%s">'


def test_the_best_of_what_a_page_says_wins() -> None:
    words = '<p class="date">Publié le 14 sept. 2026</p>'
    dated = "https://www.gazette.example/2026/09/15/usine"
    assert said(JSONLD % "2026-09-12T08:00:00+02:00" + META % "2026-09-13", words, dated) == (
        "2026-09-12 06:00",
        "jsonld",
    )
    assert said(META % "2026-09-13T08:00:00", words, dated) == ("2026-09-13 06:00", "meta")
    assert said("", words, dated) == ("2026-09-15 00:00", "url")
    assert said("", words) == ("2026-09-14 00:00", "text")
    assert said("", "<p>Rien.</p>") is None


def test_dates_that_cannot_be_are_refused_and_the_next_is_taken() -> None:
    assert said(JSONLD % "2031-01-31" + META % "1970-01-01", "<p>Par la rédaction, le 12 octobre 2026</p>") == (
        "2026-10-12 00:00",
        "text",
    )
    assert said('<script type="application/ld+json">{broken</script>', "", URL + "-20261399") is None


def test_when_it_was_changed_is_not_when_it_was_published() -> None:
    lines = "<p class='date'>Mis à jour le 15 septembre 2026</p><p class='date'>Publié le 14 septembre 2026</p>"
    assert said("", lines) == ("2026-09-14 00:00", "text")
    assert said(META.replace("published", "modified") % "2026-09-15", lines) == ("2026-09-14 00:00", "text")


def test_when_it_was_changed_is_better_than_nothing_above_the_headline_too() -> None:
    changed = '<p class="date">Mis à jour le 15 septembre 2026</p>'
    page = f'<html lang="fr"><body><main>{changed}<h1>Une usine</h1></main></body></html>'
    found = published(lxml.html.document_fromstring(page), URL, NOW)
    assert found is not None
    assert f"{found.at:%Y-%m-%d}" == "2026-09-15"


def test_what_the_article_tells_is_no_date_of_it() -> None:
    text = "La direction a signé un accord. " * 10 + "Il court jusqu'au 31 décembre 2025 et sera relu le 3 mars 2026."
    assert said("", f"<p>{text}</p>") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mer, 16 nov 2022 00:38:15 +0100", "2022-11-15 23:38"),
        ("mer. 16 août 2022 00:38 +0200", "2022-08-15 22:38"),
        ("Fri, 31 May 2019 19:17:58 +0000", "2019-05-31 19:17"),
        ("Fri, 31 May 2019 19:17:58 EST", "2019-06-01 00:17"),
        ("31 May 2019 19:17", "2019-05-31 19:17"),
        ("2019-05-31T19:17:58.123+02:00", "2019-05-31 17:17"),
        ("2019-05-31", "2019-05-31 00:00"),
        ("Vendredi 31 mai 2019", "2019-05-31 00:00"),
        ("99999-01-01", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_moments_as_feeds_write_them(text: str, found: str | None) -> None:
    moment = moment_of(text)
    assert (moment and f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}") == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-26T00:00:00+01:00", "2026-11-26"),
        ("Thu, 26 Nov 2026 00:20:00 +0100", "2026-11-26"),
        ("2026-11-25T23:20:00Z", "2026-11-26"),
        ("2026-11-25T23:20:00", "2026-11-25"),
        ("2026-11-25T23:20:00-05:00", "2026-11-25"),
        ("2026-11-26T00:00:00Z", "2026-11-26"),
        ("26 novembre 2026", "2026-11-26"),
    ],
)
def test_the_day_is_that_of_who_publishes(text: str, day: str) -> None:
    moment = moment_of(text, ZoneInfo("Europe/Paris"))
    assert moment is not None
    assert moment.date().isoformat() == day


@pytest.mark.parametrize(
    ("url", "languages", "hour"),
    [
        ("https://presse.example/", (), 12),
        ("https://presse.example/", (None, "fr"), 10),
        ("https://presse.example/", ("en", "fr"), 12),
        ("https://presse.example/", ("fr-CA", "fr"), 12),
        ("https://presse.example/", ("de_AT",), 10),
        ("https://presse.example/", ("en-GB", "fr"), 11),
        ("https://www.presse.fr/", ("en",), 10),
        ("https://www.presse.ie/", ("en",), 11),
        ("https://www.presse.fr/", ("de-CH",), 10),
    ],
)
@pytest.mark.parametrize("said", ["2026-07-18T12:00:00", "Sat, 18 Jul 2026 12:00:00", "18 juillet 2026 à 12h00"])
def test_an_hour_without_a_zone_is_of_the_country_that_speaks(
    url: str, languages: tuple[str | None, ...], hour: int, said: str
) -> None:
    moment = moment_of(said, zone_of(url, *languages))
    assert moment == datetime(2026, 7, 18, hour, tzinfo=UTC)
