"""What explanations ask of the log and of the release that is explained (``versions.projection.Lineage``).

Here: reading rows and deliveries, remembering what was read. Not here: which rows a figure rests on (each projection
declares that itself), the answer as a whole (``explain``).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.jobs.show import row_of
from pipeline.jobs.workspace import Workspace
from pipeline.versions import delivery_status
from pipeline.versions.projection import Trace
from pipeline.versions.supersede import winning
from schemas.source import Source
from schemas.table import Table


class LogLineage:
    """Reads the log of one workspace, as it is now."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @cached_property
    def statuses(self) -> pl.DataFrame:
        return delivery_status.statuses(self._workspace.log.events())

    def rows(self, source: Source, **where: object) -> pl.DataFrame:
        ranks = delivery_status.recorded(self.statuses, source.name)
        rows = self._workspace.log.sources[source.name].rows()
        matching = rows.filter([pl.col(name) == pl.lit(value) for name, value in where.items()]).collect()
        return winning(matching, ranks, source.scope)

    def trace(self, part: str, source: str, delivery: str, rows: Sequence[int]) -> Trace:
        is_this = (pl.col("delivery") == delivery) & (pl.col("source") == source)
        known = self.statuses.filter(is_this).row(0, named=True)
        return Trace(part, source, known["file_name"], delivery, known["delivered_on"], tuple(rows))

    def traces(self, part: str, source: Source, rows: pl.DataFrame) -> list[Trace]:
        groups = rows.sort("delivered_on", "delivery", "row").group_by("delivery", maintain_order=True).agg("row")
        return [self.trace(part, source.name, delivery, numbers) for delivery, numbers in groups.iter_rows()]

    def row(self, table: Table, key: Sequence[str]) -> dict[str, Any]:
        return row_of(self._workspace.settings, table.name, key)
