"""Scores, their ledgers and the criteria of companies, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.numbers import format_compact_currency

from companies.code_names import activity, legal_form
from companies.criteria import AMOUNTS
from leads.changes import Change
from signals.wording import SignalWords
from store.tables import LedgerLine

_SAY_THEMSELVES = {"headcount", "age", "secondary_sites", "social_influence"}
"""Criteria whose values name what they count."""


class Words(SignalWords):
    """How a language says all that pages and mails tell: signals, and why a company is a lead."""

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
            return self._named(criterion, str(value))
        said = {
            "headcount": lambda: count("{number} employee", "{number} employees", int(value)),
            "age": lambda: count("{number} year old", "{number} years old", int(value)),
            "secondary_sites": lambda: count("{number} secondary site", "{number} secondary sites", int(value)),
            "social_influence": lambda: count("{number} follower", "{number} followers", int(value)),
        }.get(criterion)
        return said().format(number=self.number(value)) if said else self.number(value)

    def _named(self, criterion: str, value: str) -> str:
        """A code with its name, where it is one of a known nomenclature."""
        name = ""
        if criterion == "naf":
            name = activity(value, self.language)
        elif criterion == "legal_form":
            name = legal_form(value)
        return f"{name} ({value})" if name else value

    def _pair(self, criterion: str, value: str) -> str:
        said = self.translations.gettext("{criterion}: {value}")
        return said.format(criterion=self.criterion(criterion), value=value)

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
