"""One process and all that it starts, measured: processor and wall seconds, and the most memory held at a time.

Here: the system's account of ended processes (``os.wait4``), and of running ones every tenth of a second (``/proc``).
Not here: what is measured.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY_SECONDS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


@dataclass(frozen=True)
class Taken:
    """What a process and its children took, and what they printed."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    """Memory that is resident in all of them at one moment; what they share counts in each."""
    printed: str


def run(command: Sequence[str]) -> Taken:
    """Run a command to its end. Raises ``SystemExit`` with what it printed where it fails."""
    # What outlives the process that started it is waited for here, and counted too.
    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    with tempfile.TemporaryFile("w+") as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        taken, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        taken += _orphans()
        output.seek(0)
        printed = output.read()
    if process.returncode:
        sys.stderr.write(printed[-4_000:])
        raise SystemExit(f"{' '.join(command[:3])} failed with exit code {process.returncode}")
    return Taken(taken, wall, max(peak, watch.end()), printed)


def _orphans() -> float:
    """Processor seconds of what a process left behind, once that has ended."""
    taken = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return taken
        taken += usage.ru_utime + usage.ru_stime


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants until told to end."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._peak, self._ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_SECONDS):
            self._peak = max(self._peak, _resident(self._pid))

    def end(self) -> int:
        self._ended.set()
        self.join()
        return self._peak


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = " ".join(tasks.read_text() for tasks in Path(f"/proc/{pid}/task").glob("*/children")).split()
    except (OSError, IndexError):
        return 0  # it has just ended
    return pages * _PAGE + sum(_resident(int(child)) for child in children)
