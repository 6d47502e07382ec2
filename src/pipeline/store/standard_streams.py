"""Standard output that never decides about a job: its reader may leave, it may be closed or full, or lack a letter.

Here: the three descriptors of a process, made safe once at its start. Not here: what is printed (``commands``).
"""

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NOBODY_READS = (errno.EPIPE, errno.EBADF, errno.ECONNRESET)


class PatientFile(io.FileIO):
    """Takes whatever is written. What nobody can have any more is dropped, and ``lost`` keeps why.

    Below all buffering: neither a print, nor a log, nor the last flush of a process meets the error.
    """

    lost: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        view = memoryview(data).cast("B")
        size = len(view)
        while view and self.lost is None:
            try:
                view = view[super().write(view) or self._room() :]
            except OSError as error:
                self.lost = error
        return size

    def _room(self) -> int:
        """Wait for a pipe that was set not to block by whoever shares it; nothing was written so far."""
        select.select([], [self], [])
        return 0


class StandardStreams:
    """What became of the outputs of this process."""

    def __init__(self, *files: PatientFile) -> None:
        self._files = files

    def why_not_whole(self) -> str:
        """Why some of what was printed is lost though somebody wanted it, such as a full disk; empty otherwise.

        A reader who left, or a closed output, wanted no more.
        """
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        lost = [file.lost for file in self._files if file.lost is not None and file.lost.errno not in _NOBODY_READS]
        return os.strerror(lost[0].errno or 0) if lost else ""


def keep_open() -> StandardStreams:
    """Make the standard streams of this process safe, for as long as it lives.

    Streams that somebody put in their place, such as a test or a notebook, stay as they are.
    """
    _fill(0)
    return StandardStreams(*filter(None, (_keep("stdout", 1), _keep("stderr", 2))))


def _keep(name: str, descriptor: int) -> PatientFile | None:
    own = getattr(sys, f"__{name}__")
    _fill(descriptor)
    if getattr(sys, name) is not own or isinstance(getattr(own, "buffer", None), _Buffered):
        return None
    file = _file(own, descriptor)
    stream = _text(own, file)
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)
    return file


class _Buffered(io.BufferedWriter):
    """The buffer of a stream that is safe already."""


class _Unbuffered(_Buffered):
    """One that keeps nothing back: what ``PYTHONUNBUFFERED`` asks for."""

    def write(self, data: "ReadableBuffer", /) -> int:
        size = super().write(data)
        self.flush()
        return size


def _fill(descriptor: int) -> None:
    """A descriptor that is closed would be given to the next file that is opened, and prints would end up in there."""
    try:
        os.fstat(descriptor)
    except OSError:
        _lead_nowhere(descriptor)


def _lead_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    os.dup2(nowhere, descriptor)
    os.set_inheritable(descriptor, True)
    if nowhere != descriptor:
        os.close(nowhere)


def _file(own: io.TextIOWrapper | None, descriptor: int) -> PatientFile:
    """A way of our own to where the stream leads. The descriptor leads nowhere from now on, unless to a terminal: a
    child, such as Prefect's temporary server, ends when it cannot print, and its words may hold what is in a file.

    ``own`` is None where the process was started without: then the number may be that of another file by now.
    """
    if own is None:
        return PatientFile(os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC), "w")
    with suppress(OSError, ValueError):
        own.flush()
    file = PatientFile(os.dup(descriptor), "w")
    if not file.isatty():
        _lead_nowhere(descriptor)
    return file


def _text(own: io.TextIOWrapper | None, file: PatientFile) -> io.TextIOWrapper:
    """As Python makes it; a letter that the terminal's alphabet lacks is written as a number."""
    is_by_line = own is not None and (own.line_buffering or file.isatty())
    is_direct = own is not None and own.write_through
    return io.TextIOWrapper(
        _Unbuffered(file) if is_direct else _Buffered(file),
        encoding=own.encoding if own is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=is_by_line,
        write_through=is_direct,
    )
