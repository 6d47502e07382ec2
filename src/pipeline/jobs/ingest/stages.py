"""Where the rows and findings of one file wait until it is known what becomes of it.

Here: two places, beside the log's tables for a night and in memory for a check. Not here: what is staged
(``file_ingest``), committing it (``ingest``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.store.log.table import LogTable, StagedFile
from schemas.source import VALID_YEAR


@dataclass(frozen=True)
class StagedFrame:
    """Rows that wait in memory."""

    frame: pl.DataFrame


Staged = StagedFile | StagedFrame


class MemoryTable:
    """Keeps frames in memory, where a table of the log would write them: nothing is written anywhere."""

    def stage(self, frame: pl.DataFrame, name: str) -> list[StagedFrame]:  # noqa: ARG002  no name is needed here
        return [StagedFrame(frame)] if frame.height else []

    def discard(self, staged: Iterable[StagedFile]) -> None:
        """Nothing: who no longer holds a frame has removed it."""

    def discard_attempt(self, name: str) -> None:
        """Nothing, likewise."""


@dataclass(frozen=True)
class Stage:
    """Two tables in which rows and findings belong to nothing yet, under names that begin with that of the attempt."""

    rows: LogTable | MemoryTable
    findings: LogTable | MemoryTable
    attempt: str = ""

    def restored(self, staged: Staged) -> pl.DataFrame:
        """Staged rows as they were put there."""
        if isinstance(staged, StagedFrame) or isinstance(self.rows, MemoryTable):
            assert isinstance(staged, StagedFrame)
            return staged.frame
        with self.rows.storage.explained():
            frame = self.rows.staged_rows([staged]).collect()
        return frame if staged.year is None else frame.with_columns(pl.lit(staged.year, pl.Int32()).alias(VALID_YEAR))

    def discard(self) -> None:
        """Take everything away, also what a worker put there before another one failed."""
        self.rows.discard_attempt(self.attempt)
        self.findings.discard_attempt(self.attempt)


def files(staged: Iterable[Staged]) -> list[StagedFile]:
    """Those that lie on disk."""
    return [each for each in staged if isinstance(each, StagedFile)]
