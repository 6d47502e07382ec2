"""The curated table ``caseload_stock``: benefits on every reference date, counted or else as reported.

Not here: counting the benefits of one delivery (``delivery_counts``), the bridge between two dates (``flow``).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload.counted_rows import Cell, counted_rows
from pipeline.versions.projection import Known, Lineage, Projection, Row, Trace
from schemas.limits import FINAL_AFTER_DAYS
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.vocabulary import Vintage

KEY = ["municipality_code", "reference_date", "series"]
LINE = ["municipality_code", "series"]

_ORIGINS = {"counted": caseload.SOURCE, "reported": caseload_totals.SOURCE}
"""What ``source`` in the table holds, and the source it means."""


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return stock(
        known.once(counted_stock),
        known.rows(caseload_totals.SOURCE),
        {origin: known.redelivered(source) for origin, source in _ORIGINS.items()},
        known.last_delivery(*_ORIGINS.values()),
    )


def counted_stock(known: Known) -> pl.DataFrame:
    """What was counted from benefits, without any reported total."""
    return counted(known.rows(caseload.SOURCE))


def stock(
    counted: pl.DataFrame, totals: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame], latest: date | None
) -> pl.DataFrame:
    """The table, from ``counted`` benefits and winning totals.

    ``redelivered``: per origin (counted, reported) the scopes that were delivered more than once; ``latest`` is the
    last day of delivery, from which the age of a figure is measured.
    """
    together = pl.concat([counted, _reported(totals, counted)])
    return CASELOAD_STOCK.shaped(_with_changes(together, redelivered, latest))


def counted(counts: pl.DataFrame) -> pl.DataFrame:
    """Benefits and persons per municipality, reference date and series, from the counts of the winning deliveries."""
    by = [*KEY, "delivered_on", "delivery"]

    def of(kind: str) -> pl.DataFrame:
        return counts.filter(pl.col("kind") == kind).group_by(by).agg(pl.col("count").sum().alias(kind))

    return (
        of("benefits")
        .join(of("persons").drop("delivered_on", "delivery"), on=KEY, how="left")
        .with_columns(source=pl.lit("counted"))
    )


def _reported(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Totals about dates of which no benefits were delivered.

    Where both are there, the benefits count and the total is reconciled.
    """
    alone = totals.join(counted.select(KEY), on=KEY, how="anti")
    return alone.select(
        *KEY, "delivered_on", "delivery", "benefits", persons=pl.lit(None, pl.Int64()), source=pl.lit("reported")
    ).select(counted.columns)


def _with_changes(stock: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame], latest: date | None) -> pl.DataFrame:
    stock = _revised(stock, redelivered).sort(KEY)
    base = stock.select(*LINE, "reference_date", "benefits")
    previous = pl.col("benefits").shift(1).over(LINE)
    lowest_before = pl.col("benefits").cum_min().shift(1).over(LINE)
    return (
        stock.with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(LINE),
            change=pl.col("benefits") - previous,
            change_pct=_percent(pl.col("benefits") - previous, previous),
            is_lowest_on_record=pl.col("benefits") < lowest_before,
            january=pl.col("reference_date").dt.truncate("1y"),
            year_before=pl.col("reference_date").dt.offset_by("-1y"),
        )
        .join(base.rename({"reference_date": "january", "benefits": "on_january"}), on=[*LINE, "january"], how="left")
        .join(
            base.rename({"reference_date": "year_before", "benefits": "on_year_before"}),
            on=[*LINE, "year_before"],
            how="left",
        )
        .with_columns(
            change_ytd=pl.col("benefits") - pl.col("on_january"),
            change_ytd_pct=_percent(pl.col("benefits") - pl.col("on_january"), pl.col("on_january")),
            change_yoy_pct=_percent(pl.col("benefits") - pl.col("on_year_before"), pl.col("on_year_before")),
            vintage=_vintage(latest),
        )
    )


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Null on a zero base: a change from nothing has no percentage."""
    return pl.when(whole != 0).then(100.0 * part / whole)


def _revised(stock: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``is_revised``: the delivery a figure rests on is not the first about this very scope."""
    revised = stock.with_columns(is_revised=pl.lit(value=False))
    for origin, scopes in redelivered.items():
        again = scopes.with_columns(is_again=pl.lit(value=True))
        is_revised = pl.col("is_again").fill_null(value=False) & (pl.col("source") == origin)
        revised = (
            revised.join(again, on=scopes.columns, how="left")
            .with_columns(is_revised=pl.col("is_revised") | is_revised)
            .drop("is_again")
        )
    return revised


def _vintage(latest: date | None) -> pl.Expr:
    old = pl.col("reference_date").dt.offset_by(f"{FINAL_AFTER_DAYS}d") <= pl.lit(latest, pl.Date())
    return (
        pl.when(old)
        .then(pl.lit(Vintage.FINAL.value))
        .when("is_revised")
        .then(pl.lit(Vintage.REVISED.value))
        .otherwise(pl.lit(Vintage.PROVISIONAL.value))
    )


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The benefits in stock, or the total that was reported."""
    return explain_stock(lineage, row, "stock")


def explain_stock(lineage: Lineage, row: Mapping[str, Any], part: str) -> list[Trace]:
    """The rows behind one stock, as ``part`` of what rests on it."""
    cell = Cell.of(row)
    scope = {"municipality_code": cell.municipality_code, "reference_date": cell.reference_date}
    benefits = lineage.rows(caseload.SOURCE, **scope)
    if benefits.is_empty():
        totals = lineage.rows(caseload_totals.SOURCE, **scope, series=cell.series)
        return lineage.traces(part, caseload_totals.SOURCE, totals)
    rows = counted_rows(benefits, cell)
    return [lineage.trace(part, caseload.SOURCE.name, benefits["delivery"][0], rows)]


PROJECTION = Projection(
    table=CASELOAD_STOCK,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE),
    project=project,
    explain=explain,
)
