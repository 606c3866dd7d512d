"""What is known of the companies that bear the names of a text, read from the register."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy.orm import Session

from companies.disambiguation import MOST
from companies.evidence import Bearer, Surroundings
from companies.folding import name_key
from companies.headcount import headcount_of
from companies.names import forms
from store import companies, corrections, signals, watchlists
from store.base import utcnow

_OF_PEOPLE = ("appointment", "departure")  # types of signals that say who works for a company
_OF_LATE = timedelta(days=2 * 365)  # of people who came or left sooner little is said


class Register:
    """What is known of companies, to tell who is meant by a name that they bear."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def bearers(self, ids: Collection[int]) -> dict[int, Bearer]:
        """The companies with these ids."""
        never = corrections.refused(self._session, ids)
        confirmed = corrections.confirmed(self._session, ids)
        followed = watchlists.on_any(self._session, ids)
        people = signals.people_of(self._session, ids, _OF_PEOPLE, utcnow() - _OF_LATE)
        return {
            one.id: Bearer(
                id=one.id,
                siren=one.siren,
                department=one.department,
                city=one.city,
                country=one.country,
                naf=one.naf,
                legal_form=one.legal_form,
                headcount=headcount_of(one),
                site=one.site,
                listed=bool(one.listing),
                followed=one.id in followed,
                closed=one.closed,
                people=frozenset(map(name_key, people.get(one.id, ()))),
                never=frozenset((form, context) for name, context in never.get(one.id, ()) for form in forms(name)),
                confirmed=confirmed.get(one.id, {}),
                name=name_key(one.name),
            )
            for one in companies.by_ids(self._session, ids).values()
        }

    def names(self, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
        """The names and SIREN numbers of the companies with these ids."""
        return {number: (one.name, one.siren) for number, one in companies.by_ids(self._session, ids).items()}

    def spoken_of(self, ids: Collection[int], around: Surroundings) -> list[int]:
        """Those of very many companies that a text speaks of: by SIREN number, and in the departments that it names.

        Of those that are still too many, the ones in cities that the text names; if those are, none but by number.
        """
        if not (around.departments or around.sirens):
            return []
        found = companies.among(self._session, ids, around.departments, around.sirens)
        if len(found) > MOST:
            found = [one for one in found if one.siren in around.sirens or (one.city and around.has(one.city))]
        if len(found) > MOST:
            found = [one for one in found if one.siren in around.sirens]
        return [one.id for one in found]
