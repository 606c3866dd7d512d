"""The engines that `config.yaml` chooses."""

from __future__ import annotations

from index.embedded import EmbeddedIndex
from index.query import SearchIndex
from vigie.settings import Settings


def open_index(settings: Settings) -> SearchIndex:
    """The search index. Raises `Invalid` when the file of the certificates' authority is of no use."""
    if settings.search.engine == "embedded":
        return EmbeddedIndex(settings.index_folder)
    from vigie.elastic import elastic_index  # its client takes a third of a second to load

    return elastic_index(settings.search)
