"""What the taxonomy's phrases and the models that come with the product find: compiled once, when it is needed."""

from __future__ import annotations

import gc
from functools import lru_cache

from nlp.confidence import FILE, FILE_BY_WORDS, load_confidence
from nlp.embedding import open_embedding
from nlp.events import AlsoFamily, CommonRules, EventRules, TypeRules
from nlp.extract import Extractor
from nlp.model import FOLDER as MODELS
from nlp.model import load
from nlp.patterns import BadPattern
from nlp.whole import load_whole
from signals.types import Family, PhraseLists, Taxonomy, default_taxonomy
from store.errors import Invalid


def rules_of(taxonomy: Taxonomy) -> EventRules:
    """The phrases of a taxonomy, compiled. Raises `Invalid` naming the phrase."""
    shared = taxonomy.common
    try:
        kinds = [_type_rules(taxonomy, family, name) for family in taxonomy.families.values() for name in family.types]
        common = CommonRules(
            {str(code): phrases for code, phrases in shared.exclusions.items()},
            {str(code): phrases for code, phrases in shared.titles.items()},
            {s: {str(c): p for c, p in lists.items()} for s, lists in shared.status.items()},
        )
        needed = {f.family: _phrases(taxonomy, f.needs) for f in taxonomy.families.values() if f.needs}
        return EventRules(kinds, common, needed)
    except BadPattern as error:
        raise Invalid(f"taxonomy: {error}") from None


def _type_rules(taxonomy: Taxonomy, family: Family, name: str) -> TypeRules:
    kind = family.types[name]
    also = tuple(AlsoFamily(a.family, _phrases(taxonomy, a.when) if a.when is not None else None) for a in kind.also)
    triggers, exclusions = _phrases(taxonomy, kind.triggers), _phrases(taxonomy, kind.exclusions)
    return TypeRules(
        name,
        family.family,
        triggers,
        exclusions,
        also,
        kind.derived_from,
        slots=frozenset(kind.slots),
        of_period=kind.of_period,
        undoes=kind.undoes,
        firm=kind.firm,
    )


def _phrases(taxonomy: Taxonomy, lists: PhraseLists | str) -> dict[str, tuple[str, ...]]:
    if isinstance(lists, str):
        lists = taxonomy.common.cues[lists]
    return {str(code): phrases for code, phrases in lists.items()}


@lru_cache(maxsize=1)
def default_rules() -> EventRules:
    """The default taxonomy's phrases, compiled once."""
    return rules_of(default_taxonomy())


def extractor_of(taxonomy: Taxonomy, rules: EventRules, *, embedding: bool = True) -> Extractor:
    """A taxonomy's rules with the models that come with the product; alone where its types are not the models'.

    The meaning of texts is read unless `embedding` says no, or the machine cannot.
    """
    models = {file.stem: load(file) for file in sorted(MODELS.glob("*.npz"))}
    fitting = {language: model for language, model in models.items() if list(model.types) == rules.types}
    if not fitting:
        return Extractor(rules, taxonomy.numbers, {}, load_confidence(FILE_BY_WORDS))
    meaning = open_embedding() if embedding else None
    confidence = load_confidence(FILE if meaning else FILE_BY_WORDS)
    return Extractor(rules, taxonomy.numbers, fitting, confidence, load_whole(), meaning)


def default_extractor(*, embedding: bool = True) -> Extractor:
    """The default rules with the models that come with the product, loaded once."""
    return _default_extractor(embedding)


@lru_cache(maxsize=2)
def _default_extractor(embedding: bool) -> Extractor:
    extractor = extractor_of(default_taxonomy(), default_rules(), embedding=embedding)
    # Thousands of patterns live as long as the process: the garbage collector need not walk them with each article.
    gc.freeze()
    return extractor
