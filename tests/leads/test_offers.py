"""Offers: what may stand in one, and their versions."""

from __future__ import annotations

from typing import Any

import pytest

from leads import offers
from leads.offers import Offer
from store import offers as versions
from store.database import Database
from store.errors import Conflict, Invalid, NotFound

ROBOTS = Offer.model_validate({"name": "Robots", "fit": [{"criterion": "naf", "in": ["28"], "points": 30}]})
WIDER = ROBOTS.model_copy(update={"territory": ("25", "DE")})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"fit": []}, "name"),
        ({"name": "R", "fitt": []}, "fitt"),
        ({"name": "R", "families": {"grow": 1}}, "there is no 'grow'"),
        ({"name": "R", "half_lives": {"hirring": 3}}, "there is no 'hirring'"),
        ({"name": "R", "half_lives": {"hiring": 0}}, "half_lives.hiring"),
        ({"name": "R", "territory": ["Doubs"]}, "territory.0"),
        ({"name": "R", "keywords": {"exclude": ["*"]}}, "keywords.exclude.0"),
        ({"name": "R", "fit": [{"criterion": "naf", "min": 3, "points": 1}]}, "fit.0"),
        (["R"], "top level"),
    ],
)
def test_what_is_wrong_with_an_offer_is_named(content: Any, told: str) -> None:
    with pytest.raises(Invalid, match=r"robots\.yaml") as error:
        offers.read(content, "robots.yaml")
    assert told in str(error.value)


def test_each_change_is_a_version_and_an_earlier_one_can_hold_again(database: Database) -> None:
    with database.session() as session:
        assert offers.save(session, ROBOTS, "lea")
        assert offers.save(session, ROBOTS, "lea") is None
        assert offers.save(session, WIDER, "max", "the Doubs and Germany")
        assert offers.current(session) == [WIDER]
        assert offers.restore(session, "Robots", 1, "lea")
        assert offers.named(session, "Robots") == ROBOTS
        offers.retire(session, "Robots", "lea")
        assert offers.current(session) == []
        told = [(one.number, one.author, one.note, one.content is None) for one in versions.history(session, "Robots")]
    assert told == [
        (1, "lea", "", False),
        (2, "max", "the Doubs and Germany", False),
        (3, "lea", "version 1 again", False),
        (4, "lea", "", True),
    ]


def test_what_is_not_there_is_named(database: Database) -> None:
    with database.session() as session:
        offers.save(session, ROBOTS, "lea")
        offers.retire(session, "Robots", "lea")
        with pytest.raises(NotFound, match="there is none"):
            offers.named(session, "Robots")
        with pytest.raises(NotFound, match="no version 7"):
            offers.restore(session, "Robots", 7, "lea")
        with pytest.raises(Conflict, match="version 2"):
            offers.restore(session, "Robots", 2, "lea")


def test_the_configuration_is_taken_over_when_it_changes_and_only_then(database: Database) -> None:
    with database.session() as session:
        offers.synchronise(session, [ROBOTS], "config.yaml")
        offers.save(session, WIDER, "max")
        offers.save(session, Offer(name="Audit"), "max")
        offers.synchronise(session, [ROBOTS], "config.yaml")
        assert offers.current(session) == [Offer(name="Audit"), WIDER], "what a person saved stays"
        changed = ROBOTS.model_copy(update={"families": {"buzz": 0.0}})
        offers.synchronise(session, [changed], "config.yaml")
        assert offers.named(session, "Robots") == changed
        offers.synchronise(session, [], "config.yaml")
        offers.synchronise(session, [], "config.yaml")
        assert offers.current(session) == [Offer(name="Audit")], "an offer that only people wrote is not the file's"
        assert len(versions.history(session, "Robots")) == 4
