"""Work in a process of its own: however it ends, the one who asked learns how, and goes on; nothing is left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import NoCell, Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.cell_process import CellSetup
from pipeline.store.cell_task import Broke, Cause, Limits
from pipeline.store.cells import Cells, cells
from tests.ending import ending

SETUP = CellSetup("pipeline.errors", most_bytes=4 << 30)
AMPLE = Limits(memory_bytes=2 << 30, cpu_seconds=60, seconds=60)
TIGHT = Limits(memory_bytes=300 << 20, cpu_seconds=60, seconds=60)
PATIENCE = 120.0


@pytest.fixture
def pool() -> Iterator[Cells]:
    with cells(SETUP, 2) as pool:
        yield pool


def done(pool: Cells, work: Callable[..., object], argument: object, limits: Limits = AMPLE) -> object:
    return pool.result(pool.begin(work, argument, limits))


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and was not yet asked after counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def is_gone(pid: int) -> bool:
    began = time.monotonic()
    while is_alive(pid) and time.monotonic() - began < PATIENCE:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_cell_stays_for_the_next_piece_of_work(pool: Cells) -> None:
    assert done(pool, len, [1, 2]) == 2
    first = done(pool, eval, "__import__('os').getpid()")
    assert first == done(pool, eval, "__import__('os').getpid()") != os.getpid()


BREAKING = {
    "aborts": (eval, "__import__('os').abort()", AMPLE, Broke(Cause.DIED, "SIGABRT")),
    "touches memory that is not there": (ctypes.string_at, 0, AMPLE, Broke(Cause.DIED, "SIGSEGV")),
    "leaves": (os._exit, 3, AMPLE, Broke(Cause.DIED, "exit code 3")),
    "is ended from outside": (signal.raise_signal, signal.SIGKILL, AMPLE, Broke(Cause.STOPPED, "SIGKILL")),
    "asks for more than there is": (bytearray, 1 << 60, AMPLE, Broke(Cause.MEMORY)),
    "grows": (list, range(300_000_000), TIGHT, Broke(Cause.MEMORY)),
    "hangs": (time.sleep, 600, Limits(2 << 30, 60, 1), Broke(Cause.TIME)),
    "works for ever": (sum, range(10**12), Limits(2 << 30, 1, 60), Broke(Cause.TIME)),
}


@pytest.mark.parametrize("how", BREAKING)
def test_whatever_work_does_to_its_process_is_a_result_and_the_next_one_is_done(pool: Cells, how: str) -> None:
    work, argument, limits, expected = BREAKING[how]

    assert done(pool, work, argument, limits) == expected
    assert done(pool, len, [1, 2, 3]) == 3


_LEAVES_A_CHILD = "__import__('os').fork() and __import__('os')._exit(3) or __import__('time').sleep(15)"
"""Its child has the socket, so that its end closes nothing."""


def test_a_cell_whose_child_holds_its_socket_is_found_to_be_gone(pool: Cells) -> None:
    began = time.monotonic()

    assert done(pool, eval, _LEAVES_A_CHILD) == Broke(Cause.DIED, "exit code 3")
    assert time.monotonic() - began < 14
    assert done(pool, len, [1, 2, 3]) == 3


_DIES_AFTERWARDS = "__import__('threading').Timer(0.3, __import__('os').abort).start() or 5"
_SAYS_HALF = (
    "__import__('os').fork() and (__import__('os').write(int(__import__('sys').argv[1]), b'\\0\\0\\1\\0half'), "
    "__import__('os')._exit(3)) or __import__('time').sleep(15)"
)
"""It begins an answer of 256 bytes; its child holds the socket."""


def test_work_is_not_blamed_for_what_was_done_in_its_cell_before(pool: Cells) -> None:
    assert done(pool, eval, _DIES_AFTERWARDS) == 5
    assert done(pool, time.sleep, 1.0) is None


def test_what_ends_every_cell_is_blamed_also_where_the_cell_worked_before(pool: Cells) -> None:
    assert done(pool, len, []) == 0
    assert done(pool, eval, "__import__('os').abort()") == Broke(Cause.DIED, "SIGABRT")


def test_half_an_answer_of_one_that_is_gone_is_none(pool: Cells) -> None:
    began = time.monotonic()

    assert done(pool, eval, _SAYS_HALF) == Broke(Cause.DIED, "exit code 3")
    assert time.monotonic() - began < 14


def test_what_was_said_in_full_counts_although_its_process_is_gone(pool: Cells) -> None:
    task = pool.begin(eval, _DIES_AFTERWARDS, AMPLE)
    time.sleep(1.5)  # by then it has answered, and is gone

    assert pool.result(task) == 5


@pytest.mark.system
def test_one_that_died_before_its_limit_is_not_told_as_slow(pool: Cells) -> None:
    task = pool.begin(eval, _LEAVES_A_CHILD, Limits(2 << 30, 60, 3))
    time.sleep(5)

    assert pool.result(task) == Broke(Cause.DIED, "exit code 3")


def test_work_that_was_given_up_has_no_result(pool: Cells) -> None:
    task = pool.begin(time.sleep, 60, AMPLE)
    pool.drop()

    with pytest.raises(RuntimeError, match="given up"):
        pool.result(task)


def test_an_error_of_nobodys_making_is_told_by_its_class_alone(pool: Cells) -> None:
    broke = done(pool, int, "number 900038937")

    assert isinstance(broke, Broke)
    assert (broke.cause, broke.what.split()[0]) == (Cause.ERROR, "ValueError")
    assert "9000" not in repr(broke)


def test_an_error_for_a_person_is_raised_as_it_was(pool: Cells, tmp_path: Path) -> None:
    with pytest.raises(Rejected) as here:
        ByteSource(tmp_path)
    with pytest.raises(Rejected) as there:
        done(pool, ByteSource, tmp_path)

    assert (there.value.rule, there.value.detail) == (here.value.rule, here.value.detail)


def test_results_belong_to_who_asked_whatever_ends_first(pool: Cells) -> None:
    done(pool, len, [])
    tasks = [pool.begin(eval, f"__import__('time').sleep({wait}) or {wait}", AMPLE) for wait in (0.4, 0.0, 0.2, 0.1)]
    tasks.append(pool.begin(os._exit, 7, AMPLE))
    tasks.append(pool.begin(len, [1], AMPLE))

    assert [pool.result(task) for task in tasks] == [0.4, 0.0, 0.2, 0.1, Broke(Cause.DIED, "exit code 7"), 1]


def test_a_cell_that_was_ended_while_it_rested_is_replaced(pool: Cells) -> None:
    pid = done(pool, eval, "__import__('os').getpid()")
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    is_gone(pid)

    assert done(pool, len, [1]) == 1


def test_an_installation_in_which_no_cell_starts_is_told_and_no_work_blamed() -> None:
    with pytest.raises(NoCell, match="no_such_module"), cells(CellSetup("no_such_module"), 1) as pool:
        done(pool, len, [1])


_PARENT = """
import sys, time
from pipeline.store.cell_process import CellSetup
from pipeline.store.cell_task import Limits
from pipeline.store.cells import cells
limits = Limits(2 << 30, 60, 60)
with cells(CellSetup("pipeline.errors"), 1) as pool:
    print(pool.result(pool.begin(eval, "__import__('os').getpid()", limits)), flush=True)
    pool.result(pool.begin(time.sleep, 600, limits))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whoever_is_ended_leaves_no_cell_behind(number: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with ending(parent):
        assert parent.stdout is not None
        cell = int(parent.stdout.readline())
        time.sleep(0.1)
        # Ctrl-C reaches every process of the terminal; the others are sent to one.
        (os.killpg if number == signal.SIGINT else os.kill)(parent.pid, number)
        parent.wait(PATIENCE)

    assert is_gone(cell)


def test_one_that_is_gone_without_a_word_is_found_while_others_answer(
    pool: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.store.cells.SECOND_CELL_AFTER_SECONDS", 0.0)
    silent = pool.begin(eval, _LEAVES_A_CHILD, AMPLE)
    others = [pool.begin(time.sleep, 0.2, AMPLE) for _ in range(40)]
    began = time.monotonic()

    assert pool.result(silent) == Broke(Cause.DIED, "exit code 3")
    assert time.monotonic() - began < 6
    assert [pool.result(each) for each in others] == [None] * 40
