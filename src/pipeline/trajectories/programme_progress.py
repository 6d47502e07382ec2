"""The curated table ``programme_progress``: clients by standing, with the target. Not here: the counting
(``progress``).
"""

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import KNOWN_UNTIL, last_days
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.progress import counts_by_month, target_reached
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.sources import trajectory_events
from schemas.tables.trajectories import PROGRAMME_PROGRESS, TRAJECTORIES
from schemas.vocabulary import ALL_PROVIDERS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return programme_progress(known.table(TRAJECTORIES), horizons_of(known))


def programme_progress(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Per programme and provider, and for all providers with each client once; with the target of the programme."""
    known = last_days(trajectories, horizons)
    counts = counts_by_month(trajectories, known)
    target = reference.programmes().select(
        "programme_code", target="target_placements", provider_code=pl.lit(ALL_PROVIDERS)
    )
    reached = target_reached(trajectories)
    with_target = counts
    for beside in (target, reached, known):
        with_target = with_target.join(beside, on=["programme_code", "provider_code"], how="left")
    is_past = pl.col("reached_on") <= pl.min_horizontal(pl.col("month").dt.month_end(), KNOWN_UNTIL)
    return PROGRAMME_PROGRESS.shaped(with_target.with_columns(target_reached_on=pl.when(is_past).then("reached_on")))


PROJECTION = Projection(
    table=PROGRAMME_PROGRESS,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(PROGRAMME_PROGRESS, events_of_programme),
)
