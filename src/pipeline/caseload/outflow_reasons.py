"""The curated table ``outflow_reasons``: why benefits ended, over the intervals of the bridge. Not here: the bridge."""

from collections.abc import Iterable

import polars as pl

from pipeline.caseload.counted_rows import Cell, ended_rows
from pipeline.caseload.flow import ended_inside, intervals
from pipeline.caseload.stock import KEY, counted_stock
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.sources import caseload
from schemas.tables.caseload import CASELOAD_FLOW, OUTFLOW_REASONS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return outflow_reasons(intervals(known.once(counted_stock)), known.rows(caseload.SOURCE))


def outflow_reasons(intervals: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Ends between two counted stocks, by reason."""
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


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The dossiers with which spells ended for this reason, over the interval of the bridge."""
    cell = Cell.of(row)
    bridge = lineage.row(CASELOAD_FLOW, [cell.municipality_code, cell.reference_date, cell.series]) or {}
    benefits = lineage.rows(
        caseload.SOURCE, municipality_code=cell.municipality_code, reference_date=cell.reference_date
    )
    rows = ended_rows(benefits, cell, bridge["previous_reference_date"], row["end_reason"])
    part = f"outflow for reason {row['end_reason']}"
    return [lineage.trace(part, caseload.SOURCE.name, benefits["delivery"][0], rows)]


PROJECTION = Projection(
    table=OUTFLOW_REASONS, inputs=(caseload.SOURCE,), project=project, explain=every_column(OUTFLOW_REASONS, explain)
)
