"""What an answer of a server, or the failure to get one, says."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

from OpenSSL.SSL import Error as SSLError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import CertificateError, VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.internet.error import TimeoutError as TwistedTimeout
from twisted.python.failure import Failure

from crawlers.addresses import canonical
from crawlers.resolver import GuardedResolver
from store.health import Connection


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
    if known := connection_trouble(failure):
        seconds = request.meta.get("download_timeout") if known == "slow" and request is not None else None
        return f"cannot be fetched: {_SAID[known]}" + (f" ({seconds:g} s)" if seconds else "")
    if isinstance(error, IgnoreRequest):
        return f"not fetched: {error}" if str(error) else "not fetched: forbidden by robots.txt"
    words = " ".join(str(error).split()) or type(error).__name__
    return f"cannot be fetched: {words}"[:300]


_SAID: dict[Connection, str] = {
    "certificate": "no encrypted connection: the certificate or the protocol of the server is not valid",
    "unknown_host": "the name of the host is not known",
    "unreachable": "no connection: the server refuses it or breaks it off",
    "slow": "the server does not answer in time",
    "redirects": "the address leads in a circle",
    "large": "the answer is too large",
}


def connection_trouble(failure: Failure) -> Connection | None:
    """What kind of failure there is to get an answer; None when it is another."""
    error = failure.value
    if isinstance(error, IgnoreRequest):
        return "redirects" if "redirections" in str(error) else None
    causes = _causes(error)
    for kind, kinds in _KINDS.items():
        if any(isinstance(one, kinds) for one in causes):
            return kind
    return None


_KINDS: dict[Connection, tuple[type[BaseException], ...]] = {
    "certificate": (SSLError, VerificationError, CertificateError),
    "unknown_host": (CannotResolveHostError, DNSLookupError),
    "large": (DownloadCancelledError,),
    "slow": (DownloadTimeoutError, TimeoutError, TwistedTimeout),
    "unreachable": (DownloadConnectionRefusedError, ConnectError, ConnectionClosed),
}
"""The errors of each kind: what is inside another counts, and of several the first kind."""


def _causes(error: BaseException | None, depth: int = 5) -> list[BaseException]:
    """An error with those that it holds, as Twisted keeps them: in `reasons`, in its arguments, or as its cause."""
    if error is None or not depth:
        return []
    told = (one for arg in error.args for one in _listed(arg))
    held = [*(getattr(error, "reasons", None) or ()), *told, error.__cause__]
    inner = (getattr(one, "value", one) for one in held)
    return [error, *(e for one in inner if isinstance(one, BaseException) for e in _causes(one, depth - 1))]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


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
