"""How tests are shared among processes: file by file, so that what a module prepares is prepared once."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

_NODE = "the node"
_ON_THE_NODE = {
    "tests/bench/test_search.py",
    "tests/vigie/test_engines.py",
    "tests/vigie/test_percolator.py",
    "tests/vigie/test_queries.py",
}
LONGEST = (
    *("tests/vigie/test_workers.py", _NODE, "tests/web/test_browser.py", "tests/crawlers/test_collect.py"),
    *("tests/vigie/test_run.py", "tests/crawlers/test_real_feeds.py", "tests/vigie/test_demo.py"),
    *("tests/nlp/test_extract.py", "tests/bench/test_smallest.py", "tests/crawlers/test_identity.py"),
)
"""The groups that take longest, the longest first."""


def group_of(nodeid: str) -> str:
    """What is run by one process: a file, or the files that need a node of Elasticsearch, which is started once."""
    file = nodeid.split("::", 1)[0]
    return _NODE if file in _ON_THE_NODE or file.startswith("tests/index/") else file


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """A process that has nothing left takes the next group, in the order in which they were collected."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
