"""Reading official notices: the BODACC's open data, as JSON, as a table, or as the archives of its issues.

The notices are published at https://bodacc-datadila.opendatasoft.com (dataset `annonces-commerciales`) by the
DILA, under the Licence Ouverte. Any address of its API whose answer is a list of records can be a source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from crawlers import bulletins, json_feeds
from crawlers.addresses import canonical
from crawlers.encodings import from_json
from crawlers.feed_text import plain_text, sane_date
from crawlers.feeds import Feed
from store.documents import Article

_NOTICE = "https://www.bodacc.fr/pages/annonces-commerciales-detail/?q.id=id:"
_SIREN = re.compile(r"\d{9}")
_FAMILY = "familleavis"
_LISTS = ("results", "records")
_NEVER = datetime.min.replace(tzinfo=UTC)
_LONGEST = 2000  # characters of a notice's free text


def looks_like_records(body: bytes, value: Any) -> bool:
    """Whether a body holds notices (JSON, a JSON object a line, a table, or an issue) rather than a feed.

    `value` is what it says as JSON (`json_feeds.parsed`).
    """
    if bulletins.looks_like_bulletin(body):
        return True
    head = body[:4096].lstrip().partition(b"\n")[0]
    if not json_feeds.begins(body):
        return _FAMILY.encode() in head
    if value is None:
        value = json_feeds.parsed(body.lstrip().partition(b"\n")[0])  # an object a line
    if isinstance(value, dict) and _FAMILY not in value:
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
        return value is not None and (not value or any(map(_is_record, value)))
    return any(map(_is_record, value if isinstance(value, list) else [value]))


def _is_record(value: Any) -> bool:
    fields = value.get("fields", value) if isinstance(value, dict) else None
    return isinstance(fields, dict) and _FAMILY in fields


def _inner(value: Any) -> dict[str, Any]:
    """An object that the bulletin gives as text in a field, or as it is; empty when it is neither."""
    if isinstance(value, str):
        try:
            value = from_json(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return plain_text(value, _LONGEST) if isinstance(value, str) else ""


def _siren(value: Any) -> str:
    """The first SIREN number of a field, whose digits may be in groups; empty without one."""
    values = value if isinstance(value, list) else [value]
    for one in values:
        if found := _SIREN.search(re.sub(r"\s", "", one) if isinstance(one, str) else ""):
            return found[0]
    return ""


def _persons(value: Any) -> list[dict[str, Any]]:
    """The persons of a list, which is an object or an array."""
    persons = _inner(value).get("personne")
    return [one for one in (persons if isinstance(persons, list) else [persons]) if isinstance(one, dict)]


def _who(person: Mapping[str, Any]) -> dict[str, str]:
    number = _siren(_inner(person.get("numeroImmatriculation")).get("numeroIdentification"))
    return {"name": _text(person.get("denomination")), "siren": number}


def _day(text: Any) -> str | None:
    """A day as ISO 8601, from itself or from `12/03/2026`; None when it is neither."""
    if isinstance(text, str):
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(text[:10], pattern).replace(tzinfo=UTC).date().isoformat()
            except ValueError:
                continue
    return None


def _notice(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a notice says, under names of our own; empty values are left out."""
    judgment, deposit = _inner(record.get("jugement")), _inner(record.get("depot"))
    changes, act = _inner(record.get("modificationsgenerales")), _inner(record.get("acte"))
    sale = _inner(act.get("vente"))
    persons = _persons(record.get("listepersonnes"))
    before = _persons(record.get("listeprecedentproprietaire")) or _persons(record.get("listeprecedentexploitant"))
    who = _who(persons[0]) if persons else {"name": "", "siren": ""}
    said = {
        "register": "bodacc",
        "kind": _text(record.get("familleavis")),
        "name": who["name"] or _text(record.get("commercant")),
        "siren": _siren(record.get("registre")) or who["siren"],
        "city": _text(record.get("ville")),
        "department": _text(record.get("numerodepartement")),
        "court": _text(record.get("tribunal")),
        "family": _text(judgment.get("famille")),
        "nature": _text(judgment.get("nature")),
        "date": _day(judgment.get("date")) or _day(deposit.get("dateCloture")),
        "deposit": _text(deposit.get("typeDepot")),
        "text": _text(judgment.get("complementJugement"))
        or _text(deposit.get("descriptif"))
        or _text(changes.get("descriptif"))
        or _text(sale.get("descriptif"))
        or _text(act.get("descriptif")),
        "former": [one for one in map(_who, before) if one["name"] or one["siren"]],
    }
    return {name: value for name, value in said.items() if value}


def _article(record: Any, now: datetime) -> Article | None:
    if isinstance(record, dict) and isinstance(record.get("fields"), dict):
        record = record["fields"]  # the first version of the API
    if not isinstance(record, dict) or not isinstance(record.get("id"), str) or not record.get("familleavis"):
        return None
    notice = _notice(record)
    given = str(record.get("url_complete"))
    try:
        url = canonical(given if given.startswith(("https://", "http://")) else f"{_NOTICE}{record['id']}")
    except ValueError:
        return None
    if url is None or "name" not in notice:
        return None
    heading = notice.get("nature") or notice.get("deposit") or _text(record.get("familleavis_lib")) or notice["kind"]
    day = _day(record.get("dateparution"))
    published = sane_date(datetime.fromisoformat(day).replace(tzinfo=UTC), now) if day else None
    return Article(url, f"{notice['name']} : {heading}", notice.get("text", ""), None, published, notice)


def _records(body: bytes) -> list[Any] | str:
    """The records of an answer, an export or an issue, or why there are none in it."""
    if bulletins.looks_like_bulletin(body):
        try:
            return bulletins.records(body)
        except bulletins.Broken as error:
            return str(error)
    if body.lstrip()[:1] not in (b"{", b"["):
        lines = csv.DictReader(StringIO(body.decode("utf-8-sig", "replace")), delimiter=";")
        return [{str(name).strip(): value for name, value in line.items()} for line in lines]
    try:
        answer = from_json(body)
    except RecursionError:
        return "the answer begins like JSON and is not"
    except ValueError:
        try:
            return [from_json(line) for line in body.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return "the answer begins like JSON and is not"
    records = answer
    if isinstance(answer, dict) and _FAMILY not in answer:
        records = next((answer[name] for name in _LISTS if name in answer), None)
    elif isinstance(answer, dict):
        records = [answer]
    return records if isinstance(records, list) else "the answer is JSON without a list of notices (`results`)"


def read(body: bytes, *, now: datetime, limit: int = 50_000) -> Feed:
    """The notices of an answer, of an export as JSON, JSON lines or CSV, or of issues, the newest `limit` of them.

    Raises nothing: a body that holds none gives `error`.
    """
    records = _records(body)
    if isinstance(records, str):
        return Feed((), records)
    articles = (_article(record, now) for record in records)
    found = {article.url: article for article in articles if article}
    newest = sorted(found.values(), key=lambda one: one.published_at or _NEVER, reverse=True)[:limit]
    return Feed(tuple(newest), "there is no notice of the BODACC in the answer" if records and not found else None)
