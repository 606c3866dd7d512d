"""Whom the names in articles stand for: the linker's names, weighed with what the text around them says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, Protocol

from companies.disambiguation import MOST, Decision, disambiguate
from companies.evidence import Bearer, Surroundings
from companies.linker import Linker, Mention
from nlp import places

DOUBTFUL = 0.3
"""From which probability on a name that stands for nobody known is a company's still, if it is a party to an event."""


class Register(Protocol):
    """What is known of companies."""

    def bearers(self, ids: Collection[int]) -> Mapping[int, Bearer]:
        """The companies with these ids."""

    def spoken_of(self, ids: Collection[int], around: Surroundings) -> Collection[int]:
        """Those of very many companies that a text speaks of by their department or number."""


class EmptyRegister:
    """A register that knows nothing of companies but that they are there."""

    def bearers(self, ids: Collection[int]) -> Mapping[int, Bearer]:
        """The companies with these ids."""
        return {number: Bearer(number) for number in ids}

    def spoken_of(self, _ids: Collection[int], _around: Surroundings) -> Collection[int]:
        """None of them."""
        return ()


def _departments(text: str, language: str | None) -> Callable[[], Collection[str]]:
    def named() -> set[str]:
        spoken = language or "fr"
        found = places.resolve(places.named(text, spoken), text, spoken)
        return {place.department for place in found if place.department}

    return named


def _weighed(mentions: Sequence[Mention], around: Surroundings, register: Register) -> set[int]:
    """The companies among which it is told whom the names of a text stand for."""
    ids: set[int] = set()
    for of_name in {one.company_ids for one in mentions}:
        ids.update(of_name if len(of_name) <= MOST else register.spoken_of(of_name, around))
    return ids


class LinkRequest(NamedTuple):
    """A text whose names are to be linked, with the length of its title and its language.

    `settled` is whom folded names in it stand for, as a person said: a company, or none that the register has.
    """

    text: str
    title: int
    language: str | None
    settled: Mapping[str, int | None] = MappingProxyType({})


def disambiguate_all(texts: Sequence[LinkRequest], linker: Linker, register: Register) -> list[list[Decision]]:
    """Whom each name in each text stands for, in their order."""
    read = []
    for text, title, language, settled in texts:
        mentions, around = linker.find(text), Surroundings(text, title, _departments(text, language), settled)
        read.append((mentions, around, _weighed(mentions, around, register)))
    known = register.bearers({number for _, _, ids in read for number in ids})
    return [
        disambiguate(mentions, around, {number: known[number] for number in ids if number in known})
        for mentions, around, ids in read
    ]


def link(texts: Sequence[LinkRequest], linker: Linker, register: Register) -> list[list[Decision]]:
    """Whom the names in each text stand for, in their order; those that hardly stand for a known company are left out.

    The mention of a decision has only the companies that may be meant. One that is `unknown` may be a company's still,
    where something happens to it, or where its product is new.
    """
    return [
        [
            replace(one, mention=replace(one.mention, company_ids=one.ids))
            for one in found
            if one.outcome != "unknown" or one.probability >= DOUBTFUL or one.as_a_product
        ]
        for found in disambiguate_all(texts, linker, register)
    ]
