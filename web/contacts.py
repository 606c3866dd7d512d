"""The people of a company that users type: added, changed and taken out on its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from companies.folding import name_key
from leads.contact_lists import EMAIL
from leads.whom import Person, people_of, whom
from signals.erasure import asked_of, refuse
from signals.types import Taxonomy
from store import contacts
from store.base import utcnow
from store.errors import Invalid
from store.tables import Contact, Signal
from web.access import Checked, SignedIn, changing
from web.companies import company_of
from web.messages import Message, redirect
from web.pages import words_of

contacts_router = APIRouter()
_EMAIL = rf"^$|^{EMAIL}$"


class ContactForm(BaseModel):
    """Somebody at a company; `number` is that of the contact that is changed, none for a new one."""

    name: str = Field(max_length=200)
    function: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=50)
    email: str = Field(default="", max_length=200, pattern=_EMAIL)
    number: int | None = None


def people_at(session: Session, company_id: int, told: Sequence[Signal], taxonomy: Taxonomy) -> list[Person]:
    """Who is who at a company: first whom the newest of some signals (the last of them) concerns, then who is there."""
    known = people_of(session, [company_id])[company_id]
    asked = whom(told[-1], known, taxonomy) if told else None
    return sorted(known, key=lambda one: (one is not asked, one.has_left))


@contacts_router.post("/companies/{number}/contacts", dependencies=[Checked])
def save_contact(
    request: Request, user: SignedIn, number: int, form: Annotated[ContactForm, Form()]
) -> RedirectResponse:
    """Write down somebody at a company, or change what was written."""
    name = " ".join(form.name.split())
    if not name_key(name):
        raise Invalid("a contact has a name")
    with changing(request, user, "contact", f"#{number}: {name}") as session:
        refuse(name, asked_of(session))
        company = company_of(session, number)
        if form.number is None:
            one = Contact(company_id=company.id, author=user.rep.email)
            session.add(one)
        else:
            one = contacts.typed(session, company, form.number)
        one.name, one.folded, one.said_at = name, name_key(name), utcnow()
        one.function, one.phone, one.email = (
            " ".join(text.split()) for text in (form.function, form.phone, form.email)
        )
    said = words_of(request).translations.gettext("It is saved.")
    return redirect(request, f"/companies/{number}#people", Message(said))


@contacts_router.post("/companies/{number}/contacts/{contact}/drop", dependencies=[Checked])
def drop_contact(request: Request, user: SignedIn, number: int, contact: int) -> RedirectResponse:
    """Take out somebody whom a user typed."""
    with changing(request, user, "contact drop", f"#{number}") as session:
        one = contacts.typed(session, company_of(session, number), contact)
        fields = {"name": one.name, "function": one.function, "phone": one.phone, "email": one.email}
        session.delete(one)
    said = words_of(request).translations.gettext("{name} is taken out.").format(name=fields["name"])
    message = Message(said, undo=f"/companies/{number}/contacts", fields=fields)
    return redirect(request, f"/companies/{number}#people", message)
