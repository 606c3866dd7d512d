"""Handing mails over by STARTTLS or TLS, with a login."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from digests.transport import Refused, SmtpServer
from store.errors import Unavailable
from tests.digests.support import Inbox
from tests.support.front import certificate_for_localhost

MAIL = b"From: Vigie <vigie@x.example>\r\nTo: Zoe <zoe@x.example>\r\nSubject: s\r\n\r\ntext\r\n"


def _knows(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (b"vigie", b"right")
    return AuthResult(success=known, handled=False)


class NoSuchUser(Inbox):
    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802
        return "550 no such user"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of localhost, trusted in this test only."""
    cert, key = certificate_for_localhost(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


@contextmanager
def listening(box: Inbox, **options: Any) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    controller = Controller(box, hostname="localhost", port=port, **options)
    controller.start()
    yield port
    controller.stop()


def options_of(security: str, certificate: ssl.SSLContext) -> dict[str, Any]:
    login = {"authenticator": _knows, "auth_required": True}
    if security == "tls":
        return login | {"ssl_context": certificate, "auth_require_tls": False}
    return login | {"tls_context": certificate, "require_starttls": True}


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test server does not count TLS from the first byte
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_over_an_encrypted_line_after_a_login(security: str, certificate: ssl.SSLContext) -> None:
    box = Inbox()
    with listening(box, **options_of(security, certificate)) as port:
        assert SmtpServer("localhost", port, security, "vigie", "right").send(MAIL, "") == f"localhost:{port}"
        with pytest.raises(Unavailable, match="535") as wrong:
            SmtpServer("localhost", port, security, "vigie", "wr0ng").send(MAIL, "")
        assert "wr0ng" not in str(wrong.value)
    assert box.to == [["zoe@x.example"]]


def test_a_server_that_nobody_vouches_for_is_given_nothing(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    box = Inbox()
    with listening(box, **options_of("starttls", certificate)) as port, pytest.raises(Unavailable, match="certificate"):
        SmtpServer("localhost", port, "starttls", "vigie", "right").send(MAIL, "")
    assert box.raw == []


def test_an_address_that_is_not_there_is_refused_for_good() -> None:
    with listening(NoSuchUser()) as port, pytest.raises(Refused, match="550 no such user"):
        SmtpServer("localhost", port, "none", "", "").send(MAIL, "")
