"""Sees from outside that something below a folder changed, through the operating system's own notices (Linux).

Not here: what is done about it (``writers``).
"""

import ctypes
import os
import select
import struct
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

_CREATE, _MOVED_FROM, _MOVED_TO, _CLOSE_WRITE, _DELETE, _ATTRIB = 0x100, 0x40, 0x80, 0x8, 0x200, 0x4
_CHANGES = _CREATE | _MOVED_FROM | _MOVED_TO | _CLOSE_WRITE | _DELETE | _ATTRIB
_IS_FOLDER = 0x40000000
_HEAD = struct.Struct("iIII")
_NOT_WATCHED = {"raw"}
TURNS = frozenset({"_delta_log", "curated"})
"""Names of folders in which a change is a commit, or a swap of the release, under way."""


class Watch:
    """Counts changes below a folder. Folders made meanwhile are watched as soon as they are seen."""

    def __init__(self, root: Path, only: frozenset[str] = frozenset()) -> None:
        """``only`` counts what changes in folders of these names; none named: everywhere."""
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = int(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        if self._descriptor < 0:
            raise OSError(ctypes.get_errno(), "no notices from this system")
        self._folders: dict[int, Path] = {}
        self._only = only
        self._add(root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._descriptor)

    def _add(self, folder: Path) -> None:
        watched = self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), ctypes.c_uint32(_CHANGES))
        if watched < 0:
            return  # gone already
        self._folders[watched] = folder
        with os.scandir(folder) as entries:
            inner = [Path(each) for each in entries if each.is_dir(follow_symlinks=False)]
        for path in inner:
            if path.name not in _NOT_WATCHED:
                self._add(path)

    def wait(self, seconds: float) -> int:
        """Number of changes that count since the last call; returns as soon as there is any."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return 0
        content, position, count = os.read(self._descriptor, 1 << 16), 0, 0
        while position < len(content):
            watched, mask, _, size = _HEAD.unpack_from(content, position)
            name = content[position + _HEAD.size : position + _HEAD.size + size].rstrip(b"\0")
            position += _HEAD.size + size
            folder = self._folders.get(watched)
            count += not self._only or (folder is not None and folder.name in self._only)
            if mask & _IS_FOLDER and mask & (_CREATE | _MOVED_TO) and folder is not None:
                self._add_if_there(folder / os.fsdecode(name))
        return count

    def until(self, change: int, goes_on: Callable[[], bool]) -> None:
        """Return at the ``change``-th change from now, or when what is watched no longer goes on."""
        seen = 0
        while seen < change and goes_on():
            seen += self.wait(0.05)

    def _add_if_there(self, folder: Path) -> None:
        try:
            self._add(folder)
        except OSError:  # was gone again before it could be watched
            return
