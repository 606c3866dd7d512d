"""The mentions labelled by hand: places in texts that are not here, and companies of public lists."""

from __future__ import annotations

import csv

from bench.gold_register import records
from bench.linking import GOLD, labelled
from tests.support.data import needs


def test_the_labels_are_places_without_texts() -> None:
    with GOLD.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    head, *rows = rows
    assert head == ["set", "id", "start", "end", "company"]
    assert len(rows) >= 400
    assert all(int(start) < int(end) for _, _, start, end, _ in rows)
    assert len({tuple(row[:3]) for row in rows}) == len(rows)


def test_each_label_is_a_whole_name_and_a_company_of_the_lists() -> None:
    folder = needs("companies").parent
    keys = {key for record in records(folder / "companies") for key in record.keys}
    found = list(labelled(folder))
    for row in found:
        name = row.text[row.start : row.end]
        assert name == name.strip(), row
        assert not row.text[row.end : row.end + 1].isalnum(), name
        assert not row.company or row.company in keys
    reported = sum(row.reported for row in found)
    assert len(found) / 3 < reported < 2 * len(found) / 3
