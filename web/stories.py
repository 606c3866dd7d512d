"""The page of a signal: the text with its evidence, all that tells the same story, and why it is a signal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from companies.folding import name_key
from digests.items import item_of
from digests.links import VERDICTS
from digests.reasons import contact
from leads.whom import people_of, whom
from leads.wording import Words
from signals.link_wording import evidence
from signals.types import Slot
from store import corrections, documents, leads, mentions, offers, reps, signals, stories
from store.base import utcnow
from store.errors import NotFound
from store.tables import Document, Signal
from watch.entries import entry_of, judge, take_back, verdict_on
from web.access import Checked, SignedIn, changing, needs
from web.mails import VerdictField
from web.meant import CompanyField, asked_again, note, question
from web.messages import Message, redirect
from web.pages import show, words_of
from web.settling import candidates_of, is_settled
from web.site import site_of

_LONGEST = 30_000  # characters of an article that the page shows
_TELLINGS = 50
_RELINKED = 500  # documents that are read anew at once; `vigie companies not` reads all
_SLOTS = tuple(one for one in get_args(Slot) if one != "date")  # the day of the event is said by itself

stories_router = APIRouter()


@dataclass(frozen=True)
class Piece:
    """A piece of a text; `signal` is the id of the signal that it proves, `here` tells that it is the page's."""

    text: str
    signal: int | None = None
    here: bool = False


def pieces(text: str, told: Sequence[Signal], shown: Signal) -> list[Piece]:
    """A text cut where evidence begins and ends; what overlaps is the evidence of the page's signal first."""
    taken: list[Signal] = []
    for one in (shown, *told):
        if 0 <= one.start < one.end <= len(text) and all(one.end <= o.start or one.start >= o.end for o in taken):
            taken.append(one)
    found, at = [], 0
    for one in sorted(taken, key=lambda one: one.start):
        found.append(Piece(text[at : one.start]))
        found.append(Piece(text[one.start : one.end], one.id, one.id == shown.id))
        at = one.end
    return [piece for piece in (*found, Piece(text[at:])) if piece.text]


def quoted(found: Sequence[Piece]) -> list[Piece]:
    """The evidence alone, where the publisher wants no copy of the article to be shown."""
    kept: list[Piece] = []
    for piece in found:
        if piece.signal is not None:
            kept += [Piece(" … "), piece] if kept else [piece]
    return kept


def slots(signal: Signal, words: Words) -> list[tuple[str, str]]:
    """What the sentence says, by slot, as (name, values)."""
    return [
        (words.slot(name), ", ".join(words.slot_value(name, one) for one in signal.slots[name]))
        for name in _SLOTS
        if signal.slots.get(name)
    ]


def _text(document: Document) -> str:
    text = document.full_text
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


@stories_router.get("/signals/{number}")
def story_page(request: Request, user: SignedIn, number: int, meant: str = "") -> HTMLResponse:
    """A signal and its story. Opened, it is read. `meant` is a company's name that was typed and is not clear."""
    words = words_of(request)
    database = site_of(request).database
    with database.reading() as session:
        signal = signals.by_id(session, number)
        tellings = [signal]
        if signal.story_id is not None:
            of_story = stories.tellings(session, [signal.story_id])[signal.story_id]
            tellings = signals.by_ids(session, [one.id for one in of_story])
        in_text = signals.of_documents(session, [signal.document_id])[signal.document_id]
        document = signal.document
        shown, is_quoted = pieces(_text(document), in_text, signal), document.access == documents.NO_ARCHIVE
        entry = entry_of(session, signal, words.taxonomy)
        kind, given = words.taxonomy.types.get(signal.type), verdict_on(session, user.rep, entry)
        known = people_of(session, [signal.company_id])[signal.company_id] if signal.company_id else []
        facts: dict[str, Any] = {
            "signal": signal,
            "item": item_of(entry, words),
            "pieces": quoted(shown) if is_quoted else shown,
            "is_cut": is_quoted or len(document.full_text) > _LONGEST,
            "for_subscribers": document.access == documents.PAYWALLED,
            "announced_only": document.announced_only,
            "others": [one for one in in_text if one.id != signal.id],
            "tellings": tellings[:_TELLINGS],
            "meant": candidates_of(session, [signal]).get(signal.id, []),
            "settled": name_key(signal.subject) if is_settled(signal) else "",
            "definition": kind.definition.of(words.language) if kind else "",
            "families": [words.family(one) for one in signal.families],
            "slots": slots(signal, words),
            "contact": contact(signal, whom(signal, known, words.taxonomy), words) if kind else "",
            "reasons": [(evidence(what, words), points) for what, points in signal.link_reasons],
            "verdicts": {verdict: words.verdict(verdict) for verdict in VERDICTS},
            "given": given.verdict if given else "",
            "asked": question(session, signal, given, meant),
            "sold": offers.of_rep(session, user.rep) if signal.company else [],
            "open": leads.open_ones(session, [signal.company_id]) if signal.company_id else {},
        }
        who = signal.company.name if signal.company else signal.subject
    with database.session() as session:
        reps.has_read(session, user.rep, {one.id for one in (*tellings, *entry.signals)}, utcnow())
    return show(request, "story", f"{words.label(signal.type)}{words.status(signal.status)} · {who}", **facts)


