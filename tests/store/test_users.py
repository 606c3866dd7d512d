from __future__ import annotations

from datetime import timedelta

import pytest

from store import reps, users
from store.base import utcnow
from store.database import Database
from store.errors import NotFound
from store.users import Limit


def test_a_user_is_signed_in_until_then_or_until_they_are_signed_out(database: Database) -> None:
    now = utcnow()
    with database.session() as session:
        user = users.save(session, reps.save(session, "Zoe@x.example", "Zoé", "fr"), "rep")
        for token in ("one", "two", "three"):
            users.sign_in(session, user, token, now, now + timedelta(days=1))
    with database.session() as session:
        assert users.by_email(session, " zoe@X.example") is not None
        assert users.signed_in(session, "one", now) is not None
        assert users.signed_in(session, "none", now) is None
        assert users.signed_in(session, "one", now + timedelta(days=1)) is None
        users.sign_out(session, "one")
    with database.session() as session:
        assert users.signed_in(session, "one", now) is None
        user = users.by_email(session, "zoe@x.example")
        user.active = False
        assert users.signed_in(session, "two", now) is None
        user.active = True
        users.sign_out_everywhere(session, user)
    with database.session() as session:
        assert users.signed_in(session, "two", now) is None
        with pytest.raises(NotFound, match="vigie users add"):
            users.by_email(session, "sam@x.example")


def test_who_is_a_rep_already_keeps_name_language_and_mails_when_invited(database: Database) -> None:
    with database.session() as session:
        reps.save(session, "zoe@x.example", "Zoé", "en")
        user = users.invite(session, "Zoe@x.example", "", "admin", otherwise="fr")
        assert (user.rep.email, user.rep.name, user.rep.language) == ("zoe@x.example", "Zoé", "en")
        assert user.rep.subscribed
        user = users.invite(session, "zoe@x.example", "Zoé Gall", "rep", language="fr", otherwise="en")
        assert (user.rep.name, user.rep.language, user.role) == ("Zoé Gall", "fr", "rep")
        new = [users.invite(session, f"{role}@x.example", "", role, otherwise="fr") for role in ("rep", "admin")]
        assert [(one.rep.name, one.rep.subscribed) for one in new] == [
            ("rep@x.example", True),
            ("admin@x.example", False),
        ]


def test_refusals_count_in_a_row_and_those_of_long_ago_do_not(database: Database) -> None:
    now = utcnow()
    with database.session() as session:
        limits = [Limit("zoe ip:1", 3), Limit("ip:1", 4)]
        for number in (1, 2, 3):
            assert users.attempt(session, limits, now) == {"zoe ip:1": number, "ip:1": number}
        assert users.attempt(session, limits, now) is None
        assert users.attempt(session, [Limit("sam ip:1", 3), Limit("ip:1", 4)], now) == {"sam ip:1": 1, "ip:1": 4}
        assert users.attempt(session, [Limit("kim ip:1", 3), Limit("ip:1", 4)], now) is None  # and is not counted
        assert users.attempt(session, [Limit("kim ip:1", 3)], now) == {"kim ip:1": 1}
        later = now + users.LOCKED
        assert users.attempt(session, limits, later) == {"zoe ip:1": 1, "ip:1": 1}
        users.forgive(session, "zoe", "ip:1")
        assert users.attempt(session, limits, later) == {"zoe ip:1": 1, "ip:1": 1}
        soon = [Limit("zoe ip:1", 1, timedelta(minutes=1))]
        assert users.attempt(session, soon, later) is None
        assert users.attempt(session, soon, later + timedelta(minutes=1)) == {"zoe ip:1": 1}


def test_an_administrator_counts_while_they_may_sign_in(database: Database) -> None:
    with database.session() as session:
        assert not users.has_admin(session)
        user = users.save(session, reps.save(session, "zoe@x.example", "Zoé", "fr"), "manager")
        assert not users.has_admin(session)
        users.save(session, user.rep, "admin")
        assert users.has_admin(session)
        user.active = False
        session.flush()
        assert not users.has_admin(session)
