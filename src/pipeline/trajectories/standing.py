"""Who takes part, since when a placement counts and which placement of a client is the first, and what is one stay.

One definition for every table. Here: what trajectories say of that. Not here: everybody as numbers (``people``), spans
of days in which clients stand somewhere (``spans``), how far trajectories are known (``horizon``).
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

COUNTS_FROM = "counts_from"
"""The day from which a placement counts, as a column: not before that trajectory started; who is placed took part.
"""

FIRST_PLACED = (COUNTS_FROM, "placed_on", "trajectory_id", "provider_code")
"""Of several placements of a client the first in this order is the one that tables tell about."""

STAY = ["programme_code", "provider_code", "client_key", "started_on"]


def started_only(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Those that have a start: without one nobody took part."""
    return trajectories.filter(pl.col("started_on").is_not_null())


def stays(trajectories: pl.DataFrame, per: Sequence[str] = STAY, beside: Sequence[str] = ()) -> pl.DataFrame:
    """Programme, provider, client, start and end. What one client began with one provider on one day is one stay, under
    however many numbers it was sent, and lasts as long as any of them. ``per``: other columns that tell stays apart;
    ``beside``: further ones that are the same in each.
    """
    last_end = pl.col("ended_on").fill_null(date.max).max()
    each = started_only(trajectories).group_by(per).agg(last_end, pl.col(beside).first())
    return each.with_columns(ended_on=pl.when(pl.col("ended_on") < date.max).then("ended_on")).sort(per)


def placed_first(trajectories: pl.DataFrame, per: Sequence[str]) -> pl.DataFrame:
    """The trajectory in which each client was placed first, with the day from which that counts."""
    placed = started_only(trajectories).drop_nulls("placed_on").with_columns(counts_from())
    return placed.sort(FIRST_PLACED).unique([*per, "client_key"], keep="first", maintain_order=True)


def counts_from() -> pl.Expr:
    return (
        pl.when(pl.col("placed_on").is_not_null()).then(pl.max_horizontal("placed_on", "started_on")).alias(COUNTS_FROM)
    )
