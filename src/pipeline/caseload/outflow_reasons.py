"""The curated table ``outflow_reasons``: why benefits ended, over the intervals of the bridge. Not here: the bridge."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from pipeline.caseload.counted_rows import Reported, StockCell
from pipeline.caseload.flow import ended_inside, intervals
from pipeline.caseload.stock import KEY, stock_lines
from pipeline.versions.explanation import Behind, Explained, Lineage, Row, Stated, Trace
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.sources import caseload, caseload_totals
from schemas.tables.caseload import CASELOAD_FLOW, OUTFLOW_REASONS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return outflow_reasons(intervals(known.once(stock_lines)), known.rows(caseload.SOURCE))


def outflow_reasons(intervals: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Ends between two stocks, by reason."""
    ended = counts.join(intervals, on=KEY, how="inner").filter(ended_inside() & pl.col("end_reason").is_not_null())
    by_reason = ended.group_by(*KEY, "end_reason").agg(benefits=pl.col("count").sum())
    return OUTFLOW_REASONS.shaped(by_reason.join(_labels(), on="end_reason", how="left"))


def _labels() -> pl.DataFrame:
    codes = reference.codes("end_reason").sort("code", "valid_from", nulls_last=False)
    return (
        codes.group_by("code", maintain_order=True)
        .agg(end_reason_label=pl.col("label_nl").last())
        .rename({"code": "end_reason"})
    )


def _ended(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    """The dossiers with which spells ended for this reason, over the interval of the bridge."""
    bridge = lineage.row(CASELOAD_FLOW, StockCell.of(row).key)
    if bridge is None:
        return []
    now, previous = Reported.about(lineage, StockCell.of(row)), bridge["previous_reference_date"]
    ended = now.ended("outflow for this reason", previous, pl.col("end_reason") == row["end_reason"])
    return [*ended, *Reported.about(lineage, StockCell.of(row, previous)).delivered("from")]


def _shown(lineage: Lineage, row: Row, column: str) -> Iterable[Trace]:
    """One of them, by which there is such a row."""
    first, *others = _ended(lineage, row, column)
    return [replace(first, rows=first.rows[:1]), *others]


def _label(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    yield from _shown(lineage, row, column)
    yield Stated("label", f"code list of end reasons: {row['end_reason']}")


PROJECTION = Projection(
    table=OUTFLOW_REASONS,
    inputs=(caseload.SOURCE, caseload_totals.SOURCE),
    project=project,
    explain=(
        Explained(("benefits",), _ended),
        Explained(("end_reason_label",), _label, is_aside=True),
        Explained(OUTFLOW_REASONS.key, _shown),
    ),
)
