"""Bytes of one ordinary file, plain or gzip, readable from the start more than once.

Here: opening without ever blocking, the hash, the promise that all passes see the same bytes, the limits on expansion.
Not here: what the bytes mean (``text_scan``), which files there are (``raw``).
"""

import errno
import os
import stat
import time
import weakref
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Self

from pipeline.errors import Rejected, Unstable
from schemas.limits.files import FREE_EXPANSION_BYTES, MAX_EXPANDED_BYTES, MAX_EXPANSION
from schemas.spelling import shown

_GZIP_READ = 1 << 20
_HASHED = 1 << 18

_CLOCK_TICK_NS = 20_000_000


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
    if error.errno == errno.ENAMETOOLONG:
        return Rejected("FILE-094", "the path is too long to be opened; move it higher up")
    # Vanished, or a disk or network fault: not the sender's mistake, so the next run tries again.
    return Unstable(f"{shown(path.name)} could not be read ({errno.errorcode.get(error.errno or 0, 'unknown error')})")


class ByteSource:
    """One open file. Closed by ``close``, or with the object when a reader is dropped half-way."""

    def __init__(self, path: Path, *, gzipped: bool = False) -> None:
        """Anything but an ordinary file is refused unopened: opening a pipe would wait for ever."""
        self.path = path
        try:
            mode = path.stat().st_mode
            if stat.S_ISDIR(mode) and not os.access(path, os.R_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "a folder that cannot be looked into")
            _require_ordinary(mode)
            # The name may have become a pipe since; non-blocking makes even that harmless.
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise refusal(path, error) from None
        self.close = weakref.finalize(self, os.close, self._descriptor)
        """Gives the descriptor back."""
        self.opened = os.fstat(self._descriptor)
        """The state it was in."""
        try:
            _require_ordinary(self.opened.st_mode)
        except Rejected:
            self.close()
            raise
        self._gzipped = gzipped
        self._gunzip = _Gunzip(self._descriptor, self.size) if gzipped else None

    @property
    def size(self) -> int:
        """Bytes in the file as it is stored."""
        return self.opened.st_size

    def rewind(self, offset: int = 0) -> Self:
        """Go to ``offset`` (counted in unpacked bytes)."""
        os.lseek(self._descriptor, 0 if self._gzipped else offset, os.SEEK_SET)
        if self._gzipped:
            self._gunzip = _Gunzip(self._descriptor, self.size)
            skipped = bytearray(offset)
            self.fill(memoryview(skipped))
        return self

    def fill(self, view: memoryview) -> int:
        """Fill ``view`` as far as the file goes; less than its length means the end."""
        done = 0
        try:
            while done < len(view):
                rest = view[done:]
                got = os.readv(self._descriptor, [rest]) if self._gunzip is None else self._gunzip.read(rest)
                if not got:
                    break
                done += got
        except OSError as error:
            raise refusal(self.path, error) from None
        return done

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        buffer = bytearray(size)
        got = self.fill(memoryview(buffer))
        return bytes(buffer) if got == size else bytes(buffer[:got])

    def sha256(self) -> str:
        """Hash of all bytes as they are stored; Unstable when they changed during the hashing."""
        self._settle()
        digest, buffer = sha256(), memoryview(bytearray(_HASHED))
        while size := self.fill(buffer):
            digest.update(buffer[:size])
        if self._has_changed:
            raise Unstable(f"{shown(self.path.name)} is still being written; it is tried again in the next run")
        return digest.hexdigest()

    def _settle(self) -> None:
        """Look again once the time stamp is older than a tick of the file system's clock.

        Two writes within one tick leave the same time stamp: a change right after the hash would go unnoticed.
        """
        if abs(time.time_ns() - self.opened.st_mtime_ns) < _CLOCK_TICK_NS:
            time.sleep(_CLOCK_TICK_NS / 1e9)
            self.opened = os.fstat(self._descriptor)

    @property
    def _has_changed(self) -> bool:
        found = os.fstat(self._descriptor)
        return (found.st_size, found.st_mtime_ns) != (self.opened.st_size, self.opened.st_mtime_ns)

    def require_content(self) -> None:
        """Refuse a file of no bytes, which every binary format would call broken."""
        if not self.size:
            raise Rejected("FILE-008", "the file has no bytes; ask the sender for the export again")

    def check_unchanged(self) -> None:
        """Two passes over a file that changed in between have not read one delivery."""
        if self._has_changed:
            raise Unstable(f"{shown(self.path.name)} changed while it was read; it is tried again in the next run")


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
