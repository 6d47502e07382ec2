"""On which reference dates the outcome of a placement hangs, so that nobody is looked for on any other.

Here: those dates. Not here: the outcome (``placement_outcomes``), the looking (``caseload.stock_membership``).
"""

import polars as pl

from schemas.limits.figures import DURABLE_MONTHS


def dates_asked(trajectories: pl.DataFrame, dates: pl.Series) -> pl.DataFrame:
    """(client_key, reference_date): for every placement the last of ``dates`` up to that day, and the first of them six
    months on.
    """
    known = pl.DataFrame({"reference_date": dates.sort()}, schema={"reference_date": pl.Date()})
    placed = trajectories.drop_nulls("placed_on").select("client_key", before="placed_on").unique()
    due = placed.select("client_key", after=pl.col("before").dt.offset_by(f"{DURABLE_MONTHS}mo"))
    parts = [
        placed.sort("before").join_asof(known, left_on="before", right_on="reference_date", strategy="backward"),
        due.sort("after").join_asof(known, left_on="after", right_on="reference_date", strategy="forward"),
    ]
    pairs = pl.concat([part.select("client_key", "reference_date") for part in parts])
    return pairs.drop_nulls().unique()
