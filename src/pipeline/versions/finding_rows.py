"""Rows of ``relation_findings``, as every check across deliveries gives them. Not here: any check."""

import polars as pl

from schemas.catalogue import RULES
from schemas.tables.checks import RELATION_FINDINGS


def findings(frame: pl.DataFrame, rule: str, *, subject: pl.Expr, what: pl.Expr, **beside: pl.Expr) -> pl.DataFrame:
    """One finding of a rule per row; ``beside``: expected, found. The severity is that of the catalogue."""
    nothing = pl.lit(None, pl.String())
    return frame.select(
        rule=pl.lit(rule),
        subject=subject,
        severity=pl.lit(RULES[rule].severity.value),
        what=what,
        expected=beside.get("expected", nothing),
        found=beside.get("found", nothing),
    )


def one_each(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """All of them, each rule and subject once, sorted."""
    return (
        pl.concat([RELATION_FINDINGS.empty(), *parts])
        .select(RELATION_FINDINGS.columns)
        .unique(RELATION_FINDINGS.key, keep="first", maintain_order=True)
        .sort(RELATION_FINDINGS.key)
    )
