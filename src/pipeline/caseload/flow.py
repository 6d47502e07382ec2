"""The curated table ``caseload_flow``: the bridge from one stock to the next.

All intervals run from the nearest earlier reference date of the same municipality and series that is known in any way,
so that they follow each other and can be added up: a date of which only a total was reported is a step, too. Not here:
the stocks (``stock``), the reasons of outflow (``outflow_reasons``).
"""

from collections.abc import Iterable
from functools import partial

import polars as pl

from pipeline.caseload.borders import era, last_change
from pipeline.caseload.counted_rows import Reported, StockCell
from pipeline.caseload.stock import KEY, LINE, stock_lines
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Trace
from pipeline.versions.projection import Known, Projection
from schemas.limits.figures import BRIDGE_DAYS
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_FLOW
from schemas.vocabulary import OUTFLOW_TO_WORK_REASONS

TO_WORK = pl.col("end_reason").is_in(OUTFLOW_TO_WORK_REASONS)


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return flow(known.once(stock_lines), known.rows(caseload.SOURCE), known.rows(caseload_totals.SOURCE))


def flow(stock: pl.DataFrame, counts: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Bridges to counted stocks, and to reported ones where the reporter sent them complete."""
    bridges = pl.concat([_bridge(intervals(stock), counts), _reported_flow(totals, stock)])
    return CASELOAD_FLOW.shaped(bridges)


def intervals(stock: pl.DataFrame) -> pl.DataFrame:
    """Counted stocks with the stock before them, where starts are known over the whole interval and the borders were
    the same.
    """
    line = [*LINE, "era"]
    return (
        stock.with_columns(era=era("municipality_code", pl.col("reference_date")))
        .sort(KEY)
        .with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(line),
            opening=pl.col("benefits").shift(1).over(line),
        )
        .filter(
            pl.col("source") == "counted",
            (pl.col("reference_date") - pl.col("previous_reference_date")).dt.total_days() <= BRIDGE_DAYS,
        )
        .select(*KEY, "previous_reference_date", "opening", closing="benefits")
    )


def _bridge(intervals: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    inside = counts.join(intervals, on=KEY, how="inner")
    started = inside.filter(started_inside())
    ended = inside.filter(ended_inside())
    to_work = ended.filter(TO_WORK)
    flow = intervals
    for name, part in (("inflow", started), ("outflow", ended), ("outflow_to_work", to_work)):
        sums = part.group_by(KEY).agg(pl.col("count").sum().alias(name))
        flow = flow.join(sums, on=KEY, how="left").with_columns(pl.col(name).fill_null(0))
    return flow.with_columns(
        unexplained_difference=pl.col("closing") - pl.col("opening") - pl.col("inflow") + pl.col("outflow")
    ).select(CASELOAD_FLOW.columns)


def started_inside() -> pl.Expr:
    """The first day lies after the previous reference date: not in stock then."""
    return (pl.col("kind") == "start") & (pl.col("date") > pl.col("previous_reference_date"))


def ended_inside() -> pl.Expr:
    """The last day lies on or after the previous reference date and before this one: in stock then, no longer now."""
    return (
        (pl.col("kind") == "end")
        & (pl.col("date") >= pl.col("previous_reference_date"))
        & (pl.col("date") < pl.col("reference_date"))
    )


def _reported_flow(totals: pl.DataFrame, stock: pl.DataFrame) -> pl.DataFrame:
    """Bridges that a reporter sent complete, about dates of which no benefits were delivered; none over a merger, and
    none over a date that is known: what came and went before it would be counted twice.
    """
    needed = ["previous_reference_date", "previous_benefits", "inflow", "outflow", "outflow_to_work"]
    merger = last_change("municipality_code", pl.col("previous_reference_date"), pl.col("reference_date"))
    known = stock.sort(KEY).select(*KEY, "source", known_before=pl.col("reference_date").shift(1).over(LINE))
    alone = totals.join(known.filter(source="reported"), on=KEY, how="inner").drop_nulls(needed)
    is_over = (pl.col("known_before") > pl.col("previous_reference_date")).fill_null(value=False)
    whole = alone.filter(merger.is_null() & ~is_over)
    return whole.select(
        *KEY, "previous_reference_date", "inflow", "outflow", "outflow_to_work",
        opening="previous_benefits",
        closing="benefits",
        unexplained_difference=pl.col("benefits") - pl.col("previous_benefits") - pl.col("inflow") + pl.col("outflow"),
    ).select(CASELOAD_FLOW.columns)  # fmt: skip


def _parts(lineage: Lineage, row: Row, column: str) -> Iterable[Trace]:
    """The dossiers that a part of the bridge counts; beside them what shows on which dates it stands."""
    now = Reported.about(lineage, StockCell.of(row))
    if not now.is_counted:
        return now.stock("reported bridge")
    previous = row["previous_reference_date"]
    before = Reported.about(lineage, StockCell.of(row, previous))
    if column == "opening":
        return [*before.stock("opening"), *now.delivered("until")]
    if column == "closing":
        return [*now.stock("closing"), *before.delivered("from")]
    counted = {
        "inflow": partial(now.started, "inflow", previous),
        "outflow": partial(now.ended, "outflow", previous),
        "outflow_to_work": partial(now.ended, "outflow_to_work", previous, TO_WORK),
        "previous_reference_date": partial(now.delivered, "until"),
    }
    return [*counted[column](), *before.delivered("from")]


def _rest(lineage: Lineage, row: Row, _column: str) -> Iterable[Behind]:
    """The four parts of the bridge; beside them what shows that a restarted spell is no new one."""
    now = Reported.about(lineage, StockCell.of(row))
    if now.is_counted:
        yield from now.begun_before("began before", row["previous_reference_date"])
    for part in ("opening", "inflow", "outflow", "closing"):
        yield Cell(part, CASELOAD_FLOW, StockCell.of(row).key, part)


EXPLAIN = (
    Explained(("opening", "inflow", "outflow", "outflow_to_work", "closing"), _parts),
    Explained(("previous_reference_date",), _parts, is_aside=True),
    Explained(("unexplained_difference",), _rest),
)

PROJECTION = Projection(
    table=CASELOAD_FLOW,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE),
    project=project,
    explain=EXPLAIN,
    row_shown_by="previous_reference_date",
)
