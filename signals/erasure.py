"""Erasing a person everywhere, at once and whenever their name comes again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from companies.folding import fold_text
from signals.concealment import COVER, Asked, digest_of, hidden, hidden_in, words_of
from store import documents, erased, outbox, signals
from store.errors import Invalid
from store.tables import Document, Signal


@dataclass(frozen=True)
class Erased:
    """In how many articles, contacts and leads a name stood; `is_new`: it was not erased before."""

    documents: int
    contacts: int
    leads: int
    is_new: bool


def asked_of(session: Session) -> Asked | None:
    """What says whether a name was erased; None where nobody was."""
    there = erased.all_of(session)
    if not there:
        return None
    salt, digests = there[0].salt, {one.digest for one in there}
    return lambda name: digest_of(name, salt) in digests


def refuse(name: str, is_erased: Asked | None) -> None:
    """Raises `Invalid` for the name of somebody who was erased."""
    if is_erased is not None and is_erased(name):
        raise Invalid("this person was erased, and may not be written down again")


def conceal(document: Document, is_erased: Asked) -> bool:
    """Hide erased names in an article; whether there were any."""
    shown = document.title, document.text, document.author, document.notice
    document.title, document.text = hidden(document.title, is_erased), hidden(document.text, is_erased)
    document.author = hidden(document.author, is_erased) if document.author else document.author
    document.notice = hidden_in(document.notice, is_erased)
    return (document.title, document.text, document.author, document.notice) != shown


def _conceal_signal(signal: Signal, is_erased: Asked) -> None:
    signal.sentence, signal.subject = hidden(signal.sentence, is_erased), hidden(signal.subject, is_erased)
    slots = hidden_in(signal.slots, is_erased)
    people = [one for one in slots.get("person", []) if COVER not in one]
    signal.slots = {**slots, "person": people} if people else {k: v for k, v in slots.items() if k != "person"}


def _spellings(name: str) -> list[str]:
    """How the longest word of a name may be written, as a database finds it, also within JSON."""
    longest = max(name.split(), key=len)
    plain = fold_text(longest)
    written = {longest, longest.upper(), longest.lower(), longest.title(), plain, plain.upper(), plain.title()}
    return sorted(written | {json.dumps(one)[1:-1] for one in written})


def erase(session: Session, name: str, author: str) -> Erased:
    """Erase a person: from articles and what they tell, contacts, leads and their history, lists and the audit.

    Their name is kept as a digest only, and hidden in what is read from now on. Raises `Invalid` for what is no name of
    two words at least.
    """
    name = " ".join(name.split())
    if len(words_of(name)) < 2:
        raise Invalid(f"'{name}': give the first and the last name of the person")
    salt = erased.salt(session)
    wanted = digest_of(name, salt)
    is_new = erased.add(session, wanted, salt, author)

    def is_erased(text: str) -> bool:
        return digest_of(text, salt) == wanted

    spellings = _spellings(name)
    ids = [one.id for one in erased.documents_with(session, spellings) if conceal(one, is_erased)]
    for told in signals.of_documents(session, ids).values():
        for one in told:
            _conceal_signal(one, is_erased)
    documents.forget_pages(session, ids)
    outbox.add(session, ids)
    gone = 0
    for contact in erased.contacts_with(session, spellings):
        if is_erased(contact.name):
            session.delete(contact)
            gone += 1
        else:
            contact.sentence = hidden(contact.sentence, is_erased)
    return Erased(len(ids), gone, _erase_from_leads(session, spellings, is_erased), is_new)


def _erase_from_leads(session: Session, spellings: list[str], is_erased: Asked) -> int:
    """Hide a name in leads, their history, the audit and what lists ask for; how many leads had it."""
    found = set()
    for lead in erased.leads_with(session, spellings):
        for field in erased.LEAD_FIELDS:
            text = hidden(getattr(lead, field), is_erased)
            if text != getattr(lead, field):
                setattr(lead, field, text)
                found.add(lead.id)
    for event in erased.events_with(session, spellings):
        details = hidden_in(event.details, is_erased)
        if details != event.details:
            event.details = details
            found.add(event.lead_id)
    for entry in erased.audits_with(session, spellings):
        entry.what = hidden(entry.what, is_erased)
    for one in erased.lists_with(session, spellings):
        people = one.content.get("people", [])
        one.content = {**one.content, "people": [who for who in people if not is_erased(who)]}
    return len(found)


def conceal_all(session: Session, articles: Iterable[Document]) -> list[int]:
    """Hide in these articles whom an administrator erased, before they are read; the ids of those that named them."""
    is_erased = asked_of(session)
    return [one.id for one in articles if is_erased is not None and conceal(one, is_erased)]
