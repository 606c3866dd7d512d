"""What is sent is refused before it is read when it is too large."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import Enter
from tests.web.support import form_key, send
from web.limits import MOST_BYTES


def raw(address: str, head: str, body: bytes = b"") -> tuple[int, bytes]:
    """The answer to a request whose body may be less than its head says: its status and its page."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=20) as line:
        with suppress(ConnectionError):  # it may hang up sooner
            line.sendall(f"{head}\r\nHost: {where.netloc}\r\n\r\n".encode() + body)
        with http.client.HTTPResponse(line) as answer:
            answer.begin()
            return answer.status, answer.read()


FORM = "Content-Type: multipart/form-data; boundary=x"


@pytest.mark.parametrize("path", ["/signin", "/import", "/api/v1/watchlists", "/mail/x/feedback"])
def test_a_body_that_is_too_large_is_refused_before_it_comes(address: str, path: str) -> None:
    status, page = raw(address, f"POST {path} HTTP/1.1\r\n{FORM}\r\nContent-Length: 60000000", b"--x\r\n")
    assert status == 413
    assert (b"at most 2,000,000 bytes" if path.startswith("/api") else b"trop en une fois") in page


def test_a_body_that_does_not_say_its_length_is_cut_off(address: str) -> None:
    def parts() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="table"; filename="a.csv"\r\n\r\n'
        for _ in range(MOST_BYTES // 100_000 + 5):
            yield b"x" * 100_000

    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts())
    assert raw(address, f"POST /import HTTP/1.1\r\n{FORM}\r\nTransfer-Encoding: chunked", chunks)[0] == 413


def test_who_is_signed_in_brings_a_file(enter: Enter) -> None:
    client = enter("ada")
    key = form_key(client.get("/import").text)
    table = b"name\n" + b"".join(b"Castelor %d\n" % number for number in range(250_000))
    assert len(table) > MOST_BYTES
    answer = client.post("/import", data={"key": key}, files={"table": ("list.csv", table)})
    assert (answer.status_code, answer.headers["location"][:8]) == (303, "/import/")
    assert send(client, "/signout", "/").status_code == 303
