"""The page of a company: what is known of it, what happened, who is who, and who could have told it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from companies.code_names import activity
from companies.columns import CRITERIA, source_of
from companies.criteria import band_of, value_of
from digests.items import Item, item_of
from leads.whom import people_of
from leads.wording import Words
from signals.entries import grouped
from store import (
    companies,
    establishments,
    figures,
    leads,
    mentions,
    offers,
    reps,
    scores,
    signals,
    sources,
    stories,
    watchlists,
)
from store.companies import PERSON
from store.errors import NotFound
from store.tables import Company, Lead, Score, Source, Story, User
from web.access import Checked, SignedIn, changing
from web.charts import YearChart, months_until, year_chart
from web.messages import Message, redirect
from web.pages import paged, show, words_of
from web.ranking import ledger
from web.site import site_of

_STORIES = 20
_SOURCES = 30
_PLACES, _SIMILAR = 30, 5

companies_router = APIRouter()


@dataclass(frozen=True)
class Known:
    """What is known of a company by a criterion: in words, who says so, and of which day."""

    name: str
    value: str
    is_known: bool
    source: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Seen:
    """A source, how many of its articles name the company, and when the last of them was published."""

    source: Source
    articles: int
    last: datetime | None


def company_of(session: Session, number: int) -> Company:
    """The company with an id, or the record that stands for it. Raises `NotFound`."""
    company = session.get(Company, number)
    if company is None:
        raise NotFound
    return session.get_one(Company, company.merged_into) if company.merged_into else company


def card(company: Company, words: Words) -> list[Known]:
    """The criteria of a company, each with its source."""
    found = []
    for column in (one for one in CRITERIA if one not in ("site", "country")):
        asked = "age" if column == "created_on" else column
        value = value_of(company, asked, words.today)
        source, day = source_of(company, column)
        said = words.value(asked, value, band_of(company, asked))
        if company.created_on and column == "created_on":
            said = f"{words.day(company.created_on)} ({said})"
        if value is None:
            found.append(Known(words.criterion(asked), said, False))
            continue
        source = words.translations.gettext("typed by hand") if source == PERSON else source
        found.append(Known(words.criterion(asked), said, True, source or "", day))
    return found


def _chart(session: Session, company: Company, words: Words) -> YearChart:
    since = datetime.combine(months_until(words.today)[0], time(), UTC)
    taxonomy = words.taxonomy
    told = (
        (taxonomy.family_of(kind).family, at.date())
        for kind, at in stories.begun_since(session, company.id, since)
        if kind in taxonomy.types
    )
    return year_chart(told, list(taxonomy.families), words.today)


def _coverage(session: Session, company: Company) -> tuple[list[Seen], list[Source]]:
    """The sources that named the company, the last first, and those that are read and never did."""
    named, read = mentions.by_source(session, company.id), sources.all_of(session)
    seen = [Seen(one, *named[one.id]) for one in read if one.id in named]
    seen.sort(key=lambda one: (one.last is not None, one.last), reverse=True)
    return seen, [one for one in read if one.id not in named and one.active]


def _items(session: Session, shown: Iterable[Story], words: Words) -> list[Item]:
    """What some stories of a company tell as entries, those told last first."""
    told = signals.of_stories(session, [one.id for one in shown])
    return [item_of(one, words) for one in grouped(told, words.taxonomy)]


def _leads(
    session: Session, user: User, company: Company, ranked: Iterable[Score]
) -> list[tuple[str, Lead | None, list[int]]]:
    """The offers that the user sells or for which the company is a lead, with that one and the signals that speak."""
    there = {offer: one for (_, offer), one in leads.open_ones(session, [company.id]).items()}
    reasons = {one.offer: [line.signal.id for line in ledger(one) if line.signal] for one in ranked}
    sold = sorted({*offers.of_rep(session, user.rep), *there})
    return [(offer, there.get(offer), reasons.get(offer, [])) for offer in sold]


@companies_router.get("/companies/{number}")
def company_page(request: Request, user: SignedIn, number: int, page: int = 1) -> HTMLResponse:
    """Everything about a company."""
    words = words_of(request)
    with site_of(request).database.reading() as session:
        company = company_of(session, number)
        pages = paged(request, page, stories.count(session, company.id), _STORIES)
        shown = stories.of_company(session, company.id, limit=_STORIES, offset=pages.start)
        seen, unseen = _coverage(session, company)
        lists = {one.id: one for one in watchlists.of_rep(session, user.rep)}
        on = watchlists.followed(session, user.rep, [company.id]).get(company.id, [])
        ranked = scores.of_company(session, company.id)
        places, number_of_places = establishments.of_company(session, company.id, limit=_PLACES)
        facts: dict[str, Any] = {
            "company": company,
            "names": [one.text for one in company.names if one.text != company.name],
            "card": card(company, words),
            "figures": figures.of_company(session, company.id),
            "establishments": places,
            "places": number_of_places,
            "similar": companies.similar(session, company, limit=_SIMILAR),
            "activity": lambda code: activity(code, words.language),
            "chart": _chart(session, company, words),
            "items": _items(session, shown, words),
            "people": people_of(session, [company.id])[company.id],
            "seen": seen[:_SOURCES],
            "unseen": unseen,
            "scores": [(one, ledger(one)) for one in ranked],
            "leads": _leads(session, user, company, ranked),
            "on": [lists[one] for one in on],
            "lists": lists.values(),
            "is_muted": company.id in reps.muted(session, user.rep),
        }
    return show(request, "company", company.name, pages=pages, **facts)


@companies_router.post("/companies/{number}/watch", dependencies=[Checked])
def watch(
    request: Request, user: SignedIn, number: int, name: Annotated[str, Form(max_length=100)] = ""
) -> RedirectResponse:
    """Put a company on a list of the user's; the list is made when there is none."""
    with changing(request, user, "watch", f"#{number}") as session:
        company = company_of(session, number)
        watchlists.add(session, watchlists.save(session, user.rep, name.strip()), [company.id])
    return RedirectResponse(f"/companies/{number}", 303)


