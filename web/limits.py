"""How much a request may bring: more is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access import visitor

MOST_BYTES = 2_000_000
"""Of what anybody sends."""
MOST_OF_A_FILE = 50_000_000
_FORM = 4_000_000  # of the fields beside a file, and what stands between them
_FILES = "/import"
_TOO_MUCH = HTTPException(413, f"the body of a request is at most {MOST_BYTES:,} bytes")


class Limited:
    """Refuses a body that is too large (413), by its length where that is said, or else as soon as it is exceeded.

    `refuse` makes the answer; what the application says of a body that was cut off is not sent.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, Exception], Response]) -> None:
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH", "DELETE"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        most = MOST_OF_A_FILE + _FORM if await _may_send_files(request) else MOST_BYTES
        said = request.headers.get("content-length", "")
        taken = int(said) if said.isascii() and said.isdigit() else 0
        if taken <= most:
            taken = await self._passed_on(scope, receive, send, most)
        if taken > most:
            answer = await run_in_threadpool(self.refuse, request, _TOO_MUCH)
            await answer(scope, receive, send)

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send, most: int) -> int:
        """Let the application answer; returns how many bytes came. More than `most` are cut off."""
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise _TOO_MUCH
            return message

        async def unless_cut_off(message: Message) -> None:
            if taken <= most:
                await send(message)

        try:
            await self.app(scope, limited, unless_cut_off)
        except Exception:
            if taken <= most:
                raise
        return taken


async def _may_send_files(request: Request) -> bool:
    return request.url.path.startswith(_FILES) and await run_in_threadpool(visitor, request) is not None
