"""A web server on loopback that answers as told and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What is answered at a path."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[], Iterator[bytes]] | None = None


class Press:
    """The served paths, and the requests that came: (path, headers)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.moments: list[float] = []  # when each of them came, in seconds
        self.address = ""
        self.slowness = 0.0  # seconds that an answer takes
        self.busiest = 0  # how many requests were being answered at once, at most
        self._answering = 0
        self._lock = threading.Lock()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a request while it is answered."""
        with self._lock:
            self._answering += 1
            self.busiest = max(self.busiest, self._answering)
        time.sleep(self.slowness)
        try:
            yield
        finally:
            with self._lock:
                self._answering -= 1

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.asked]

    def rss(self, path: str, *items: tuple[str, str], **headers: str) -> str:
        """Serve an RSS feed of (link, title) items; returns its address."""
        entries = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for link, title in items)
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{entries}</channel></rss>'
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body.encode(), "application/rss+xml; charset=utf-8", headers=named)
        return self.address + path


def _handler(press: Press) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            with press.answering():
                self._answer()

        def _answer(self) -> None:
            press.asked.append((self.path, dict(self.headers)))
            press.moments.append(time.monotonic())
            answer = press.answers.get(self.path, Answer(status=404))
            etag = answer.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                answer = Answer(status=304, headers=answer.headers)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.stream is None:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            try:
                for chunk in answer.stream() if answer.stream else [answer.body]:
                    self.wfile.write(chunk)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Press]:
    """A press server on a free port of an address of the loopback interface."""
    press = Press()
    server = ThreadingHTTPServer((host, 0), _handler(press))
    server.daemon_threads = True
    press.address = f"http://{host}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield press
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
