"""Starts writers ahead of time, lets them run, and kills them: at a moment, at a change on the disk, or at a step.

Not here: what a writer does (``writer``), and what must hold afterwards (``folder``).
"""

import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from torture.watch import TURNS, Watch
from torture.writer import EXPLAINED, Order, as_line

ROOT = Path(__file__).parents[1]
PATIENCE = 900.0
"""Seconds after which a writer counts as hung."""


@dataclass(frozen=True)
class Outcome:
    """How a writer ended. ``code``: exit code, or minus the signal that killed it; ``output``: the lines in
    which it reported how far it was; ``message``: what people would read.
    """

    code: int
    output: tuple[str, ...]
    message: str

    @property
    def steps(self) -> int:
        """Steps that Python took on the folder, of a run that came to its end."""
        return int(self.output[-1].removeprefix("steps "))

    @property
    def part(self) -> str:
        """The part that failed, or in which the writer was when it was killed."""
        failed = [line.removeprefix("failed in ") for line in self.output if line.startswith("failed in ")]
        return failed[0] if failed else _part_of(self.output)

    def is_refusal(self, *words: str) -> bool:
        """Whether it ended with a message for a person: what happened (one of ``words``), and the next step."""
        is_clear = "Traceback" not in self.message and "then run again" in self.message
        return self.code == EXPLAINED and is_clear and any(each in self.message for each in words)


def _part_of(output: tuple[str, ...]) -> str:
    if "release" not in output:
        return "take in" if "take in" in output else "opening"
    return "release"


class Writer:
    """One process, from its start to its end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "torture.writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def await_ready(self) -> Self:
        """Return when all its imports are done."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError(f"a writer did not start: {self._process.communicate()[1]}")
        return self

    def begin(self, order: Order) -> None:
        """Let it go, once it is ready."""
        assert self._process.stdin is not None
        self._process.stdin.write(as_line(order))
        self._process.stdin.flush()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float) -> None:
        """Return when it ends, or when the time is over."""
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return

    def kill(self) -> None:
        self._process.kill()

    def end(self, seconds: float = PATIENCE) -> Outcome:
        """Wait for its end. A writer that hangs is killed, and that is an error."""
        try:
            output, message = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise RuntimeError(f"a writer hung for {seconds:.0f} seconds") from None
        return Outcome(self._process.returncode, tuple(output.splitlines()), message)


class Writers:
    """Writers that are ready before they are needed: their imports take longer than their work."""

    def __init__(self, ahead: int) -> None:
        self._ready = deque(Writer() for _ in range(ahead))
        self._ahead = ahead

    def take(self) -> Writer:
        """A writer that waits for its order."""
        while len(self._ready) <= self._ahead:
            self._ready.append(Writer())
        return self._ready.popleft().await_ready()

    def close(self) -> None:
        for writer in self._ready:
            writer.end()  # without an order it just ends


@contextmanager
def writers(ahead: int) -> Iterator[Writers]:
    """A stock of writers, gone at the end."""
    stock = Writers(ahead)
    try:
        yield stock
    finally:
        stock.close()


def undisturbed(writer: Writer, order: Order) -> Outcome:
    writer.begin(order)
    return writer.end()


def killed_after(writer: Writer, order: Order, seconds: float) -> Outcome:
    """Killed at a moment of the clock, if it has not ended before."""
    writer.begin(order)
    writer.wait(seconds)
    writer.kill()
    return writer.end()


def killed_at_change(writer: Writer, order: Order, change: int, *, only: frozenset[str] = frozenset()) -> Outcome:
    """Killed as soon as the ``change``-th change on the disk is seen from outside, in Python, Rust or wherever."""
    with Watch(Path(order.folder) / "data", only) as watch:
        writer.begin(order)
        watch.until(change, lambda: writer.is_running)
        writer.kill()
        return writer.end()


@dataclass(frozen=True)
class Measure:
    """How long a whole run is: in seconds, in changes on the disk, of these in commits and swaps, and in steps."""

    seconds: float
    changes: int
    turns: int
    steps: int


def measured(writer: Writer, order: Order) -> Measure:
    """One run to its end, looked at."""
    data = Path(order.folder) / "data"
    with Watch(data) as everywhere, Watch(data, TURNS) as turns:
        writer.begin(order)
        began, seen, turned = time.monotonic(), 0, 0
        while writer.is_running:
            seen += everywhere.wait(0.01)
            turned += turns.wait(0)
        seconds = time.monotonic() - began
        seen, turned = seen + _rest(everywhere), turned + _rest(turns)
        outcome = writer.end()
    if outcome.code:
        raise RuntimeError(f"an undisturbed run failed: {outcome.message}")
    return Measure(seconds, seen, turned, outcome.steps)


def _rest(watch: Watch) -> int:
    seen = 0
    while more := watch.wait(0):
        seen += more
    return seen
