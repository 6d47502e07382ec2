"""Small files that nobody needs any more: drafts of writers that were killed, what earlier versions kept.

All of it can be made again or was never finished. Not here: the log (``log.maintenance``), releases (``releases``).
"""

import re
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

_DRAFT = re.compile(r"^\..+\.[0-9a-f]{16}$")
"""How ``atomic_write`` names what it has not finished."""


def remove_drafts(folder: Path, older_than: timedelta) -> int:
    """Remove unfinished files below a folder that nobody has written to for so long."""
    return _remove([path for path in folder.rglob(".*") if _DRAFT.match(path.name)], older_than)


def remove_folders(folders: Iterable[Path]) -> int:
    """Remove what earlier versions kept and this one does not look at; how many of these folders were there."""
    there = [folder for folder in folders if folder.is_dir()]
    for folder in there:
        shutil.rmtree(folder, ignore_errors=True)
    return len(there)


def _remove(paths: list[Path], older_than: timedelta) -> int:
    limit = time.time() - older_than.total_seconds()
    removed = 0
    for path in paths:
        with suppress(FileNotFoundError):  # finished, or removed, while we looked
            if path.stat().st_mtime <= limit:
                path.unlink()
                removed += 1
    return removed
