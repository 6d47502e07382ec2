"""Small files that nobody needs any more: drafts of writers that were killed, counts of readings that are gone.

All of it can be made again or was never finished. Not here: the log (``log_maintenance``), releases (``releases``).
"""

import re
import time
from collections.abc import Set
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

_DRAFT = re.compile(r"^\..+\.[0-9a-f]{16}$")
"""How ``whole_file`` names what it has not finished."""


def remove_drafts(folder: Path, older_than: timedelta) -> int:
    """Remove unfinished files below a folder that nobody has written to for so long."""
    return _remove([path for path in folder.rglob(".*") if _DRAFT.match(path.name)], older_than)


def remove_counts(folder: Path, needed: Set[str], older_than: timedelta) -> int:
    """Remove kept counts whose path below ``folder`` is not among those needed, when they are that old.

    List ``needed`` after the counts were made that it is to protect, or let ``older_than`` do so.
    """
    there = [path for path in folder.rglob("*.parquet") if not path.name.startswith(".")]
    return _remove([path for path in there if path.relative_to(folder).as_posix() not in needed], older_than)


def _remove(paths: list[Path], older_than: timedelta) -> int:
    limit = time.time() - older_than.total_seconds()
    removed = 0
    for path in paths:
        with suppress(FileNotFoundError):  # finished, or removed, while we looked
            if path.stat().st_mtime <= limit:
                path.unlink()
                removed += 1
    return removed
