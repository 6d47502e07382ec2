"""Why rows are in quarantine: all reasons of each row, from the findings.

Not here: finding them (``pipeline.intake``), writing them (``store.quarantine``), titles of the rules (``schemas``).
"""

import polars as pl

from schemas.vocabulary import Severity


def quarantine_reasons(findings: pl.DataFrame) -> pl.DataFrame:
    """Quarantined rows with all their reasons: delivery, source, row, reasons (rule and column, in order)."""
    return (
        findings.filter((pl.col("severity") == Severity.QUARANTINE) & (pl.col("row") > 0))
        .with_columns(reason=pl.concat_str("rule", pl.lit(" "), "column").str.strip_chars())
        .group_by("source", "delivery", "row")
        .agg(reasons=pl.col("reason").unique().sort())
        .sort("source", "delivery", "row")
    )
