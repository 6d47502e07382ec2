"""What it takes beside the rows behind every column of a table of programmes to give the whole row.

Each column is explained by itself: one names that somebody started, since nothing else is needed for it, and another
counts who is still there. Of all columns together the row is asked of the projection itself. Here: what is tried beside
them. Not here: the trying (``tried``), what is behind a column (beside its sum).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.trajectories.history import EVERY_COLUMN, Figure, History, history
from pipeline.trajectories.steps import TRAJECTORY
from pipeline.trajectories.tried import ROW, Choice
from pipeline.versions.explanation import Lineage, Row, Trace
from schemas.table import Table
from schemas.vocabulary import EventKind

_NAMED = "named for a column"


@dataclass(frozen=True)
class BesideRow:
    """Ends and placements of those who are named, where without them they would still be there; or more."""

    table: Table
    project: Callable[[History], pl.DataFrame]

    def __call__(self, lineage: Lineage, row: Row, traces: Sequence[Trace]) -> Iterator[Trace]:
        of, figure = history(lineage, row["programme_code"]), Figure(self.table, row, EVERY_COLUMN, self.project)
        there = of.events_of(traces, _NAMED)
        if figure.is_given_by(of.alone(there)):
            return
        for trace in of.traces_of(Choice(there, _followed(of, there)), {}, figure):
            if trace.part != _NAMED:
                yield trace


def _followed(of: History, there: pl.DataFrame) -> pl.DataFrame:
    """Ends and placements of the trajectories of which something is named."""
    whose = of.events.join(there, on=ROW, how="semi").select(TRAJECTORY).unique()
    kinds = {EventKind.ENDED: "ended", EventKind.PLACED: "placed"}
    found = pl.concat([of.first(kind, whose, part) for kind, part in kinds.items()])
    return found.join(there, on=ROW, how="anti", maintain_order="left")
