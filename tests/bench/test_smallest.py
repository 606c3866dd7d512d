"""Every bench runs: at its smallest size, so that none stops unseen when a column or a name changes."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"
ON_DATA = {
    "ablation",
    "agreement",
    "articles",
    "baselines",
    "calibrate",
    "classifiers",
    "collecting",
    "linking",
    "namesakes",
    "quality",
    "roles",
    "stories",
}
"""Those that measure on real data, which is not part of the project."""
ON_SERVERS = {"kills", "search", "workers"}
"""Those that take half a minute however little they measure: they start servers and processes."""
HELPERS = {"gold_register", "halves", "memory", "register", "slots"}
PEERS = {"names": "ahocorasick"}


def module(name: str) -> Any:
    return import_module(f"bench.{name}")


def benches() -> list[str]:
    return sorted({one.stem for one in BENCH.glob("*.py")} - ON_DATA - ON_SERVERS - HELPERS - {"__init__"})


@pytest.mark.parametrize("name", benches())
def test_a_bench_runs_at_its_smallest_size(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    peer = PEERS.get(name, "json")
    if not util.find_spec(peer):
        pytest.skip(f"its peer {peer} is not installed: `make bench` does so")
    one = module(name)
    main: Callable[..., None] = one.main
    main(*one.SMALLEST)
    assert "│" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted((ON_DATA | ON_SERVERS) - {"classifiers"}))
def test_a_bench_that_measures_elsewhere_can_be_loaded(name: str) -> None:
    assert module(name)
