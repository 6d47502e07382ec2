"""Keeping one table of the log quick to open and small on disk. No row is added, changed or lost.

Here: checkpoints, and removing from disk what no version in use refers to.
Not here: merging small files (``merge``), which tables and when (``jobs.upkeep.maintain``), reading and appending
(``table``).

Every step is one commit, or removes only what nobody can need: killed anywhere, the table is whole, and the step is
done the next time. App transactions, on which exactly-once rests, stand in the checkpoint and never expire.
"""

import re
import time
from collections.abc import Mapping
from datetime import timedelta

from pipeline.store.log.merge import files
from pipeline.store.log.table import LogTable
from pipeline.store.storage.storage import Entry

_DELTA_LOG = "_delta_log"
_LOG_FILE = re.compile(r"^(\d{20})\.")
_CHECKPOINT = re.compile(r"^(\d{20})\.checkpoint\.parquet$")
_HALF_WRITTEN = re.compile(r"^_commit_|#\d+$")
"""Names under which a commit is written before it gets its own."""


def checkpoint(table: LogTable) -> bool:
    """Write down the whole state of the table, so that opening reads one file; False when it is there already."""
    handle = table.open()
    if handle.version() in _checkpoints(_commits(table)):
        return False
    handle.create_checkpoint()
    return True


def _commits(table: LogTable) -> dict[str, Entry]:
    """What lies in the folder of commits and checkpoints, by name in it."""
    there = {each.name.partition("/")[2]: each for each in table.storage.entries(_DELTA_LOG)}
    return {name: each for name, each in sorted(there.items()) if "/" not in name}


def _checkpoints(commits: Mapping[str, Entry]) -> dict[int, float]:
    """When each checkpoint was written, by version."""
    found = [(each, _CHECKPOINT.match(name)) for name, each in commits.items()]
    return {int(match[1]): each.modified for each, match in found if match}


def sweep(table: LogTable, older_than: timedelta) -> tuple[int, int]:
    """Remove files that are not part of the newest version and have not been needed for so long: number and bytes.

    Those were merged into others, or staged by a writer that was killed. Younger ones may be a living writer's, or be
    read by somebody who began earlier.
    """
    hours, limit = int(older_than / timedelta(hours=1)), time.time() - older_than.total_seconds()
    there = {each.name: each for each in table.storage.entries() if each.modified <= limit}
    idle = table.open().vacuum(hours, dry_run=True, enforce_retention_duration=False, full=True)
    old = {name: there[name].size for name in set(idle) & there.keys()}
    # Looked up last: what was committed in the meantime is part of the table now.
    for file in files(table):
        old.pop(file.path, None)
    for name in old:
        table.storage.remove(name)
    return len(old), sum(old.values())


def trim(table: LogTable, older_than: timedelta) -> int:
    """Remove commits and checkpoints before the newest checkpoint of that age; gives the number of files.

    Who opened the table since then began at that checkpoint or a younger one. Oldest first: what stays has no gap.
    """
    commits, limit = _commits(table), time.time() - older_than.total_seconds()
    cut = max((version for version, written in _checkpoints(commits).items() if written <= limit), default=0)
    found = [(name, _LOG_FILE.match(name)) for name in commits]
    passed = [name for name, match in found if match and int(match[1]) < cut and not _HALF_WRITTEN.search(name)]
    passed += [name for name in commits if _HALF_WRITTEN.search(name) and commits[name].modified <= limit]
    for name in passed:
        table.storage.remove(f"{_DELTA_LOG}/{name}")
    return len(passed)
