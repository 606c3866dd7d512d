"""What the interface is asked and answers with; amounts are in euros, days are ISO 8601, times are UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from leads.wording import Words
from store import tables

Item = TypeVar("Item")
MOST = 200  # items of a page


class Model(BaseModel):
    """What every answer shares."""

    model_config = ConfigDict(frozen=True)


class Page(Model, Generic[Item]):
    """Some of a list; `next` is the cursor of what follows, null at the end."""

    items: list[Item]
    next: str | None = Field(default=None, examples=["MTcz"])


class SignalsAsked(Model):
    """Which signals are asked for."""

    text: str = Field(default="", description='Words, "words in a row", begin*, -without.')
    family: tuple[str, ...] = Field(default=(), description="One of these families.")
    type: tuple[str, ...] = Field(default=(), description="One of these types.")
    place: tuple[str, ...] = Field(default=(), description="Departments and countries; one of them.")
    since: date | None = None
    until: date | None = None
    confidence: float = Field(default=0.0, ge=0, le=1)
    after: int = Field(default=0, ge=0, description="Only signals with a higher id: what is new since.")
    cursor: str = Field(default="", description="`next` of the page before.")
    limit: int = Field(default=50, ge=1, le=MOST, description="Items of a page.")

    @property
    def fields(self) -> Mapping[str, object]:
        """What a search is made of."""
        return {
            "text": self.text,
            "families": self.family,
            "types": self.type,
            "territory": self.place,
            "since": self.since,
            "until": self.until,
            "confidence": self.confidence,
        }


class CompanyRef(Model):
    """A company, as far as it takes to know which."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Velmora Industries"])
    siren: str | None = Field(default=None, examples=["900000019"])
    lei: str | None = None
    city: str | None = Field(default=None, examples=["Vénissieux"])
    department: str | None = Field(default=None, examples=["69"])
    country: str = Field(examples=["FR"])

    @classmethod
    def of(cls, one: tables.Company) -> CompanyRef:
        """From the stored company."""
        return cls.model_validate(one, from_attributes=True)


class Criterion(Model):
    """What is known of a company by a criterion: null is unknown, never zero; who says so, and of which day."""

    value: str | int | float | None
    source: str | None = None
    day: date | None = None


class CompanyModel(CompanyRef):
    """A company with its eighteen criteria."""

    criteria: dict[str, Criterion]
    closed: bool


class SignalModel(Model):
    """What happened to a company, with the sentence that proves it: characters `start` to `end` of the article.

    `confidence` is how sure it is that it happened, `link_confidence` that it is this company; `impact` how many times
    a usual event of its type it counts. Signals of one `story` are tellings of the same event.
    """

    id: int = Field(examples=[173])
    type: str = Field(examples=["opening"])
    label: str = Field(examples=["New site"])
    families: list[str] = Field(examples=[["new_sites"]])
    status: str = Field(examples=["done"], description="done, planned, rumoured or denied")
    company: CompanyRef | None
    subject: str = Field(examples=["Velmora"])
    sentence: str = Field(examples=["Velmora a ouvert lundi sa deuxième usine à Vénissieux."])
    start: int
    end: int
    slots: dict[str, Any] = Field(examples=[{"place": [{"text": "Vénissieux", "department": "69"}]}])
    event_date: date | None
    published_at: datetime | None
    found_at: datetime
    confidence: float = Field(examples=[0.91])
    link_confidence: float = Field(examples=[0.99])
    impact: float = Field(examples=[1.0])
    story: int | None
    title: str
    url: str = Field(examples=["https://presse.example/velmora-usine"])
    source: str = Field(examples=["L'Écho des Deux Rives"])
    version: str = Field(examples=["rules-3+linear-2"])

    @classmethod
    def of(cls, one: tables.Signal, words: Words) -> SignalModel:
        """From the stored signal, with its document and company."""
        return cls(
            id=one.id,
            type=one.type,
            label=words.label(one.type),
            families=one.families,
            status=one.status,
            company=CompanyRef.of(one.company) if one.company else None,
            subject=one.subject,
            sentence=one.sentence,
            start=one.start,
            end=one.end,
            slots=one.slots,
            event_date=one.event_date,
            published_at=one.published_at,
            found_at=one.found_at,
            confidence=round(one.confidence, 3),
            link_confidence=round(one.link_confidence, 3),
            impact=round(one.impact, 2),
            story=one.story_id,
            title=one.document.title,
            url=one.document.url,
            source=one.document.source.name,
            version=one.version,
        )


class Line(Model):
    """A reason of a score: points for its fit or timing, in words, with the signal that it rests on."""

    part: str = Field(examples=["timing"])
    points: float = Field(examples=[8.4])
    reason: str = Field(examples=["New site, 3 days ago, L'Écho des Deux Rives"])
    signal: int | None = None


class Lead(Model):
    """What a company is worth for an offer: every score is the sum of its ledger's points."""

    company: CompanyRef
    state: str = Field(examples=["hot"])
    fit: float
    timing: float
    day: date | None
    ledger: list[Line]


class OfferRef(Model):
    """An offer by its name, and how many leads of each kind it has."""

    name: str = Field(examples=["Machines et automatismes"])
    hot: int
    potential: int


class WatchlistModel(Model):
    """A list of the user's."""

    id: int
    name: str
    companies: int
    muted: bool
    asks: dict[str, Any]


class NewWatchlist(Model):
    """A list to be made."""

    name: str = Field(min_length=1, max_length=100, examples=["Lyon"])


class TextToRead(Model):
    """A text to be classified."""

    title: str = Field(default="", max_length=1000, examples=["Velmora recrute"])
    text: str = Field(min_length=1, max_length=50_000, examples=["L'entreprise recrute 60 soudeurs avant l'été."])
