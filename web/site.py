"""What the pages of an installation work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from digests.send import Sender
from signals.types import Taxonomy
from store.database import Database


@dataclass(frozen=True)
class Site:
    """An installation: its database, and how it writes to its reps."""

    database: Database
    sender: Sender

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
