"""Totals as a reporter sent them beside what is counted from benefits: rule RELATION-001.

Not here: the stock itself (``caseload.stock``), which of the two readers see (counted benefits, where there are any).
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.caseload.stock import COUNTED, stock_lines
from pipeline.checks.comparison import absent, compared, compared_cell, differences, distance
from pipeline.versions.explanation import Behind, Cell, Lineage, Row
from pipeline.versions.projection import Comparison, Known, RelationCheck
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import RECONCILIATION

_RULE = "RELATION-001"
_SCOPE = ("municipality_code", "reference_date", "series")
_INTERVAL = (*_SCOPE, "previous_reference_date")
_FLOWS = ("inflow", "outflow", "outflow_to_work")


def _compare(known: Known) -> pl.DataFrame:
    totals = known.rows(caseload_totals.SOURCE)
    counted = known.once(stock_lines).filter(source=COUNTED)
    return totals_beside_counts(counted, totals, known.table(CASELOAD_FLOW))


def totals_beside_counts(counted: pl.DataFrame, totals: pl.DataFrame, flow: pl.DataFrame) -> pl.DataFrame:
    """A figure that was not reported gives no row; flows are compared over the same interval only."""
    beside = totals.join(
        counted.select(*_SCOPE, benefits_counted="benefits"),
        on=_SCOPE,
        how="left",
        validate="1:1",
        maintain_order="left",
    ).join(_counted_flows(counted, flow), on=_INTERVAL, how="left", validate="1:1", maintain_order="left")
    rows = pl.concat(
        [
            beside.select(
                subject=pl.format("{}/{}", "municipality_code", "series"),
                period=pl.col("reference_date").cast(pl.String),
                indicator=pl.lit(name),
                value_reported=name,
                value_derived=f"{name}_counted",
                unit=pl.lit("benefits"),
            )
            for name in ("benefits", *_FLOWS)
        ]
    ).filter(pl.col("value_reported").is_not_null())
    verdict = (
        pl.when(absent()).then(pl.lit("not_checkable"))
        .when(distance() == 0).then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )  # fmt: skip
    return compared(rows, verdict, _RULE)


def _counted_flows(counted: pl.DataFrame, flow: pl.DataFrame) -> pl.DataFrame:
    """Flows between two counted stocks: a flow that rests on a reported total would be compared with itself."""
    ends = counted.select(_SCOPE)
    begins = ends.rename({"reference_date": "previous_reference_date"})
    return (
        flow.join(ends, on=_SCOPE, how="semi")
        .join(begins, on=("municipality_code", "previous_reference_date", "series"), how="semi")
        .select(*_INTERVAL, pl.col(_FLOWS).name.suffix("_counted"))
    )


def _find(known: Known) -> pl.DataFrame:
    return differences(known, _RULE, "reported", "counted")


def _explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The reported total; what was counted about the same date, or over the same interval."""
    municipality, _, series = row["subject"].partition("/")
    key = (municipality, date.fromisoformat(row["period"]), series)
    reported = lineage.rows(caseload_totals.SOURCE, **dict(zip(_SCOPE, key, strict=True)))
    yield from lineage.traces("reported total", caseload_totals.SOURCE, reported)
    if column not in _REPORTED and row["value_derived"] is not None:
        is_stock = row["indicator"] == "benefits"
        yield Cell("counted", CASELOAD_STOCK if is_stock else CASELOAD_FLOW, key, row["indicator"])
        if not is_stock:  # else the interval might begin at a reported total, and be compared with itself
            previous = reported["previous_reference_date"].item()
            yield Cell("counted before", CASELOAD_STOCK, (municipality, previous, series), "benefits")


_REPORTED = ("value_reported", "unit", "base", "rule")


def _explain_finding(_lineage: Lineage, subject: str) -> Iterable[Cell]:
    yield compared_cell(subject)


COMPARISON = Comparison(
    rule=_RULE,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE, CASELOAD_FLOW),
    compare=_compare,
    explain=_explain,
)

CHECK = RelationCheck(rules=(_RULE,), inputs=(RECONCILIATION,), find=_find, explain=_explain_finding)
