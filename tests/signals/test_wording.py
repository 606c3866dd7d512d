from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from companies.evidence import CITY, LONGER, PERSON
from signals.link_wording import evidence
from signals.localization import Language
from signals.types import default_taxonomy
from signals.wording import SignalWords

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 3, 10)


def words(language: Language) -> SignalWords:
    return SignalWords(language, default_taxonomy(), TODAY)


def test_every_text_of_the_code_has_its_french_and_none_is_left_over() -> None:
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    keywords = {"_": None, "gettext": None, "count": (1, 2), "ngettext": (1, 2)}
    found = set()
    for room in ("signals", "digests", "leads", "watch", "web"):
        calls = extract_from_dir(ROOT / room, methods, keywords=keywords)
        found |= {message if isinstance(message, str) else message[0] for _, _, message, _, _ in calls}
    with (ROOT / "signals/locale/fr.po").open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    ids = {(one.id if isinstance(one.id, str) else one.id[0]) for one in catalogue if one.id}
    assert found == ids
    for message in catalogue:
        texts = [message.string] if isinstance(message.string, str) else message.string
        assert texts, message.id
        assert all(texts), message.id
        assert not message.fuzzy


@pytest.mark.parametrize(
    ("day", "fr", "en"),
    [
        (date(2026, 3, 10), "aujourd'hui", "today"),
        (date(2026, 3, 9), "hier", "yesterday"),
        (date(2026, 3, 7), "il y a 3 jours", "3 days ago"),
        (date(2026, 2, 1), "il y a 37 jours", "37 days ago"),
        (date(2025, 12, 1), "1er décembre 2025", "December 1, 2025"),
        (date(2026, 4, 2), "2 avril 2026", "April 2, 2026"),
    ],
)
def test_ages_are_never_negative_and_old_ones_are_dates(day: date, fr: str, en: str) -> None:
    assert words("fr").age(day) == fr
    assert words("en").age(day) == en


@pytest.mark.parametrize(
    ("slot", "value", "fr", "en"),
    [
        ("person", "Zoé Gall", "Zoé Gall", "Zoé Gall"),
        ("headcount", 1200, "1\u202f200", "1,200"),
        ("amount", {"value": 9e6, "currency": "EUR"}, "9\xa0M\xa0€", "€9M"),
        ("amount", {"value": 1.25e9, "currency": "USD"}, "1,2\xa0Md\xa0$US", "$1.2B"),
        ("percentage", {"value": 11.5, "direction": "down"}, "−11,5\u00a0%", "−11.5%"),
        ("place", {"text": "Lyon", "kind": "commune"}, "Lyon", "Lyon"),
        ("counterpart", {"name": "Tavel", "role": "target"}, "Tavel", "Tavel"),
    ],
)
def test_what_a_signal_holds_is_said_as_the_language_writes_it(slot: str, value: object, fr: str, en: str) -> None:
    assert words("fr").slot_value(slot, value) == fr
    assert words("en").slot_value(slot, value) == en


def test_every_reason_of_the_linker_is_said_in_french() -> None:
    source = "".join((ROOT / "companies" / name).read_text("utf-8") for name in ("evidence.py", "disambiguation.py"))
    reasons = set(re.findall(r'Reason\(\s*"([^"]+)"', source))
    reasons |= {LONGER, PERSON, CITY, "another legal form beside", "another department in the text"}
    reasons.add("another activity in the text")
    assert len(reasons) > 35
    assert [one for one in sorted(reasons) if evidence(one, words("fr")) == one] == []


def test_the_day_of_a_moment_is_that_of_the_reader() -> None:
    paris = SignalWords("fr", default_taxonomy(), date(2026, 3, 3), ZoneInfo("Europe/Paris"))
    assert paris.age(datetime(2026, 3, 2, 23, 10, tzinfo=UTC)) == "aujourd'hui"
    assert paris.day(datetime(2026, 3, 2, 23, 10, tzinfo=UTC)) == "3 mars 2026"
    montreal = SignalWords("fr", default_taxonomy(), date(2026, 3, 3), ZoneInfo("America/Montreal"))
    assert montreal.age(datetime(2026, 3, 3, 2, tzinfo=UTC)) == "hier"
    assert montreal.age(datetime(2026, 3, 3, tzinfo=UTC)) == "aujourd'hui"  # of which no hour is known
