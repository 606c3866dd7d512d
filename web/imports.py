"""Bringing in a list of companies: a file or names, what is recognised of it, and what a person decides of it."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from companies.columns import FIELDS
from companies.importing import Wishes
from companies.matching import NEW
from companies.recognition import NOT_KEPT, column_letters
from leads.wording import Words
from store import watchlists
from store.errors import Invalid, NotFound, VigieError
from store.tables import User
from web.access import Checked, SignedIn, changing
from web.limits import MOST_OF_A_FILE
from web.pages import form_of, show, words_of
from web.site import site_of

_KEPT_FOR = 24 * 3600  # seconds that what was dropped waits for a decision
_KINDS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods", ".zip", ".gz")
_UNSAFE = re.compile(r"[^\w. -]")
_FIELD = re.compile(r"[cd]\d{1,7}")
_TOKEN = re.compile(r"[\w-]{20,60}")
_SHOWN = 50  # unsure rows that are decided on, one by one
_OFTEN = (
    "name",
    "siren",
    "siret",
    "vat",
    "sign",
    "city",
    "postcode",
    "postal_town",
    "department",
    "naf",
    "site",
    "headcount",
)

imports_router = APIRouter(prefix="/import")
Fields = Annotated[FormData, Depends(form_of)]


def _label(what: str, words: Words) -> str:
    """What a column holds, for people."""
    _ = words.translations.gettext
    return {
        "name": _("name of the company"),
        "sign": _("name over the door"),
        "aliases": _("other names"),
        "trade_names": _("trade names"),
        "brands": _("brands"),
        "former_names": _("former names"),
        "acronym": _("acronym"),
        "ticker": _("symbol on an exchange"),
        "siren": _("SIREN number"),
        "siret": _("SIRET number"),
        "vat": _("VAT number"),
        "lei": _("LEI"),
        "postcode": _("postcode"),
        "postal_town": _("postcode and town"),
        "site": _("web site"),
        "created_on": _("day of creation"),
        "year": _("year of the accounts"),
        "contact": _("contact (not kept)"),
        "email": _("mail address (not kept)"),
        "phone": _("telephone (not kept)"),
        "address": _("street (not kept)"),
        "activity": _("activity in words (not kept)"),
    }.get(what) or words.criterion(what)


def _may(user: User, number: int) -> None:
    """Raises `Invalid` where a rep would change the register and no list of their own."""
    if user.role == "rep" and not number:
        raise Invalid("a rep brings companies onto a list of theirs")


def _file(request: Request, user: User, token: str) -> Path:
    """What a user dropped. Raises `NotFound`."""
    found = _TOKEN.fullmatch(token) and sorted(site_of(request).jobs.uploads.glob(f"{user.rep_id}-{token}.*"))
    if not found:
        raise NotFound("the file is no longer here")
    return Path(found[0])


def _first(request: Request, user: User, number: int, error: str = "", **typed: Any) -> HTMLResponse:
    """The page on which a file is dropped or names are pasted."""
    words, name = words_of(request), ""
    if number:
        with site_of(request).database.reading() as session:
            name = watchlists.of_id(session, user.rep, number).name
    title = words.translations.gettext("Bring in a list")
    facts = {"number": number, "list_name": name, "error": error, "kinds": ",".join(_KINDS), "done": None, "names": ""}
    return show(request, "import", title, 422 if error else 200, **facts | typed)


@imports_router.get("")
def import_page(request: Request, user: SignedIn, number: int = 0, done: str = "") -> Response:
    """The page on which a file is dropped or names are pasted; `done` are the counts of the last import."""
    if user.role == "rep" and not number:
        return RedirectResponse("/watchlists", 303)  # where the lists are that it can be brought onto
    counts = [int(one) for one in done.split(".") if one.isdigit() and len(one) < len("1000000000")]
    return _first(request, user, number, done=counts if len(counts) == len(_COUNTS) else None)


_COUNTS = ("added", "updated", "left_out", "refused")


@imports_router.post("", dependencies=[Checked])
def drop(
    request: Request,
    user: SignedIn,
    number: Annotated[int, Form()] = 0,
    names: Annotated[str, Form(max_length=1_000_000)] = "",
    table: UploadFile | None = None,
) -> Response:
    """Keep what was dropped until it is decided on, and show what is recognised of it."""
    _may(user, number)
    gettext = words_of(request).translations.gettext
    content, name = (table.file.read(MOST_OF_A_FILE + 1), table.filename or "") if table else (b"", "")
    if not content:
        content, name = names.strip().encode(), "list.txt"
    suffix = Path(name.lower()).suffix
    if not content or len(content) > MOST_OF_A_FILE:
        said = gettext("Choose a file of at most 50 MB; a larger one is imported by `vigie companies import`.")
        return _first(request, user, number, said, names=names)
    if suffix not in _KINDS:
        said = gettext("A file of this kind cannot be read: choose a spreadsheet (XLSX, XLS, ODS) or a table (CSV).")
        return _first(request, user, number, said, names=names)
    folder = site_of(request).jobs.uploads
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - _KEPT_FOR:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(32)
    (folder / f"{user.rep_id}-{token}{suffix}").write_bytes(content)
    return RedirectResponse(_address(token, number=number, name=_UNSAFE.sub("_", name)[-100:]), 303)


def _address(token: str, **asked: object) -> str:
    return f"/import/{token}?{urlencode({name: str(value) for name, value in asked.items() if value})}"


def _told(fields: Mapping[str, Any]) -> dict[str, str]:
    """The fields `c` and `d` with the number of a column or a line."""
    return {key: str(value) for key, value in fields.items() if _FIELD.fullmatch(key)}


def _wishes(fields: Mapping[str, Any], user: User) -> Wishes:
    """What a person corrected of columns (`c`) and decided of lines (`d`)."""
    said = {(key[0], int(key[1:])): value for key, value in _told(fields).items()}
    corrected = {place: value for (kind, place), value in said.items() if kind == "c"}
    if wrong := set(corrected.values()) - {"", *FIELDS, *NOT_KEPT}:
        raise Invalid(f"'{min(wrong)}' is nothing that a column holds")
    decisions = {line: int(value) for (kind, line), value in said.items() if kind == "d" and value.isdigit()}
    return Wishes("", corrected, decisions, only_adds=user.role == "rep")


@imports_router.get("/{token}")
def look(request: Request, user: SignedIn, token: str, number: int = 0, name: str = "") -> HTMLResponse:
    """What is recognised of a file, with what a person corrected; nothing of it is kept yet."""
    _may(user, number)
    file, words = _file(request, user, token), words_of(request)
    fields = request.query_params
    try:
        wishes = _wishes(fields, user)
        seen = site_of(request).jobs.look_over(file, wishes)
    except VigieError as error:
        return _first(request, user, number, str(error).replace(str(file), name or file.suffix))
    choices = [
        (what, _label(what, words)) for what in (*_OFTEN, *(one for one in FIELDS if one not in _OFTEN), *NOT_KEPT)
    ]
    facts: dict[str, Any] = {
        "seen": seen,
        "number": number,
        "name": name,
        "token": token,
        "choices": choices,
        "letters": column_letters,
        "unsure": seen.unsure[:_SHOWN],
        "decisions": wishes.decisions,
        "new": NEW,
    }
    return show(request, "import_seen", words.translations.gettext("What is in the list"), **facts)


@imports_router.post("/{token}", dependencies=[Checked])
def decide(request: Request, user: SignedIn, token: str, fields: Fields) -> RedirectResponse:
    """Look again with what was corrected, or bring the companies in; onto a list where one was named."""
    number = int(said) if (said := str(fields.get("number") or "0")).isdigit() else 0
    _may(user, number)
    name = str(fields.get("name") or "")
    told = _told(fields)
    if fields.get("do") != "import":
        return RedirectResponse(f"{_address(token, number=number, name=name)}&{urlencode(told)}", 303)
    file, wishes = _file(request, user, token), _wishes(told, user)
    if number:
        with site_of(request).database.reading() as session:
            watchlists.of_id(session, user.rep, number)
    outcome = site_of(request).jobs.import_companies(file, wishes)
    with changing(request, user, "import", name or file.suffix) as session:
        if number:
            watchlists.add(session, watchlists.of_id(session, user.rep, number), outcome.ids)
    file.unlink(missing_ok=True)
    counts = ".".join(str(getattr(outcome, one)) for one in _COUNTS)
    return RedirectResponse(f"/import?{urlencode({'number': number, 'done': counts})}", 303)
