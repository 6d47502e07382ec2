"""A wish to stop, from the UI's Cancel button or the machine's shutdown, heard between two steps.

Here: the signal, who sends it and what it means. Not here: where a step ends (``pipeline.jobs``).
"""

import ctypes
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType


def end_with_parent() -> None:
    """From now on this process is asked to stop when its parent dies, also when that is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


_PR_SET_PDEATHSIG = 1


@contextmanager
def heard() -> Iterator[Callable[[], bool]]:
    """Within the block SIGTERM sets a mark instead of ending the process; gives the question whether it came.

    Cancelling a run reaches its process as SIGTERM, and as SIGKILL half a minute later. What is done is done in
    steps that are each whole or absent, so the second is safe too; the first lets the run report how far it came.
    """
    if current_thread() is not main_thread():  # signals reach the main thread only; then nobody asks us to stop
        yield lambda: False
        return
    wish = Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        wish.set()

    before = signal.signal(signal.SIGTERM, note)
    try:
        yield wish.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
