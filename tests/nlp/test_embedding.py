"""Vectors of meaning: the real model, and machines that have none."""

from __future__ import annotations

import os

import numpy as np
import pytest

import nlp.embedding
from nlp.embedding import LONGEST, WIDTH, Embedding, open_embedding, why_not

RACHAT = "Velmora rachète le fabricant de robots Texim"
SAME = "The robot maker Texim is being acquired by Velmora"
OTHER = "Recette : la tarte aux pommes de grand-mère, facile et rapide"

needs_model = pytest.mark.skipif(bool(why_not()), reason=f"no embedding here: {why_not()}")


@needs_model
def test_what_says_the_same_in_another_language_is_nearer_than_what_does_not() -> None:
    first, same, other = Embedding().of([RACHAT, SAME, OTHER])
    assert first @ same > first @ other
    assert np.allclose(np.linalg.norm([first, same, other], axis=1), 1, atol=1e-3)


@needs_model
def test_a_text_has_the_same_vector_alone_and_among_others_and_by_its_head() -> None:
    model = Embedding()
    together = model.of([RACHAT, OTHER, SAME])
    assert np.array_equal(together, np.vstack([model.of([one]) for one in (RACHAT, OTHER, SAME)]))
    long = "Un texte long. " * LONGEST
    assert np.array_equal(model.of([long]), model.of([long + RACHAT]))
    assert model.of([]).shape == (0, WIDTH)


@needs_model
def test_odd_characters_end_nothing() -> None:
    model = Embedding()
    with_nul, cut = model.of([f"Velmora\0 {RACHAT}", "Velmora"])
    assert not np.array_equal(with_nul, cut)
    assert np.isfinite(model.of(["a\ud800b", "", "\n"])).all()


@needs_model
def test_loading_leaves_the_number_of_threads_of_others_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    Embedding()
    assert os.environ["OMP_NUM_THREADS"] == "7"
    monkeypatch.delenv("OMP_NUM_THREADS")
    Embedding()
    assert "OMP_NUM_THREADS" not in os.environ


def test_a_processor_that_it_is_not_made_for_is_named_and_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlp.embedding, "_instructions", lambda: {"fma"})
    assert open_embedding() is None
    assert why_not() == "the processor has no avx2"
