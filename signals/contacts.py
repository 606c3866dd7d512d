"""Whom an article names with a function at which of the companies that it tells of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from companies.disambiguation import Decision
from companies.folding import fold_text, name_key
from nlp.functions import Holder, holders
from nlp.sentences import sentences
from signals.findings import Finding, Held, Reading, Text

_NEAR = 400  # characters before a function in which its company is named
_ITS = re.compile(r"(?:\b(?:son|sa|its|leur|their) (?:[\w-]+ )?|['’]s )$", re.I)
_WORTH = re.compile(
    r"direct|pr[eé]sid|g[eé]ran|fondat|found|chief|chair|head of|manager|responsable|patron|boss|"
    r"\b(?:PDG|DG|DRH|DAF|DSI|C[EFOTIM]O)\b",
    re.I,
)
"""What a sentence has that names a function; most have none, and are left at once."""
_APPOINTED, _LEFT = "appointment", "departure"
_LEAVES = re.compile(
    r"quitt|demission|depart|\bpart(?:ir|ira|i|ie)?\b|remplac|succed|retraite|evinc|limog|cede|leav|\bleft\b|step|resign|"
    r"retir|replac|quit|oust|exit|succeed"
)
"""What a sentence has by which somebody leaves: that is never believed of a model alone."""


def contacts_of(text: Text, reading: Reading) -> tuple[Held, ...]:
    """The people that an article names with their functions at its companies: each at a company once, as it says last.

    Whose function it is stands beside it ("directeur financier de …"), or it is that of the only company there may be.
    """
    if not reading.company_ids:
        return ()
    found: dict[tuple[int, str], Held] = {}
    linked = [one for one in reading.names if one.outcome == "linked"]
    for start, end in sentences(text.whole):
        sentence = text.whole[start:end]
        if _WORTH.search(sentence):
            for holder in holders(sentence, text.language or "fr"):
                company = _company_of(holder, sentence, start, linked, reading.company_ids)
                if company is not None:
                    key = company, name_key(holder.name)
                    found[key] = Held(company, holder.name, holder.function, sentence)
    for finding in reading.findings:
        for held in _moved(finding):
            found[held.company_id, name_key(held.name)] = held
    return tuple(found.values())


def _company_of(
    holder: Holder, sentence: str, start: int, linked: Sequence[Decision], company_ids: frozenset[int]
) -> int | None:
    """The company at which somebody holds a function; None where it may be another one's."""
    inside = [one for one in linked if start <= one.mention.start < start + len(sentence)]
    if holder.of:
        at = [one for one in inside if one.mention.text in holder.of or holder.of in one.mention.text]
        if at:
            return at[0].candidates[0][0]
        if holder.of[0].isupper() and holder.field != "site":
            return None  # of an organisation that is none of these
    here = {one.candidates[0][0] for one in inside}
    if len(here or company_ids) == 1:
        return next(iter(here or company_ids))
    before = [one for one in linked if 0 <= start + holder.start - one.mention.start <= _NEAR]
    is_its = _ITS.search(sentence[: sentence.find(holder.function)])
    return before[-1].candidates[0][0] if before and is_its else None


def _moved(finding: Finding) -> Iterator[Held]:
    """Whom an appointment or a departure names."""
    event, people = finding.event, finding.slots.get("person", [])
    if event.type not in (_APPOINTED, _LEFT) or finding.company_id is None or event.status in ("denied", "rumoured"):
        return
    functions = finding.slots.get("role", [])
    for place, name in enumerate(people):
        function = functions[place] if len(functions) == len(people) else ""
        is_said = bool(_LEAVES.search(fold_text(event.sentence))) if event.type == _LEFT else bool(function)
        if is_said:
            yield Held(finding.company_id, name, function, event.sentence, event.type == _LEFT)
