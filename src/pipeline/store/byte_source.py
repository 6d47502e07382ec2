"""Bytes of one ordinary file, plain or gzip, readable from the start more than once.

Here: opening without ever blocking, the promise that all passes see the same bytes, the limits on expansion.
Not here: what the bytes mean (``text_scan``), which files there are (``raw``).
"""

import errno
import os
import stat
import weakref
import zlib
from pathlib import Path
from typing import Self

from pipeline.errors import Rejected, Unstable
from schemas.limits import FREE_EXPANSION_BYTES, MAX_EXPANDED_BYTES, MAX_EXPANSION
from schemas.spelling import shown

_GZIP_READ = 1 << 20


def open_descriptor(path: Path) -> int:
    """Descriptor of an ordinary file. Anything else is refused unopened: opening a pipe would wait for ever."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) and not os.access(path, os.R_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "a folder that cannot be looked into")
        _require_ordinary(mode)
        # The name may have become a pipe since; non-blocking makes even that harmless.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise refusal(path, error) from None
    try:
        _require_ordinary(os.fstat(descriptor).st_mode)
    except Rejected:
        os.close(descriptor)
        raise
    return descriptor


def _require_ordinary(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Rejected("FILE-001", "this is a folder; move the files in it one level up")
    if not stat.S_ISREG(mode):
        raise Rejected("FILE-004", "this is a pipe, socket or device; place an ordinary file")


def refusal(path: Path, error: OSError) -> Rejected | Unstable:
    """What an operating system error on ``path`` means for the steward."""
    if isinstance(error, PermissionError):
        return Rejected("FILE-003", "no permission to read it; give the pipeline's account read access")
    if error.errno == errno.ELOOP or (isinstance(error, FileNotFoundError) and path.is_symlink()):
        return Rejected("FILE-002", "the link points to nothing; place the file itself")
    # Vanished, or a disk or network fault: not the sender's mistake, so the next run tries again.
    return Unstable(f"{shown(path.name)} could not be read ({errno.errorcode.get(error.errno or 0, 'unknown error')})")


class ByteSource:
    """One open file. Closed by ``close``, or with the object when a reader is dropped half-way."""

    def __init__(self, path: Path, *, gzipped: bool = False) -> None:
        self.path = path
        self._descriptor = open_descriptor(path)
        self._closer = weakref.finalize(self, os.close, self._descriptor)
        self._opened = self._state()
        self._gzipped = gzipped
        self._gunzip = _Gunzip(self._descriptor, self._opened[0]) if gzipped else None

    def _state(self) -> tuple[int, int]:
        found = os.fstat(self._descriptor)
        return found.st_size, found.st_mtime_ns

    def rewind(self, offset: int = 0) -> Self:
        """Go to ``offset`` (counted in unpacked bytes)."""
        os.lseek(self._descriptor, 0 if self._gzipped else offset, os.SEEK_SET)
        if self._gzipped:
            self._gunzip = _Gunzip(self._descriptor, self._opened[0])
            skipped = bytearray(offset)
            self.fill(memoryview(skipped))
        return self

    def fill(self, view: memoryview) -> int:
        """Fill ``view`` as far as the file goes; less than its length means the end."""
        done = 0
        while done < len(view):
            got = self._read(view[done:])
            if not got:
                break
            done += got
        return done

    def _read(self, view: memoryview) -> int:
        if self._gunzip is not None:
            return self._gunzip.read(view)
        try:
            return os.readv(self._descriptor, [view])
        except OSError as error:
            raise refusal(self.path, error) from None

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        buffer = bytearray(size)
        got = self.fill(memoryview(buffer))
        return bytes(buffer) if got == size else bytes(buffer[:got])

    @property
    def size(self) -> int:
        """Bytes in the file as it is stored."""
        return self._opened[0]

    def require_content(self) -> None:
        """Refuse a file of no bytes, which every binary format would call broken."""
        if not self.size:
            raise Rejected("FILE-008", "the file has no bytes; ask the sender for the export again")

    def check_unchanged(self) -> None:
        """Two passes over a file that changed in between have not read one delivery."""
        if self._state() != self._opened:
            raise Unstable(f"{shown(self.path.name)} changed while it was read; it is tried again in the next run")

    def close(self) -> None:
        """Give the descriptor back."""
        self._closer()


class _Gunzip:
    """Unpacks one or more gzip members, in bounded memory and with bounded growth."""

    def __init__(self, descriptor: int, packed_size: int) -> None:
        self._descriptor = descriptor
        self._limit = min(MAX_EXPANDED_BYTES, max(FREE_EXPANSION_BYTES, packed_size * MAX_EXPANSION))
        self._member = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._total = 0

    def read(self, view: memoryview) -> int:
        while True:
            packed = self._pending or os.read(self._descriptor, _GZIP_READ)
            if self._member.eof:
                packed = packed.lstrip(b"\0")  # padding after a member is allowed
                if not packed:
                    self._pending = os.read(self._descriptor, _GZIP_READ)
                    if not self._pending:
                        return 0
                    continue
                self._member = zlib.decompressobj(wbits=31)
            elif not packed:
                raise Rejected("FILE-015", "the gzip data is cut off; send the file again")
            unpacked = self._unpack(packed, len(view))
            if unpacked:
                view[: len(unpacked)] = unpacked
                return len(unpacked)

    def _unpack(self, packed: bytes, size: int) -> bytes:
        try:
            unpacked = self._member.decompress(packed, size)
        except zlib.error:
            raise Rejected("FILE-015", "this is not gzip, or it is damaged; send the file again") from None
        self._pending = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        self._total += len(unpacked)
        if self._total > self._limit:
            raise Rejected(
                "FILE-016",
                f"it unpacks to more than {MAX_EXPANSION} times its size or {MAX_EXPANDED_BYTES >> 30} GiB; "
                "send it uncompressed",
            )
        return unpacked
