"""Where mails go: a folder, or an SMTP server."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Protocol

from store.errors import Unavailable, VigieError

_TIMEOUT = 30  # seconds
_FOR_GOOD = 500
_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]")


class Refused(VigieError):
    """The recipient was refused for good: there is no use in trying again."""


class Unwelcome(VigieError):
    """The server takes no mail of ours, or not this one: its recipient is not to blame."""


class Transport(Protocol):
    """Takes a mail to an address and says where it went; `day` is the day it is for.

    Raises `Unavailable` when it could not be handed over now, `Unwelcome` when that is up to us, `Refused` when it
    never can be.
    """

    def send(self, content: bytes, day: str, to: str) -> str: ...


def _write(file: Path, content: bytes) -> None:
    """The whole file or none: a reader never sees half of it."""
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(content)
    os.replace(beside, file)


@dataclass(frozen=True)
class MailFolder:
    """Writes each mail into a folder: `day-address.eml`, and its HTML part beside it to be read in a browser."""

    folder: Path

    def send(self, content: bytes, day: str, to: str) -> str:
        """Write the mail; returns the HTML file. A further mail of the day is numbered, the same one written again."""
        mail = message_from_bytes(content, policy=SMTP)
        html = mail.get_body(("html",))
        name = _UNSAFE.sub("_", f"{day}-{to}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            stems = (f"{name}-{number}" if number > 1 else name for number in count(1))
            stem = next(one for one in stems if self._is_free(f"{one}.eml", str(mail["Message-ID"])))
            _write(self.folder / f"{stem}.eml", content)
            _write(self.folder / f"{stem}.html", (html.get_content() if html else "").encode())
        except OSError as error:
            raise Unavailable(f"outbox {self.folder}: {error.strerror}; see that the folder can be written") from None
        return str(self.folder / f"{stem}.html")

    def _is_free(self, name: str, message_id: str) -> bool:
        """Whether no other mail has this name; the same mail may, when it was written and a crash hid it."""
        try:
            return f"Message-ID: {message_id}".encode() in (self.folder / name).read_bytes()
        except FileNotFoundError:
            return True


@dataclass(frozen=True)
class SmtpServer:
    """An SMTP server; `security` is `none`, `starttls` or `tls`. The password is never shown."""

    host: str
    port: int
    security: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, {self.security})"

    def send(self, content: bytes, day: str, to: str) -> str:
        """Hand the mail over; returns the server's name."""
        sender = BytesHeaderParser(policy=SMTP).parsebytes(content)["From"].addresses[0].addr_spec
        where = f"{self.host}:{self.port}"
        with ExitStack() as stack:
            try:
                server = self._connect()
                stack.callback(_leave, server)
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.sendmail(sender, [to], content)
            except smtplib.SMTPRecipientsRefused as error:
                code, text = next(iter(error.recipients.values()))
                raise _refusal(where, code, text, Refused) from None
            except smtplib.SMTPResponseException as error:  # of the greeting, the login, the sender or the content
                raise _refusal(where, error.smtp_code, error.smtp_error, Unwelcome) from None
            except (smtplib.SMTPException, OSError) as error:
                raise Unavailable(f"mail server {where}: {error}; see the key 'mail' of the configuration") from None
        return where

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; whatever comes of it, a mail that was taken is taken."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _refusal(where: str, code: int, text: bytes | str, for_good: type[VigieError]) -> VigieError:
    """A refusal by its code: 5xx is for good (RFC 5321, 4.2.1)."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = for_good if code >= _FOR_GOOD else Unavailable
    return kind(f"mail server {where}: refused ({code} {said})")
