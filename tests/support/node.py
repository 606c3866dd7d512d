"""A real Elasticsearch node on the loopback interface. Where there is none, tests are skipped, but not in CI."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.exceptions import ApiError, ConnectionError

from index.elastic import Server

_HOME = Path(__file__).parents[2] / "build" / "node"
_SECONDS = 90  # within which it must answer
_LIGHT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # what it compiles further costs more than it saves


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(memory: str = "512m") -> Iterator[str]:
    """Start a node with this much heap; gives its address. Its data goes with it."""
    java = shutil.which("java")
    if not (java and (_HOME / "installed").exists()):
        if os.environ.get("CI"):
            pytest.fail("CI has no Elasticsearch node: `make node` must install it")
        pytest.skip("no Elasticsearch node: `make node` installs it where there are JDK 17 and Maven")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home, port = Path(folder), free_port()
        for part in ("lib", "modules", "plugins", "classes"):
            (home / part).symlink_to(_HOME / part)
        (home / "config").mkdir()
        classes = f"{home / 'classes'}:{home / 'lib'}/*"
        command = [
            java,
            *_LIGHT,
            f"-Xms{memory}",
            f"-Xmx{memory}",
            "-cp",
            classes,
            "vigie.TestNode",
            str(home),
            str(port),
        ]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(process, f"http://127.0.0.1:{port}", home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + _SECONDS
    with Elasticsearch(address, request_timeout=5) as client:
        while process.poll() is None and time.monotonic() < until:
            try:
                client.cluster.health(wait_for_status="yellow", timeout="5s")
                return
            except (ConnectionError, ApiError):
                time.sleep(0.2)
    process.kill()
    pytest.fail(f"the Elasticsearch node does not answer: {log.read_text('utf-8', 'replace')[-2000:]}")


def server(address: str) -> Server:
    """The node, with names of indices that nothing else has."""
    return Server(Elasticsearch(address, request_timeout=30), prefix=f"test-{uuid4().hex}")
