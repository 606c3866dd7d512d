"""What the product's figures stand beside: plain keywords, and TF-IDF with a linear model on the same training text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from companies.folding import fold_text, words
from nlp.corpus import read_examples
from signals.rules import default_rules
from signals.texts import Row
from signals.types import default_taxonomy

KEYWORDS: dict[str, dict[int, str]] = {
    "fr": {
        1: "campagne publicitaire publicite sponsor parrainage mecenat trophee salon logo slogan polemique boycott",
        2: "nomme nommee nomination directeur directrice recrute recrutement embauche licenciement demission greve",
        3: "ouvre ouverture inaugure implantation usine magasin entrepot agence extension demenage",
        4: "resultats chiffre d'affaires benefice trimestre semestre dividende obligation previsions exercice",
        5: "leve levee fonds rachete rachat acquisition fusion contrat partenariat investit investissement capital",
        6: "hausse progression croissance record benefice bondit rentabilite progresse",
        7: "redressement liquidation perte pertes fermeture licenciements plainte amende panne incendie rappel dette",
        8: "lance lancement innovation brevet nouveau nouvelle devoile intelligence artificielle recherche prototype",
        9: "international etranger export exportation filiale etats-unis allemagne chine europe afrique",
    },
    "en": {
        1: "campaign advertising sponsor award prize brand logo slogan boycott backlash",
        2: "appoints appointed ceo cfo hires hiring resigns layoffs strike chairman",
        3: "opens opening plant factory store warehouse office headquarters relocates",
        4: "results revenue earnings quarter profit dividend guidance bond ipo",
        5: "raises funding acquires acquisition merger contract partnership invests investment stake",
        6: "growth record rise rises profit surge jumped increased",
        7: "bankruptcy loss losses layoffs closure lawsuit fine recall outage debt fire fell",
        8: "launches launch unveils patent new innovation ai research prototype approval",
        9: "international overseas export foreign global subsidiary china europe germany",
    },
}


def keywords(row: Row) -> Mapping[int, float]:
    """A family is found where one of its words stands."""
    spoken = set(words(fold_text(row.whole)))
    lists = KEYWORDS.get(row.language or "", {})
    return {family: 0.5 for family, listed in lists.items() if spoken & set(listed.split())}


def labelled(language: str) -> tuple[list[str], list[list[bool]]]:
    """The training sentences of a language, and which of the nine families each tells."""
    taxonomy, rules = default_taxonomy(), default_rules()
    examples = [one for one in read_examples(taxonomy.types) if one.language == language]
    told = [{taxonomy.numbers[family] for family in rules.families(one.types, one.text, language)} for one in examples]
    return [one.text for one in examples], [[family in one for family in range(1, 10)] for one in told]


def likely(chances: Iterable[float]) -> Mapping[int, float]:
    """The families at least as likely as not, of the chances of all nine in their order."""
    return {family: float(chance) for family, chance in enumerate(chances, start=1) if chance >= 0.5}


class TfidfLinear:
    """Words and pairs of words weighed by TF-IDF, a logistic regression for each family, over whole texts."""

    def __init__(self) -> None:
        self._models: dict[str, Pipeline] = {}
        for language in ("fr", "en"):
            texts, told = labelled(language)
            vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
            linear = OneVsRestClassifier(LogisticRegression(C=20, class_weight="balanced", max_iter=500))
            self._models[language] = make_pipeline(vectors, linear).fit(list(map(fold_text, texts)), np.array(told))

    def __call__(self, row: Row) -> Mapping[int, float]:
        """The families at least as likely as not; none in a language without training text."""
        model = self._models.get(row.language or "")
        return likely(model.predict_proba([fold_text(row.whole)])[0]) if model is not None else {}
