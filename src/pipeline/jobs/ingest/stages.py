"""Where the rows and findings of one file wait until it is known what becomes of it.

Here: two places, beside the log's tables for a night and in memory for a check. Not here: what is staged
(``file_ingest``), committing it (``ingest``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from pipeline.errors import write_errors_explained
from pipeline.store.log.log import Log
from pipeline.store.log.table import LogTable, StagedFile
from schemas.source import VALID_YEAR, Source


@dataclass(frozen=True)
class StagedFrame:
    """Rows that wait in memory."""

    frame: pl.DataFrame


Staged = StagedFile | StagedFrame


class Stage(Protocol):
    """A place for rows and findings that belong to nothing yet."""

    def rows(self, frame: pl.DataFrame, name: str) -> list[Staged]:
        """Put rows of the source there, under a name that is used once."""

    def findings(self, frame: pl.DataFrame, name: str) -> list[Staged]:
        """Put findings there."""

    def restored(self, staged: Staged) -> pl.DataFrame:
        """Staged rows as they were put there."""

    def remove(self, staged: Iterable[Staged]) -> None:
        """Take some of the rows away."""

    def discard_rows(self) -> None:
        """Take all rows away, also what a worker put there before another one failed."""

    def discard(self) -> None:
        """Take everything away."""


class LogStage:
    """Files in the folders of the log's tables, that are no part of these tables until they are committed."""

    def __init__(self, log: Log, source: Source, attempt: str) -> None:
        self._source_table: LogTable = log.sources[source.name]
        self._findings_table: LogTable = log.findings
        self._source = source
        self._attempt = attempt

    def rows(self, frame: pl.DataFrame, name: str) -> list[Staged]:
        with write_errors_explained("storing rows", self._source_table.path):
            return list(self._source_table.stage(frame, f"{self._attempt}-{name}"))

    def findings(self, frame: pl.DataFrame, name: str) -> list[Staged]:
        with write_errors_explained("storing findings", self._findings_table.path):
            return list(self._findings_table.stage(frame, f"{self._attempt}-{name}"))

    def restored(self, staged: Staged) -> pl.DataFrame:
        assert isinstance(staged, StagedFile)
        frame = pl.read_parquet(staged.path, hive_partitioning=False, glob=False)
        if staged.year is not None:
            frame = frame.with_columns(pl.lit(staged.year, pl.Int32()).alias(VALID_YEAR))
        return frame.select(list(self._source.event_schema()))

    def remove(self, staged: Iterable[Staged]) -> None:
        self._source_table.discard(files(staged))

    def discard_rows(self) -> None:
        self._source_table.discard_attempt(self._attempt)

    def discard(self) -> None:
        self.discard_rows()
        self._findings_table.discard_attempt(self._attempt)


def files(staged: Iterable[Staged]) -> list[StagedFile]:
    """Those that lie on disk."""
    return [each for each in staged if isinstance(each, StagedFile)]


class MemoryStage:
    """Frames in memory: nothing is written anywhere."""

    def rows(self, frame: pl.DataFrame, name: str) -> list[Staged]:  # noqa: ARG002  no name is needed here
        return [StagedFrame(frame)] if frame.height else []

    def findings(self, frame: pl.DataFrame, name: str) -> list[Staged]:
        return self.rows(frame, name)

    def restored(self, staged: Staged) -> pl.DataFrame:
        assert isinstance(staged, StagedFrame)
        return staged.frame

    def remove(self, staged: Iterable[Staged]) -> None:
        """Nothing: who no longer holds a frame has removed it."""

    def discard_rows(self) -> None:
        """Nothing, likewise."""

    def discard(self) -> None:
        """Nothing, likewise."""
