"""Dates, ages and numbers in the reader's language, and its catalogue: French in `locale`, English in the code."""

from __future__ import annotations

import gettext
import io
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

Language = Literal["fr", "en"]
_LOCALE = Path(__file__).parent / "locale"
_NEAR_DAYS = 45


@lru_cache(maxsize=4)
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language, compiled in memory; English needs none."""
    if language == "en":
        return gettext.NullTranslations()
    with (_LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Format:
    """How a language writes days and numbers. Ages count from `today`, a day in the time zone of who reads."""

    def __init__(self, language: Language, today: date, zone: tzinfo = UTC) -> None:
        self.language, self.today, self.zone = language, today, zone
        self.translations = translations(language)

    def day(self, day: date) -> str:
        """A date in full, or that of a moment, as the language writes it: `25 novembre 2026`."""
        day = self._date(day)
        said = str(format_date(day, "long", locale=self.language))
        return f"1er{said[1:]}" if self.language == "fr" and day.day == 1 else said

    def month(self, day: date) -> str:
        """The month of a day, short, as a chart has room for it."""
        return str(format_date(day, "LLL", locale=self.language))

    def month_of_year(self, day: date) -> str:
        """The month of a day with its year."""
        return str(format_date(day, "LLLL y", locale=self.language))

    def clock(self, when: datetime) -> str:
        """The time of day of a moment, in the reader's zone: `14:05`."""
        return f"{when.astimezone(self.zone):%H:%M}"

    def minute(self, when: datetime) -> str:
        """A moment in the reader's time zone: day and time."""
        return str(format_datetime(when, "short", tzinfo=self.zone, locale=self.language))

    def weekday(self, number: int) -> str:
        """A day of the week; 0 is Monday."""
        return str(get_day_names("wide", locale=self.language)[number])

    def age(self, day: date) -> str:
        """How long ago a day or a moment was; a date in full when that is long ago, or when the day is to come."""
        _ = self.translations.gettext
        day = self._date(day)
        days = (self.today - day).days
        if days in (0, 1):
            return _("yesterday") if days else _("today")
        if not 0 < days <= _NEAR_DAYS:
            return self.day(day)
        ago = timedelta(days=-days)
        return format_timedelta(ago, add_direction=True, granularity="day", threshold=100, locale=self.language)

    def _date(self, when: date) -> date:
        """The day of a moment in the reader's time zone; one at midnight UTC is a day of which no hour is known."""
        if not isinstance(when, datetime):
            return when
        return when.date() if when.time() == time() else when.astimezone(self.zone).date()

    def quoted(self, sentence: str) -> str:
        """A sentence in the language's quotation marks, unless it brings its own."""
        if sentence.startswith(("«", "“", '"')):
            return sentence
        return f"«\u00a0{sentence}\u00a0»" if self.language == "fr" else f"“{sentence}”"

    def points(self, points: float) -> str:
        """Points with their sign: `+18`, `+4,5`, `0`."""
        said = format_decimal(round(points, 1), format="+#,##0.#;-#,##0.#", locale=self.language)
        return "0" if said in ("+0", "-0") else said

    def number(self, value: float) -> str:
        """A number as the language writes it."""
        return str(format_decimal(value, locale=self.language))

    def percent(self, share: float) -> str:
        """A share from 0 to 1 in full per cent."""
        return str(format_percent(round(share, 2), locale=self.language))

    def money(self, euros: float) -> str:
        """An amount of euros in full, as the language writes it: `28 000 €`."""
        pattern = {"fr": "#,##0 ¤", "en": "¤#,##0"}[self.language]
        return str(format_currency(euros, "EUR", pattern, locale=self.language, currency_digits=False))

    def country(self, code: str) -> str:
        """A country (ISO 3166) or region (UN M49) by its name; its code where it has none."""
        return str(Locale.parse(self.language).territories.get(code.upper(), code))

    def plain(self, value: float) -> str:
        """A number to be changed in a field: without groups of thousands, with the language's decimal sign."""
        said = f"{value:.10g}"
        return said.replace(".", ",") if self.language == "fr" else said
