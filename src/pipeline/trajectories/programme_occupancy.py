"""The curated table ``programme_occupancy``: how full programmes are, day by day.

Here: averages over days, peaks, durations. Not here: who was placed when (``progress``).
"""

from datetime import date

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import KNOWN_UNTIL, last_days_of_programmes, with_horizon
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.maximum_duration import with_maximum
from pipeline.trajectories.progress import client_placements
from pipeline.trajectories.standing import stays
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import PROGRAMME_OCCUPANCY, TRAJECTORIES


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return programme_occupancy(known.table(TRAJECTORIES), horizons_of(known))


def programme_occupancy(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Average and peak of stays that had started and not ended, over the days of each month."""
    daily = daily_occupancy(trajectories, horizons)
    monthly = daily.group_by("programme_code", month=pl.col("day").dt.truncate("1mo")).agg(
        average_active=pl.col("open").mean(),
        peak_active=pl.col("open").max(),
        open_days=pl.col("open").sum(),
        days=pl.len(),
    )
    joined = monthly.join(_placements(trajectories), on=["programme_code", "month"], how="left").sort(
        "programme_code", "month"
    )
    over = _over_maximum(trajectories, monthly.select("programme_code", "month"), horizons)
    year = pl.col("days").rolling_sum(12).over("programme_code")
    average = pl.col("open_days").rolling_sum(12).over("programme_code") / year
    in_year = pl.col("placed").fill_null(0).rolling_sum(12, min_samples=1).over("programme_code")
    result = joined.join(over, on=["programme_code", "month"], how="left").with_columns(
        over_maximum_duration=pl.col("over_maximum_duration").fill_null(0),
        placed_in_last_12_months=in_year,
        share_to_work_pct=pl.when(average > 0).then(100.0 * in_year / average),
    )
    return PROGRAMME_OCCUPANCY.shaped(result)


def daily_occupancy(trajectories: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, day, open) for every day of the months from the first start to the last day known."""
    started = stays(trajectories)
    begins = started.select("programme_code", day="started_on", change=pl.lit(1, pl.Int64()))
    ends = started.filter(pl.col("ended_on").is_not_null()).select(
        "programme_code", day=pl.max_horizontal("started_on", "ended_on"), change=pl.lit(-1, pl.Int64())
    )
    changes = pl.concat([begins, ends]).group_by("programme_code", "day").agg(pl.col("change").sum())
    days = (
        changes.join(last_days_of_programmes(trajectories, horizons), on="programme_code")
        .filter(pl.col("day") <= pl.col(KNOWN_UNTIL))
        .group_by("programme_code")
        .agg(pl.col("day").min(), pl.col(KNOWN_UNTIL).first())
        .select("programme_code", day=pl.date_ranges(pl.col("day").dt.month_start(), KNOWN_UNTIL))
        .explode("day")
    )
    return (
        days.join(changes, on=["programme_code", "day"], how="left")
        .sort("programme_code", "day")
        .with_columns(open=pl.col("change").fill_null(0).cum_sum().over("programme_code"))
        .drop("change")
    )


def _placements(trajectories: pl.DataFrame) -> pl.DataFrame:
    days = client_placements(trajectories)
    return days.group_by("programme_code", month=pl.col("day").dt.truncate("1mo")).agg(placed=pl.len())


def _over_maximum(trajectories: pl.DataFrame, months: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """A trajectory is too long where its own provider is known to that day, whatever is known of others."""
    late = with_horizon(with_maximum(stays(trajectories)), horizons).filter(
        pl.col("ended_on").fill_null(date.max) > pl.col("latest_end")
    )
    last = pl.min_horizontal(pl.col("month").dt.month_end(), f"{KNOWN_UNTIL}_programme")
    inside = (
        months.join(late.select("programme_code", "latest_end", "ended_on", KNOWN_UNTIL), on="programme_code")
        .join(last_days_of_programmes(trajectories, horizons), on="programme_code", suffix="_programme")
        .filter(
            (pl.col("latest_end") <= pl.min_horizontal(last, KNOWN_UNTIL))
            & (pl.col("ended_on").is_null() | (pl.col("ended_on") > last))
        )
    )
    return inside.group_by("programme_code", "month").agg(over_maximum_duration=pl.len())


PROJECTION = Projection(
    table=PROGRAMME_OCCUPANCY,
    inputs=(trajectory_events.SOURCE, TRAJECTORIES),
    project=project,
    explain=every_column(PROGRAMME_OCCUPANCY, events_of_programme),
)
