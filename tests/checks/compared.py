"""The tables ``reconciliation`` and ``relation_findings`` from the frames they rest on, without a log.

Not here: any comparison or check (``pipeline.checks``).
"""

import polars as pl

from pipeline.checks.benchmark import benchmark, cbs_beside_own
from pipeline.checks.bridges import missing_dates, unexplained
from pipeline.checks.cbs_percentages import cbs_beside_itself, cbs_percentage_checks, unfounded_percentages
from pipeline.checks.claims.conflicts import claims_apart
from pipeline.checks.comparison import differing
from pipeline.checks.own_municipalities import own_codes
from pipeline.checks.totals import totals_beside_counts
from pipeline.versions.finding_rows import one_each
from schemas.tables.checks import RECONCILIATION


def reconciliation(
    stock_counted: pl.DataFrame,
    totals: pl.DataFrame,
    flow: pl.DataFrame,
    stock: pl.DataFrame,
    municipal: pl.DataFrame,
) -> pl.DataFrame:
    """All but what providers report. ``stock_counted`` is counted from benefits alone."""
    parts = (
        totals_beside_counts(stock_counted, totals, flow),
        cbs_beside_own(benchmark(stock, flow, municipal)),
        cbs_beside_itself(cbs_percentage_checks(municipal), own_codes(stock)),
    )
    return RECONCILIATION.shaped(pl.concat(parts))


def relation_findings(
    reconciliation: pl.DataFrame,
    flow: pl.DataFrame,
    stock: pl.DataFrame,
    claims_check: pl.DataFrame,
    municipal: pl.DataFrame,
) -> pl.DataFrame:
    """Findings of rules RELATION-001 to 007, one row per rule and subject."""
    parts = [
        differing(reconciliation, "RELATION-001", "reported", "counted"),
        unexplained(flow),
        differing(reconciliation, "RELATION-003", "published by CBS", "own persons"),
        unfounded_percentages(cbs_percentage_checks(municipal)),
        claims_apart(claims_check),
        missing_dates(stock),
        differing(reconciliation, "RELATION-007", "reported by the provider", "from its events"),
    ]
    return one_each(parts)
