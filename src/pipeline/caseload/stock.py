"""The curated table ``caseload_stock``: benefits on every reference date, counted or else as reported.

Not here: counting the benefits of one delivery (``delivery_counts``), the bridge between two dates (``flow``).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.caseload.borders import era
from pipeline.caseload.counted_rows import Cell, counted_rows
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Known, Projection
from schemas.limits import FINAL_AFTER_DAYS
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.vocabulary import SERIES_SCHEMES, Vintage

KEY = ["municipality_code", "reference_date", "series"]
LINE = ["municipality_code", "series"]


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day: what was counted, and totals where nothing was."""
    counted = known.once(counted_stock)
    together = pl.concat([counted, _reported(known.rows(caseload_totals.SOURCE), counted)])
    latest = known.reach(caseload.SOURCE, caseload_totals.SOURCE)
    return CASELOAD_STOCK.shaped(_with_changes(together, _redelivered(known), latest))


def counted_stock(known: Known) -> pl.DataFrame:
    """Benefits and persons per municipality, reference date and series, without any reported total."""
    by = [*KEY, "delivered_on", "delivery"]
    kinds = {kind: pl.col("count").filter(pl.col("kind") == kind) for kind in ("benefits", "persons")}
    counts = known.rows(caseload.SOURCE).filter(pl.col("kind").is_in(list(kinds)))
    # Of a household whose form is unknown nobody counted the persons: no row, and so no number.
    return counts.group_by(by).agg(**{kind: count.first() for kind, count in kinds.items()}, source=pl.lit("counted"))


def _reported(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Totals about dates of which no benefits were delivered.

    Where both are there, the benefits count and the total is reconciled.
    """
    alone = totals.join(counted.select(KEY), on=KEY, how="anti")
    return alone.select(
        *KEY, "delivered_on", "delivery", "benefits", persons=pl.lit(None, pl.Int64()), source=pl.lit("reported")
    ).select(counted.columns)


def _redelivered(known: Known) -> pl.DataFrame:
    """Lines that more than one delivery is about: the key, and whether it is counted or reported."""
    every_series = pl.DataFrame({"series": [series.value for series in SERIES_SCHEMES]})
    counted = known.redelivered(caseload.SOURCE).join(every_series, how="cross").select(KEY)
    reported = known.redelivered(caseload_totals.SOURCE).select(KEY)
    return pl.concat([counted.with_columns(source=pl.lit("counted")), reported.with_columns(source=pl.lit("reported"))])


def _with_changes(stock: pl.DataFrame, redelivered: pl.DataFrame, latest: date | None) -> pl.DataFrame:
    """Changes since earlier dates with the same borders: over a merger there is no figure to compare with.

    ``redelivered``: lines of which this delivery is not the first; ``latest``: the last day known, from which
    the age of a figure is measured.
    """
    again = redelivered.with_columns(is_revised=pl.lit(value=True))
    stock = stock.join(again, on=[*KEY, "source"], how="left")
    stock = stock.with_columns(era=era("municipality_code", pl.col("reference_date"))).sort(KEY)
    line = [*LINE, "era"]
    base = stock.select(*line, "reference_date", "benefits")
    previous = pl.col("benefits").shift(1).over(line)
    lowest_before = pl.col("benefits").cum_min().shift(1).over(line)
    return (
        stock.with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(line),
            change=pl.col("benefits") - previous,
            change_pct=_percent(pl.col("benefits") - previous, previous),
            is_lowest_on_record=pl.col("benefits") < lowest_before,
            january=pl.col("reference_date").dt.truncate("1y"),
            year_before=pl.col("reference_date").dt.offset_by("-1y"),
        )
        .join(base.rename({"reference_date": "january", "benefits": "on_january"}), on=[*line, "january"], how="left")
        .join(
            base.rename({"reference_date": "year_before", "benefits": "on_year_before"}),
            on=[*line, "year_before"],
            how="left",
        )
        .with_columns(
            change_ytd=pl.col("benefits") - pl.col("on_january"),
            change_ytd_pct=_percent(pl.col("benefits") - pl.col("on_january"), pl.col("on_january")),
            change_yoy_pct=_percent(pl.col("benefits") - pl.col("on_year_before"), pl.col("on_year_before")),
            vintage=_provisional_revised_or_final(latest),
        )
    )


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Null on a zero base: a change from nothing has no percentage."""
    return pl.when(whole != 0).then(100.0 * part / whole)


def _provisional_revised_or_final(latest: date | None) -> pl.Expr:
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
    explain=every_column(CASELOAD_STOCK, explain),
)
