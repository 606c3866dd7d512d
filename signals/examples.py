"""Tries the examples of the taxonomy: every type must be found in its examples and not in its counterexamples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.extract import Extractor
from signals.types import EventType, Taxonomy


@dataclass(frozen=True)
class Tried:
    """An example and what came of it; `error` is empty when it holds."""

    type: str
    language: str
    text: str
    error: str = ""


def _stands(extractor: Extractor, text: str, language: str) -> dict[str, str]:
    """The types found in a text with their status."""
    events = extractor.extract(text, language)
    return {one.type: one.status for event in events for one in (*extractor.rules.derive(event), event)}


def _why(extractor: Extractor, name: str, kind: EventType, text: str, language: str) -> str:
    if kind.derived_from:
        bases = ", ".join(kind.derived_from)
        return f"it is derived from {bases}; found are {', '.join(_stands(extractor, text, language)) or 'none'}"
    reasons = extractor.rules.explain(name, text, language)
    found = name in _stands(extractor, text, language)
    if found != any(event.type == name for event in extractor.rules.extract(text, language)):
        reasons += "; the model finds it likely" if found else "; the model finds it unlikely"
    return reasons


def _of_type(extractor: Extractor, name: str, kind: EventType) -> Iterator[Tried]:
    for language, examples in kind.examples.items():
        for example in examples:
            text, _, wanted = example.partition(" | ")
            status = _stands(extractor, text, language).get(name)
            error = ""
            if status is None:
                error = f"not found: {_why(extractor, name, kind, text, language)}"
            elif status != (wanted or "done"):
                error = f"found as {status}, not {wanted or 'done'}"
            yield Tried(name, language, text, error)
    for language, examples in kind.counterexamples.items():
        for text in examples:
            found = name in _stands(extractor, text, language)
            yield Tried(name, language, text, f"found: {_why(extractor, name, kind, text, language)}" if found else "")


def try_examples(taxonomy: Taxonomy, extractor: Extractor) -> list[Tried]:
    """Every example and counterexample of every type, in the order of the files, read as articles are."""
    return [tried for name, kind in taxonomy.types.items() for tried in _of_type(extractor, name, kind)]
