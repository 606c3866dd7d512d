"""Downloading a large file, such as a register's dump, to the disk: again only when it changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from crawlers.private import is_allowed
from store.errors import VigieError

_CHUNK = 1024 * 1024


class DownloadFailed(VigieError):
    """The file cannot be downloaded; what an earlier download gave is kept."""

    exit_code = 4


class _Guarded(HTTPConnection):
    """A connection that is closed before anything is sent, when it leads to a private address."""

    allow_loopback = False

    def connect(self) -> None:
        super().connect()
        address = str(self.sock.getpeername()[0])
        if not is_allowed(address, allow_loopback=self.allow_loopback):
            self.close()
            raise OSError(f"{self.host} is at a private address")


class _GuardedTls(HTTPSConnection, _Guarded):
    """The same before the handshake: the plain connection comes first."""


def _opener(allow_loopback: bool) -> OpenerDirector:
    """One that follows redirects, of http and https alone, and goes through no proxy."""

    def connection(kind: type[_Guarded]) -> Any:
        def made(host: str, **options: Any) -> HTTPConnection:
            one = kind(host, **options)
            one.allow_loopback = allow_loopback
            return one

        return made

    class Plain(HTTPHandler):
        def http_open(self, req: Request) -> HTTPResponse:
            return self.do_open(connection(_Guarded), req)

    class Secure(HTTPSHandler):
        def https_open(self, req: Request) -> HTTPResponse:
            return self.do_open(connection(_GuardedTls), req)

    opener = OpenerDirector()
    for handler in (Plain, Secure, HTTPRedirectHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    return opener


def _write(response: HTTPResponse, target: Path, progress: Callable[[float], None]) -> None:
    """The body in a file beside the target, which takes its place when it is whole."""
    total, done = int(response.headers.get("Content-Length") or 0), 0
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        while chunk := response.read(_CHUNK):
            file.write(chunk)
            done += len(chunk)
            progress(done / total if total else 0.0)
    if total and done < total:
        raise OSError(f"the connection ended after {done} of {total} bytes")
    try:
        changed = parsedate_to_datetime(response.headers.get("Last-Modified") or "").timestamp()
    except ValueError:
        changed = datetime.now(UTC).timestamp()
    os.utime(part, (changed, changed))
    shutil.move(part, target)


def download(
    url: str,
    folder: Path,
    *,
    user_agent: str,
    allow_loopback: bool,
    seconds: float = 60,
    progress: Callable[[float], None] = lambda share: None,
) -> Path:
    """The file at an address, in a folder of its own below `folder`, dated as the server dates it.

    `seconds` may pass without an answer; `progress` is told the share that came. A file that did not change since the
    last download is not sent again. Raises `DownloadFailed`.
    """
    if not url.startswith(("https://", "http://")):
        raise DownloadFailed(f"{url} is not an address of the web")
    name = re.sub(r"[^\w.-]+", "_", unquote(urlsplit(url).path.rpartition("/")[2])).lstrip(".") or "download"
    target = folder / hashlib.blake2b(url.encode(), digest_size=6).hexdigest() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    request = Request(url, headers={"User-Agent": user_agent})  # noqa: S310 (looked at above)
    if target.exists():
        changed = datetime.fromtimestamp(target.stat().st_mtime, UTC)
        request.add_header("If-Modified-Since", format_datetime(changed, usegmt=True))
    try:
        with _opener(allow_loopback).open(request, timeout=seconds) as response:
            _write(response, target, progress)
    except HTTPError as error:
        error.close()
        if error.code != 304 or not target.exists():
            raise DownloadFailed(f"{url}: the server answered {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        said = error.reason if isinstance(error, URLError) else error
        raise DownloadFailed(f"{url} cannot be downloaded: {said}") from None
    return target
