"""The curated table ``method_progress``. Not here: the counting (``progress``)."""

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.horizon import last_days
from pipeline.trajectories.memberships import in_methods
from pipeline.trajectories.progress import counts_by_month
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.versions.explanation import every_column
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


PROJECTION = Projection(
    table=METHOD_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(METHOD_PROGRESS, events_of_programme),
)
