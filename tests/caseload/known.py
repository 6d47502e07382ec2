"""The tables about the caseload from winning counts and totals, without a log.

Not here: any figure (``pipeline.caseload``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.caseload.flow import flow, intervals
from pipeline.caseload.outflow_reasons import outflow_reasons
from pipeline.caseload.stock import KEY, counted, stock


@dataclass(frozen=True)
class CaseloadTables:
    """The three tables, and what was counted from benefits alone."""

    counted: pl.DataFrame
    stock: pl.DataFrame
    flow: pl.DataFrame
    reasons: pl.DataFrame


def caseload_tables(
    counts: pl.DataFrame, totals: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame], latest: date | None
) -> CaseloadTables:
    """``redelivered``: per origin (counted, reported) the scopes that were delivered more than once."""
    of_benefits = counted(counts)
    return CaseloadTables(
        counted=of_benefits.sort(KEY),
        stock=stock(of_benefits, totals, redelivered, latest),
        flow=flow(of_benefits, counts, totals),
        reasons=outflow_reasons(intervals(of_benefits), counts),
    )
