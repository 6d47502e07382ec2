"""The curated table ``method_progress``. Not here: the counting (``progress``)."""

from collections.abc import Iterator

import polars as pl

from pipeline.trajectories.clients_behind import COUNTS, Word, clients_behind, rate_behind
from pipeline.trajectories.history import Figure, History, history
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.horizon import last_days
from pipeline.trajectories.memberships import in_methods, methods
from pipeline.trajectories.progress import counts_by_month
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import METHOD_PROGRESS, TRAJECTORIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return method_progress(known.table(TRAJECTORIES), part(known, SETTLED_PART), horizons_of(known))


def method_progress(trajectories: pl.DataFrame, settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Clients by standing per method, each from its first use on; a client with several methods stands under each."""
    known = last_days(trajectories, horizons)
    return METHOD_PROGRESS.shaped(counts_by_month(trajectories, known, in_methods(settled, horizons)))


def _projected(of: History) -> pl.DataFrame:
    return method_progress(of.trajectories, of.settled, of.horizons)


def _counts_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    frames = (methods(of.settled, of.horizons), in_methods(of.settled, of.horizons))
    figure = Figure(METHOD_PROGRESS, row, column, _projected)
    yield from clients_behind(of, figure, Word("method", row["method"], *frames))


PROJECTION = Projection(
    table=METHOD_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=(
        Explained(COUNTS, _counts_behind),
        Explained(("placement_rate_pct",), lambda _, row, __: rate_behind(METHOD_PROGRESS, row)),
    ),
)
