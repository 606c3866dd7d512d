"""Serves the fictional press as real sites do: feeds, pages with menus and advice to read on, robots.txt, ETags."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from store.sources import SourceEntry

_PRESS = Path(__file__).parent / "press"
_TITLES = {"fr": ("Accueil", "À lire aussi", "Publié le"), "en": ("Home", "Read next", "Published on")}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Story(_Strict):
    """An article of the press; `days` is how long before today it was published."""

    slug: str
    days: int
    title: str
    text: tuple[str, ...]
    author: str | None = None

    def published(self, now: datetime) -> datetime:
        """When it was published: an hour ago, or at eight in the morning of an earlier day."""
        if not self.days:
            return now - timedelta(hours=1)
        return (now - timedelta(days=self.days)).replace(hour=8, minute=0, second=0, microsecond=0)


class Outlet(_Strict):
    """A newspaper or wire and its articles."""

    name: str
    language: Literal["fr", "en"]
    format: Literal["rss", "atom"]
    full_text: bool = False
    articles: tuple[Story, ...]


def outlets() -> dict[str, Outlet]:
    """The press by the names of its files."""
    return {
        file.stem: Outlet.model_validate(yaml.safe_load(file.read_text("utf-8")))
        for file in sorted(_PRESS.glob("*.yaml"))
    }


def page(outlet: Outlet, key: str, story: Story, now: datetime) -> str:
    """An article's page, with what surrounds it on a real site."""
    home, more, on = _TITLES[outlet.language]
    when = story.published(now)
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in story.text)
    others = "".join(
        f'<li><a href="/{key}/{other.slug}">{escape(other.title)}</a></li>'
        for other in outlet.articles
        if other != story
    )
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="utf-8">'
        f"<title>{escape(story.title)} – {escape(outlet.name)}</title>"
        f'<meta property="article:published_time" content="{when.isoformat()}"></head><body>'
        f'<header><nav><a href="/{key}/">{home}</a></nav></header><main><article><h1>{escape(story.title)}</h1>'
        f'<p class="date">{on} <time datetime="{when.isoformat()}">{when:%Y-%m-%d}</time></p>{body}</article>'
        f"<aside><h2>{more}</h2><ul>{others}</ul></aside></main><footer>© {escape(outlet.name)}</footer></body></html>"
    )


def _summary(outlet: Outlet, story: Story) -> str:
    return " ".join(story.text) if outlet.full_text or outlet.format == "atom" else story.text[0]


def _rss(outlet: Outlet, base: str, now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{base}/{story.slug}</link><guid>{base}/{story.slug}</guid>"
        f"<pubDate>{format_datetime(story.published(now))}</pubDate>"
        f"<description>{escape(_summary(outlet, story))}</description></item>"
        for story in outlet.articles
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(outlet.name)}</title>'
        f"<link>{base}/</link><description/>{items}</channel></rss>"
    )


def _atom(outlet: Outlet, base: str, now: datetime) -> str:
    entries = "".join(
        f'<entry><title>{escape(story.title)}</title><id>{base}/{story.slug}</id><link href="{base}/{story.slug}"/>'
        f"<updated>{story.published(now).isoformat()}</updated><published>{story.published(now).isoformat()}</published>"
        f"<author><name>{escape(story.author or outlet.name)}</name></author>"
        f"<summary>{escape(_summary(outlet, story))}</summary></entry>"
        for story in outlet.articles
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(outlet.name)}'
        f"</title><id>{base}/</id><updated>{now.isoformat()}</updated>{entries}</feed>"
    )


def _editions(copies: int) -> dict[str, Outlet]:
    """The outlets by the folder they are served under; further copies have folders of their own."""
    return {f"{key}-{n}" if n else key: outlet for n in range(copies) for key, outlet in outlets().items()}


def entries(address: str, copies: int = 1) -> list[SourceEntry]:
    """The feeds that are served, as sources."""
    press = _editions(copies)
    return [SourceEntry(f"{address}/{key}/feed.xml", one.name, one.language) for key, one in press.items()]


def _answers(address: str, now: datetime, copies: int) -> dict[str, tuple[str, bytes]]:
    answers = {"/robots.txt": ("text/plain", b"User-agent: *\nAllow: /\n")}
    for key, outlet in _editions(copies).items():
        make = _rss if outlet.format == "rss" else _atom
        feed = make(outlet, f"{address}/{key}", now)
        answers[f"/{key}/feed.xml"] = (f"application/{outlet.format}+xml; charset=utf-8", feed.encode())
        for story in outlet.articles:
            body = page(outlet, key, story, now).encode()
            answers[f"/{key}/{story.slug}"] = ("text/html; charset=utf-8", body)
    return answers


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[str, tuple[str, bytes]]


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement
    server: _Server

    def do_GET(self) -> None:
        kind, body = self.server.answers.get(self.path, ("", b""))
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        status = 404 if not kind else 304 if self.headers.get("If-None-Match") == tag else 200
        self.send_response(status)
        if status == 200:
            self.send_header("Content-Type", kind)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body) if status == 200 else 0))
        self.end_headers()
        if status == 200:
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the reader of the demonstration looks at the job, not at the server."""


@contextmanager
def serving(copies: int = 1) -> Iterator[str]:
    """The press on a free port of the loopback interface, until the block ends; gives its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    server.answers = _answers(address, datetime.now(UTC), copies)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
