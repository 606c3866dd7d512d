"""What happened to companies, an entry an event, as programs read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field

from digests.items import item_of
from leads.wording import Words
from signals.entries import Entry, grouped, standing
from store import companies, signals, stories, watchlists
from store.errors import NotFound
from store.tables import Signal
from web.api.models import CompanyRef, Model, Page
from web.api.paging import Limit
from web.api.service import Reader, words_for
from web.site import site_of

stories_api_router = APIRouter(tags=["stories"])


class StoryArticle(Model):
    """An article that tells it: one of each source, that of the sentence first."""

    title: str
    url: str = Field(examples=["https://presse.example/velmora-usine"])
    source: str = Field(examples=["L'Écho des Deux Rives"])


class StoryModel(Model):
    """What articles tell of a company, once: `types` with their `labels`, the leading one first, and one sentence.

    `status` is how the leading one stands, `confidence` how sure it is that it happened; `signals` are the ids of all
    that was found of it.
    """

    company: CompanyRef | None
    types: list[str] = Field(examples=[["opening", "hiring"]])
    labels: list[str] = Field(examples=[["New site", "Hiring"]])
    status: str = Field(examples=["done"], description="done, planned, rumoured or denied")
    sentence: str = Field(examples=["Velmora a ouvert lundi sa deuxième usine à Vénissieux."])
    published_at: datetime | None
    confidence: float = Field(examples=[0.94])
    articles: list[StoryArticle]
    signals: list[int]

    @classmethod
    def of(cls, entry: Entry, words: Words) -> StoryModel:
        """From an entry, in the words of the token's user."""
        item, best = item_of(entry, words), entry.best
        return cls(
            company=CompanyRef.of(best.company) if best.company else None,
            types=list(dict.fromkeys(story[0].type for story in entry.stories)),
            labels=list(item.labels),
            status=standing(entry.stories[0]),
            sentence=best.sentence,
            published_at=entry.newest.published_at,
            confidence=round(item.confidence, 3),
            articles=[StoryArticle(title=one.title, url=one.url, source=one.source) for one in item.articles],
            signals=sorted(item.signal_ids),
        )


def _page(request: Request, user: Reader, found: Iterable[Signal]) -> Page[StoryModel]:
    words = words_for(request, user)
    return Page(items=[StoryModel.of(one, words) for one in grouped(list(found), words.taxonomy)])


@stories_api_router.get("/companies/{number}/stories")
def list_company_stories(request: Request, user: Reader, number: int, limit: Limit = 50) -> Page[StoryModel]:
    """What happened to a company last; of `limit` types of events at most, what is told together is one story."""
    with site_of(request).database.reading() as session:
        if not companies.by_ids(session, [number]):
            raise NotFound(f"there is no company {number}")
        shown = stories.of_company(session, number, limit=limit)
        return _page(request, user, signals.of_stories(session, [one.id for one in shown]))


@stories_api_router.get("/watchlists/{number}/stories")
def list_told_stories(request: Request, user: Reader, number: int, limit: Limit = 50) -> Page[StoryModel]:
    """What was published last on a list's companies, or answers what it asks for: of the last `limit` signals."""
    with site_of(request).database.reading() as session:
        one = watchlists.of_id(session, user.rep, number)
        return _page(request, user, signals.newest_on_list(session, one.id, limit=limit))
