from __future__ import annotations

import subprocess
import sys

from store.processes import is_gone, this_process


def test_a_process_is_there_until_it_ends() -> None:
    code = "import sys; from store.processes import this_process; print(this_process(), flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        holder = other.stdout.readline().strip()
        assert not is_gone(holder)
        other.kill()
        other.wait()
    assert is_gone(holder)


def test_this_process_runs_and_one_with_its_number_before_it_does_not() -> None:
    assert not is_gone(this_process())
    assert is_gone(this_process() + "0")


def test_of_processes_of_other_machines_nothing_is_known() -> None:
    number = this_process().partition(":")[2]
    assert not is_gone(f"elsewhere.1:{number}0")
    assert not is_gone("")
    assert not is_gone("what another version wrote")
