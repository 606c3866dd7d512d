"""Searching signals by text, kind, time, place and criteria, with counts of what else could be chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, ImmutableMultiDict

from companies.folding import name_key
from companies.lookup import by_number
from digests.items import Item, item_of
from index.query import Order
from index.signals import FACETS, SignalPage
from index.words import Highlighter
from leads.wording import Words
from signals.entries import grouped
from store import companies, signals
from store.errors import Invalid
from store.tables import Company, Signal
from watch.searches import Search
from web.access import Checked, SignedIn, changing
from web.filters import CRITERIA, Filters, filters_of, is_figure
from web.pages import form_of, paged, show, words_of
from web.site import site_of

_A_PAGE = 30  # signals; what tells one event is one entry
_NAMED = 5
_SHORTEST = 3  # letters of a company's name that are looked up
_PLAIN = ("text", "place", "days", "since", "until", "confidence", "order")
_SEVERAL = ("family", "type")

searching_router = APIRouter()
Fields = ImmutableMultiDict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a reader asked: the search, the fields as they were typed, and what of them cannot be read."""

    search: Search
    typed: tuple[tuple[str, str], ...]
    filters: Filters
    wrong: tuple[str, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """All fields that cannot be read: nothing is searched then, rather than more than was asked for."""
        return (*self.wrong, *self.filters.wrong)

    def address(self, **changes: str) -> str:
        """The address of this search with some fields changed; an empty value leaves a field out."""
        kept = [(name, value) for name, value in self.typed if name not in changes]
        return f"/search?{urlencode(kept + [(name, value) for name, value in changes.items() if value])}"

    def toggled(self, name: str, value: str) -> str:
        """The address with a value of a field that may have several taken out, or put in."""
        kept = [pair for pair in self.typed if pair != (name, value)]
        return f"/search?{urlencode(kept if len(kept) < len(self.typed) else [*kept, (name, value)])}"

    def has(self, name: str, value: str) -> bool:
        """Whether a value of a field was chosen."""
        return (name, value) in self.typed

    def one(self, name: str) -> str:
        """What was typed in a field that has one value."""
        return next((value for other, value in self.typed if other == name), "")


def _search(fields: Mapping[str, Any]) -> tuple[Search, tuple[str, ...]]:
    """The search of some fields, without those that cannot be read, which are named."""
    try:
        return Search.model_validate(fields), ()
    except ValidationError as error:
        bad = {str(one["loc"][0]) for one in error.errors()}
        left, wrong = _search({name: value for name, value in fields.items() if name not in bad})
        return left, (*sorted(bad), *wrong)


def asked_of(fields: Fields, words: Words) -> Asked:
    """What the fields of an address or a form ask for."""
    filters = filters_of({name: str(value) for name, value in fields.items()})
    typed = [(name, str(fields[name]).strip()) for name in _PLAIN if str(fields.get(name, "")).strip()]
    several = {name: [str(one) for one in fields.getlist(name) if one] for name in _SEVERAL}
    typed += [(name, value) for name, values in several.items() for value in values]
    plain = dict(typed)
    known: dict[str, Mapping[str, Any]] = {"family": words.taxonomy.families, "type": words.taxonomy.types}
    wrong = [name for name, values in several.items() if not set(values) <= known[name].keys()]
    content: dict[str, Any] = {
        "families": [one for one in several["family"] if one in known["family"]],
        "types": [one for one in several["type"] if one in known["type"]],
        "territory": [one.upper() for one in re.split(r"[\s,;]+", plain.get("place", "")) if one],
        "criteria": filters.conditions,
    }
    content |= {name: plain[name] for name in ("text", "days", "since", "until", "confidence") if name in plain}
    search, unread = _search(content)
    return Asked(search, (*typed, *filters.typed.items()), filters, (*wrong, *unread))


Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it was searched for."""


@dataclass(frozen=True)
class Shown:
    """An entry found: its best signal, its sentence and a passage of the article; `others` are its other sentences."""

    item: Item
    signal: Signal
    evidence: Pieces
    passage: Pieces
    others: tuple[tuple[Signal, Pieces], ...]


def lit(text: str, highlighter: Highlighter) -> Pieces:
    """A text in pieces: what was searched for, and what stands between."""
    found, at = [], 0
    for start, end in highlighter.spans(text):
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*found, (text[at:], False)) if piece[0])


def _shown(found: Sequence[Signal], text: str, words: Words) -> list[Shown]:
    """Entries with their evidence; where the words stand elsewhere in the article, with a passage of it."""
    highlighter, shown = Highlighter(text), list[Shown]()
    for entry in grouped(found, words.taxonomy):
        best = entry.best
        sentences = {one.sentence: one for one in reversed(entry.signals)} | {best.sentence: best}
        evidence = {sentence: lit(sentence, highlighter) for sentence in sentences}
        passage: Pieces = ()
        if text and not any(is_word for pieces in evidence.values() for _, is_word in pieces):
            passage = lit(highlighter.passage(best.document.full_text), highlighter)
        others = tuple((one, evidence[said]) for said, one in sentences.items() if one is not best)
        shown.append(Shown(item_of(entry, words), best, evidence[best.sentence], passage, others))
    return shown


def _facets(counts: Mapping[str, Mapping[str, int]], asked: Asked, words: Words) -> list[tuple[str, str, list[Any]]]:
    """By what can be chosen: (field, heading, [(value, label, count)]), the most told first."""
    _ = words.translations.gettext
    labels = {"family": words.family, "type": words.label}
    found = []
    for name, heading in (("family", _("Families")), ("type", _("Types"))):
        rows = [(value, labels[name](value), number) for value, number in counts[name].items()]
        rows += [(v, labels[name](v), 0) for n, v in asked.typed if n == name and v not in counts[name]]
        found.append((name, heading, sorted(rows, key=lambda row: (-row[2], row[1]))))
    return found


def _named(session: Session, text: str) -> list[Company]:
    """The companies whose number, or the beginning of whose name, is what was typed."""
    key = name_key(text)
    with suppress(Invalid):
        if found := by_number(session, text):
            return found
    return companies.beginning_with(session, key, limit=_NAMED) if len(key) >= _SHORTEST else []


@searching_router.get("/search")
def search_page(request: Request, user: SignedIn, page: int = 1, order: str = "date") -> HTMLResponse:
    """The signals that answer what was asked, and the companies that are named so."""
    words, site = words_of(request), site_of(request)
    asked = asked_of(request.query_params, words)
    wanted: Order = "relevance" if order == "relevance" else "date"
    first = max(0, page - 1) * _A_PAGE
    nothing = SignalPage((), 0, {name: {} for name in FACETS})
    found = nothing if asked.unread else site.jobs.look(asked.search, words.today, wanted, limit=_A_PAGE, offset=first)
    pages = paged(request, page, found.total, _A_PAGE)
    with site.database.reading() as session:
        known = {one.id: one for one in signals.by_ids(session, [one.signal for one in found.found])}
        named = _named(session, asked.search.text.strip('"')) if page == 1 else []
        told = [known[one.signal] for one in found.found if one.signal in known]
        shown = _shown(told, asked.search.text, words)
    places = sorted(found.facets["department"].items(), key=lambda row: (-row[1], row[0]))
    facts: dict[str, Any] = {
        "asked": asked,
        "rss": f"{site.sender.links.feed(user.rep_id, user.password)}?{urlencode(asked.typed)}",
        "found": shown,
        "total": found.total,
        "named": named,
        "facets": _facets(found.facets, asked, words),
        "places": places,
        "order": wanted,
        "filters": asked.filters,
        "criteria": [name for name in CRITERIA if name not in ("department", "country")],
        "is_figure": is_figure,
    }
    return show(request, "search", words.translations.gettext("Search"), pages=pages, **facts)


@searching_router.post("/search/save", dependencies=[Checked])
def save_search(request: Request, user: SignedIn, fields: Annotated[FormData, Depends(form_of)]) -> RedirectResponse:
    """Save a search as a list of the user's: what answers it from now on is told."""
    words = words_of(request)
    asked, name = asked_of(fields, words), str(fields.get("name", "")).strip()
    if not name or asked.unread:
        raise Invalid
    written = asked.search.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    with changing(request, user, "list", name) as session:
        changes = {"search": written, "grows": bool(fields.get("grows"))}
        site_of(request).jobs.save_list(session, user.rep, name, words.today, changes)
    return RedirectResponse("/watchlists", 303)
