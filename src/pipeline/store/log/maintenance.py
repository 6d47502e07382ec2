"""Keeping one table of the log quick to open and small on disk. No row is added, changed or lost.

Here: checkpoints, and removing from disk what no version in use refers to.
Not here: merging small files (``merge``), which tables and when (``jobs.upkeep.maintain``), reading and appending
(``table``).

Every step is one commit, or removes only what nobody can need: killed anywhere, the table is whole, and the step is
done the next time. App transactions, on which exactly-once rests, stand in the checkpoint and never expire.
"""

import re
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from deltalake import DeltaTable

from pipeline.store.log.merge import files
from pipeline.store.log.table import LogTable

_LOG_FILE = re.compile(r"^(\d{20})\.")
_CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint\.parquet$")
_HALF_WRITTEN = re.compile(r"^_commit_|#\d+$")
"""Names under which a commit is written before it gets its own."""


def checkpoint(table: LogTable) -> bool:
    """Write down the whole state of the table, so that opening reads one file; False when it is there already."""
    handle = DeltaTable(table.path)
    if handle.version() in _checkpoints(table.path / "_delta_log"):
        return False
    handle.create_checkpoint()
    return True


def _checkpoints(folder: Path) -> dict[int, float]:
    """When each checkpoint was written, by version."""
    found = [(path, _CHECKPOINT.match(path.name)) for path in folder.iterdir()]
    return {int(match[1]): path.stat().st_mtime for path, match in found if match}


def sweep(table: LogTable, older_than: timedelta) -> tuple[int, int]:
    """Remove files that are not part of the newest version and have not been needed for so long: number and bytes.

    Those were merged into others, or staged by a writer that was killed. Younger ones may be a living writer's, or be
    read by somebody who began earlier.
    """
    hours = int(older_than / timedelta(hours=1))
    idle = DeltaTable(table.path).vacuum(hours, dry_run=True, enforce_retention_duration=False, full=True)
    old = {name: size for name in set(idle) if (size := _size_if_old(table.path / name, older_than)) is not None}
    # Looked up last: what was committed in the meantime is part of the table now.
    for file in files(table):
        old.pop(file.path, None)
    for name in old:
        (table.path / name).unlink(missing_ok=True)
    return len(old), sum(old.values())


def trim(table: LogTable, older_than: timedelta) -> int:
    """Remove commits and checkpoints before the newest checkpoint of that age; gives the number of files.

    Who opened the table since then began at that checkpoint or a younger one. Oldest first: what stays has no gap.
    """
    folder = table.path / "_delta_log"
    limit = time.time() - older_than.total_seconds()
    cut = max((version for version, written in _checkpoints(folder).items() if written <= limit), default=0)
    found = [(path, _LOG_FILE.match(path.name)) for path in sorted(folder.iterdir())]
    passed = [path for path, match in found if match and int(match[1]) < cut and not _HALF_WRITTEN.search(path.name)]
    halves = [path for path, _ in found if _HALF_WRITTEN.search(path.name)]
    passed += [path for path in halves if _size_if_old(path, older_than) is not None]
    for path in passed:
        path.unlink(missing_ok=True)
    return len(passed)


def _size_if_old(path: Path, older_than: timedelta) -> int | None:
    """Bytes of a file that was last written, or marked as no longer needed, that long ago."""
    with suppress(FileNotFoundError):
        status = path.stat()
        return status.st_size if status.st_mtime <= time.time() - older_than.total_seconds() else None
    return None
