"""Ctrl-C and SIGTERM while a command works in steps: the first is a wish to stop, the second ends the process.

Here: hearing them. Not here: where a step ends (``pipeline.jobs``), runs of the server (``flows.graceful_stop``).
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Wish:
    """Whether somebody asked to stop, and the exit code that shows by which signal."""

    def __init__(self, sentence: str) -> None:
        """``sentence`` is printed when the wish arrives, so that nobody thinks it did not."""
        self._sentence = sentence
        self._number = 0

    @property
    def is_heard(self) -> bool:
        return self._number > 0

    @property
    def exit_code(self) -> int:
        """As a shell counts: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + self._number

    def note(self, number: int, _frame: FrameType | None) -> None:
        self._number = number
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        # Not print: it may be interrupted in the middle of a print of its own.
        with suppress(OSError):
            os.write(sys.stderr.fileno(), f"{self._sentence}\n".encode())


@contextmanager
def heard(sentence: str) -> Iterator[Wish]:
    """Within the block the first of these signals is a wish, and a second one ends the process at once.

    What is recorded is recorded in steps that are each whole or absent, so the second is safe too.
    """
    wish = Wish(sentence)
    before: list[tuple[signal.Signals, Callable[[int, FrameType | None], object] | int | None]]
    before = [(each, signal.signal(each, wish.note)) for each in SIGNALS]
    try:
        yield wish
    finally:
        for each, handler in before:
            signal.signal(each, handler)
