"""The append-only log: one Delta table per source, one for findings, one for what became of each delivery.

Here: staging files, committing them once, reading them back. Not here: which rows are events (``pipeline.core``)
and in which order things are committed (``pipeline.jobs``). The table ``deliveries`` is the authority: rows of a
delivery count only when it says so.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, TableNotFoundError
from deltalake.transaction import AddAction

from pipeline.errors import LogError
from pipeline.store.fs import flush
from pipeline.store.log.log_schemas import DELIVERY_EVENTS, LOG_FINDINGS, LOG_RESTATEMENTS, PUBLICATIONS
from schemas.source import VALID_YEAR, Source

COMMIT_TRIES = 20

_CONFIGURATION: dict[str, str | None] = {
    "delta.appendOnly": "true",
    # Opening, updating and committing read every commit since the last checkpoint again: with 100, the default, most
    # of the time that a small delivery takes goes there.
    "delta.checkpointInterval": "20",
}


@dataclass(frozen=True)
class StagedFile:
    """A Parquet file that lies in a table's folder and is not part of the table yet."""

    path: Path
    relative: str
    rows: int
    year: int | None


class LogTable:
    """One append-only Delta table.

    Files are written by polars and committed in one transaction that is applied at most once.
    """

    def __init__(self, path: Path, schema: pl.Schema, *, by_year: bool = False) -> None:
        self.path = path
        self.schema = schema
        self.by_year = by_year

    @cached_property
    def _table(self) -> DeltaTable:
        wanted = Schema.from_arrow(
            pl.DataFrame(schema=self.schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        )
        try:
            table = DeltaTable(self.path)
        except TableNotFoundError:
            return DeltaTable.create(
                self.path,
                schema=wanted,
                mode="ignore",
                partition_by=[VALID_YEAR] if self.by_year else None,
                configuration=_CONFIGURATION,
            )
        _grow(table, wanted)
        return table

    @property
    def exists(self) -> bool:
        return (self.path / "_delta_log").is_dir()

    def version(self) -> int:
        """The newest version of the table; -1 when it does not exist."""
        if not self.exists:
            return -1
        self._table.update_incremental()
        return int(self._table.version())

    def holds(self, app_id: str, version: int) -> bool:
        """Whether this transaction was committed before."""
        if not self.exists:
            return False
        self._table.update_incremental()
        return self._holds(app_id, version)

    def _holds(self, app_id: str, version: int) -> bool:
        known = self._table.transaction_version(app_id)
        return known is not None and known >= version

    def stage(self, frame: pl.DataFrame, name: str, *, row_group_size: int | None = None) -> list[StagedFile]:
        """Write rows as files that are not part of the table yet: one per year where the table is partitioned."""
        if frame.is_empty():
            return []
        if not self.by_year:
            return [self._write(frame, f"{name}.parquet", None, row_group_size)]
        years = frame[VALID_YEAR].unique().sort().to_list()
        rows = [frame if len(years) == 1 else frame.filter(pl.col(VALID_YEAR) == year) for year in years]
        return [
            self._write(of_year.drop(VALID_YEAR), f"{VALID_YEAR}={year}/{name}.parquet", year, row_group_size)
            for year, of_year in zip(years, rows, strict=True)
        ]

    def discard_attempt(self, name: str) -> None:
        """Remove all files that were staged under a name and have not been committed."""
        for path in self.path.glob(f"**/{name}-*.parquet"):
            path.unlink(missing_ok=True)

    def _write(self, frame: pl.DataFrame, relative: str, year: int | None, row_group_size: int | None) -> StagedFile:
        path = self.path / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=row_group_size)
        flush(path)
        return StagedFile(path, relative, frame.height, year)

    def commit(self, staged: Sequence[StagedFile], app_id: str, version: int) -> bool:
        """Make staged files part of the table, once.

        False when this transaction was there already; the files are removed then.
        """
        table = self._table
        for attempt in range(COMMIT_TRIES):
            table.update_incremental()
            if self._holds(app_id, version):
                discard(staged)
                return False
            try:
                table.create_write_transaction(
                    [self._add(file) for file in staged],
                    "append",
                    table.schema(),
                    partition_by=[VALID_YEAR] if self.by_year else None,
                    commit_properties=CommitProperties(app_transactions=[Transaction(app_id, version)]),
                )
                return True
            except CommitFailedError:
                # Another writer was first: with the same transaction (seen at the next try) or an unrelated one.
                time.sleep(0.02 * (attempt + 1))
        raise LogError(
            f"{self.path.name}: no commit after {COMMIT_TRIES} tries. Another writer holds the log; run again later."
        )

    def _add(self, file: StagedFile) -> AddAction:
        return add_action(file, data_change=True)

    def files(self, deliveries: Iterable[str] | None = None) -> list[str]:
        """Paths of the table's files; with ``deliveries`` those that were written for them, or all where compaction
        mixed them.
        """
        if not self.exists:
            return []
        self._table.update_incremental()
        paths = self._table.file_uris()
        if deliveries is None:
            return sorted(paths)
        wanted = {short(delivery) for delivery in deliveries}
        return sorted(path for path in paths if (stem := Path(path).name.split("-")[0]) in wanted or len(stem) != SHORT)

    def rows(self, deliveries: Iterable[str] | None = None) -> pl.LazyFrame:
        """Rows of the table, of some deliveries or all, as they lie in its files (the partition column is left out)."""
        schema = pl.Schema({name: dtype for name, dtype in self.schema.items() if name != VALID_YEAR})
        wanted = None if deliveries is None else sorted(set(deliveries))
        files = self.files(wanted)
        if not files:
            return pl.LazyFrame(schema=schema)
        # Files from before a column was added read as null there.
        rows = pl.scan_parquet(
            files, hive_partitioning=False, glob=False, schema=schema, missing_columns="insert", extra_columns="ignore"
        )
        return rows if wanted is None else rows.filter(pl.col("delivery").is_in(wanted))


