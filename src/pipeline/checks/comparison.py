"""What comparisons of something reported twice share: values side by side, the difference, and the finding it may be.

Not here: what is compared (one module each), the tables (``reconciliation``, ``relation_findings``).
"""

import re

import polars as pl

from pipeline.versions.explanation import Cell
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known
from schemas.tables.checks import RECONCILIATION

_KEY_PARTS = re.compile(r"(?P<subject>.+?)/(?P<period>\d{4}(-\d\d-\d\d(/\d{4}-\d\d-\d\d)?)?)/(?P<indicator>\w+)")
"""How the subject of a finding names the row of ``reconciliation`` that it is about."""


def compared_cell(finding: str) -> Cell:
    """The row of ``reconciliation`` that a finding of ``differing`` is about."""
    named = _KEY_PARTS.fullmatch(finding)
    key = named.group("subject", "period", "indicator") if named else (finding, "", "")
    return Cell("difference", RECONCILIATION, key, "difference")


def compared(frame: pl.DataFrame, verdict: pl.Expr, rule: str) -> pl.DataFrame:
    """Values as ``reconciliation`` has them, with their difference, judged. ``base``: of percentages, what of."""
    values = ("value_reported", "value_derived")
    own_base = pl.col("base") if "base" in frame.columns else pl.lit(None, pl.String())
    return (
        frame.with_columns(pl.col(values).cast(pl.Float64), base=own_base)
        .with_columns(difference=pl.col("value_reported") - pl.col("value_derived"))
        .with_columns(verdict=verdict, rule=pl.lit(rule))
        .select(RECONCILIATION.columns)
    )


def absent() -> pl.Expr:
    """One of the two values is not there."""
    return pl.col("value_reported").is_null() | pl.col("value_derived").is_null()


def distance() -> pl.Expr:
    """How far apart the values are."""
    return pl.col("difference").abs()


def differences(known: Known, rule: str, reported: str, derived: str) -> pl.DataFrame:
    """Findings of a rule: the rows of ``reconciliation`` in which its two values differ, named in these words."""
    return differing(known.table(RECONCILIATION), rule, reported, derived)


def differing(reconciliation: pl.DataFrame, rule: str, reported: str, derived: str) -> pl.DataFrame:
    """The same from the table itself."""
    expected, found = (pl.col(name).cast(pl.Int64).cast(pl.String) for name in ("value_derived", "value_reported"))
    text = pl.format(
        f"{{}} of {{}}, {{}}: {{}} {reported}, {{}} {derived}", "indicator", "subject", "period", found, expected
    )
    return findings(
        reconciliation.filter(pl.col("rule") == rule, pl.col("verdict") == "differs"),
        rule,
        subject=pl.format("{}/{}/{}", "subject", "period", "indicator"),
        what=text,
        expected=expected,
        found=found,
    )
