"""A table of the log for who only looks whether there is anything to record: what would write ends the look.

Here: refusing. Not here: what a table is (``table``), who looks (``jobs.quiet_night``).
"""

# ruff: noqa: ARG002  it is asked as any table is
from collections.abc import Iterable, Sequence

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.store.log.table import LogTable, Once, StagedFile


class WouldWrite(UitstroomError):
    """Something is to be recorded. Nothing was."""


class SealedTable(LogTable):
    """Reads as any table does."""

    def stage(self, frame: pl.DataFrame, name: str, *, row_group_size: int | None = None) -> list[StagedFile]:
        raise WouldWrite(f"{self.name} would be written to")

    def commit(self, staged: Sequence[StagedFile], app_id: str, version: int) -> bool:
        raise WouldWrite(f"{self.name} would be written to")

    def commit_together(self, parts: Iterable[Once]) -> list[Once]:
        raise WouldWrite(f"{self.name} would be written to")