def _grow(table: DeltaTable, wanted: Schema) -> None:
    """Add columns that a newer version of the code writes. Nothing that was recorded changes."""
    known = {each.name for each in table.schema().fields}
    added = [each for each in wanted.fields if each.name not in known]
    if added:
        table.alter.add_columns(added)


def add_action(file: StagedFile, *, data_change: bool) -> AddAction:
    """What makes a staged file part of a table; ``data_change`` is False where its rows were in the table before."""
    partition = {VALID_YEAR: str(file.year)} if file.year is not None else {}
    stats = json.dumps({"numRecords": file.rows})
    return AddAction(file.relative, file.path.stat().st_size, partition, int(time.time() * 1000), data_change, stats)


SHORT = 20


def short(delivery: str) -> str:
    """The part of a delivery's hash that names its files."""
    return delivery[:SHORT]


def discard(staged: Iterable[StagedFile]) -> None:
    """Remove files that will not be committed."""
    for file in staged:
        file.path.unlink(missing_ok=True)


class Log:
    """All tables of one data folder."""

    def __init__(self, root: Path, sources: Iterable[Source]) -> None:
        self.root = root
        self.sources = {
            source.name: LogTable(root / source.name, source.event_schema(), by_year=source.by_year)
            for source in sources
        }
        self.findings = LogTable(root / "findings", LOG_FINDINGS)
        self.deliveries = LogTable(root / "deliveries", DELIVERY_EVENTS)
        self.publications = LogTable(root / "publications", PUBLICATIONS)
        self.restatements = LogTable(root / "restatements", LOG_RESTATEMENTS)

    @property
    def tables(self) -> dict[str, LogTable]:
        """Every table by its name, those that are not there yet as well."""
        own = (self.findings, self.deliveries, self.publications, self.restatements)
        return {**self.sources, **{table.path.name: table for table in own}}

    def positions(self) -> dict[str, int]:
        """The version of every table: where in the log a release stands.

        Take ``deliveries`` first: it is committed last.
        """
        tables = {"deliveries": self.deliveries, "findings": self.findings, **self.sources}
        return {name: table.version() for name, table in tables.items()}

    def events(self) -> pl.DataFrame:
        """All events in the lives of deliveries, in the order they were recorded."""
        return (
            self.deliveries.rows()
            .collect()
            .sort("recorded_at", "source", "delivery", "processing", "event", "file_name")
        )

    def append_event(self, event: pl.DataFrame, app_id: str, version: int) -> bool:
        """Record what became of a delivery, once."""
        # A name of our own making: ``app_id`` may hold the name of a file, with slashes and of any length.
        name = f"event-{short(sha256(app_id.encode()).hexdigest())}-{os.getpid()}-{time.time_ns()}"
        staged = self.deliveries.stage(event.cast(DELIVERY_EVENTS), name)
        return self.deliveries.commit(staged, app_id, version)


def now() -> datetime:
    """The audit clock, in whole microseconds."""
    return datetime.now(UTC)
