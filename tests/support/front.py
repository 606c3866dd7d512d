"""What stands before a search engine in practice: encryption, keys, and answers that it is busy."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.request import Request, urlopen

_PASSED_ON = ("Content-Type", "Accept")


@dataclass
class Front:
    """What it lets through, and what it has seen."""

    behind: str
    key: str = ""
    busy: int = 0  # how many of the next requests with a body it refuses as too many
    busy_items: int = 0  # how many of the next bulk requests it answers with: too busy for the last of these
    refused: int = 0
    address: str = ""
    seen: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and the body that a request is answered."""
        self.seen.append(f"{method} {path.split('?')[0]}")
        if self.key and headers.get("authorization") != f"ApiKey {self.key}":
            return 401, b'{"error":{"type":"security_exception","reason":"unable to authenticate"},"status":401}'
        if body and self.busy:
            self.busy, self.refused = self.busy - 1, self.refused + 1
            return 429, b'{"error":{"type":"circuit_breaking_exception","reason":"too busy"},"status":429}'
        kept = {name: headers[name.lower()] for name in _PASSED_ON if name.lower() in headers}
        request = Request(self.behind + path, body or None, kept, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, self._without_the_last(path, answer.read())
        except OSError as error:
            return getattr(error, "code", 502), error.read() if hasattr(error, "read") else b"{}"

    def _without_the_last(self, path: str, content: bytes) -> bytes:
        if not (self.busy_items and path.startswith("/_bulk")):
            return content
        self.busy_items, self.refused = self.busy_items - 1, self.refused + 1
        answer = json.loads(content)
        ((action, item),) = answer["items"][-1].items()
        error = {"type": "es_rejected_execution_exception", "reason": "the queue is full"}
        answer["items"][-1] = {action: {**item, "status": 429, "error": error}}
        return json.dumps(answer | {"errors": True}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    front: ClassVar[Front]

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, content = self.front.answer(self.command, self.path, headers, body)
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing is told to the terminal."""


@contextmanager
def standing(front: Front, certificate: tuple[Path, Path] | None = None) -> Iterator[Front]:
    """Stand on a free port of the loopback interface, encrypted when a certificate and its key are given."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"front": front}))
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    front.address = f"{'https' if certificate else 'http'}://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate_for_localhost(folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody signed but itself, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key
