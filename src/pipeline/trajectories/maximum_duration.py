"""How long a programme lets a trajectory last. Not here: who has passed it."""

import polars as pl

from schemas import reference


def with_maximum(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Trajectories of programmes that have a maximum, with the day on which it is passed (``latest_end``)."""
    maxima = reference.programmes().select("programme_code", "maximum_months").drop_nulls()
    return trajectories.join(maxima, on="programme_code").with_columns(
        latest_end=pl.col("started_on").dt.offset_by(pl.format("{}mo", "maximum_months"))
    )
