"""Rendering pages in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from babel import negotiate_locale
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup, escape
from starlette.datastructures import FormData

from digests.mail import templates_of
from leads import lead_wording
from leads.wording import Words
from signals.localization import Language, translations
from store.base import utcnow
from store.tables import User
from watch.wording import why_held
from web.access import form_key
from web.messages import forget, message_of
from web.site import site_of
from web.wording import health, mail_state

_CODE = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"""(?<![\w:/.])(?:/[^\s/:;,'"]+)*/([^\s/:;,'"]+)/?""")  # of a file, not of an address
STATIC = Path(__file__).parent / "static"


@cache
def static_url(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def _with_code(text: str) -> Markup:
    """Text in which what stands between backquotes is shown as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped)


def without_paths(text: str) -> str:
    """Text in which the names of files stand without the folders of the server that they are in."""
    return _PATH.sub(r"\1", text)


@cache
def _templates() -> Environment:
    made = templates_of("web")
    made.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    made.filters |= {
        "code": _with_code,
        "health": health,
        "held": why_held,
        "channel": lead_wording.channel,
        "choice": lead_wording.choice,
        "customer": lead_wording.customer,
        "happened": lead_wording.happened,
        "kind": lead_wording.kind,
        "mail_state": mail_state,
        "origin": lead_wording.origin,
        "pairs": lambda said, names: list(zip(names, said, strict=True)),
        "result": lead_wording.result,
        "point": lead_wording.point,
        "purchase": lead_wording.purchase,
        "returned": lead_wording.returned,
        "routed": lead_wording.routed,
        "stage": lead_wording.stage,
        "temperature": lead_wording.temperature,
        "told": lead_wording.told,
        "tel": lambda text: "".join(one for one in text if one.isdecimal() or one == "+"),
        "without_paths": without_paths,
    }
    return made


def page(template: str, language: Language, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from the template of this name, for a reader who may not be signed in."""
    shared = {
        "language": language,
        "_": translations(language).gettext,
        "static": static_url,
        "user": None,
        "menu": (),
        "message": None,
    }
    return HTMLResponse(_templates().get_template(f"{template}.html.j2").render(shared | facts), status)


def language_of(request: Request) -> Language:
    """The user's language; that of the browser, French or else English, where nobody is signed in."""
    if user := getattr(request.state, "user", None):
        return cast(Language, user.rep.language)
    asked = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return cast(Language, negotiate_locale([one.replace("-", "_") for one in asked if one], ["fr", "en"]) or "fr")


def words_of(request: Request) -> Words:
    """How to say things to who asks; ages count from today in their time zone."""
    site, user = site_of(request), getattr(request.state, "user", None)
    return (
        site.sender.words(user.rep, utcnow()) if user else Words(language_of(request), site.taxonomy, utcnow().date())
    )


@dataclass(frozen=True)
class Pages:
    """Which rows of a list a page shows, and where the pages before and after it are."""

    start: int
    end: int
    number: int
    last: int
    before: str
    after: str


def paged(request: Request, number: int, rows: int, a_page: int) -> Pages:
    """The page of this number of a list with so many rows; the last one where there are not so many."""
    last = max(1, -(-rows // a_page))
    number = min(max(1, number), last)

    def at(other: int) -> str:
        return f"?{request.url.include_query_params(page=other).query}" if 1 <= other <= last else ""

    return Pages((number - 1) * a_page, number * a_page, number, last, at(number - 1), at(number + 1))


def _menu(user: User, words: Words) -> list[tuple[str, str]]:
    _ = words.translations.gettext
    last = [("/admin", _("Administration"))] if user.role == "admin" else []
    return [
        ("/", _("Today")),
        ("/leads", _("Leads")),
        ("/ranking", _("Ranking")),
        ("/search", _("Search")),
        ("/watchlists", _("Watchlists")),
        ("/offers", _("Offers")),
        ("/digest", _("Digest")),
        *last,
    ]


def show(request: Request, template: str, title: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page for who asks, with what every page has: the menu, the form key, the words of the language."""
    words = words_of(request)
    user = getattr(request.state, "user", None)
    shared = {
        "user": user,
        "menu": _menu(user, words) if user else (),
        "form_key": form_key(request),
        "ngettext": words.translations.ngettext,
        "words": words,
        "path": request.url.path,
        "message": message_of(request),
    }
    answer = page(template, words.language, status, title=title, **shared, **facts)
    forget(request, answer)
    return answer


async def form_of(request: Request) -> FormData:
    """All fields of the form that was sent."""
    return await request.form()
