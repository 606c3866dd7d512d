"""What is said once on the page after a form was sent, with a way to take back what it did.

A form answers with a redirect, so that going back or loading again sends nothing twice; what there is to say travels
in a cookie that is signed, and is gone when it was shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from web.site import site_of

_COOKIE, _SECONDS = "vigie_said", 300
_LONGEST = 3500  # characters that a browser keeps of a cookie


@dataclass(frozen=True)
class Message:
    """A message, something to copy with it (`code`), and the form that takes back what was done."""

    text: str
    code: str = ""
    undo: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


def _signer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(site_of(request).sender.links.secret, salt="message")


def redirect(request: Request, goal: str, message: Message | None = None) -> RedirectResponse:
    """Go on to another page, which says the message; what is too long to take along cannot be taken back."""
    answer = RedirectResponse(goal, 303)
    if message is not None:
        said = _signer(request).dumps(json.dumps(asdict(message)))
        if len(said) > _LONGEST:
            said = _signer(request).dumps(json.dumps(asdict(Message(message.text, message.code))))
        private = site_of(request).is_private
        answer.set_cookie(_COOKIE, str(said), max_age=_SECONDS, httponly=True, secure=private, samesite="lax")
    return answer


def message_of(request: Request) -> Message | None:
    """What the last form has to say, if it was not said yet."""
    said = request.cookies.get(_COOKIE)
    if not said:
        return None
    try:
        return Message(**json.loads(_signer(request).loads(said, max_age=_SECONDS)))
    except (BadSignature, ValueError, TypeError):
        return None


def forget(request: Request, answer: Response) -> None:
    """Let the message be said no more."""
    if _COOKIE in request.cookies:
        answer.delete_cookie(_COOKIE)
