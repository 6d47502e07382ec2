"""Where a curated figure comes from: delivery, file name and row numbers. Not here: how that is known (projections)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import PROJECTIONS
from pipeline.jobs.show import NothingToShow, row_of
from pipeline.jobs.workspace import Workspace
from pipeline.versions.projection import Trace


@dataclass(frozen=True)
class Explanation:
    """A row of a curated table and the deliveries behind it."""

    table: str
    figure: dict[str, Any]
    """The row, by column."""
    traces: tuple[Trace, ...]
    """One per delivery and part: file name, delivery, day, row numbers."""
    column: str | None = None
    """The figure that was asked about; None where the whole row was."""

    @property
    def value(self) -> Any:
        """The figure that was asked about."""
        return None if self.column is None else self.figure[self.column]


def explain_figure(workspace: Workspace, table: str, key: Sequence[str], *, column: str | None = None) -> Explanation:
    """Follow one row of a curated table back to the files.

    ``key`` holds its key values in the order of the table's key.
    """
    row = row_of(workspace.settings, table, key)
    if column is not None and column not in row:
        raise NothingToShow(f"{table} has no column {column}. Columns: {', '.join(row)}.")
    return Explanation(table, row, tuple(PROJECTIONS[table].explain(LogLineage(workspace), row)), column)
