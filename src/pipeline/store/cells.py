"""Work in processes of its own (cells): whatever a piece of work does to its process, nobody else notices.

Here: starting cells, giving them work, watching what they take, how each came to its end. Not here: what a cell does by
itself (``cell``), which work it is (``pipeline.jobs``), how much a process takes (``process_use``).

A cell is a new interpreter with one socket. It is no copy of this process (libraries with threads hang in one), and it
does not load the program that asked, so ``import uitstroom`` works in any script.
"""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any

from pipeline.errors import UitstroomError
from pipeline.store.cell_process import CellProcess, CellSetup, Done
from pipeline.store.cell_task import Broke, Cause, Limits, Task
from pipeline.store.process_use import cpu_seconds, is_short_of_memory, resident_bytes

LOOK_EVERY_SECONDS = 0.03
LOOK_AT_LEAST_SECONDS = 60.0
"""How often the one who waits looks by himself, whatever became of the watch."""
SECOND_CELL_AFTER_SECONDS = 2.0
"""A second cell takes a second of processor time to start: it has to be worth it."""
TIRED_BYTES = 700 << 20
"""A cell that holds more than this when its work is done is replaced: memory that was freed is rarely given back."""

_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_OUT_OF_MEMORY = b"memory allocation of"
"""What Rust prints before it ends a process that asked for more than there is."""


