"""The curated table ``method_progress``. Not here: the counting (``progress``)."""

from datetime import date

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.progress import counts_by_month
from pipeline.trajectories.trajectories import horizon as horizon_of
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import METHOD_PROGRESS, TRAJECTORIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return method_progress(known.table(TRAJECTORIES), horizon_of(known))


def method_progress(trajectories: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    """Clients by standing per method; a client with several methods stands under each."""
    each = trajectories.explode("methods").rename({"methods": "method"}).filter(pl.col("method").is_not_null())
    return METHOD_PROGRESS.shaped(counts_by_month(each, ["method"], horizon))


PROJECTION = Projection(
    table=METHOD_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=events_of_programme,
)
