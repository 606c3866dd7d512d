"""The model of whole texts: what the words around a sentence say of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nlp.corpus import BadExample, Labelled, read_texts
from nlp.embedding import WIDTH, Embedding, why_not
from nlp.extract import Extractor, Passage
from nlp.model import Floats
from nlp.train import learn_blocks, train_whole
from nlp.whole import LONGEST, load_whole
from signals.rules import default_extractor
from signals.types import default_taxonomy

OPENS = "Velmora ouvre une usine de robots à Lyon."
CLOSES = "Velmora ferme son usine de robots à Lyon."


def test_what_is_far_from_the_place_of_an_event_says_nothing_of_it() -> None:
    filler = "Le temps restera doux sur la côte et les plages seront agréables. " * (LONGEST // 60)
    (alone,) = default_extractor().extract(OPENS, "fr")
    within = [one for one in default_extractor().extract(f"{filler}\n{OPENS}\n{filler}", "fr") if one.type == "opening"]
    assert [one.sentence for one in within] == [OPENS]
    assert alone.confidence > 0.9


def test_each_piece_of_a_long_text_tells_its_own_event() -> None:
    filler = "La société emploie deux cents personnes et travaille pour l'industrie. " * (LONGEST // 60)
    told = default_extractor().extract(f"{OPENS}\n{filler}\n{CLOSES}", "fr")
    assert [one.sentence for one in told if one.type == "opening"] == [OPENS]
    assert CLOSES in {one.sentence for one in told if one.family == "difficulty"}


def test_a_text_about_nobody_makes_the_same_words_less_sure() -> None:
    extractor = default_extractor()
    text = "Comment ouvrir une usine : nos conseils, étape par étape, avant de se lancer"
    sure = [one.confidence for one in extractor.extract(f"{text}\n{OPENS}", "fr") if one.type == "opening"]
    (alone,) = extractor.extract(OPENS, "fr")
    assert all(one < alone.confidence for one in sure)


class _Asked(Embedding):
    """Remembers which texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def of(self, texts: Sequence[str]) -> Floats:
        self.texts += texts
        return super().of(texts)


@pytest.mark.skipif(bool(why_not()), reason=f"no embedding here: {why_not()}")
def test_meaning_is_read_only_where_an_event_may_be_told_of_somebody() -> None:
    given, asked = default_extractor(), _Asked()
    extractor = Extractor(
        given.rules, default_taxonomy().numbers, given.models, given.confidence, given.whole, embedding=asked
    )
    weather = "Le temps restera doux sur la côte et les plages seront agréables."
    (_, _, told) = extractor.extract_all(
        [Passage(weather, "fr"), Passage(CLOSES, "fr", named=False), Passage(OPENS, "fr")]
    )
    assert asked.texts == [OPENS]
    assert [one.type for one in told] == ["opening"]


def test_training_twice_gives_the_same_model_and_what_is_saved_is_read_again(tmp_path: Path) -> None:
    given = default_extractor()
    plain = Extractor(given.rules, default_taxonomy().numbers, given.models)
    texts = [
        Labelled(f"{n} {family}", text.replace("Lyon", town), "fr", frozenset({family}))
        for n, town in enumerate(("Lyon", "Lille", "Brest", "Metz", "Pau", "Agen", "Dax", "Tours", "Niort", "Laval"))
        for family, text in ((3, OPENS), (7, CLOSES))
    ]
    texts += [
        Labelled(f"other {family}", f"Texte numéro {family}", "fr", frozenset({family}))
        for family in (1, 2, 4, 5, 6, 8, 9)
        for _ in range(2)
    ]
    told = plain.look([Passage(one.text, one.language) for one in texts])
    vectors = np.random.default_rng(1).normal(0, 0.05, (2 * len(texts), WIDTH)).astype(np.float32)
    one, other = (train_whole(texts, learn_blocks(texts, told, texts, vectors), "x") for _ in range(2))
    assert np.array_equal(one.word_weights, other.word_weights)
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.all_weights, other.all_weights)
    one.save(tmp_path / "model.npz")
    kept = load_whole(tmp_path / "model.npz")
    assert kept is not None
    likely = kept.families([OPENS, CLOSES], plain.look([Passage(OPENS, "fr"), Passage(CLOSES, "fr")]))
    assert likely[0][2] > likely[1][2]
    assert likely[1][6] > likely[0][6]
    assert load_whole(tmp_path / "none.npz") is None


def test_the_whole_texts_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    rows = list(read_texts())
    assert len(rows) >= 1448
    assert len({one.id for one in rows}) == len(rows)
    (tmp_path / "texts").mkdir()
    row = {"id": "a", "lang": "fr", "title": "T", "text": "", "signals": [10], "loose": []}
    (tmp_path / "texts" / "x.jsonl").write_text(json.dumps(row), "utf-8")
    with pytest.raises(BadExample, match=r"x\.jsonl, line 1"):
        list(read_texts(tmp_path))
