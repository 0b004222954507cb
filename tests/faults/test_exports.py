"""Exports when what makes them dies: the worker killed again and again, the disk full, the broker and PostgreSQL gone.

Real processes: `make run`'s own stack, a real worker, SIGKILL.
"""

import hashlib
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.faults.database import rows
from tests.stack import Stack, until

pytestmark = pytest.mark.timeout(900)

MANY = 9_000
ASK = (
    "[jobs.enqueue(Export(requested_by_id=1, requested_by_name='admin', consultation=Consultation.objects.get(),"
    " layout='contributions', format={format!r}, profile='spreadsheet', audience='full')).pk]"
)


def asked(stack: Stack, kind: str = "csv") -> int:
    return export_rows(stack, ASK.format(format=kind))[0]


def export_rows(stack: Stack, expression: str):
    return rows(stack, f"(lambda jobs: {expression})(__import__('submissions.export.jobs', fromlist=['x']))")


def state(stack: Stack, pk: int) -> dict[str, Any]:
    fields = ["state", "attempts", "failure", "error", "file", "sha256", "rows_done", "byte_count"]
    return rows(stack, f"Export.objects.values(*{fields!r}).get(pk={pk})")


def fill(stack: Stack) -> None:
    """Texts of 600 characters: so many that a worker can be killed in the middle."""
    code = f"from bench.filling import fill; print(fill({MANY // 15}))"
    result = stack.manage("shell", "--no-imports", "-c", code, as_owner=True)
    assert result == f"{MANY}\n"
    # Not open any more, or the worker would rest between the rows.
    rows(stack, "Consultation.objects.update(opens_at='2090-01-01T00:00Z', closes_at='2091-01-01T00:00Z')")


@pytest.fixture(scope="module")
def filled():
    """One for the tests after which it goes on."""
    with Stack.ready() as started:
        fill(started)
        yield started


def files(stack: Stack) -> list[Path]:
    return sorted(path for path in (stack.folder / "exports").rglob("*") if path.is_file())


def child_at_it(stack: Stack) -> int | None:
    """The worker's process that writes an export: the one with a file without a name open in the scratch folder."""
    for child in psutil.Process(stack.processes()["worker"]).children():
        for fd in Path(f"/proc/{child.pid}/fd").glob("*"):
            try:
                if str(stack.folder / "scratch") in str(fd.readlink()):
                    return child.pid
            except OSError:
                continue
    return None


def test_a_worker_killed_five_times_leaves_the_truth_and_no_half_file(filled):
    stack = filled
    # How it is when nobody is killed.
    pk = asked(stack, "jsonl")
    until(lambda: state(stack, pk)["state"] == "done")
    untouched = state(stack, pk)
    assert untouched["rows_done"] == MANY

    killed = 0
    chance = random.Random(5)
    for turn in range(5):
        # The workbook takes some seconds, so that there is a middle; the last is of the kind that is compared.
        pk = asked(stack, "xlsx")
        victim = until(lambda: child_at_it(stack), "no worker took it")
        assert victim
        time.sleep(chance.uniform(0, 0.7))
        if turn % 2:
            os.kill(stack.processes()["worker"], signal.SIGKILL)
        try:
            os.kill(victim, signal.SIGKILL)
            killed += 1
        except ProcessLookupError:
            pass  # its parent's end was quicker
        result = state(stack, pk)
        # The truth: it is being written (or waits), there is no file, and nothing to fetch.
        assert result["state"] in {"running", "waiting"}, result
        assert (result["file"], result["sha256"]) == ("", "")
        # It is taken up again by itself, and becomes whole.
        until(lambda: state(stack, pk)["state"] == "done", f"not taken up again: {state(stack, pk)}")
        result = state(stack, pk)
        assert result["attempts"] >= 2
        assert result["rows_done"] == MANY
        stored = stack.folder / "exports" / result["file"]
        content = stored.read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (result["byte_count"], result["sha256"])
    assert killed >= 3
    # Of all attempts, one file each: nothing half is left, offered or not.
    offered = rows(stack, "list(Export.objects.filter(state='done').values_list('file', flat=True))")
    assert [str(path.relative_to(stack.folder / "exports")) for path in files(stack)] == sorted(offered)
    # And the same rows as if nobody had been killed.
    pk = asked(stack, "jsonl")
    until(lambda: state(stack, pk)["state"] == "done")
    assert state(stack, pk)["sha256"] == untouched["sha256"]


def test_a_full_disk_is_a_failure_with_a_reason_and_the_next_succeeds(small_disk, run):
    """The scratch folder on a file system that is too small; the database's own disk has room."""
    stack = run(SCRATCH_DIR=str(small_disk / "scratch"))
    fill(stack)
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        file.write(b"x" * 228_000_000)
    pk = asked(stack)
    result = until(lambda: (one := state(stack, pk))["state"] == "failed" and one, f"{state(stack, pk)}")
    assert result["failure"] == "disk-full"
    assert "No space left on device" in result["error"]
    assert files(stack) == []
    filler.unlink()
    again = asked(stack)
    until(lambda: state(stack, again)["state"] == "done")
    # The same worker all along.
    assert state(stack, again)["attempts"] == 1


def test_the_broker_gone_and_back(filled):
    stack = filled
    pids = stack.processes()
    os.kill(pids["valkey"], signal.SIGSTOP)
    pk = asked(stack)
    time.sleep(4)
    assert state(stack, pk)["state"] in {"waiting", "running", "done"}
    os.kill(pids["valkey"], signal.SIGKILL)
    until(lambda: stack.processes()["valkey"] != pids["valkey"])
    until(lambda: state(stack, pk)["state"] == "done", f"{state(stack, pk)}")
    assert state(stack, pk)["rows_done"] == MANY


def test_postgresql_killed_in_the_middle(filled):
    stack = filled
    before = files(stack)
    pk = asked(stack, "xlsx")
    until(lambda: child_at_it(stack), "no worker took it")
    pids = stack.processes()
    os.kill(pids["postgres"], signal.SIGKILL)
    until(lambda: stack.processes()["postgres"] != pids["postgres"])

    def ended() -> dict[str, Any] | None:
        try:
            return result if (result := state(stack, pk))["state"] in {"done", "failed"} else None
        except AssertionError:
            # It is still starting; a stack that gave up says why.
            assert stack.process is not None
            assert stack.process.poll() is None, stack.log()
            return None

    result = until(ended, f"not taken up again\n{stack.log()}")
    assert result is not None
    assert result["state"] == "done", result
    assert (result["rows_done"], result["failure"]) == (MANY, "")
    assert result["attempts"] >= 2
    content = (stack.folder / "exports" / result["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == result["sha256"]
    assert len(files(stack)) == len(before) + 1
    assert stack.processes()["worker"] == pids["worker"]
