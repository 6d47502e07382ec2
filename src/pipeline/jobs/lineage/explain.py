"""Where a curated figure comes from: delivery, file name and row numbers. Not here: how it is known (the projections)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.jobs.lineage.lineage import LogLineage
from pipeline.jobs.projections import PROJECTIONS
from pipeline.jobs.show import row_of
from pipeline.jobs.workspace import Workspace
from pipeline.versions.projection import Trace


@dataclass(frozen=True)
class Explanation:
    """A row of a curated table and the deliveries behind it."""

    table: str
    figure: dict[str, Any]
    traces: tuple[Trace, ...]


def explain_figure(workspace: Workspace, table: str, key: Sequence[str]) -> Explanation:
    """Follow one row of a curated table back to the files.

    ``key`` holds its key values in the order of the table's key.
    """
    row = row_of(workspace.settings, table, key)
    return Explanation(table, row, tuple(PROJECTIONS[table].explain(LogLineage(workspace), row)))
