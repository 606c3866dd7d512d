from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.characters import cleaned


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Forges Amblard", "Forges Amblard"),
        ("Forges\u00a0Amblard\u202f: 30\u2009% de plus", "Forges Amblard : 30 % de plus"),
        ("Am\u00adblard ou\u200bvre\ufeff une \u200eusine\u200f", "Amblard ouvre une usine"),
        ("\u202aAmblard\u202c \u2066SA\u2069 \u2060!", "Amblard SA !"),
        ("Socie\u0301te\u0301 Ge\u0301ne\u0301rale", "Société Générale"),
        ("un\u2028deux\u2029trois\r\nquatre\x85cinq", "un\ndeux\ntrois\nquatre\ncinq"),
        ("a\x00b\x07c\td", "abc\td"),
        ("\U0001f469\u200d\U0001f4bb recrute\u200d", "\U0001f469\u200d\U0001f4bb recrute"),
        ("l\u2019usine \u0153uvre \u20ac", "l\u2019usine \u0153uvre \u20ac"),
    ],
)
def test_what_nobody_sees_is_left_out(given_text: str, expected: str) -> None:
    assert cleaned(given_text) == expected


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert not {"\u00a0", "\u200b", "\ufeff", "\x00", "\r"} & set(once)
