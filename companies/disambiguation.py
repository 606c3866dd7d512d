"""Who is meant by the names in a text: a company, one of several, or none that is known.

Each name gets the evidence that speaks for and against it (`companies.evidence`), the same for all its mentions in a
text; the companies that bear it are weighed against each other and against one that the register does not have.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from companies.evidence import (
    CITY,
    LONGER,
    OF_PRODUCTS,
    PERSON,
    PLACE,
    Bearer,
    Reason,
    Surroundings,
    form_beside,
    of_bearer,
    of_name,
)
from companies.linker import Mention

Outcome = Literal["linked", "ambiguous", "unknown"]

SURE = 0.8
"""From which probability on a name is linked."""
MOST = 50
"""Companies of one name that are weighed; of more, only those are that a text speaks of."""
_LIKELY = 0.5  # from which on it stands for one of those that bear it
_BASE = 1.2  # a name of which nothing else is known is not linked yet
_LISTING = re.compile(r", ?(?:et |and )?| (?:et|and|&|ou|or) |/")
_IN_A_LIST = Reason("in a list of companies", 1.5)
_ALSO_NAMED = Reason("another of its names in the text", 3)
_NEARER = Reason("another one's city in the text", -1.5)
_OWN = Reason("another one's own name", -2.5)
_PRODUCT = "before the name of a product"
_AGAIN, _OF_A_PERSON = Reason("named more than once", 0.5), Reason("a person of that name in the text", -3)
_CERTAIN = 50  # points, of which more make no difference
_SHOWN = 5  # candidates that are kept


@dataclass(frozen=True)
class Decision:
    """Who a mention stands for.

    `linked`: `company_id`, with this probability. `ambiguous`: one of the `candidates`, each with its probability.
    `unknown`: no company, or none that the register has. `reasons` are the evidence for the first of the candidates.
    """

    mention: Mention
    outcome: Outcome
    probability: float
    candidates: tuple[tuple[int, float], ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def is_a_part(self) -> bool:
        """Whether it seems to be a piece of another name: of a product's, a person's or a place's."""
        kinds = {one.what for one in self.reasons}
        return bool(kinds & {LONGER, PERSON, PLACE}) and _PRODUCT not in kinds

    @property
    def as_a_product(self) -> Reason | None:
        """That it stands before the name of a product, as in "la Velmora Tria": what takes back what spoke against it.

        None where nothing says so: of a product's name or number, and an article as things have, two must be there.
        """
        against = [one for one in self.reasons if one.what in OF_PRODUCTS]
        if len(against) < 2 or any(one.what in (PERSON, PLACE) for one in self.reasons):
            return None
        return Reason(_PRODUCT, -sum(one.points for one in against))

    @property
    def ids(self) -> tuple[int, ...]:
        """The company that is linked, or those that may be meant."""
        return tuple(number for number, _ in self.candidates[: 1 if self.outcome == "linked" else None])

    @property
    def company_id(self) -> int | None:
        """The company that is linked."""
        return self.candidates[0][0] if self.outcome == "linked" else None


def _probabilities(points: Sequence[float]) -> list[float]:
    """The probability of each of several companies, beside that of none of them, whose points are zero."""
    scaled = [math.exp(min(one, _CERTAIN)) for one in points]
    total = 1 + sum(scaled)
    return [one / total for one in scaled]


def with_reason(decision: Decision, reason: Reason) -> Decision:
    """A decision with one more piece of evidence that its name stands for a company, whichever of those it may be."""
    odds = math.exp(reason.points)
    together = sum(chance for _, chance in decision.candidates)
    total = 1 - together + odds * together
    ranked = tuple((number, odds * chance / total) for number, chance in decision.candidates)
    if not ranked:
        return decision
    outcome = _outcome([chance for _, chance in ranked])
    return replace(
        decision, outcome=outcome, probability=ranked[0][1], candidates=ranked, reasons=(*decision.reasons, reason)
    )


