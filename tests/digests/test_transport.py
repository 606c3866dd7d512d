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

from digests.transport import Refused, SmtpServer, Unwelcome
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
        assert (
            SmtpServer("localhost", port, security, "vigie", "right").send(MAIL, "", "zoe@x.example")
            == f"localhost:{port}"
        )
        with pytest.raises(Unwelcome, match="535") as wrong:
            SmtpServer("localhost", port, security, "vigie", "wr0ng").send(MAIL, "", "zoe@x.example")
        assert "wr0ng" not in str(wrong.value)
    assert box.to == [["zoe@x.example"]]


def test_a_server_that_nobody_vouches_for_is_given_nothing(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    box = Inbox()
    with listening(box, **options_of("starttls", certificate)) as port, pytest.raises(Unavailable, match="certificate"):
        SmtpServer("localhost", port, "starttls", "vigie", "right").send(MAIL, "", "zoe@x.example")
    assert box.raw == []


def test_an_address_that_is_not_there_is_refused_for_good() -> None:
    with listening(NoSuchUser()) as port, pytest.raises(Refused, match="550 no such user"):
        SmtpServer("localhost", port, "none", "", "").send(MAIL, "", "zoe@x.example")


class Refuses(Inbox):
    """Refuses at one step, as it is told."""

    def __init__(self, step: str, said: str) -> None:
        super().__init__()
        for one in ("MAIL", "RCPT", "DATA", "QUIT"):
            setattr(self, f"handle_{one}", self._answer(one, said if one == step else ""))

    def _answer(self, step: str, said: str) -> Any:
        async def answer(server: Any, session: Any, envelope: Any, *rest: Any) -> str:
            if step == "MAIL" and not said:
                envelope.mail_from = rest[0]
            if step == "RCPT" and not said:
                envelope.rcpt_tos.append(rest[0])
            if step == "DATA" and not said:
                return await Inbox.handle_DATA(self, server, session, envelope)
            return said or ("221 bye" if step == "QUIT" else "250 OK")

        return answer


@pytest.mark.parametrize(
    ("step", "said", "error"),
    [
        ("MAIL", "530 authentication required", Unwelcome),
        ("MAIL", "554 your address is on a list", Unwelcome),
        ("DATA", "554 your address is on a list", Unwelcome),
        ("RCPT", "550 no such user", Refused),
        ("RCPT", "450 come again later", Unavailable),
        ("MAIL", "421 come again later", Unavailable),
        ("DATA", "452 no room now", Unavailable),
    ],
)
def test_who_is_to_blame_is_told_by_the_step_and_the_code(step: str, said: str, error: type[Exception]) -> None:
    with listening(Refuses(step, said)) as port, pytest.raises(error, match=said):
        SmtpServer("localhost", port, "none", "", "").send(MAIL, "", "zoe@x.example")


def test_a_mail_that_was_taken_is_taken_whatever_the_server_says_at_the_end() -> None:
    box = Refuses("QUIT", "500 what?")
    with listening(box) as port:
        assert SmtpServer("localhost", port, "none", "", "").send(MAIL, "", "zoe@x.example")
    assert len(box.raw) == 1
