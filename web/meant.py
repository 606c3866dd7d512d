"""Which company a piece of news is about, asked of who said that it is not the one it was told on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form
from sqlalchemy.orm import Session

from companies.folding import name_key
from companies.lookup import named_company
from store import companies, reps
from store.base import utcnow
from store.errors import Conflict, Invalid, NotFound
from store.tables import Company, Feedback, Rep, Signal

CompanyField = Annotated[str, Form(max_length=200)]
_SHOWN = 5


@dataclass(frozen=True)
class Question:
    """What a page asks: who may be meant, with what was typed and why that is not clear, and what was said already."""

    candidates: tuple[Company, ...]
    typed: str
    is_unclear: bool
    answer: str
    is_known: bool


def question(session: Session, signal: Signal, given: Feedback | None, typed: str) -> Question | None:
    """What to ask who gave this verdict on a signal; None where they did not say that its company is the wrong one."""
    if given is None or given.verdict != "wrong_company":
        return None
    key = name_key(typed or signal.subject)
    likely = companies.by_ids(session, [number for number, _ in signal.candidates]) if not typed else {}
    named = companies.by_folded_name(session, key) if key else []
    if key and not named:
        named = companies.beginning_with(session, key, limit=_SHOWN)
    found = likely | {one.id: one for one in named}
    found.pop(signal.company_id or 0, None)
    known = companies.by_ids(session, [given.meant_id]) if given.meant_id else {}
    answer = known[given.meant_id].name if given.meant_id in known else given.meant
    return Question(tuple(found.values())[:_SHOWN], typed, bool(typed), answer, bool(known))


def note(session: Session, rep: Rep, signal: Signal, text: str) -> bool:
    """Note who a rep says is meant: a company of the register, or one by its name that is not in it.

    False, and nothing is noted, where several companies bear the name or it is a number that cannot be one.
    """
    company: Company | None = None
    try:
        company = named_company(session, text)
    except NotFound:
        pass
    except (Conflict, Invalid):
        return False
    reps.give_feedback(session, rep, signal.id, "wrong_company", utcnow(), company.name if company else text, company)
    return True


def asked_again(at: str, text: str) -> str:
    """The address of a page that asks anew, with what was typed."""
    return f"{at}?{urlencode({'meant': text})}#meant"
