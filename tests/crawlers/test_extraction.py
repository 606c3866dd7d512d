from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from crawlers.extraction import Extraction

NOW = datetime(2026, 5, 4, tzinfo=UTC)
PAGE = b"<html><head><title>Une usine</title></head><body><article><p>Une usine ouvre \xc3\xa0 Firminy.</p></article>"


@pytest.fixture
def held() -> bytes:
    """What makes this process larger than the 256 MB that its forks may take."""
    return bytes(bytearray(os.urandom(1024)) * (300 * 1024))


def test_what_the_process_held_before_is_not_counted_in_the_limit(held: bytes) -> None:
    extraction = Extraction(seconds=30, megabytes=256, user_agent="vigie")
    try:
        extracted = extraction.start(PAGE, "text/html; charset=utf-8", "https://example.com/a", NOW).result()
    finally:
        extraction.stop()
    assert extracted.title == "Une usine"
    assert len(held) > 256 * 1024 * 1024
