"""What changed between two states of the curated tables, figure by figure.

Here: which columns are figures, and the comparison. Not here: which delivery caused a change (``attribution``), where
the two states come from (``jobs``).

A figure is a number with a unit in a table about the world reported on. Tables about the pipeline itself (deliveries,
findings) and about single clients (trajectories) hold none.
"""

from collections.abc import Mapping

import polars as pl

from pipeline.versions.key_text import key_text
from schemas.catalogue import TABLES
from schemas.table import Table
from schemas.vocabulary import Vintage

SHAPE = pl.Schema(
    {
        "table": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "kind": pl.String(),
        "value_before": pl.Float64(),
        "value_after": pl.Float64(),
    }
)
"""One row is one figure (table, key, column) that differs; ``kind`` is added, changed or removed."""


def compare(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every figure that differs, sorted. A table that only one side has (a newer version made it) is not compared."""
    parts = [
        _changes(TABLES[name], before[name], after[name])
        for name in COMPARED_TABLES
        if name in before and name in after
    ]
    return pl.concat([pl.DataFrame(schema=SHAPE), *parts]).sort("table", "key", "column")


def figures(table: Table) -> tuple[str, ...]:
    """The columns of a table that are figures."""
    return tuple(each.name for each in table.fields if each.unit and each.dtype.is_numeric())


COMPARED_TABLES: tuple[str, ...] = tuple(
    table.name for table in TABLES.values() if table.is_restated and figures(table)
)
"""Tables whose figures are compared from release to release."""


def of_final_stocks(changes: pl.DataFrame, before: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Of these changes (``SHAPE`` and more) those of stocks that were final before, and are another number or gone."""
    final = before["caseload_stock"].filter(pl.col("vintage") == Vintage.FINAL)
    keys = final.select(key=key_text(TABLES["caseload_stock"]))
    about_stock = (pl.col("table") == "caseload_stock") & (pl.col("column") == "benefits")
    return changes.filter(about_stock & (pl.col("kind") != "added")).join(
        keys, on="key", how="semi", maintain_order="left"
    )


def _changes(table: Table, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    both = _long(table, before).join(
        _long(table, after), on=["key", "column"], how="full", coalesce=True, suffix="_after"
    )
    kind = (
        pl.when(pl.col("value").is_null())
        .then(pl.lit("added"))
        .when(pl.col("value_after").is_null())
        .then(pl.lit("removed"))
        .otherwise(pl.lit("changed"))
    )
    return (
        both.filter(pl.col("value").ne_missing(pl.col("value_after")))
        .with_columns(table=pl.lit(table.name), kind=kind)
        .rename({"value": "value_before"})
        .select(list(SHAPE))
    )


def _long(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in figures(table) if name in frame.columns]
    return (
        frame.select(key_text(table).alias("key"), *(pl.col(name).cast(pl.Float64) for name in names))
        .unpivot(index="key", variable_name="column", value_name="value")
        .drop_nulls("value")
    )