def _outcome(chances: Sequence[float]) -> Outcome:
    """What follows from the probabilities of those that bear a name, the likeliest first."""
    if chances[0] >= SURE:
        return "linked"
    return "ambiguous" if sum(chances) >= _LIKELY else "unknown"


def _weigh(
    mention: Mention, of_the_name: Sequence[Reason], around: Surroundings, bearers: Sequence[Bearer], named: set[int]
) -> Decision:
    """Decide on the bearers of a name; `named` are the companies that the text names otherwise, for sure."""
    form = form_beside(mention, around.text)
    evidence = {
        one.id: [*of_the_name, *of_bearer(one, mention.key, around, form), *([_ALSO_NAMED] if one.id in named else [])]
        for one in bearers
    }
    if not evidence:
        return Decision(mention, "unknown", 0.0, (), tuple(of_the_name))
    near = {number for number, reasons in evidence.items() if any(one.what == CITY for one in reasons)}
    if near:  # the place that speaks for the department of a company is the city of its namesake
        evidence = {number: [*reasons, *([] if number in near else [_NEARER])] for number, reasons in evidence.items()}
    own = {one.id for one in bearers if one.is_own(mention.key)} if len(bearers) > 1 else set()
    if own:  # a group's name is a brand of its subsidiaries
        evidence = {number: [*reasons, *([] if number in own else [_OWN])] for number, reasons in evidence.items()}
    points = [_BASE + sum(reason.points for reason in reasons) for reasons in evidence.values()]
    ranked = sorted(zip(evidence, _probabilities(points), strict=True), key=lambda one: (-one[1], one[0]))
    best, probability = ranked[0]
    outcome = _outcome([chance for _, chance in ranked])
    return Decision(mention, outcome, probability, tuple(ranked[:_SHOWN]), tuple(evidence[best]))


def disambiguate(mentions: Sequence[Mention], around: Surroundings, bearers: Mapping[int, Bearer]) -> list[Decision]:
    """Who each mention of a text stands for, in their order.

    `bearers` are the companies of its names, by id; where more than `MOST` bear one, those that the text speaks of.
    """
    edges = {offset for mention in mentions if not mention.marks for offset in (mention.start, mention.end)}
    listed = {one for pair in pairwise(mentions) if _are_listed(*pair, around.text) for one in pair}
    of_key: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        of_key[mention.key].append(mention)
    found: dict[Mention, Decision] = {}
    named: set[int] = set()
    # Names of few companies first: whom they stand for tells who is meant by the others.
    for key in sorted(of_key, key=lambda one: (len(of_key[one][0].company_ids), -len(one))):
        alike = of_key[key]
        ids = alike[0].company_ids
        weighed = [bearers[one] for one in ids if one in bearers]
        known = [one for one in weighed if one.may_be(key, around)]
        for mention, reasons in zip(alike, _of_all(alike, around, edges, listed), strict=True):
            found[mention] = _weigh(mention, reasons, around, known, named)
        named |= {one for mention in alike if (one := found[mention].company_id) is not None}
    return [found[mention] for mention in mentions]


def _are_listed(one: Mention, other: Mention, text: str) -> bool:
    """Whether two names stand side by side in a list, one of which is nothing but a company's."""
    return not (one.marks and other.marks) and bool(_LISTING.fullmatch(text, one.end, other.start))


def _of_all(
    alike: Sequence[Mention], around: Surroundings, edges: set[int], listed: set[Mention]
) -> list[list[Reason]]:
    """The evidence for each mention of one name: the best that a text has, but for those within longer names."""
    rivals = len(alike[0].company_ids) / MOST
    common = [Reason("a name of many companies", -math.log10(rivals))] if rivals > 1 else []
    own = [
        [*of_name(mention, around, edges), *([_IN_A_LIST] if mention in listed else []), *common] for mention in alike
    ]
    if len(own) == 1:
        return own
    best = max(own, key=lambda reasons: sum(one.points for one in reasons))
    named = {one.what for reasons in own for one in reasons}
    best.append(_OF_A_PERSON if PERSON in named else _AGAIN)
    return [own_ones if {LONGER, PERSON} & {one.what for one in own_ones} else best for own_ones in own]
