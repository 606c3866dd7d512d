"""The leads of an offer, with the ledger of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from companies.criteria import value_of
from leads import offers
from leads.changes import changes, dropped
from leads.wording import Words
from store import leads, scores
from store import offers as given
from store.errors import NotFound
from store.tables import LedgerLine, Score
from web.access import SignedIn
from web.filters import CRITERIA, Filters, filters_of, is_figure
from web.pages import paged, show, words_of
from web.site import site_of

_STATES = ("hot", "potential", "dropped")
_A_PAGE = 20

ranking_router = APIRouter()


@ranking_router.get("/ranking")
def ranking(request: Request, user: SignedIn, offer: str = "", state: str = "hot", page: int = 1) -> HTMLResponse:
    """Hot and potential leads of an offer, and what is no longer one."""
    words, filters = words_of(request), filters_of(request.query_params)
    if state not in _STATES:
        raise NotFound
    with site_of(request).database.reading() as session:
        names = [one.name for one in offers.current(session)]
        sold = given.of_rep(session, user.rep)
        chosen = offer or (user.rep.offer if user.rep.offer in sold else next(iter([*sold, *names]), ""))
        if chosen and chosen not in names:
            raise NotFound
        counts = scores.counts(session, chosen)
        found = _found(session, chosen, state, filters, words)
        pages = paged(request, page, len(found), _A_PAGE)
        shown = scores.by_ids(session, [one.id for one in found[pages.start : pages.end]])
        taken = leads.open_ones(session, [one.company_id for one in shown], chosen)
        lost = {one.id: changes(one) for one in shown} if state == "dropped" else {}
    facts: dict[str, Any] = {
        "names": names,
        "offer": chosen,
        "state": state,
        "counts": counts,
        "found": len(found),
        "scores": shown,
        "open": taken,
    }
    facts |= {"filters": filters, "criteria": CRITERIA, "is_figure": is_figure}
    title = words.translations.gettext("Ranking")
    return show(request, "ranking", title, lost=lost, ledger=ledger, pages=pages, **facts)


def _found(session: Session, offer: str, state: str, filters: Filters, words: Words) -> list[Score]:
    """The scores in a state whose companies meet the filters, the best first; none where a filter cannot be read."""
    if filters.wrong:
        return []
    if state == "dropped":
        known = [one for one in scores.dropped(session, offer) if dropped(one)]
    else:
        known = scores.with_companies(session, offer, state)
    return meeting(known, filters, words.today)


def meeting(known: Iterable[Score], filters: Filters, today: date) -> list[Score]:
    """The scores whose companies meet the filters, in their order."""
    return [
        one
        for one in known
        if all(asked.met_by(value_of(one.company, asked.criterion, today)) for asked in filters.conditions)
    ]


def ledger(score: Score) -> list[LedgerLine]:
    """The lines of a score as they are read: what happened first, then what counts most."""
    return sorted(score.lines, key=lambda line: (line.part != "timing", -abs(line.points)))
