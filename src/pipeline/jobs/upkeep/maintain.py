"""Upkeep of a data folder: merge, checkpoint, remove what nobody needs. What was recorded and when stays as it is.

Here: the order of steps, and what they report. Not here: how a step is done (``store.log``,
``store.releases``, ``store.orphans``). Each step is safe beside a run and beside readers, and can be killed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pipeline.errors import write_errors_explained
from pipeline.jobs.release.keep import retention
from pipeline.jobs.workspace import Writer
from pipeline.store import orphans
from pipeline.store.kept_results import KEPT
from pipeline.store.log import maintenance, merge
from pipeline.store.log.table import LogTable
from pipeline.store.releases.publisher import prune
from pipeline.store.storage.data_folder import published
from schemas.sentences import Sentence, said

A_DAY = timedelta(days=1)

MANY_FILES = 100
"""Files that merging would save before a night does so by itself."""

_OUTDATED = (".cells", ".tallies")
"""Folders below ``curated`` in which earlier versions kept what ``.steps`` holds now."""


@dataclass(frozen=True)
class Tended:
    """One table of the log, before and after: files and bytes that are part of it; files removed from disk."""

    table: str
    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    removed: int
    bytes_removed: int
    commits_removed: int
    note: str = ""
    """Why something was left for the next time; empty when nothing was."""


@dataclass(frozen=True)
class Maintained:
    """What was done. ``leftovers`` counts unfinished files and folders of killed processes outside the log's
    tables, and folders that only earlier versions used.
    """

    tables: tuple[Tended, ...]
    releases: tuple[str, ...]
    leftovers: int


def maintain(
    writer: Writer,
    progress: Callable[[Sentence], None],
    *,
    keep_releases: int | None = None,
    orphans_older_than: timedelta = A_DAY,
) -> Maintained:
    """Do all upkeep there is to do. Figures, and what was known on a day, are the same to the byte before and after.

    ``orphans_older_than``: files that are part of nothing go when they are that old. It has to be longer than the
    longest run and the longest reading of the log take. Raises ``CannotWrite`` where the disk refuses.
    """
    if keep_releases is not None and keep_releases < 1:
        raise ValueError("at least one release is kept")
    with write_errors_explained("maintaining", writer.settings.data_dir):
        tended = tuple(
            _tend(name, table, orphans_older_than, progress)
            for name, table in writer.log.tables.items()
            if table.version() >= 0
        )
        drafts = _remove_drafts(writer, orphans_older_than)
        outdated = orphans.remove_folders(writer.settings.curated / name for name in _OUTDATED)
        progress(said("at.old-releases"))
        pruned, left = prune(writer.settings.curated, retention(writer, keep_releases), published(writer.settings))
    return Maintained(tended, pruned, drafts + outdated + left)


def tidy(writer: Writer) -> tuple[Tended, ...]:
    """The least upkeep that keeps nights quick without anyone asking: tables with many small files only.

    Costs a look at the folders when there is nothing to do.
    """
    with write_errors_explained("maintaining", writer.settings.data_dir):
        return tuple(
            _tend(name, table, A_DAY, lambda _: None, least=MANY_FILES)
            for name, table in writer.log.tables.items()
            if table.exists and _has_many_files(table) and merge.can_save(table) >= MANY_FILES
        )


def _has_many_files(table: LogTable) -> bool:
    return sum(1 for each in table.storage.entries() if each.name.endswith(".parquet")) >= MANY_FILES


def _tend(
    name: str, table: LogTable, older_than: timedelta, progress: Callable[[Sentence], None], *, least: int = 1
) -> Tended:
    progress(said("at.log", table=name))
    before = merge.files(table)
    merged = merge.merge_small(table, least=least)
    maintenance.checkpoint(table)
    removed, freed = maintenance.sweep(table, older_than)
    commits = maintenance.trim(table, older_than)
    after = merge.files(table)
    return Tended(
        table=name,
        files_before=len(before),
        files_after=len(after),
        bytes_before=sum(file.size for file in before),
        bytes_after=sum(file.size for file in after),
        removed=removed,
        bytes_removed=freed,
        commits_removed=commits,
        note="another process was at work here; some small files wait for the next time" if merged.is_contended else "",
    )


def _remove_drafts(writer: Writer, older_than: timedelta) -> int:
    settings = writer.settings
    folders = (settings.log, settings.quarantine, settings.curated / KEPT)
    return sum(orphans.remove_drafts(folder, older_than) for folder in folders)