@companies_router.post("/companies/{number}/unwatch", dependencies=[Checked])
def unwatch(request: Request, user: SignedIn, number: int) -> RedirectResponse:
    """Take a company off all lists of the user's."""
    gettext = words_of(request).translations.gettext
    with changing(request, user, "unwatch", f"#{number}") as session:
        company = company_of(session, number)
        name, lists = company.name, watchlists.followed(session, user.rep, [company.id]).get(company.id, [])
        for one in lists:
            watchlists.take_off(session, watchlists.of_id(session, user.rep, one), [company.id])
    said = gettext("You follow {company} no more.").format(company=name)
    message = Message(said, undo=f"/companies/{number}/rewatch", fields={"number": lists}) if lists else None
    return redirect(request, f"/companies/{number}", message)


@companies_router.post("/companies/{company}/rewatch", dependencies=[Checked])
def watch_again(
    request: Request, user: SignedIn, company: int, number: Annotated[list[int] | None, Form()] = None
) -> RedirectResponse:
    """Put a company on the lists again that it was taken off."""
    with changing(request, user, "watch", f"#{company}") as session:
        for one in number or ():
            watchlists.add(session, watchlists.of_id(session, user.rep, one), [company_of(session, company).id])
    return redirect(request, f"/companies/{company}")


@companies_router.post("/companies/{number}/mute", dependencies=[Checked])
def mute(request: Request, user: SignedIn, number: int, muted: Annotated[bool, Form()] = True) -> RedirectResponse:
    """Tell the user nothing of a company any more, or again."""
    with changing(request, user, "mute" if muted else "unmute", f"#{number}") as session:
        reps.mute(session, user.rep, company_of(session, number).id, muted)
    return RedirectResponse(f"/companies/{number}", 303)
