"""Names that reps say stand for another company, for a manager to say what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from companies.folding import name_key
from store import corrections, verdicts
from store.tables import Company, Feedback, Signal


class Doubt(NamedTuple):
    """A name that stood for a company in texts of which so many verdicts say that it is another.

    `signal` is the newest of them, `meant` who reps said is meant instead.
    """

    company: Company
    name: str
    verdicts: int
    signal: Signal
    meant: Sequence[str]


def doubts(session: Session, *, limit: int) -> list[Doubt]:
    """The names that reps say are not the company's, and of which no manager decided since; most verdicts first."""
    said: dict[tuple[int, str], list[tuple[Feedback, Signal, Company]]] = {}
    for one in verdicts.of_wrong_companies(session):
        said.setdefault((one[2].id, name_key(one[1].subject)), []).append(one)
    refused = corrections.refused(session, {number for number, _ in said})
    kept = verdicts.kept_names(session)
    found = []
    for (number, folded), those in said.items():
        feedback, signal, company = those[0]
        is_decided = (folded, "") in refused.get(number, ())
        is_kept = (number, folded) in kept and feedback.given_at <= kept[number, folded]
        if not is_decided and not is_kept:
            meant = tuple(dict.fromkeys(one.meant for one, *_ in those if one.meant))
            found.append(Doubt(company, signal.subject, len(those), signal, meant))
    return sorted(found, key=lambda one: (-one.verdicts, one.company.id, one.name))[:limit]
