"""The curated table ``channel_progress``: placements by channel. Not here: the counting (``progress``)."""

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.horizon import last_days
from pipeline.trajectories.memberships import UNKNOWN
from pipeline.trajectories.progress import placement_days, running_totals
from pipeline.trajectories.standing import people
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import CHANNEL_PROGRESS, TRAJECTORIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return channel_progress(known.table(TRAJECTORIES), horizons_of(known))


def channel_progress(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Placements by the channel of the client's first placement."""
    group = ["programme_code", "provider_code"]
    changes = placement_days(people(trajectories)).with_columns(pl.col("channel").fill_null(UNKNOWN))
    counts = running_totals(
        changes, [*group, "channel"], ["placed", "placed_part_time"], last_days(trajectories, horizons)
    )
    in_month = pl.col("placed") - pl.col("placed").shift(1).over([*group, "channel"]).fill_null(0)
    return CHANNEL_PROGRESS.shaped(counts.with_columns(placed_in_month=in_month))


PROJECTION = Projection(
    table=CHANNEL_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(CHANNEL_PROGRESS, events_of_programme),
)
