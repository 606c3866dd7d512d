from __future__ import annotations

from nlp.slots import Candidate, slots


def test_persons_and_places_of_a_french_sentence() -> None:
    said = Candidate("Forges Amblard nomme Claire Vidal directrice à Lyon", "fr", frozenset({"Forges Amblard"}))
    (found,) = slots([said])
    assert found["person"] == ["Claire Vidal"]
    assert found["place"] == [{"text": "Lyon", "kind": "commune", "country": "FR", "department": "69"}]


def test_persons_and_places_of_an_english_sentence() -> None:
    said = Candidate("Harrow Tools named Jane Poole as CFO in Leeds.", "en", frozenset({"Harrow Tools"}))
    (found,) = slots([said])
    assert found["person"] == ["Jane Poole"]
    assert found["place"] == [{"text": "Leeds", "kind": "city", "country": "GB"}]
