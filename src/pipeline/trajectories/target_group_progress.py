"""The curated table ``target_group_progress``. Not here: the counting (``progress``)."""

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.horizon import last_days
from pipeline.trajectories.memberships import in_target_groups
from pipeline.trajectories.progress import counts_by_month
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TARGET_GROUP_PROGRESS, TRAJECTORIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return target_group_progress(known.table(TRAJECTORIES), part(known, SETTLED_PART), horizons_of(known))


def target_group_progress(trajectories: pl.DataFrame, settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Clients by standing per target group, as told by the end of the month; under unknown before one was told."""
    known = last_days(trajectories, horizons)
    return TARGET_GROUP_PROGRESS.shaped(counts_by_month(trajectories, known, in_target_groups(settled, horizons)))


PROJECTION = Projection(
    table=TARGET_GROUP_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(TARGET_GROUP_PROGRESS, events_of_programme),
)
