"""What readings cover: months, municipalities and scopes, with their rows; and which rows a plan silences.

Here: pure frames. Not here: which readings there are (``versions.delivery_status``), reading the log
(``pipeline.jobs``).
"""

import polars as pl

from pipeline.backfill.request import Request
from pipeline.versions.supersede import winning
from schemas.source import Source

READING = ("delivery", "processing", "rules_version")

COVERED = pl.Schema(
    {
        "delivery": pl.String(),
        "processing": pl.Int16(),
        "rules_version": pl.String(),
        "scope": pl.String(),
        "month": pl.String(),
        "municipality_code": pl.String(),
        "rows": pl.Int64(),
    }
)
"""Grain: one reading, scope, month and municipality (null where none is named). ``rows`` counts its rows."""


def covered_by(rows: pl.LazyFrame, source: Source) -> pl.DataFrame:
    """What rows of the log cover, counted."""
    place = source.municipality
    by = list(dict.fromkeys([*READING, *source.scope, source.valid_on, *([place] if place else [])]))
    counted = rows.group_by(by).agg(rows=pl.len()).collect(engine="streaming")
    scope = [pl.col(name).cast(pl.String).fill_null("") for name in source.scope]
    return counted.select(
        *READING,
        scope=pl.concat_str(scope, separator="|"),
        month=pl.col(source.valid_on).dt.strftime("%Y-%m"),
        municipality_code=pl.col(place) if place else pl.lit(None),
        rows="rows",
    ).cast(COVERED)


def in_range(covered: pl.DataFrame, request: Request) -> pl.DataFrame:
    """The part of ``covered`` that a request is about."""
    inside = (pl.col("month") >= request.from_month) & (pl.col("month") < request.until_month)
    if request.municipalities:
        inside &= pl.col("municipality_code").is_in(request.municipalities)
    return covered.filter(inside)


def counting(covered: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """The part that counts: of each scope, what the winning reading covers."""
    readings = covered.join(ranks.select(READING), on=READING, how="semi")
    return winning(readings, ranks, ["scope"]).select("delivery", "processing", "scope", "rows")


def added(covered: pl.DataFrame, ranks: pl.DataFrame, planned: pl.Series) -> pl.DataFrame:
    """What the planned deliveries cover, whether it counts or not. ``ranks`` are those after the plan."""
    readings = ranks.filter(pl.col("delivery").is_in(planned.implode())).select(READING)
    return covered.join(readings, on=READING, how="semi").select("delivery", "processing", "scope", "rows")


def superseded(before: pl.DataFrame, new: pl.DataFrame, after: pl.DataFrame, planned: pl.Series) -> pl.DataFrame:
    """(delivery, rows): rows that counted before or are new, and do not count after, by the planned delivery that is
    the cause. So what counts after is what counted before and what is added, less these.

    ``before`` and ``after`` come from ``counting``, ``new`` from ``added``. The cause is the winner of the scope; where
    nothing planned won it, a planned delivery that no longer covers the scope itself.
    """
    same = ["delivery", "processing", "scope"]
    winner = after.select("scope", winner="delivery").unique("scope")
    return (
        pl.concat([before, new.join(before, on=same, how="anti")])
        .join(after, on=same, how="anti")
        .join(winner, on="scope", how="left")
        .with_columns(
            delivery=pl.when(pl.col("winner").is_in(planned.implode())).then("winner").otherwise("delivery"),
        )
        .filter(pl.col("delivery").is_in(planned.implode()))
        .group_by("delivery")
        .agg(pl.col("rows").sum())
        .sort("delivery")
    )
