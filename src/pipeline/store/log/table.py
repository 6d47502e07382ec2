"""One append-only Delta table of the log: files are staged, committed once, and read back.

Here: what holds for every table. Reading never writes: a table is made, and gets the columns that a newer version of
the code writes, when something is committed. Not here: which tables there are (``log``), merging and removing files
(``merge``, ``maintenance``).
"""

import json
import time
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import CommitFailedError, TableNotFoundError
from deltalake.transaction import AddAction

from pipeline.errors import LogError
from pipeline.store.storage.storage import place
from schemas.source import VALID_YEAR

COMMIT_TRIES = 20
SHORT = 20
"""Characters of a delivery's hash that begin the names of its files."""

_CONFIGURATION: dict[str, str | None] = {
    "delta.appendOnly": "true",
    # Opening, updating and committing read every commit since the last checkpoint again: with 100, the default, most
    # of the time that a small delivery takes goes there.
    "delta.checkpointInterval": "20",
}


@dataclass(frozen=True)
class StagedFile:
    """A Parquet file that lies in a table's folder, by its name there, and is not part of the table yet."""

    year: int | None
    added: AddAction
    """What makes it part of the table."""

    @property
    def relative(self) -> str:
        """Its name below the folder of the table."""
        return str(self.added.path)


@dataclass(frozen=True)
class Once:
    """Staged files that become part of a table together, under transactions of which none has been applied."""

    staged: Sequence[StagedFile]
    transactions: Sequence[tuple[str, int]]
    """Each by its name and version."""

    @property
    def names(self) -> list[str]:
        return [file.relative for file in self.staged]


