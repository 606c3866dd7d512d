"""The engines that `config.yaml` chooses; only the one that is chosen is loaded."""

from __future__ import annotations

from index.query import SearchIndex
from vigie.settings import Settings


def open_index(settings: Settings) -> SearchIndex:
    """The search index. Raises `Invalid` when the file of the certificates' authority is of no use."""
    if settings.search.engine == "embedded":
        from index.embedded import EmbeddedIndex

        return EmbeddedIndex(settings.index_folder)
    from vigie.elastic import elastic_index

    return elastic_index(settings.search)
