"""Settled trajectories as they stand on the last day known: status, durability, days.

Not here: what the events come to (``settle``), that day (``horizon``), counts over clients (``progress``).
"""

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL, with_horizon, without_what_is_to_come
from schemas.glued import LIST_SEPARATOR
from schemas.limits.figures import DURABLE_GAP_DAYS, DURABLE_MONTHS
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import DROP_OUT_REASON, TrajectoryStatus


def as_known(settled: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Settled trajectories as they stand on the last day known of their provider, in the shape of the table.

    ``horizons``: (provider_code, known_until). An end that is announced stays to be seen, and counts from its day on.
    """
    known = pl.col(KNOWN_UNTIL)
    last_day = pl.min_horizontal(pl.coalesce("ended_on", known), known)
    return (
        without_what_is_to_come(with_horizon(settled, horizons))
        .with_columns(
            status=_status(pl.col("ended_on") <= known),
            durable=_durable(known),
            days_in_trajectory=(last_day - pl.col("started_on")).dt.total_days(),
            days_paused=_days_paused(),
            extensions=_days_known("extended_on"),
            placements=_days_known("jobs_from"),
            methods_text=pl.col("methods").list.join(LIST_SEPARATOR),
        )
        .select(pl.col(each.name).cast(each.dtype) for each in TRAJECTORIES.fields)
    )


def _status(is_over: pl.Expr) -> pl.Expr:
    return (
        pl.when(pl.col("placed_on").is_not_null())
        .then(pl.lit(TrajectoryStatus.PLACED.value))
        .when(is_over & (pl.col("end_reason") == DROP_OUT_REASON))
        .then(pl.lit(TrajectoryStatus.DROPPED_OUT.value))
        .when(is_over)
        .then(pl.lit(TrajectoryStatus.ENDED.value))
        .when(pl.col("started_on").is_null())
        .then(pl.lit(TrajectoryStatus.REFERRED.value))
        .when(pl.col("is_paused"))
        .then(pl.lit(TrajectoryStatus.PAUSED.value))
        .otherwise(pl.lit(TrajectoryStatus.ACTIVE.value))
    )


def _from_last_day(days: str) -> pl.Expr:
    """A list of days, counted from the last day known: what comes after it is above zero."""
    return pl.col(days).cast(pl.List(pl.Int32())) - pl.col(KNOWN_UNTIL).cast(pl.Int32)


def _days_known(days: str) -> pl.Expr:
    """How many of them have come."""
    return _from_last_day(days).list.eval(pl.element() <= 0).list.sum().fill_null(0)


def _days_paused() -> pl.Expr:
    """Days from the begin of each pause to its end, or to the last day known where it goes on."""

    def summed(days: str) -> pl.Expr:
        return _from_last_day(days).list.eval(pl.element().fill_null(0).clip(upper_bound=0)).list.sum()

    return (summed("pauses_until") - summed("pauses_from")).fill_null(0)


def _durable(known: pl.Expr) -> pl.Expr:
    """In a job six months after the first placement: the same, or one that followed each time within 31 days.

    Null too while a job that ended before may still be followed in time by another.
    """
    lasted = pl.col("job_until").is_null() | (pl.col("job_until") >= due())
    is_settled = lasted | (followed_by() <= known)
    return pl.when(pl.col("placed_on").is_not_null() & (due() <= known) & is_settled).then(lasted)


def due() -> pl.Expr:
    """The day on which a placement has lasted, or not."""
    return pl.col("placed_on").dt.offset_by(f"{DURABLE_MONTHS}mo")


def followed_by() -> pl.Expr:
    """The last day on which another job would have followed in time."""
    return pl.col("job_until").dt.offset_by(f"{DURABLE_GAP_DAYS}d")


def settled_on(is_durable: pl.Expr) -> pl.Expr:
    """The first day on which it is known whether a placement lasts."""
    return pl.when(is_durable).then(due()).otherwise(pl.max_horizontal(due(), followed_by()))
