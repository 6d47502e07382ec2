"""The curated table ``trajectories``: settled trajectories as they stand on the last day known.

Here: status, durability, days. Not here: what the events come to (``settle``), counts over clients (``progress``).
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.trajectories.events_behind import events_of_trajectory
from pipeline.trajectories.provider_digest import SETTLED_PART
from pipeline.trajectories.settle import SETTLED
from pipeline.versions.projection import Known, Lineage, Projection, Row, Trace
from schemas.limits import DURABLE_GAP_DAYS, DURABLE_MONTHS
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import DROP_OUT_REASON, TrajectoryStatus


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day, providers in the order of their codes."""
    parts = [each[SETTLED_PART] for each in known.providers(trajectory_events.SOURCE)]
    settled = pl.concat([pl.DataFrame(schema=SETTLED), *parts])
    return as_known(settled, horizon(known)).sort(TRAJECTORIES.key)


def horizon(known: Known) -> date | None:
    """The last day of which something can be known about trajectories: the last delivery of events."""
    return known.last_delivery(trajectory_events.SOURCE)


def as_known(settled: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    """Settled trajectories as they stand on the last day known, in the shape of the table."""
    known = pl.lit(horizon, pl.Date())
    last_day = pl.coalesce("ended_on", known)
    open_pause = (known - pl.col("paused_since")).dt.total_days().clip(lower_bound=0)
    return settled.with_columns(
        status=_status(),
        durable=_durable(known),
        days_in_trajectory=(last_day - pl.col("started_on")).dt.total_days(),
        days_paused=pl.col("days_of_pauses").fill_null(0) + open_pause.fill_null(0),
    ).select(pl.col(each.name).cast(each.dtype) for each in TRAJECTORIES.fields)


def _status() -> pl.Expr:
    return (
        pl.when(pl.col("placed_on").is_not_null())
        .then(pl.lit(TrajectoryStatus.PLACED.value))
        .when(pl.col("ended_on").is_not_null() & (pl.col("end_reason") == DROP_OUT_REASON))
        .then(pl.lit(TrajectoryStatus.DROPPED_OUT.value))
        .when(pl.col("ended_on").is_not_null())
        .then(pl.lit(TrajectoryStatus.ENDED.value))
        .when(pl.col("started_on").is_null())
        .then(pl.lit(TrajectoryStatus.REFERRED.value))
        .when(pl.col("is_paused"))
        .then(pl.lit(TrajectoryStatus.PAUSED.value))
        .otherwise(pl.lit(TrajectoryStatus.ACTIVE.value))
    )


def _durable(known: pl.Expr) -> pl.Expr:
    """In a job six months after the first placement: the same, or one that followed each time within 31 days.

    Null too while a job that ended before may still be followed in time by another.
    """
    due = pl.col("placed_on").dt.offset_by(f"{DURABLE_MONTHS}mo")
    lasted = pl.col("job_until").is_null() | (pl.col("job_until") >= due)
    is_settled = lasted | (pl.col("job_until").dt.offset_by(f"{DURABLE_GAP_DAYS}d") <= known)
    return pl.when(pl.col("placed_on").is_not_null() & (due <= known) & is_settled).then(lasted)


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """All events of the trajectory that count."""
    return events_of_trajectory(lineage, row["provider_code"], row["trajectory_id"])


PROJECTION = Projection(table=TRAJECTORIES, inputs=(trajectory_events.SOURCE,), project=project, explain=explain)
