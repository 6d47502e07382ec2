"""The curated table ``channel_progress``: placements by channel. Not here: the counting (``progress``)."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pipeline.trajectories.history import THE_ROW, Figure, History, history, of_nobody
from pipeline.trajectories.memberships import UNKNOWN
from pipeline.trajectories.people import People, everybody
from pipeline.trajectories.progress import placement_days, running_totals
from pipeline.trajectories.standing import COUNTS_FROM, placed_first
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import CHANNEL_PROGRESS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return channel_progress(known.once(everybody))


def channel_progress(people: People) -> pl.DataFrame:
    """Placements by the channel of the client's first placement."""
    group = ["programme_code", "provider_code"]
    changes = placement_days(people).with_columns(pl.col("channel").fill_null(UNKNOWN))
    counts = running_totals(changes, [*group, "channel"], ["placed", "placed_part_time"], people.last_days)
    in_month = pl.col("placed") - pl.col("placed").shift(1).over([*group, "channel"]).fill_null(0)
    return CHANNEL_PROGRESS.shaped(counts.with_columns(placed_in_month=in_month))


def _projected(of: History) -> pl.DataFrame:
    return channel_progress(of.people)


def _placed(of: History, row: Row, day: date) -> pl.DataFrame:
    """Who was placed through this channel by then, first placed first."""
    return placed_first(of.trajectories, ["programme_code"]).filter(
        pl.col("channel").fill_null(UNKNOWN) == row["channel"], pl.col(COUNTS_FROM) <= day
    )


def _row_behind(lineage: Lineage, row: Row, _column: str) -> Iterator[Behind]:
    """The first of them, by whom there is a row."""
    provider = row["provider_code"]
    of = history(lineage, row["programme_code"], provider)
    day = of.last_day(provider, row["month"])
    first = _placed(of, row, day).head(1)
    figure = Figure(CHANNEL_PROGRESS, row, THE_ROW, _projected)
    yield from of.traces([of.started(first), of.placed(first)], {provider: (row["month"], day)}, figure)


def _placed_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """The start and the first placement of each client counted; of nobody, those of the first through this channel."""
    provider = row["provider_code"]
    of = history(lineage, row["programme_code"], provider)
    day = of.last_day(provider, row["month"])
    first = _placed(of, row, day)
    is_counted = {
        "placed": pl.lit(value=True),
        "placed_part_time": pl.col("part_time").fill_null(value=False),
        "placed_in_month": pl.col(COUNTS_FROM) >= row["month"],
    }[column]
    counted = first.filter(is_counted)
    chosen = counted if counted.height else first.head(1)
    figure = Figure(CHANNEL_PROGRESS, row, column, _projected)
    traces = of.traces([of.started(chosen), of.placed(chosen)], {provider: (row["month"], day)}, figure)
    yield from traces if counted.height else of_nobody(traces)


PROJECTION = Projection(
    table=CHANNEL_PROGRESS,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(
        Explained(("placed", "placed_part_time", "placed_in_month"), _placed_behind),
        Explained(CHANNEL_PROGRESS.key, _row_behind),
    ),
)
