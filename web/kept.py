"""What a form sent or was answered, where it cannot be shown or done at once.

Every form is answered with a redirect, so that loading the page again or going back sends nothing twice: a page that
answers one is kept for an hour and shown at an address of its own. What a form sends that comes after its sign-in ended
is kept as well, until its user signed in again and says that it be sent.
"""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from starlette.datastructures import FormData, UploadFile

from store import kept
from store.base import utcnow
from store.errors import NotFound
from store.tables import User
from web.access import SignedIn, is_from_us, visitor
from web.pages import show, words_of
from web.site import site_of

_LONGEST = 1_000_000  # characters of what a form sent
_SECRET = ("key", "password")
_SIGNING = ("/signin", "/signout", "/start", "/password/")

kept_router = APIRouter()


def typed(form: FormData) -> list[tuple[str, str]]:
    """The texts that a form sent, by the names of its fields, but for its key and passwords."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in _SECRET]


async def sent_again_at(request: Request) -> str:
    """Where a form is sent again that came without its sign-in, or from before it; empty where it is not kept."""
    form = await request.form()
    if request.url.path.startswith(_SIGNING) or not is_from_us(request, str(form.get("key", ""))):
        return ""
    if any(isinstance(value, UploadFile) and value.filename for _, value in form.multi_items()):
        return request.url.path  # a file is chosen again
    fields = typed(form)
    if not 0 < sum(len(value) for _, value in fields) <= _LONGEST:
        return ""
    return await run_in_threadpool(_keep_input, request, fields)


def _keep_input(request: Request, fields: list[tuple[str, str]]) -> str:
    user: User | None = visitor(request)
    with site_of(request).database.session() as session:
        content = {"path": request.url.path, "fields": fields}
        token = kept.keep(session, user.rep_id if user else None, content, utcnow())
    return f"/again/{token}" if token else ""


def _kept(request: Request, user: User, token: str, key: str) -> dict[str, Any]:
    """What was kept that has this key."""
    with site_of(request).database.session() as session:
        content = kept.found(session, token, user.rep_id, utcnow())
    if key not in content:
        raise NotFound
    return content


@kept_router.get("/again/{token}")
def ask_to_send_again(request: Request, user: SignedIn, token: str) -> HTMLResponse:
    """What was typed before the sign-in ended, to be sent now or not."""
    content = _kept(request, user, token, "path")
    title = words_of(request).translations.gettext("Send it now?")
    return show(request, "again", title, action=content["path"], fields=content["fields"])


@kept_router.get("/answers/{token}")
def show_answer(request: Request, user: SignedIn, token: str) -> HTMLResponse:
    """The page that answered a form."""
    content = _kept(request, user, token, "html")
    return HTMLResponse(content["html"], content["status"])


async def at_its_own_address(request: Request, answer: Response) -> Response:
    """A redirect to the page that answers a form of a user; any other answer as it is.

    What refuses a form tells so in its status, which programs read.
    """
    user = getattr(request.state, "user", None)
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if request.method != "POST" or user is None or not is_page or hasattr(request.state, "refused"):
        return answer
    body = cast(StreamingResponse, answer).body_iterator  # as every answer has that comes from within
    parts = [part.encode() if isinstance(part, str) else bytes(part) async for part in body]
    return await run_in_threadpool(_keep_answer, request, user, b"".join(parts).decode(), answer.status_code)


def _keep_answer(request: Request, user: User, html: str, status: int) -> RedirectResponse:
    with site_of(request).database.session() as session:
        token = kept.keep(session, user.rep_id, {"html": html, "status": status}, utcnow())
    return RedirectResponse(f"/answers/{token}", 303)
