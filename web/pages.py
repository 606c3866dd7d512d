"""Rendering pages in the reader's language."""

from __future__ import annotations

from typing import Any, cast

from babel import negotiate_locale
from fastapi import Request
from fastapi.responses import HTMLResponse

from digests.mail import templates_of
from signals.wording import Language, translations


def page(name: str, language: Language, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from the template of this name."""
    shared = {"language": language, "_": translations(language).gettext}
    return HTMLResponse(templates_of("web").get_template(f"{name}.html.j2").render(shared | facts), status)


def language_of(request: Request) -> Language:
    """French unless the browser prefers English."""
    asked = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    return cast(Language, negotiate_locale([one.replace("-", "_") for one in asked if one], ["fr", "en"]) or "fr")
