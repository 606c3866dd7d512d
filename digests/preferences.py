"""When and how a rep wishes to be written to."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from leads import offers
from store import offers as given
from store.errors import Conflict
from store.tables import Rep


class Preferences(BaseModel):
    """What of a rep's mails is changed; what is None stays as it is, what is empty is as the configuration says.

    `at` is a time of day (07:30) in the time zone `zone`, `days` which days (mon-fri), `most` how many news a mail
    tells, `offer` whose leads come first: an offer's, those of all that were given to the rep when it is
    empty, none's with `-`.
    """

    at: str | None = None
    zone: str | None = None
    days: str | None = None
    when_empty: Literal["short", "none"] | None = None
    most: int | None = Field(default=None, ge=1, le=200)
    language: Literal["fr", "en"] | None = None
    offer: str | None = None
    subscribed: bool | None = None


def prefer(session: Session, rep: Rep, wished: Preferences) -> None:
    """Change how a rep is written to; who is subscribed anew is written to whatever came back before.

    Raises `NotFound` for an offer that there is not, `Conflict` for one that the rep was not given.
    """
    if wished.offer not in (None, "", "-"):
        offers.named(session, wished.offer or "")
        if wished.offer not in given.of_rep(session, rep):
            raise Conflict(
                f"the offer '{wished.offer}' is not given to {rep.email}; a manager gives it, or `vigie offers give`"
            )
    if wished.subscribed is not None:
        if wished.subscribed and not rep.is_written_to:
            rep.bounces = 0
        rep.subscribed = wished.subscribed
    if wished.at is not None:
        rep.digest_time = wished.at
    for name in ("zone", "days", "when_empty", "most", "language", "offer"):
        value = getattr(wished, name)
        if value is not None:
            setattr(rep, name, value)
