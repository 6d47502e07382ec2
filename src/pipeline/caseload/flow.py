"""The curated table ``caseload_flow``: the bridge from one stock to the next.

All intervals run from the previous reference date of the same municipality and series. Not here: the stocks
(``stock``), the reasons of outflow (``outflow_reasons``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.caseload.borders import era, last_change
from pipeline.caseload.counted_rows import Cell, ended_rows, started_rows
from pipeline.caseload.stock import KEY, LINE, counted_stock, explain_stock
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Known, Projection
from schemas.limits import BRIDGE_DAYS
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_FLOW
from schemas.vocabulary import OUTFLOW_TO_WORK_REASONS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return flow(known.once(counted_stock), known.rows(caseload.SOURCE), known.rows(caseload_totals.SOURCE))


def flow(counted: pl.DataFrame, counts: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Bridges between counted stocks, and those that a reporter sent complete."""
    bridges = pl.concat([_bridge(intervals(counted), counts), _reported_flow(totals, counted)])
    return CASELOAD_FLOW.shaped(bridges)


def intervals(counted: pl.DataFrame) -> pl.DataFrame:
    """Consecutive reference dates with their stocks, where starts are known over the whole interval and the borders
    were the same.
    """
    line = [*LINE, "era"]
    return (
        counted.with_columns(era=era("municipality_code", pl.col("reference_date")))
        .sort(KEY)
        .with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(line),
            opening=pl.col("benefits").shift(1).over(line),
        )
        .filter((pl.col("reference_date") - pl.col("previous_reference_date")).dt.total_days() <= BRIDGE_DAYS)
        .select(*KEY, "previous_reference_date", "opening", closing="benefits")
    )


def _bridge(intervals: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    inside = counts.join(intervals, on=KEY, how="inner")
    started = inside.filter((pl.col("kind") == "start") & (pl.col("date") > pl.col("previous_reference_date")))
    ended = inside.filter(ended_inside())
    to_work = ended.filter(pl.col("end_reason").is_in(OUTFLOW_TO_WORK_REASONS))
    flow = intervals
    for name, part in (("inflow", started), ("outflow", ended), ("outflow_to_work", to_work)):
        sums = part.group_by(KEY).agg(pl.col("count").sum().alias(name))
        flow = flow.join(sums, on=KEY, how="left").with_columns(pl.col(name).fill_null(0))
    return flow.with_columns(
        unexplained_difference=pl.col("closing") - pl.col("opening") - pl.col("inflow") + pl.col("outflow")
    ).select(CASELOAD_FLOW.columns)


def ended_inside() -> pl.Expr:
    """The last day lies on or after the previous reference date and before this one: in stock then, no longer now."""
    return (
        (pl.col("kind") == "end")
        & (pl.col("date") >= pl.col("previous_reference_date"))
        & (pl.col("date") < pl.col("reference_date"))
    )


def _reported_flow(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Bridges that a reporter sent complete, about dates of which no benefits were delivered; none over a merger."""
    needed = ["previous_reference_date", "previous_benefits", "inflow", "outflow", "outflow_to_work"]
    merger = last_change("municipality_code", pl.col("previous_reference_date"), pl.col("reference_date"))
    whole = totals.join(counted.select(KEY), on=KEY, how="anti").drop_nulls(needed).filter(merger.is_null())
    return whole.select(
        *KEY, "previous_reference_date", "inflow", "outflow", "outflow_to_work",
        opening="previous_benefits",
        closing="benefits",
        unexplained_difference=pl.col("benefits") - pl.col("previous_benefits") - pl.col("inflow") + pl.col("outflow"),
    ).select(CASELOAD_FLOW.columns)  # fmt: skip


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The two stocks, and between them the dossiers with which spells began and ended."""
    cell, previous = Cell.of(row), row["previous_reference_date"]
    benefits = lineage.rows(
        caseload.SOURCE, municipality_code=cell.municipality_code, reference_date=cell.reference_date
    )
    opening = explain_stock(lineage, {**row, "reference_date": previous}, "opening")
    if benefits.is_empty():
        return [*opening, *explain_stock(lineage, row, "reported bridge")]
    delivery, source = benefits["delivery"][0], caseload.SOURCE.name
    return [
        *opening,
        lineage.trace("inflow", source, delivery, started_rows(benefits, cell, previous)),
        lineage.trace("outflow", source, delivery, ended_rows(benefits, cell, previous)),
        *explain_stock(lineage, row, "closing"),
    ]


EXPLAIN = every_column(CASELOAD_FLOW, explain)

PROJECTION = Projection(
    table=CASELOAD_FLOW,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE),
    project=project,
    explain=EXPLAIN,
)