@dataclass(eq=False)
class _Cell:
    """A process, the task it works on, and what that may take."""

    process: CellProcess
    task: Task | None = None
    over: Cause | None = None
    """The limit that it went over, for which it was ended."""
    has_worked: bool = False
    """Whether a piece of work was done in it before."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = 0.0
    _cpu_before: float = 0.0

    def begin(self, task: Task) -> None:
        self._began, self._cpu_before = time.monotonic(), cpu_seconds(self.process.pid)
        with self._lock:
            self.task = task
        self.process.send(task.work, task.argument)

    def look(self) -> None:
        """End the process where its task takes more than it may; where it is gone, wake whoever waits for it."""
        if not self.process.is_alive:
            self.process.hang_up()
            return
        with self._lock:
            if self.task is None or self.over is not None:
                return
            self.over = self._exceeded(self.task.limits)
            if self.over is not None:
                self.process.kill()

    def _exceeded(self, limits: Limits) -> Cause | None:
        if resident_bytes(self.process.pid) > limits.memory_bytes:
            return Cause.MEMORY
        has_run, has_used = time.monotonic() - self._began, cpu_seconds(self.process.pid) - self._cpu_before
        return Cause.TIME if has_run > limits.seconds or has_used > limits.cpu_seconds else None

    def finish(self) -> Task | None:
        """Take the answer, or find out why there is none. Returns the task where another cell has to do it again."""
        answer = self.process.receive()
        with self._lock:
            task, self.task = self.task, None
        assert task is not None
        if answer is None:
            broke = self._why_it_died()
            if broke.cause is Cause.DIED and self.has_worked:
                return task  # it may have died of what it did before
            answer = Done(broke)
        task.is_done = self.has_worked = True
        if isinstance(answer, UitstroomError):
            task.error = answer
        else:
            task.result = answer.value
        return None

    def _why_it_died(self) -> Broke:
        code = self.process.wait()
        if self.over is not None:
            return Broke(self.over)
        if -code in _FROM_OUTSIDE or is_short_of_memory():
            return Broke(Cause.STOPPED, _name(code))
        if _OUT_OF_MEMORY in self.process.last_words():
            return Broke(Cause.MEMORY)
        return Broke(Cause.DIED, _name(code))

    @property
    def is_fit(self) -> bool:
        """Whether it may be given another task."""
        return self.over is None and self.process.is_alive and resident_bytes(self.process.pid) < TIRED_BYTES


def _name(code: int) -> str:
    return signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"


class Cells:
    """A few cells and the tasks that wait for one. Used by one thread; none is started before there is work."""

    def __init__(self, setup: CellSetup, most: int) -> None:
        self._setup = setup
        self.most = most
        self._cells: list[_Cell] = []
        self._waiting: deque[Task] = deque()
        self._busy_since: float | None = None
        self._busy_before = 0.0
        """Seconds that there was work, until it was done last."""
        self._watcher: threading.Thread | None = None
        self._closed = threading.Event()
        self.users = 0

    def begin(self, work: Callable[[Any], object], argument: object, limits: Limits) -> Task:
        """Have ``work(argument)`` done in a cell, as soon as one is free. The function is named, not sent."""
        task = Task(work, argument, limits)
        if self._busy_since is None:
            self._busy_since = time.monotonic()
        self._waiting.append(task)
        self._hand_out()
        return task

    def result(self, task: Task) -> Any:
        """What came of it, once it is done; ``Broke`` where it has no result. Raises UitstroomError as the work did."""
        while not task.is_done:
            self._hand_out()
            for cell in self._ended():
                if cell.process.has_greeted():
                    self._finish(cell)
            self._note_rest()
        if task.error is not None:
            raise task.error
        return task.result

    def _ended(self) -> list[_Cell]:
        """Wait for cells that say something, or are gone."""
        busy = {cell.process.connection: cell for cell in self._cells if cell.task is not None}
        if not busy:
            raise RuntimeError("the work was given up before its result was asked for")
        ready = wait(list(busy), LOOK_AT_LEAST_SECONDS)
        if not ready:
            for cell in busy.values():
                cell.look()
        return [cell for connection, cell in busy.items() if connection in ready]

    def _finish(self, cell: _Cell) -> None:
        again = cell.finish()
        if again is not None:
            self._waiting.appendleft(again)
        if not cell.is_fit:
            self._remove(cell)

    @property
    def _busy_seconds(self) -> float:
        """How long there has been work: many small files make a long night, too."""
        return self._busy_before + (time.monotonic() - self._busy_since if self._busy_since is not None else 0.0)

    def _note_rest(self) -> None:
        if self._busy_since is not None and not self._waiting and all(cell.task is None for cell in self._cells):
            self._busy_before, self._busy_since = self._busy_seconds, None

    def begin_anew(self) -> None:
        """Forget how long there was work for others."""
        self._busy_before, self._busy_since = 0.0, None

    def start(self) -> None:
        """Have a cell start before there is work for it."""
        self._free()

    def rest(self) -> None:
        """Wait until no cell works, so that the next task is alone."""
        for task in [*(cell.task for cell in self._cells if cell.task is not None), *self._waiting]:
            try:
                self.result(task)
            except UitstroomError:
                continue  # raised again to whoever asks for that task

    def drop(self) -> None:
        """End every cell, whatever it does, and forget what waits."""
        self._waiting.clear()
        for cell in tuple(self._cells):
            self._remove(cell)

    def close(self) -> None:
        """End all."""
        self.drop()
        self._closed.set()

    def _hand_out(self) -> None:
        while self._waiting and (cell := self._free()) is not None:
            task = self._waiting.popleft()
            cell.begin(task)

    def _free(self) -> _Cell | None:
        for cell in [cell for cell in self._cells if cell.task is None]:
            if cell.process.is_alive:
                return cell
            self._remove(cell)
        is_long = self._busy_seconds > SECOND_CELL_AFTER_SECONDS
        if self._cells and (len(self._cells) >= self.most or not is_long):
            return None
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="watch over cells", daemon=True)
            self._watcher.start()
        self._cells.append(_Cell(CellProcess(self._setup)))
        return self._cells[-1]

    def _remove(self, cell: _Cell) -> None:
        self._cells.remove(cell)
        cell.process.end()

    def _watch(self) -> None:
        """Look at every cell all the time, also while the thread that uses them does something else."""
        while not self._closed.wait(LOOK_EVERY_SECONDS):
            for cell in tuple(self._cells):
                cell.look()


_open: dict[tuple[object, ...], Cells] = {}
_keepers: list[None] = []


@contextmanager
def cells(setup: CellSetup, most: int) -> Iterator[Cells]:
    """Cells for as long as the block runs; within the block of somebody who asked for the same the same ones.

    Cells belong to a thread: the system ends a process with the thread that started it.
    """
    key = (os.getpid(), threading.get_ident(), setup, most)
    pool = _open.setdefault(key, Cells(setup, most))
    if not pool.users:
        pool.begin_anew()
    pool.users += 1
    try:
        yield pool
    except BaseException:  # whatever ended it: nobody waits any more for what is under way
        pool.drop()
        raise
    finally:
        pool.users -= 1
        if not _keepers:
            _close_unused()


@contextmanager
def kept_warm() -> Iterator[None]:
    """Within the block cells stay when nobody uses them, for whoever asks next."""
    _keepers.append(None)
    try:
        yield
    finally:
        _keepers.pop()
        _close_unused()


def _close_unused() -> None:
    for key, pool in tuple(_open.items()):
        if not pool.users and key[0] == os.getpid():
            del _open[key]
            pool.close()
