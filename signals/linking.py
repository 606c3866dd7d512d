"""Whom the names in articles stand for: the linker's names, weighed with what the text around them says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from companies.deciding import MOST, Decision, decide
from companies.evidence import Bearer, Surroundings
from companies.linker import Linker
from nlp import places

Bearers = Callable[[Collection[int]], Mapping[int, Bearer]]
"""What is known of companies, by their ids."""


def nothing_known(ids: Collection[int]) -> Mapping[int, Bearer]:
    """Bearers of which nothing is known but that they are there."""
    return {number: Bearer(number) for number in ids}


def _departments(text: str, language: str | None) -> Callable[[], Collection[str]]:
    def named() -> set[str]:
        spoken = language or "fr"
        found = places.resolve(places.named(text, spoken), text, spoken)
        return {place.department for place in found if place.department}

    return named


def link(
    texts: Sequence[tuple[str, int, str | None]], linker: Linker, bearers_of: Bearers = nothing_known
) -> list[list[Decision]]:
    """Whom the names in each text stand for, in their order; those that stand for no known company are left out.

    A text comes with the length of its title and its language. The mention of a decision has only the companies that
    may be meant.
    """
    found = [linker.find(text) for text, _, _ in texts]
    several = {
        number for mentions in found for one in mentions if len(one.company_ids) <= MOST for number in one.company_ids
    }
    bearers = bearers_of(several)
    decisions = []
    for (text, title, language), mentions in zip(texts, found, strict=True):
        around = Surroundings(text, title, _departments(text, language))
        decisions.append(
            [
                replace(one, mention=replace(one.mention, company_ids=one.ids))
                for one in decide(mentions, around, bearers)
                if one.outcome != "unknown"
            ]
        )
    return decisions