class LogTable:
    """Files are written by polars and committed in one transaction that is applied at most once."""

    def __init__(self, path: Path | str, schema: pl.Schema, *, by_year: bool = False) -> None:
        """``path``: a folder, or an address of objects."""
        self.storage = place(path)
        self.path = path
        self.schema = schema
        self.by_year = by_year
        self._handle: DeltaTable | None = None

    @property
    def exists(self) -> bool:
        return self.storage.holds_any("_delta_log")

    @property
    def name(self) -> str:
        return self.storage.name

    def open(self) -> DeltaTable:
        """The table as it stands now. Raises TableNotFoundError."""
        return DeltaTable(self.storage.uri, storage_options=self.storage.options)

    def _newest(self) -> DeltaTable | None:
        """The table as it stands now; None while there is none. Nothing is written to look at it."""
        with self.storage.explained():
            if self._handle is not None:
                self._handle.update_incremental()
            elif self.exists:
                with suppress(TableNotFoundError):  # its first writer was killed before the table was whole
                    self._handle = self.open()
            return self._handle

    def _ready(self) -> DeltaTable:
        """The table to write to: made where there is none, with the columns that this version of the code writes."""
        wanted = Schema.from_arrow(
            pl.DataFrame(schema=self.schema).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
        )
        table = self._newest()
        if table is None:
            table = self._handle = DeltaTable.create(
                self.storage.uri,
                schema=wanted,
                mode="ignore",
                partition_by=self._partition_by,
                configuration=_CONFIGURATION,
                storage_options=self.storage.options,
            )
            table.update_incremental()  # another writer may have made it first, and committed
        _grow(table, wanted)
        return table

    @property
    def _partition_by(self) -> list[str] | None:
        return [VALID_YEAR] if self.by_year else None

    def version(self) -> int:
        """The newest version of the table; -1 when it does not exist."""
        table = self._newest()
        return -1 if table is None else int(table.version())

    def stage(self, frame: pl.DataFrame, name: str, *, row_group_size: int | None = None) -> list[StagedFile]:
        """Write rows as files that are not part of the table yet: one per year where the table is partitioned."""
        staged: list[StagedFile] = []
        years = frame[VALID_YEAR].unique().sort().to_list() if self.by_year else [None] if frame.height else []
        for year in years:
            rows = frame if len(years) == 1 else frame.filter(pl.col(VALID_YEAR) == year)
            relative = f"{name}.parquet" if year is None else f"{VALID_YEAR}={year}/{name}.parquet"
            size = self.storage.write_rows(relative, rows.drop(VALID_YEAR, strict=False), row_group_size)
            added = AddAction(
                path=relative,
                size=size,
                partition_values={} if year is None else {VALID_YEAR: str(year)},
                modification_time=int(time.time() * 1000),
                data_change=True,
                stats=json.dumps({"numRecords": rows.height}),
            )
            staged.append(StagedFile(year, added))
        return staged

    def listed(self) -> frozenset[str]:
        """Names of the files that are part of the table now, below its folder."""
        table = self._newest()
        return frozenset() if table is None else frozenset(pl.DataFrame(table.get_add_actions(flatten=True))["path"])

    def discard(self, staged: Iterable[StagedFile]) -> None:
        """Remove files that will not be committed. One that the table lists stays, whoever asks.

        A commit may be stored while its answer is lost: who tries again finds it applied, with these very files.
        """
        self._remove(file.relative for file in staged)

    def discard_attempt(self, name: str) -> None:
        """Remove all files that were staged under a name and have not been committed."""
        own = f"{name}-"
        self._remove(each.name for each in self.storage.entries() if each.name.rpartition("/")[2].startswith(own))

    def _remove(self, names: Iterable[str]) -> None:
        unwanted = set(names)
        for name in unwanted - self.listed() if unwanted else ():
            self.storage.remove(name)

    def staged_rows(self, staged: Iterable[StagedFile]) -> pl.LazyFrame:
        """Rows of staged files, as they lie in them (the partition column is left out)."""
        return pl.scan_parquet([self.storage.at(file.relative) for file in staged], **self.how_to_scan)  # type: ignore[arg-type]

    @property
    def how_to_scan(self) -> dict[str, Any]:
        """How files of the table are read, wherever they are."""
        own = {"hive_partitioning": False, "glob": False}
        if self.storage.options is None:
            return own
        return {**own, "storage_options": self.storage.options, "credential_provider": None}

    def commit(self, staged: Sequence[StagedFile], app_id: str, version: int) -> bool:
        """Make staged files part of the table, once; nothing is committed where there are none.

        False when another one's files are there for this transaction already; these are removed then.
        """
        return bool(self.commit_together([Once(staged, [(app_id, version)])]))

    def commit_together(self, parts: Iterable[Once]) -> list[Once]:
        """Make the files of several parts of the table at a time, each part once and whole; gives those that are.

        One of which a transaction is there already does not become part of it: its files are removed.
        """
        left, known, again = [part for part in parts if part.staged], list[Once](), list[Once]()
        if not left:
            return []
        for attempt in range(COMMIT_TRIES):
            try:
                # Between the look and the commit nothing may update the handle. Delta holds our transactions against
                # the commits after the state of the handle, we look for them in that state: with an update in between,
                # what another writer committed since our look would be seen by neither, and be there twice.
                table = self._ready()
                left, there = _apart(table, left)
                (again if attempt else known).extend(there)
                if left:
                    self._add(table, left)
                break
            except CommitFailedError:
                # Another writer was first: with the same transaction (seen at the next try) or an unrelated one.
                time.sleep(0.02 * (attempt + 1))
        else:
            raise LogError(
                f"{self.name}: no commit after {COMMIT_TRIES} tries. Another writer holds the log; run again later."
            )
        # Where they are listed it was we who committed, and the answer was lost.
        listed = self.listed() if again else frozenset[str]()
        self.discard(file for part in (*known, *again) for file in part.staged)
        return [*(part for part in again if listed.issuperset(part.names)), *left]

    def _add(self, table: DeltaTable, parts: Iterable[Once]) -> None:
        parts = list(parts)
        applied = [Transaction(*each) for part in parts for each in part.transactions]
        with self.storage.explained():
            table.create_write_transaction(
                [file.added for part in parts for file in part.staged],
                "append",
                table.schema(),
                partition_by=self._partition_by,
                commit_properties=CommitProperties(app_transactions=applied),
            )

    def without_committed(self, parts: Iterable[Once]) -> list[Once]:
        """Parts of which no transaction is there yet."""
        table = self._newest()
        return list(parts) if table is None else _apart(table, parts)[0]

    def rows(self, deliveries: Iterable[str] | None = None, *, years: Container[int] | None = None) -> pl.LazyFrame:
        """Rows of the table, of some deliveries or all, as they lie in its files (the partition column is left out).

        Of some deliveries only the files are read that were written for them, or for many by compaction. ``years``
        leaves out files of other years, where the table is partitioned: nothing else is left out.
        """
        schema = pl.Schema({name: dtype for name, dtype in self.schema.items() if name != VALID_YEAR})
        wanted = None if deliveries is None else sorted(set(deliveries))
        table = self._newest()
        files = [] if table is None else sorted(table.file_uris())
        if years is not None and self.by_year:
            files = [path for path in files if _is_of(path, years)]
        if wanted is not None:
            own, begins = (
                {short(delivery) for delivery in wanted},
                [path.rpartition("/")[2].split("-")[0] for path in files],
            )
            files = [path for path, begin in zip(files, begins, strict=True) if begin in own or len(begin) != SHORT]
        if not files:
            return pl.LazyFrame(schema=schema)
        # Files from before a column was added read as null there.
        rows = pl.scan_parquet(
            [self.storage.at_uri(path) for path in files],  # type: ignore[arg-type]
            schema=schema,
            missing_columns="insert",
            extra_columns="ignore",
            **self.how_to_scan,
        )
        return rows if wanted is None else rows.filter(pl.col("delivery").is_in(wanted))


def _is_of(path: str, years: Container[int]) -> bool:
    """Whether a file is of one of these years, or does not say of which."""
    name, _, year = path.rsplit("/", 2)[-2].partition("=")
    return name != VALID_YEAR or not year.isdigit() or int(year) in years


def _apart(table: DeltaTable, parts: Iterable[Once]) -> tuple[list[Once], list[Once]]:
    """Parts that are new, and those of which a transaction is there already."""
    new, known = list[Once](), list[Once]()
    for part in parts:
        is_known = any(_has_committed(table, *each) for each in part.transactions)
        (known if is_known else new).append(part)
    return new, known


def _has_committed(table: DeltaTable, app_id: str, version: int) -> bool:
    known = table.transaction_version(app_id)
    return known is not None and known >= version


def _grow(table: DeltaTable, wanted: Schema) -> None:
    """Add columns that a newer version of the code writes. Nothing that was recorded changes."""
    known = {each.name for each in table.schema().fields}
    added = [each for each in wanted.fields if each.name not in known]
    if added:
        table.alter.add_columns(added)


def short(delivery: str) -> str:
    """The part of a delivery's hash that names its files."""
    return delivery[:SHORT]
