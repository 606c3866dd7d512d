"""What a signal tells, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, tzinfo
from typing import Any

from babel.numbers import format_compact_currency, format_decimal, format_percent

from signals.localization import Format, Language
from signals.types import Taxonomy
from store.tables import Signal

_PERCENT: dict[Language, str] = {"fr": "#,##0.#\u00a0%", "en": "#,##0.#%"}


class SignalWords(Format):
    """How a language says types, statuses, slots and certainties."""

    def __init__(self, language: Language, taxonomy: Taxonomy, today: date, zone: tzinfo = UTC) -> None:
        super().__init__(language, today, zone)
        self.taxonomy = taxonomy

    def label(self, kind: str) -> str:
        """A type's name; its key where the taxonomy has it no more."""
        return self.taxonomy.label(kind, self.language)

    def family(self, family: str) -> str:
        """A family's name."""
        known = self.taxonomy.families.get(family)
        return known.labels.of(self.language) if known else family

    def status(self, status: str, *, was_planned: bool = False) -> str:
        """A signal's status as an addition to its type; nothing when the event is done, unless it was planned."""
        if status == "done" and was_planned:
            said = self.translations.gettext("now done")
            return f" ({said})"
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
            return sign + str(format_percent(value["value"] / 100, _PERCENT[self.language], self.language))
        if value.get("kind") == "country" and value.get("country"):
            return self.country(value["country"])
        return str(value.get("text") or value.get("name") or "")

    def details(self, signal: Signal) -> str:
        """How large, who and where, as far as the sentence says it: two of what the type asks for, days left out."""
        kind = self.taxonomy.types.get(signal.type)
        asked = [name for name in (kind.slots if kind else ()) if name != "date" and signal.slots.get(name)]
        asked.sort(key="court".__eq__)  # which court says least
        return ", ".join(self._detail(name, signal.slots[name][0]) for name in asked[:2])

    def _detail(self, slot: str, value: Any) -> str:
        if slot != "headcount":
            return self.slot_value(slot, value)
        said = self.translations.ngettext("{number} person", "{number} people", int(value))
        return said.format(number=self.number(value))

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

    def volume(self, slots: Mapping[str, Any]) -> str:
        """How many articles a spike of mentions counts, as an addition to its type; nothing for other signals."""
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
