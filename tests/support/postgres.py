"""A real PostgreSQL on the loopback interface. Where there is none, tests are skipped, but not in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from store.database import Database
from store.migrate import upgrade
from tests.support.node import free_port

_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")
"""The data is thrown away: nothing needs to outlive a fall of the machine."""
_MIGRATED = "migrated"


class Server:
    """A server of the tests' own; it gives databases, each with the newest schema or with none."""

    def __init__(self, port: int) -> None:
        self._port = port

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/{name}"

    def create(self, *, migrated: bool = True) -> str:
        """Make a database; gives its address."""
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {_MIGRATED}" if migrated else ""))
        return self.url(name)

    def run(self, statement: str) -> None:
        """Run a statement of the administrator."""
        with psycopg.connect(f"host=127.0.0.1 port={self._port} user=postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _folder_of_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    here = shutil.which("initdb")
    return found[-1].parent if found else Path(here).parent if here else None


@contextmanager
def running() -> Iterator[Server]:
    """Start a server on a free port. Its data goes with it."""
    programs = _folder_of_programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no PostgreSQL: `make postgres` must install it")
        pytest.skip("no PostgreSQL: `make postgres` installs it on Debian")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data, port = Path(folder) / "data", free_port()
        as_another: list[str] = []
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
            as_another = ["runuser", "-u", "postgres", "--"]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
        options += " ".join(f"-c {one}" for one in _SETTINGS)
        begin = ["initdb", "--pgdata", str(data), "--auth", "trust", "--username", "postgres", "--encoding", "UTF8"]
        begin += ["--locale-provider", "icu", "--icu-locale", "fr-u-ka-shifted", "--locale", "C.UTF-8"]
        # As most servers are set up: by the rules of a language, where spaces count for nothing at first.
        control = [*as_another, str(programs / "pg_ctl"), "--pgdata", str(data), "--log", f"{folder}/log", "--wait"]
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run([*as_another, str(programs / begin[0]), *begin[1:]], **quiet)  # type: ignore[call-overload]
        subprocess.run([*control, "--options", options, "start"], **quiet)  # type: ignore[call-overload]
        try:
            server = Server(port)
            server.run(f"CREATE DATABASE {_MIGRATED}")
            database = Database(server.url(_MIGRATED))
            upgrade(database)
            database.close()
            yield server
        finally:
            subprocess.run([*control, "--mode", "immediate", "stop"], **quiet)  # type: ignore[call-overload]
