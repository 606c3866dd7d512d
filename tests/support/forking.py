"""Rounds of the crawl that are forked from a process which has loaded what they need: most of a short one is that."""

from __future__ import annotations

import importlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, ClassVar

LOADED = (
    *("crawlers.spider", "crawlers.probing", "scrapy.crawler", "scrapy.core.engine", "scrapy.core.scraper"),
    *(
        "scrapy.core.downloader.handlers.http11",
        "scrapy.extensions.httpcache",
        "scrapy.downloadermiddlewares.httpcache",
    ),
    *("scrapy.downloadermiddlewares.robotstxt", "scrapy.utils.reactor", "pebble.pool.process"),
)


class ForkServer:
    """Stands where `subprocess` does in the crawlers; what it starts runs the same `main`."""

    PIPE: ClassVar[int] = subprocess.PIPE
    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self) -> None:
        self._asking, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.support.forking", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        theirs.close()

    def Popen(self, command: list[str], *, stderr: Any, **_: Any) -> Child:  # noqa: N802 (its name in subprocess)
        """A process that does what the command would."""
        assert command[:2] == [sys.executable, "-m"]
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        status, theirs_status = os.pipe()
        order = {"module": command[2], "cwd": os.getcwd(), "environment": dict(os.environ)}
        fds = [theirs_in, theirs_out, stderr.fileno(), theirs_status]
        socket.send_fds(self._asking, [json.dumps(order).encode() + b"\n"], fds)
        for one in (theirs_in, theirs_out, theirs_status):
            os.close(one)
        return Child(command, os.fdopen(ours_out, "w"), os.fdopen(ours_in, "r"), status)

    def run(self, command: list[str], *, input: bytes, timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:
        """What a process that does what the command would gives back."""
        with open(os.devnull, "wb") as nowhere, self.Popen(command, stderr=nowhere) as child:
            child.stdin.write(input.decode())
            child.stdin.close()
            until, said = time.monotonic() + timeout, b""
            while select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                part = os.read(child.stdout.fileno(), 1 << 16)
                if not part:
                    return subprocess.CompletedProcess(command, child.wait(), said, b"")
                said += part
            child.kill()
            raise subprocess.TimeoutExpired(command, timeout, said)

    def end(self) -> None:
        """End the process that the others come from."""
        self._asking.close()
        self._process.wait()


class Child:
    """A process that was forked, as `subprocess.Popen` would have it."""

    def __init__(self, command: list[str], stdin: IO[str], stdout: IO[str], status: int) -> None:
        self.args, self.stdin, self.stdout = command, stdin, stdout
        self.returncode: int | None = None
        self._status, self._lock = os.fdopen(status, "rb", buffering=0), threading.Lock()
        self.pid = int(self._status.readline())

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        with self._lock:
            if self.returncode is None and select.select([self._status], [], [], 0)[0]:
                self.returncode = int(self._status.readline())
        return self.returncode

    def wait(self) -> int:
        """Wait until it ends; returns how."""
        while (code := self.poll()) is None:
            select.select([self._status], [], [], 1)
        return code

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.wait()
        self._status.close()


def _do(order: dict[str, Any], fds: list[int]) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, fd in enumerate(fds[:3]):
        os.dup2(fd, number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0, "r"), os.fdopen(1, "w"), os.fdopen(2, "w")
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    random.seed()
    try:
        importlib.import_module(order["module"]).main()
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        with suppress(OSError):
            sys.stdout.flush()
    return 0


def _serve(asked: socket.socket) -> None:
    for name in LOADED:
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor cannot be shared among processes"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, fds, _, _ = socket.recv_fds(asked, 1 << 20, 4)
        if not message:
            return
        while not message.endswith(b"\n"):
            message += asked.recv(1 << 20)
        if os.fork() == 0:  # a process that waits for the one that works
            asked.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            pid = os.fork()
            if pid == 0:
                os._exit(_do(json.loads(message), fds))
            for one in fds[:3]:
                os.close(one)
            os.write(fds[3], f"{pid}\n".encode())
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            os.write(fds[3], f"{code}\n".encode())
            os._exit(0)
        for one in fds:
            os.close(one)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
