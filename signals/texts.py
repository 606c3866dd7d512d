"""Texts from outside as JSON lines: read with clear errors, classified, or judged against their labels."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from companies.disambiguation import Decision
from companies.linker import Linker
from nlp.evaluation import Judged
from nlp.extract import Extractor
from nlp.language import detect
from signals.analyse import day_of
from signals.findings import Finding, Text, read
from signals.linking import Register
from signals.types import Taxonomy
from store.errors import Invalid

_LANGUAGES = ("fr", "en")


_Names = Mapping[int, tuple[str, str | None]]
"""Names and SIREN numbers of companies, by their ids."""


class NamedRegister(Register, Protocol):
    """What is known of companies, with their names."""

    def names(self, ids: Collection[int]) -> _Names:
        """Names and SIREN numbers."""


@dataclass(frozen=True)
class Row:
    """A line of the input: the text in the language given or told, and the whole object for its labels."""

    id: str
    title: str
    text: str
    language: str | None
    date: str | None
    fields: dict[str, Any]

    @property
    def whole(self) -> str:
        """Title, line break, text; without a title the text alone. Offsets count its characters."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def _text(fields: dict[str, Any], key: str, where: str) -> str:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"{where}: '{key}' must be text, not {type(value).__name__}")
    return value or ""


def read_row(line: str, where: str) -> Row:
    """A row of `id`, `text` and, if known, `title`, `lang`, `date` (ISO). Raises `Invalid` that names line and key."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise Invalid(f"{where}: not JSON ({error}); one object a line is expected") from None
    if not isinstance(fields, dict):
        raise Invalid(f"{where}: an object is expected, not {type(fields).__name__}")
    title, text = _text(fields, "title", where), _text(fields, "text", where)
    if not title and not text:
        raise Invalid(f"{where}: there is neither 'text' nor 'title'")
    identity = fields.get("id")
    if not isinstance(identity, str | int):
        raise Invalid(f"{where}: 'id' is missing; give each row one, text or a whole number")
    given = _text(fields, "lang", where)[:2].lower()
    language = given if given in _LANGUAGES else detect(f"{title}\n{text}")
    day = _text(fields, "date", where) or None
    return Row(str(identity), title, text, language, day, fields)


def read_rows(lines: Iterable[str], name: str) -> Iterator[Row | Invalid]:
    """The rows of a file; a line that cannot be read comes as its error, so that the others go on."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield read_row(line, f"{name}, line {number}")
            except Invalid as error:
                yield error


def day_in(text: str | None) -> date | None:
    """The day that a row's date begins with, if any."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def classify(row: Row, extractor: Extractor, linker: Linker, register: NamedRegister) -> dict[str, Any]:
    """The events of a row with their companies, as JSON has them.

    A company that is linked is `known_as`; where that cannot be told, `candidates` are those that may be meant.
    `mentions` are all names of known companies in the text, whether or not an event is about them.
    """
    events: dict[tuple[str, int], dict[str, Any]] = {}
    day = day_in(row.date)
    (reading,) = read([Text(row.title, row.text, row.language, day)], extractor, linker, register)
    told_of = {number for one in reading.findings for number in one.company_ids}
    names = register.names(told_of | {number for one in reading.names for number in one.ids})
    for finding in reading.findings:
        event = finding.event
        published = extractor.publishes(event.type, event.confidence)
        told = events.setdefault((event.type, event.start), _event(finding, day) | {"published": published})
        if finding.subject:
            told["companies"].append(_company(finding, names))
    mentions = [_mention(one, names) for one in reading.names]
    return {"id": row.fields["id"], "lang": row.language, "events": list(events.values()), "mentions": mentions}


def _meant(company_id: int | None, candidates: Sequence[tuple[int, float]], names: _Names) -> dict[str, Any]:
    """Whom a name stands for: the company that is linked, or those that may be meant."""
    if company_id is not None:
        return {"outcome": "linked", "known_as": [names[company_id][0]], "siren": names[company_id][1]}
    told = [
        {"known_as": names[one][0], "siren": names[one][1], "probability": round(chance, 3)}
        for one, chance in candidates
    ]
    return {"outcome": "ambiguous" if told else "unknown", "known_as": [], "candidates": told}


def _company(finding: Finding, names: _Names) -> dict[str, Any]:
    return {
        "name": finding.subject,
        "start": finding.span[0],
        "end": finding.span[1],
        "role": finding.role,
        "confidence": round(finding.link_confidence, 3),
        "reasons": [reason.told for reason in finding.reasons],
    } | _meant(finding.company_id, finding.candidates, names)


def _mention(named: Decision, names: _Names) -> dict[str, Any]:
    return {
        "name": named.mention.text,
        "start": named.mention.start,
        "end": named.mention.end,
        "confidence": round(named.probability, 3),
        "reasons": [reason.told for reason in named.reasons],
    } | _meant(named.company_id, named.candidates, names)


def _event(finding: Finding, day: date | None) -> dict[str, Any]:
    event = finding.event
    when = day_of(event, day)
    return {
        "family": event.family,
        "families": list(event.families),
        "type": event.type,
        "status": event.status,
        "sentence": event.sentence,
        "start": event.start,
        "end": event.end,
        "slots": finding.slots,
        "confidence": round(event.confidence, 3),
        "event_date": when.isoformat() if when else None,
        "version": event.version,
        "companies": [],
    }


def _numbers(row: Row, key: str) -> frozenset[int]:
    value = row.fields.get(key) or []
    if not isinstance(value, list) or not all(isinstance(one, int) and 1 <= one <= 9 for one in value):
        raise Invalid(f"row {row.id}: '{key}' must be a list of family numbers 1 to 9")
    return frozenset(value)


def families_found(row: Row, extractor: Extractor, taxonomy: Taxonomy) -> dict[int, float]:
    """The numbers of the families found in a row with their confidence; what is denied is not found."""
    found: dict[int, float] = {}
    for event in extractor.extract(row.whole, row.language, day_in(row.date)):
        if event.status != "denied":
            for family in event.families:
                number = taxonomy.numbers[family]
                found[number] = max(found.get(number, 0.0), event.confidence)
    return found


def judge(row: Row, found: Mapping[int, float]) -> Judged:
    """A labelled row (`signals`, `loose`, `negative`) with the numbers of the families found in it."""
    if "signals" not in row.fields:
        raise Invalid(f"row {row.id}: 'signals' is missing; a labelled row has a list of family numbers")
    return Judged(
        id=row.id,
        language=row.language or "unknown",
        required=_numbers(row, "signals"),
        accepted=_numbers(row, "loose"),
        negative=bool(row.fields.get("negative")),
        found=frozenset(found),
        sure=found,
    )