@stories_router.post("/signals/{number}/verdict", dependencies=[Checked])
def say_what_one_thinks(
    request: Request, user: SignedIn, number: int, verdict: VerdictField, back: Annotated[bool, Form()] = False
) -> RedirectResponse:
    """Note what a user thinks of the entry of a signal; `back` leads to Today again, where nothing more is asked."""
    words = words_of(request)
    with changing(request, user, "verdict", f"{verdict}: signal {number}") as session:
        before = judge(session, user.rep, signals.by_id(session, number), verdict, words.taxonomy, utcnow())
    said = words.translations.gettext("Noted: {verdict}.").format(verdict=words.verdict(verdict))
    message = Message(said, undo=f"/signals/{number}/verdict/undo", fields={"before": before})
    if back and verdict != "wrong_company":
        return redirect(request, "/", message)
    return redirect(request, f"/signals/{number}{'#meant' if verdict == 'wrong_company' else ''}", message)


@stories_router.post("/signals/{number}/meant", dependencies=[Checked])
def say_who_is_meant(
    request: Request, user: SignedIn, number: int, name: CompanyField = "", company: CompanyField = ""
) -> RedirectResponse:
    """Note which company a signal is about that was told on the wrong one."""
    words, typed = words_of(request), company or name.strip()
    if not typed:
        return redirect(request, f"/signals/{number}#meant")
    with changing(request, user, "verdict", f"signal {number} means {typed}") as session:
        is_clear = note(session, user.rep, signals.by_id(session, number), typed)
    if not is_clear:
        return redirect(request, asked_again(f"/signals/{number}", typed))
    return redirect(request, f"/signals/{number}", Message(words.translations.gettext("It is saved.")))


@stories_router.post("/signals/{number}/verdict/undo", dependencies=[Checked])
def say_nothing(request: Request, user: SignedIn, number: int, before: Annotated[str, Form()] = "") -> RedirectResponse:
    """Take back what a user said last of the entry of a signal; what they had said `before` holds again."""
    with changing(request, user, "verdict", f"taken back: signal {number}") as session:
        take_back(session, user.rep, signals.by_id(session, number), words_of(request).taxonomy)
        if before in VERDICTS:
            reps.give_feedback(session, user.rep, number, before, utcnow())
    return redirect(request, f"/signals/{number}")


@stories_router.post("/signals/{number}/not-company", dependencies=[Checked, Depends(needs("manager"))])
def refuse_company(
    request: Request,
    user: SignedIn,
    number: int,
    later: BackgroundTasks,
    where: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=20)] = "",
) -> RedirectResponse:
    """The name in the text is not this company's, where a text has some words: what names it is linked anew."""
    site = site_of(request)
    with site.database.reading() as session:
        signal = signals.by_id(session, number)
        company = signal.company
        if company is None:
            raise NotFound
        ids = {signal.document_id, *mentions.newest_naming(session, company.id, limit=_RELINKED)}
    with changing(request, user, "not this company", f"{signal.subject} is not #{company.id} ({where})") as session:
        corrections.refuse(session, company, name_key(signal.subject), name_key(where))
        given = reps.feedback_on(session, user.rep, [number])
        if given is None or given.verdict != "wrong_company":  # who said so may have said as well who is meant
            reps.give_feedback(session, user.rep, number, "wrong_company", utcnow())
    later.add_task(site.jobs.relink, sorted(ids))
    return RedirectResponse("/leads/verdicts" if back == "verdicts" else f"/companies/{company.id}", 303)
