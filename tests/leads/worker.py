"""A process that works on leads until it is killed; each line it prints names an event that is committed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from leads import lifecycle
from leads.generation import generate
from leads.offers import Offer
from store import leads, reps
from store.database import Database
from store.tables import Company, Lead

_LEAST = -5
OFFER = Offer.model_validate(
    {"name": "Fibre", "scoring": {"rules": [{"event": "not_reached", "points": _LEAST}], "minimum": _LEAST * 2}}
)


def _step(database: Database, number: int, now: datetime) -> None:
    """One thing that a rep does, in a transaction of its own, and is told when it is kept."""
    with database.session() as session:
        lead, author = leads.by_id(session, number, to_change=True), "ann@example.org"
        if lead.owner_id is None or lead.stage == "marketing_qualified":
            lifecycle.take(session, lead, reps.by_email(session, author), now)
        elif lead.stage == "nurturing":
            lifecycle.move(session, lead, "marketing_qualified", author, now)
        else:
            lifecycle.call(session, lead, author, "not_reached", now=now)
        last = leads.events(session, [number])[number][-1].id
    sys.stdout.write(f"{last}\n")
    sys.stdout.flush()


def main(url: str, number_of_leads: int) -> None:
    """Work on leads, one after the other, and let those that nobody answers cool down."""
    database, now = Database(url), datetime.now(UTC)
    with database.session() as session:
        for number in range(1, number_of_leads + 1):
            if session.get(Lead, number) is None:
                company = Company(name=f"C{number}", country="FR")
                session.add(company)
                session.flush()
                lifecycle.open_lead(session, company, OFFER.name, [], origin="page", author="x", now=now)
    while True:
        for number in range(1, number_of_leads + 1):
            now += timedelta(minutes=1)
            _step(database, number, now)
        generate(database, OFFER, now)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
