"""Every table. One class a noun; queries stand in the module of the noun."""

from store.tables.companies import Company, Establishment, Figure, Import, Name, NegativeAlias
from store.tables.people import (
    ApiToken,
    Audit,
    Delivery,
    Feedback,
    Mail,
    Match,
    Muted,
    Reading,
    Refusal,
    Release,
    Rep,
    SignIn,
    User,
    Watched,
    Watchlist,
)
from store.tables.press import Document, RawPage, Skipped, Source
from store.tables.signals import LedgerLine, Mention, OfferVersion, Score, Signal, Story
from store.tables.work import JobFailure, Outbox

__all__ = [
    "ApiToken",
    "Audit",
    "Company",
    "Delivery",
    "Document",
    "Establishment",
    "Feedback",
    "Figure",
    "Import",
    "JobFailure",
    "LedgerLine",
    "Mail",
    "Match",
    "Mention",
    "Muted",
    "Name",
    "NegativeAlias",
    "OfferVersion",
    "Outbox",
    "RawPage",
    "Reading",
    "Refusal",
    "Release",
    "Rep",
    "Score",
    "SignIn",
    "Signal",
    "Skipped",
    "Source",
    "Story",
    "User",
    "Watched",
    "Watchlist",
]
