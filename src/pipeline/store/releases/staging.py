"""Where a release comes about: a folder for the one publisher, gone when it is done or dead.

    <curated>/.lock             held by the one publisher
    <curated>/.staging-<pid>-…  work in progress, held by the lock of the process that lives

Here: the lock, the rights of what is made, and what publishers that died left behind. Not here: what is staged
(``publisher``), rights on the folders above (``store.rights``).
"""

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.store.fs import is_held, lock

_STAGING = ".staging-"
_WRITING, _GROUP_LOOKS = 0o022, 0o050


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """An empty folder for the one publisher. Waits for the lock, and clears what dead publishers left behind."""
    with lock(root / ".lock"), _umask_for(root):
        for path in leftovers(root):
            shutil.rmtree(path, ignore_errors=True)
        folder = root / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)  # who could open it could hold its lock
        with lock(folder):
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _umask_for(root: Path) -> Iterator[None]:
    """Nobody but the owner writes what is made meanwhile; who may look into ``root`` can read it, however the process
    was started. A common umask (002) would let the readers of a release change it, a strict one (077) shut them out.
    """
    before = os.umask(_WRITING)
    looking = stat.S_IMODE(root.stat().st_mode) & _GROUP_LOOKS == _GROUP_LOOKS
    os.umask(before & ~_GROUP_LOOKS | _WRITING if looking else before | _WRITING)
    try:
        yield
    finally:
        os.umask(before)


def leftovers(root: Path) -> tuple[Path, ...]:
    """Staging folders that nobody holds. A lock tells the living from the dead; a process number may be reused."""
    return tuple(path for path in sorted(root.glob(f"{_STAGING}*")) if not is_held(path))
