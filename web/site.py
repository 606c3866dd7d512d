"""What the pages of an installation work with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from fastapi import Request
from sqlalchemy.orm import Session

from companies.importing import Imported, Overview, Wishes
from crawlers.probe import Found
from digests.sender import Sender
from digests.transport import Transport
from index.query import Order, SearchIndex
from index.signals import SignalPage
from leads.offers import Offer
from leads.replay import Replay
from signals.types import Taxonomy
from store.database import Database
from store.tables import Rep
from watch.searches import Search


class Jobs(Protocol):
    """What pages have done for them that takes several rooms."""

    @property
    def index(self) -> SearchIndex:
        """The search index, as far as it was brought up to date."""

    def look(
        self,
        search: Search,
        today: date,
        order: Order,
        *,
        limit: int,
        offset: int = 0,
        after: int = 0,
        before: int | None = None,
    ) -> SignalPage:
        """A page of the signals that answer a search, their ids between the two that are given."""

    def save_list(self, session: Session, rep: Rep, name: str, today: date, changes: Mapping[str, object]) -> int:
        """Change what a list asks for, or make it; returns how many stored signals answer it anew.

        Raises `Invalid` that names the key.
        """

    def replay(self, before: Offer | None, after: Offer, today: date) -> Replay:
        """What an offer would have told over the last days, against how it was before."""

    def rank(self, name: str, today: date) -> None:
        """Rank the companies for the offer of a name; for all where it is empty."""

    def classify(self, title: str, text: str) -> Mapping[str, Any]:
        """The events that a text tells, with their companies, as `vigie classify` writes them."""

    def relink(self, document_ids: Sequence[int]) -> None:
        """Read documents anew, and change what they tell of whom."""

    def collect(self) -> None:
        """Visit the sources that are due; what is found is analysed with the next round of the service."""

    def find(self, address: str) -> list[Found]:
        """What can be read at an address, the best first. Raises `VigieError` when it cannot be looked at."""

    def look_over(self, file: Path, wishes: Wishes) -> Overview:
        """What an import of a file of companies would do."""

    def import_companies(self, file: Path, wishes: Wishes) -> Imported:
        """Add and update companies from a register or a list."""

    @property
    def uploads(self) -> Path:
        """Where files wait until it is decided what becomes of them."""

    @property
    def transport(self) -> Transport:
        """Where mails go."""

    @property
    def about(self) -> Mapping[str, str]:
        """What the configuration says of the installation, by key, without its secrets."""


@dataclass(frozen=True)
class Site:
    """An installation: its database, how it writes to its reps, its jobs, and whose leads a rep sees."""

    database: Database
    sender: Sender
    jobs: Jobs
    reps_see: Literal["own", "team"] = "own"

    @property
    def taxonomy(self) -> Taxonomy:
        """The families and types of signals."""
        return self.sender.taxonomy

    @property
    def is_private(self) -> bool:
        """Whether cookies may go over an encrypted connection only; not on this machine itself."""
        return not self.sender.links.base.startswith(("http://127.0.0.1", "http://localhost"))


def site_of(request: Request) -> Site:
    """The installation that a request came to."""
    return cast(Site, request.app.state.site)
