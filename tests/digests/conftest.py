from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from digests.transport import SmtpServer
from tests.digests.support import Inbox


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, SmtpServer]]:
    box = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, SmtpServer("127.0.0.1", port, "none", "", "")
    controller.stop()
