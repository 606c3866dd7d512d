import json

from bench.slots import LABELS, judge
from nlp.evaluation import Counts

TEXT = "Claire Vidal dirige l'usine de Lyon"


def test_the_labels_hold_no_text() -> None:
    rows = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    assert len({row["sentence"] for row in rows}) == 200
    for row in rows:
        assert set(row) == {"set", "id", "language", "sentence", "slots"}
        for entries in row["slots"].values():
            for entry in entries:
                assert set(entry) <= {"span", "country", "department", "value", "currency", "direction", "optional"}


def test_an_entry_is_right_once_and_precise_when_all_that_the_label_says_agrees() -> None:
    label = {"span": [31, 35], "country": "FR", "department": "69"}
    lyon = {"text": "Lyon", "country": "FR", "department": "69"}
    assert judge("place", [lyon], [label], TEXT) == (Counts(1, 0, 0), 1)
    assert judge("place", [{"text": "Lyon", "country": "FR"}], [label], TEXT) == (Counts(1, 0, 0), 0)
    assert judge("place", [lyon, lyon], [label], TEXT) == (Counts(1, 1, 0), 1)
    assert judge("place", [], [label], TEXT) == (Counts(0, 0, 1), 0)


def test_an_optional_entry_counts_neither_when_found_nor_when_not() -> None:
    label = {"value": 35.0, "currency": "EUR", "optional": True}
    for found in ([], [{"value": 35.0, "currency": "EUR"}]):
        assert judge("amount", found, [label], TEXT) == (Counts(), 0)
    assert judge("amount", [{"value": 35.0, "currency": "USD"}], [label], TEXT) == (Counts(0, 1, 0), 0)


def test_a_person_is_found_by_part_of_the_name() -> None:
    assert judge("person", ["Vidal"], [{"span": [0, 12]}], TEXT)[0] == Counts(1, 0, 0)
    assert judge("person", ["Paul Roux"], [{"span": [0, 12]}], TEXT)[0] == Counts(0, 1, 1)
