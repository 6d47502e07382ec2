"""Merging small files of one table of the log, so that it is quick to open. No row is added, changed or lost.

Here: which files go together, and putting one in their place in one commit. Not here: checkpoints, and removing the
merged files from disk (``maintenance``); which tables and when (``jobs.upkeep.maintain``).
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import RemoveAction

from pipeline.errors import LogError
from pipeline.store.log.table import COMMIT_TRIES, SHORT, LogTable
from schemas.source import VALID_YEAR

SMALL_ROWS = 50_000
"""Below this a file costs more to open than to read."""

BIN_ROWS = 500_000
"""Rows that are merged into one file; what is held in memory at a time."""

_GROUP_ROWS = 16_384
"""Rows per row group of a merged file: one delivery is found by the statistics of its groups."""

_MERGED = "compacted"
_ORDER = ("delivery", "processing", "row", "recorded_at", "event", "release", "table", "key", "column")


@dataclass(frozen=True)
class DataFile:
    """One file that is part of a table. ``path`` is relative to the table's folder."""

    path: str
    rows: int
    size: int

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def writer(self) -> str:
        """The delivery a file was written for, or the word for several."""
        return self.path.rpartition("/")[2].split("-")[0]


@dataclass(frozen=True)
class Merged:
    """Files that went into others. ``is_contended``: another process was at the same files, some are as they were."""

    files: int = 0
    is_contended: bool = False


def files(table: LogTable) -> list[DataFile]:
    """The files that are part of a table now."""
    return _files(table.open())


def can_save(table: LogTable) -> int:
    """How many files fewer there would be after merging small ones."""
    return _saving(_bins(files(table)))


def _saving(bins: list[list[DataFile]]) -> int:
    return sum(len(each) - 1 for each in bins)


def _files(handle: DeltaTable) -> list[DataFile]:
    """The files at the version of a handle; one without a count of rows counts as a big one."""
    found = pl.DataFrame(handle.get_add_actions(flatten=True))
    if found.is_empty():
        return []
    rows = pl.col("num_records").fill_null(BIN_ROWS)
    return [DataFile(*file) for file in found.select("path", rows, "size_bytes").sort("path").iter_rows()]


def merge_small(table: LogTable, *, least: int = 1) -> Merged:
    """Merge small files of the same year; nothing where that would save fewer than ``least`` files.

    Files of a delivery that has a big file stay, so that reading it never opens more. Rows are clustered by delivery.
    """
    handle = table.open()
    bins = _bins(_files(handle))
    if _saving(bins) < least:
        return Merged()
    done = [(len(each), _merge(table, handle, each, number)) for number, each in enumerate(bins)]
    return Merged(sum(count for count, is_done in done if is_done), not all(is_done for _, is_done in done))


def _bins(there: Iterable[DataFile]) -> list[list[DataFile]]:
    """Small files that may become one. Names begin with the hash of the delivery, so a bin is a range of hashes."""
    big = {file.writer for file in there if file.rows >= SMALL_ROWS and len(file.writer) == SHORT}
    by_folder: dict[str, list[list[DataFile]]] = defaultdict(lambda: [[]])
    for file in there:
        if 0 < file.rows < SMALL_ROWS and file.writer not in big:
            bins = by_folder[file.folder]
            if sum(each.rows for each in bins[-1]) >= BIN_ROWS:
                bins.append([])
            bins[-1].append(file)
    return [each for bins in by_folder.values() for each in bins if len(each) > 1]


def _merge(table: LogTable, handle: DeltaTable, small: list[DataFile], number: int) -> bool:
    """Put one file in the place of several, in one commit; False when another writer took one of them away."""
    rows = _rows(table, handle, small)
    name = f"{_MERGED}-{os.getpid()}-{time.time_ns()}-{number}"
    staged = table.stage(rows, name, row_group_size=_GROUP_ROWS)
    # From now on their age is the time since they were needed: who reads an older version has that long to finish.
    for file in small:
        table.storage.touch(file.path)
    moment = int(time.time() * 1000)
    actions = [
        *(replace(file.added, data_change=False) for file in staged),  # these rows were in the table before
        *(RemoveAction(file.path, False, moment, file.size, _partition(table, file)) for file in small),
    ]
    for attempt in range(COMMIT_TRIES):
        handle.update_incremental()
        if not set(small) <= set(_files(handle)):
            break
        with suppress(CommitFailedError):  # an append was first: look again
            handle.create_write_transaction(
                actions,
                "append",
                handle.schema(),
                partition_by=[VALID_YEAR] if table.by_year else None,
                # delta-rs would retry this as if it were an append, and two mergers would double rows: so no retry.
                commit_properties=CommitProperties(max_commit_retries=0),
            )
            return True
        time.sleep(0.02 * (attempt + 1))
    table.discard(staged)
    return table.listed().issuperset(file.relative for file in staged)  # where only the answer was lost


def _rows(table: LogTable, handle: DeltaTable, small: list[DataFile]) -> pl.DataFrame:
    """All rows and all columns of some files, of columns this version of the code does not know too."""
    schema = pl.DataFrame(pa.schema(handle.schema().to_arrow()).empty_table()).schema
    stored = pl.Schema({name: dtype for name, dtype in schema.items() if not (table.by_year and name == VALID_YEAR)})
    where = [table.storage.at(file.path) for file in small]
    how = {"schema": stored, "missing_columns": "insert", "extra_columns": "raise", **table.how_to_scan}
    rows = pl.scan_parquet(where, **how).collect()  # type: ignore[arg-type]
    expected = sum(file.rows for file in small)
    if rows.height != expected:
        raise LogError(
            f"{table.name}: {len(small)} files hold {rows.height} rows, the table states {expected}. "
            "Nothing was changed. Run: uitstroom verify"
        )
    rows = rows.sort([name for name in _ORDER if name in stored], maintain_order=True)
    year = _year(small[0])
    return rows if year is None else rows.with_columns(pl.lit(int(year), pl.Int32()).alias(VALID_YEAR))


def _year(file: DataFile) -> str | None:
    return file.folder.partition("=")[2] or None


def _partition(table: LogTable, file: DataFile) -> dict[str, str | None]:
    return {VALID_YEAR: _year(file)} if table.by_year else {}
