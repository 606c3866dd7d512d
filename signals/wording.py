"""Scores, ages, dates and numbers in the reader's language: English stands in the code, French in `locale`."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_currency, format_decimal, format_percent

from signals.changes import Change
from signals.criteria import AMOUNTS
from signals.types import Taxonomy
from store.tables import LedgerLine, Source

Language = Literal["fr", "en"]
_LOCALE = Path(__file__).parent / "locale"
_NEAR_DAYS = 45
_SAY_THEMSELVES = {"headcount", "age", "secondary_sites", "social_influence"}
"""Criteria whose values name what they count."""


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


class Words:
    """How a language says things. `today` is the day that ages count from, in the time zone of who reads."""

    def __init__(self, language: Language, taxonomy: Taxonomy, today: date, zone: tzinfo = UTC) -> None:
        self.language, self.taxonomy, self.today, self.zone = language, taxonomy, today, zone
        self.translations = translations(language)

    def _date(self, when: date) -> date:
        """The day of a moment in the reader's time zone; one at midnight UTC is a day of which no hour is known."""
        if not isinstance(when, datetime):
            return when
        return when.date() if when.time() == time() else when.astimezone(self.zone).date()

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

    def minute(self, when: datetime, zone: tzinfo | None = None) -> str:
        """A moment in a time zone (UTC where none is given): day and time."""
        return str(format_datetime(when, "short", tzinfo=zone, locale=self.language))

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

    def quoted(self, sentence: str) -> str:
        """A sentence in the language's quotation marks, unless it brings its own."""
        if sentence.startswith(("«", "“", '"')):
            return sentence
        return f"«\u00a0{sentence}\u00a0»" if self.language == "fr" else f"“{sentence}”"

    def points(self, points: float) -> str:
        """Points with their sign: `+18`, `+4,5`, `0`."""
        said = format_decimal(round(points, 1), format="+#,##0.#;-#,##0.#", locale=self.language)
        return "0" if said in ("+0", "-0") else said

    def status(self, status: str) -> str:
        """A signal's status as an addition to its type; nothing when the event is done."""
        return f" ({self.standing(status)})" if status in ("planned", "rumoured", "denied") else ""

    def standing(self, status: str) -> str:
        """A signal's status, said also when the event is done."""
        _ = self.translations.gettext
        said = {"planned": _("planned"), "rumoured": _("rumoured"), "denied": _("denied"), "done": _("done")}
        return said.get(status, status)

    def slot(self, slot: str) -> str:
        """What a slot of a signal holds."""
        _ = self.translations.gettext
        return {
            "person": _("person"),
            "role": _("role"),
            "place": _("place"),
            "amount": _("amount"),
            "percentage": _("percentage"),
            "headcount": _("headcount"),
            "counterpart": _("other company"),
            "product": _("product"),
            "court": _("court"),
            "procedure": _("procedure"),
        }.get(slot, slot)

    def slot_value(self, slot: str, value: Any) -> str:
        """A value of a slot: a name or text, an amount with its currency, a share with its direction."""
        if isinstance(value, int | float):
            return self.number(value)
        if not isinstance(value, Mapping):
            return str(value)
        if slot == "amount":
            return str(
                format_compact_currency(value["value"], value["currency"], locale=self.language, fraction_digits=1)
            )
        if slot == "percentage":
            sign = {"up": "+", "down": "−"}.get(value.get("direction") or "", "")
            return sign + str(format_percent(value["value"] / 100, "#,##0.#%", self.language))
        return str(value.get("text") or value.get("name") or "")

    def label(self, kind: str) -> str:
        """A type's name; its key where the taxonomy has it no more."""
        return self.taxonomy.label(kind, self.language)

    def family(self, family: str) -> str:
        """A family's name."""
        known = self.taxonomy.families.get(family)
        return known.labels.of(self.language) if known else family

    def sure(self, confidence: float) -> str:
        """How sure something is."""
        said = self.translations.gettext("{percent} sure")
        return said.format(percent=format_percent(confidence, locale=self.language))

    def at_least(self, confidence: float) -> str:
        """A least confidence; anything goes when it is none."""
        _ = self.translations.gettext
        if not confidence:
            return _("any")
        return _("{percent} or more").format(percent=format_percent(confidence, locale=self.language))

    def health(self, source: Source) -> str:
        """When a source was last read, and whether it could be."""
        _ = self.translations.gettext
        if not source.active:
            return _("is read no more")
        if source.fetched_at is None:
            return _("could not be read yet") if source.error else _("not read yet")
        said = self.age(source.fetched_at)
        return _("{when}, then failing").format(when=said) if source.error else said

    def volume(self, slots: Mapping[str, Any]) -> str:
        """How many articles a surge of mentions counts, as an addition to its type; nothing for other signals."""
        if "mentions" not in slots:
            return ""
        said = self.translations.gettext(": {mentions} articles in one day, against {expected} expected")
        numbers = {name: format_decimal(slots[name], locale=self.language) for name in ("mentions", "expected")}
        return said.format(**numbers)

    def volume_of(self, counts: Sequence[int]) -> str:
        """How many articles of the last days, one count each, name a company."""
        said = self.translations.ngettext(
            "{articles} article in {days} days", "{articles} articles in {days} days", sum(counts)
        )
        return said.format(articles=self.number(sum(counts)), days=len(counts))

    def mail_state(self, state: str) -> str:
        """What became of a mail."""
        _ = self.translations.gettext
        return {
            "waiting": _("waits to be sent"),
            "sending": _("is being sent"),
            "sent": _("sent"),
            "refused": _("refused by the mail server"),
            "failed": _("given up"),
        }.get(state, state)

    def held(self, reason: str) -> str:
        """Why something is held back."""
        _ = self.translations.gettext
        return {
            "mute": _("the list is muted"),
            "company_mute": _("the company is muted"),
            "snooze": _("the list is snoozed"),
            "confidence": _("less sure than the list asks for"),
            "impact": _("smaller than the list asks for"),
            "unsure": _("not sure enough that it happened"),
            "rumour": _("a rumour"),
            "company": _("not sure that it is this company"),
            "quota": _("the mail was full"),
        }[reason]

    def verdict(self, verdict: str) -> str:
        """What a rep may say of a signal."""
        _ = self.translations.gettext
        return {
            "useful": _("useful"),
            "wrong_company": _("wrong company"),
            "wrong_type": _("wrong type"),
            "old": _("old news"),
            "not_for_me": _("not for me"),
        }[verdict]

    def reason(self, line: LedgerLine) -> str:
        """A ledger line in words, without its points: of a signal with the source that it was read in."""
        said = self._told(line.part, line.kind, line.facts)
        return said if line.signal is None else f"{said}, {line.signal.document.source.name}"

    def change(self, change: Change) -> str:
        """What a line of the ledger became since the last earlier day, in words."""
        _ = self.translations.gettext
        said = self._told(change.part, change.kind, change.facts)
        before, after = (self.points(points or 0) for points in (change.before, change.after))
        if change.before is None:
            return _("new: {reason} ({after})").format(reason=said, after=after)
        if change.after is None:
            return _("no longer counts: {reason} ({before})").format(reason=said, before=before)
        return _("{reason}: {before} became {after}").format(reason=said, before=before, after=after)

    def _told(self, part: str, kind: str, facts: Mapping[str, Any]) -> str:
        return self._event(kind, facts) if part == "timing" else self._criterion(kind, facts)

    def _criterion(self, criterion: str, facts: Mapping[str, Any]) -> str:
        _ = self.translations.gettext
        value = facts.get("value")
        if criterion == "closed":
            return _("trades no more")
        if criterion == "territory":
            return _("outside the offer's territory ({place})").format(place=value)
        if value is None:
            return self._pair(criterion, _("unknown"))
        if criterion in ("department", "city"):
            told = {"department": _("department {value}"), "city": _("based in {value}")}[criterion]
            return told.format(value=value)
        said = self.value(criterion, value, facts.get("band"))
        return said if criterion in _SAY_THEMSELVES else self._pair(criterion, said)

    def value(self, criterion: str, value: Any, band: Sequence[int | None] | None = None) -> str:
        """The value of a criterion in words; a headcount known by its band only is the band."""
        _, count = self.translations.gettext, self.translations.ngettext
        if value is None:
            return _("unknown")
        if band:
            low, high = (end if end is None else self.number(end) for end in band)
            span = _("{low} employees or more") if high is None else _("{low} to {high} employees")
            return span.format(low=low, high=high)
        if criterion in AMOUNTS:
            return str(format_compact_currency(value, "EUR", locale=self.language, fraction_digits=1))
        if not isinstance(value, int | float):
            return str(value)
        said = {
            "headcount": lambda: count("{number} employee", "{number} employees", int(value)),
            "age": lambda: count("{number} year old", "{number} years old", int(value)),
            "secondary_sites": lambda: count("{number} secondary site", "{number} secondary sites", int(value)),
            "social_influence": lambda: count("{number} follower", "{number} followers", int(value)),
        }.get(criterion)
        return said().format(number=self.number(value)) if said else self.number(value)

    def _pair(self, criterion: str, value: str) -> str:
        said = self.translations.gettext("{criterion}: {value}")
        return said.format(criterion=self.criterion(criterion), value=value)

    def number(self, value: float) -> str:
        """A number as the language writes it."""
        return str(format_decimal(value, locale=self.language))

    def plain(self, value: float) -> str:
        """A number to be changed in a field: without groups of thousands, with the language's decimal sign."""
        said = f"{value:.10g}"
        return said.replace(".", ",") if self.language == "fr" else said

    def criterion(self, criterion: str) -> str:
        """A criterion's name for people."""
        _ = self.translations.gettext
        return {
            "department": _("department"),
            "age": _("age"),
            "naf": _("activity (NAF)"),
            "legal_form": _("legal form"),
            "listing": _("stock-market listing"),
            "headcount": _("headcount"),
            "turnover": _("turnover"),
            "export_turnover": _("export turnover"),
            "profit": _("profit"),
            "financial_score": _("financial score"),
            "working_capital": _("working capital"),
            "share_capital": _("share capital"),
            "sales_channel": _("sales channel"),
            "site_type": _("type of site"),
            "secondary_sites": _("secondary sites"),
            "international_presence": _("international presence"),
            "digital_presence": _("digital presence"),
            "social_influence": _("social influence"),
            "city": _("city"),
            "country": _("country"),
        }.get(criterion, criterion)

    def _event(self, kind: str, facts: Mapping[str, Any]) -> str:
        _, count = self.translations.gettext, self.translations.ngettext
        if kind == "silence":
            return _("nothing new since {day}").format(day=self.day(date.fromisoformat(facts["day"])))
        said = self.taxonomy.label(facts["type"], self.language) + self.status(facts["status"])
        if kind == "undated":
            return _("{event}, date unknown: does not count").format(event=said)
        said = f"{said}, {self.age(date.fromisoformat(facts['day']))}"
        if kind == "keyword":
            if word := facts["word"]:
                return _("{event}: left out, the article has {word}").format(event=said, word=self.quoted(word))
            return _("{event}: left out, the article has none of the offer's words").format(event=said)
        others = int(facts["articles"]) - 1
        if others:
            said += count(" (+{others} other mention)", " (+{others} other mentions)", others).format(others=others)
        return said
