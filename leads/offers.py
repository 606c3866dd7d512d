"""What a rep sells: who it is for (fit) and which events make it timely (timing). Kept in versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from leads.conditions import Condition, Place, Strict, is_within
from leads.contract import Contract
from leads.points import LeadScoring
from leads.routing import Channel, Rule
from signals.types import Taxonomy, default_taxonomy
from store import offers, reps
from store.errors import Conflict, Invalid, NotFound
from store.tables import OfferVersion


class Criterion(Condition):
    """Points for a company that meets a condition."""

    points: int = Field(ge=-100, le=100)


class Thresholds(Strict):
    """From which points on a company is a lead: potential by its fit, hot by its timing as well."""

    fit: int = 40
    timing: int = 5


Keyword = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\w")]


class Keywords(Strict):
    """Words of the articles that count: one of `include` if there are any, none of `exclude`.

    Case and accents do not matter; `robot*` is every word with that beginning, several words stand in a row.
    """

    include: tuple[Keyword, ...] = ()
    exclude: tuple[Keyword, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)


Pitch = Annotated[str, Field(min_length=1, max_length=200)]


class Offer(Strict):
    """An offer. `families` and `types` multiply the weight of each type's signals; a type named wins over its family.

    What neither names counts once; 0 leaves it out, a negative number makes it a reason not to call. `half_lives` are
    the days after which a signal of a type or family counts half, where the taxonomy's own are not wanted. `territory`
    are departments and countries (ISO 3166); a company elsewhere is no lead. With `opens_leads` a hot company becomes a
    lead by itself. Leads that nobody took go to reps by the `routing`; `channel_costs` are what a lead costs in euros
    through each channel, and the `contract` is what is asked of their owners. `scoring` are points for what happens to
    leads. `pitches` say what an event of a type or family is a reason to propose.
    """

    name: str = Field(min_length=1, max_length=100)
    fit: tuple[Criterion, ...] = ()
    families: dict[str, float] = Field(default_factory=dict)
    types: dict[str, float] = Field(default_factory=dict)
    half_lives: dict[str, Annotated[float, Field(gt=0, le=3650)]] = Field(default_factory=dict)
    keywords: Keywords = Keywords()
    territory: tuple[Place, ...] = ()
    thresholds: Thresholds = Thresholds()
    opens_leads: bool = False
    routing: tuple[Rule, ...] = ()
    contract: Contract = Contract()
    scoring: LeadScoring = LeadScoring()
    pitches: dict[str, Pitch] = Field(default_factory=dict)
    channel_costs: dict[Channel, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)

    def factor(self, family: str, kind: str) -> float:
        """What the weight of a type's signals is multiplied by."""
        return self.types.get(kind, self.families.get(family, 1.0))

    def pitch(self, taxonomy: Taxonomy, kind: str) -> str:
        """What to propose after an event of a type; empty where nothing is said."""
        family = taxonomy.family_of(kind).family if kind in taxonomy.types else ""
        return self.pitches.get(kind, self.pitches.get(family, ""))

    def half_life(self, taxonomy: Taxonomy, kind: str) -> float:
        """The days after which a signal of a type counts half."""
        family = taxonomy.family_of(kind).family
        return self.half_lives.get(kind, self.half_lives.get(family, taxonomy.types[kind].half_life))

    def covers(self, department: str | None, country: str | None) -> bool:
        """Whether a company that is there is in the territory; where it is not known, it is not."""
        return is_within(self.territory, department, country)

    def check(self, taxonomy: Taxonomy) -> None:
        """Raises `Invalid` for a family or type that the taxonomy has not."""
        both = {**taxonomy.families, **taxonomy.types}
        for key, named, known in (
            ("families", self.families, taxonomy.families),
            ("types", self.types, taxonomy.types),
            ("half_lives", self.half_lives, both),
            ("pitches", self.pitches, both),
        ):
            for name in named:
                if name not in known:
                    raise Invalid(f"offer '{self.name}': {key}: there is no '{name}'; there are {', '.join(known)}")

    @property
    def content(self) -> dict[str, Any]:
        """What was written of it, as the configuration has it."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


CONFIG, PERSON = "config", "person"


def read(content: object, where: str) -> Offer:
    """An offer from what a person wrote. Raises `Invalid` that names `where` and the key."""
    try:
        offer = Offer.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "(top level)"
        raise Invalid(f"{where}: key '{key}': {first['msg'].removeprefix('Value error, ')}") from None
    try:
        offer.check(default_taxonomy())
    except Invalid as error:
        raise Invalid(f"{where}: {error}") from None
    return offer


def current(session: Session) -> list[Offer]:
    """The offers that hold, by name."""
    return [Offer.model_validate(version.content) for version in offers.current(session)]


def named(session: Session, name: str) -> Offer:
    """The offer of a name that holds. Raises `NotFound`."""
    known = {offer.name: offer for offer in current(session)}
    if name not in known:
        told = f"there are {', '.join(known)}" if known else "there is none"
        raise NotFound(f"there is no offer '{name}'; {told}")
    return known[name]


def find(session: Session, name: str) -> Offer | None:
    """The offer of a name that holds; None where there is none."""
    return next((one for one in current(session) if one.name == name), None)


def of_leads(session: Session, name: str) -> Offer:
    """What is asked of leads for an offer of this name; of one that was retired what is asked of any."""
    return find(session, name) or Offer(name=name)


def save(session: Session, offer: Offer, author: str, note: str = "") -> OfferVersion | None:
    """Let an offer hold from now on; None where it is the one that holds already.

    Raises `Invalid` where one of its rules is for somebody who is no rep.
    """
    named_ones = {email for rule in offer.routing for email in rule.reps}
    if named_ones and (strange := named_ones - {one.email for one in reps.everyone(session)}):
        raise Invalid(f"offer '{offer.name}': routing: there is no rep {min(strange)}")
    return _add(session, offer.name, offer.content, PERSON, author, note)


def retire(session: Session, name: str, author: str) -> None:
    """Take an offer out; its versions stay. Raises `NotFound`."""
    named(session, name)
    offers.add(session, name, None, source=PERSON, author=author)


def restore(session: Session, name: str, number: int, author: str) -> OfferVersion | None:
    """Let an earlier version of an offer hold again, as a new one; None where it holds already.

    Raises `NotFound` when there is none, `Conflict` for a version that took the offer out.
    """
    version = next((one for one in offers.history(session, name) if one.number == number), None)
    if version is None:
        raise NotFound(f"offer '{name}' has no version {number}; `vigie offers history` lists them")
    if version.content is None:
        raise Conflict(f"version {number} of '{name}' is where it was taken out; restore an earlier one")
    return _add(session, name, version.content, PERSON, author, f"version {number} again")


def _add(
    session: Session, name: str, content: dict[str, Any] | None, source: str, author: str, note: str = ""
) -> OfferVersion | None:
    versions = offers.history(session, name)
    if versions and versions[-1].content == content:
        return None
    return offers.add(session, name, content, source=source, author=author, note=note)


def synchronise(session: Session, written: Iterable[Offer], file: str) -> None:
    """Take over what changed in the configuration's offers since they were last read.

    What people saved since stays as long as the configuration does not change.
    """
    for name, content in out_of_step(session, written).items():
        offers.add(session, name, content, source=CONFIG, author=file)


def out_of_step(session: Session, written: Iterable[Offer]) -> dict[str, dict[str, Any] | None]:
    """What the configuration says otherwise than when it was last read, by the names of offers; None: it is gone."""
    changed: dict[str, dict[str, Any] | None] = {}
    wanted: dict[str, dict[str, Any] | None] = {offer.name: offer.content for offer in written}
    gone = {one.name for one in offers.current(session)} - wanted.keys()
    for name in sorted(wanted.keys() | gone):
        read_last = [one for one in offers.history(session, name) if one.source == CONFIG]
        if name in wanted or read_last:
            before = read_last[-1].content if read_last else None
            if wanted.get(name) != before:
                changed[name] = wanted.get(name)
    return changed
