from __future__ import annotations

import pytest

from store.errors import Invalid
from web.passwords import hashed, matches


def test_only_the_password_itself_matches() -> None:
    kept = hashed("quatre mots bien longs", "zoe@x.example")
    assert kept.startswith("$argon2id$")
    assert matches(kept, "quatre mots bien longs")
    assert not matches(kept, "quatre mots bien long")
    assert not matches("", "quatre mots bien longs")
    assert not matches("", "nobody's")
    assert not matches("no hash", "no hash")


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "my name is ZOE ok"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid, match="password"):
        hashed(password, "zoe@x.example")
