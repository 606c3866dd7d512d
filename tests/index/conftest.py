from __future__ import annotations

from pathlib import Path

import pytest

from index.elastic import ElasticIndex
from index.embedded import EmbeddedIndex
from index.query import SearchIndex
from tests.support.node import server

BACK_ENDS = ("embedded", "elasticsearch")


@pytest.fixture(params=BACK_ENDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    """An index of each back-end to which nothing was written."""
    if request.param == "embedded":
        return EmbeddedIndex(tmp_path)
    return ElasticIndex(server(request.getfixturevalue("node")))
