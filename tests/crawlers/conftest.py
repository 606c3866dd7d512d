from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.press import Press, serving


@pytest.fixture
def press() -> Iterator[Press]:
    with serving() as server:
        yield server
