"""The taxonomy: families and types, read from the YAML files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import Invalid

FOLDER = Path(__file__).parent / "taxonomy"
_COMMON = "common.yaml"

PhraseLists = dict[Literal["fr", "en"], tuple[str, ...]]
Slot = Literal[
    "person",
    "role",
    "place",
    "amount",
    "percentage",
    "headcount",
    "counterpart",
    "product",
    "court",
    "procedure",
    "date",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Strict):
    """A name in each language of the product."""

    fr: str
    en: str

    def of(self, language: str) -> str:
        """The name in a language; French where there is none."""
        return self.en if language == "en" else self.fr


class Also(_Strict):
    """Another family an event counts in; `when` holds phrases, or the name of a cue of common.yaml."""

    family: str
    when: PhraseLists | str | None = None


class EventType(_Strict):
    """A type of event; `half_life` in days, `weight` in points of the default offer.

    It is read in sentences by its `triggers`, or `derived_from` events of other types that count in its family too,
    or `counted` over many documents. With `of_period` it tells figures of a period that is over: an old date in its
    sentence does not make it old. When it `undoes` something, words of denial in its phrase do not deny it. The
    phrases of a `firm` type hold in sentences that are excluded from all types. Families in `accept` are not wrong
    where it is told, though it does not count in them. In `examples` it must be found, with the status that may follow
    a bar (`… | planned`); in `counterexamples` not.
    """

    labels: Labels
    definition: Labels
    half_life: int = Field(gt=0)
    weight: int = Field(ge=0, le=100)
    triggers: PhraseLists = {}
    derived_from: tuple[str, ...] = ()
    of_period: bool = False
    undoes: bool = False
    firm: bool = False
    counted: bool = False
    exclusions: PhraseLists = Field(default={}, alias="not")
    also: tuple[Also, ...] = ()
    accept: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    examples: PhraseLists = {}
    counterexamples: PhraseLists = {}


class Family(_Strict):
    """One of the nine families. It is told without a phrase of a type only where the cue it `needs` stands."""

    family: str
    number: int = Field(ge=1, le=9)
    labels: Labels
    needs: str | None = None
    types: dict[str, EventType]


class Common(_Strict):
    """What all types share."""

    exclusions: PhraseLists
    titles: PhraseLists
    status: dict[Literal["denied", "rumoured", "planned", "past"], PhraseLists]
    cues: dict[str, PhraseLists]


@dataclass(frozen=True)
class Taxonomy:
    """All families by name, in the order of their numbers, and what they share."""

    families: dict[str, Family]
    common: Common

    @cached_property
    def types(self) -> dict[str, EventType]:
        """All types by name."""
        return {name: kind for family in self.families.values() for name, kind in family.types.items()}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each family."""
        return {name: family.number for name, family in self.families.items()}

    @cached_property
    def names(self) -> dict[int, str]:
        """The family of each number."""
        return {number: family for family, number in self.numbers.items()}

    @cached_property
    def _family_of_type(self) -> dict[str, Family]:
        return {kind: family for family in self.families.values() for kind in family.types}

    def family_of(self, kind: str) -> Family:
        """The family that a type belongs to."""
        return self._family_of_type[kind]

    def label(self, kind: str, language: str) -> str:
        """A type's name for people, in a language; the type itself when the taxonomy no longer has it."""
        known = self.types.get(kind)
        return known.labels.of(language) if known else kind


_Model = TypeVar("_Model", bound=BaseModel)


def _read(file: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Invalid(f"{file}, line {line}: {error.problem}") from None
    except ValidationError as error:
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")  # a misspelt key explains others
        raise Invalid(f"{file}: key '{'.'.join(map(str, first['loc']))}': {first['msg']}") from None


def _check(taxonomy: Taxonomy, folder: Path) -> None:
    seen: dict[str, str] = {}
    for family in taxonomy.families.values():
        if family.needs and family.needs not in taxonomy.common.cues:
            raise Invalid(f"{folder}: family '{family.family}' needs a cue '{family.needs}' that {_COMMON} has not")
        for name, kind in family.types.items():
            if name in seen:
                raise Invalid(f"{folder}: type '{name}' is in '{seen[name]}' and in '{family.family}'")
            seen[name] = family.family
            if sum(map(bool, (kind.triggers, kind.derived_from, kind.counted))) != 1:
                raise Invalid(f"{folder}: type '{name}' needs one of the keys triggers, derived_from, counted")
            if unknown := set(kind.derived_from) - set(taxonomy.types):
                raise Invalid(f"{folder}: type '{name}' is derived from '{min(unknown)}', which is no type")
            for accepted in kind.accept:
                if accepted not in taxonomy.families:
                    raise Invalid(f"{folder}: type '{name}' accepts a family '{accepted}' that there is not")
            for also in kind.also:
                if also.family not in taxonomy.families:
                    raise Invalid(f"{folder}: type '{name}' counts in a family '{also.family}' that there is not")
                if isinstance(also.when, str) and also.when not in taxonomy.common.cues:
                    raise Invalid(f"{folder}: type '{name}' names a cue '{also.when}' that {_COMMON} has not")


def read_taxonomy(folder: Path = FOLDER) -> Taxonomy:
    """Read and check a folder of taxonomy files. Raises `Invalid` naming the file and the key."""
    files = [file for file in sorted(folder.glob("*.yaml")) if file.name != _COMMON]
    families = sorted((_read(file, Family) for file in files), key=lambda family: family.number)
    taxonomy = Taxonomy({family.family: family for family in families}, _read(folder / _COMMON, Common))
    _check(taxonomy, folder)
    return taxonomy


@lru_cache(maxsize=1)
def default_taxonomy() -> Taxonomy:
    """The taxonomy that comes with the product, read once."""
    return read_taxonomy()
