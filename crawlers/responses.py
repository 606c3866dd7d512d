"""What an answer of a server, or the failure to get one, says."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.addresses import canonical
from crawlers.resolver import GuardedResolver


def header(response: Response, name: str) -> str:
    """A header of an answer; empty without it."""
    return (response.headers.get(name) or b"").decode("latin-1")


def asked(response: Response) -> str:
    """The address that was asked for, before anything led elsewhere."""
    return str(response.meta.get("redirect_urls", [response.url])[0])


def reason(failure: Failure) -> str:
    """Why a request failed, in words for the administrator."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"the server answered {error.response.status}"
    host = ""
    request = getattr(failure, "request", None)
    if request is not None:
        host = request.url.split("/")[2].rpartition("@")[2]
    if any(host == name or host.startswith(f"{name}:") for name in GuardedResolver.refused):
        return f"refused: {host} is at a private address"
    if isinstance(error, IgnoreRequest):
        return f"not fetched: {error}" if str(error) else "not fetched: forbidden by robots.txt"
    words = " ".join(str(error).split()) or type(error).__name__
    return f"cannot be fetched: {words}"[:300]


def retry_after(response: Response, now: datetime) -> int | None:
    """Seconds the server asks to wait (RFC 9110, 10.2.3: a number or a date), or None."""
    value = header(response, "Retry-After").strip()
    if value.isascii() and value.isdigit():
        return int(value[:9])
    try:
        return max(0, int((parsedate_to_datetime(value) - now).total_seconds()))
    except (ValueError, TypeError):
        return None


def moved_to(response: Response) -> str | None:
    """Where an address leads for good (301, 308); None when it does not, or in part only for now."""
    reasons = response.meta.get("redirect_reasons", [])
    return canonical(response.url) if reasons and all(one in (301, 308) for one in reasons) else None
