"""Where a release comes about: a folder for the one publisher, gone when it is done or dead.

    <curated>/.lock             held by the one publisher
    <curated>/.staging-<pid>-…  work in progress, held by the lock of the process that lives

Here: the lock, and what publishers that died left behind. Not here: what is staged (``publisher``).
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.store.fs import is_held, lock

_STAGING = ".staging-"


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """An empty folder for the one publisher. Waits for the lock, and clears what dead publishers left behind."""
    with lock(root / ".lock"):
        for path in leftovers(root):
            shutil.rmtree(path, ignore_errors=True)
        folder = root / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)  # who could open it could hold its lock
        with lock(folder):
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def leftovers(root: Path) -> tuple[Path, ...]:
    """Staging folders that nobody holds. A lock tells the living from the dead; a process number may be reused."""
    return tuple(path for path in sorted(root.glob(f"{_STAGING}*")) if not is_held(path))
