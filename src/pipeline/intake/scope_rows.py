"""What one batch holds of each scope: rows that may be recorded, and rows in quarantine.

Here: counting them by the columns that the gates of a source ask for. Not here: what is too much or too little
(``pipeline.versions.gates``).
"""

import polars as pl

from pipeline.intake.findings import QUARANTINING, no_findings
from schemas.scope import SCOPE_ROWS, is_known, named
from schemas.source import Source

_COUNTS = ["rows_good", "rows_quarantined"]
_NAMES = [name for name in SCOPE_ROWS if name not in _COUNTS]


def scope_rows(parsed: pl.DataFrame, good: pl.DataFrame, findings: pl.DataFrame, source: Source) -> pl.DataFrame:
    """``SCOPE_ROWS`` of one batch: ``parsed`` are all its rows, ``good`` those that may be recorded.

    A quarantined row whose place or date is itself what is wrong belongs to no scope; it has a line without names.
    """
    if not is_known(source, parsed.columns):
        return pl.DataFrame(schema=SCOPE_ROWS)
    columns = source.counted_by
    wrong = findings.filter(pl.col("column").is_in(list(columns)) & pl.col("rule").is_in(QUARANTINING))
    counted = good.group_by(each.alias(name) for name, each in named(source).items()).agg(
        rows_good=pl.len().cast(pl.Int64)
    )
    counted = counted.with_columns(rows_quarantined=pl.lit(0, pl.Int64()))
    if good.height == parsed.height:
        return summed([counted])
    bad = parsed.join(good.select("row"), on="row", how="anti").select("row", **named(source))
    astray = pl.col("row").is_in(wrong["row"].implode()) | pl.any_horizontal(
        pl.lit(value=False), *(pl.col(name).is_null() for name in _filled(source))
    )
    lost = bad.with_columns(pl.when(~astray).then(pl.col(name)).alias(name) for name in _NAMES)
    return summed(
        [
            counted,
            lost.drop("row").with_columns(rows_good=pl.lit(0, pl.Int64()), rows_quarantined=pl.lit(1, pl.Int64())),
        ]
    )


def _filled(source: Source) -> list[str]:
    """Names of a scope that a row of this source has, where it can be read."""
    return [name for name, part in named(source).items() if part.meta.root_names()]


def unsaid(rows: int) -> pl.DataFrame:
    """So many quarantined rows that say nothing of their scope."""
    counted = [(None, None, None, 0, rows)] if rows else []
    return pl.DataFrame(counted, schema=SCOPE_ROWS, orient="row")


def left(suspects: pl.DataFrame, conflicts: pl.DataFrame, source: Source) -> pl.DataFrame:
    """What rows that were good take off their scopes by sharing a key: copies leave, others go to quarantine."""
    if not is_known(source, suspects.columns):
        return pl.DataFrame(schema=SCOPE_ROWS)
    leaving = suspects.join(conflicts.select("row", "rule"), on="row")
    goes_to_quarantine = pl.col("rule").is_in(QUARANTINING).cast(pl.Int64)
    counts = {"rows_good": pl.lit(-1, pl.Int64()), "rows_quarantined": goes_to_quarantine}
    return summed([leaving.select(**named(source), **counts)])


def summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """All parts together, each scope once, in order."""
    rows = pl.concat([pl.DataFrame(schema=SCOPE_ROWS), *(part.select(SCOPE_ROWS.names()) for part in parts)])
    return rows.group_by(_NAMES).agg(pl.col(_COUNTS).sum()).select(SCOPE_ROWS.names()).sort(SCOPE_ROWS.names())


def causes(findings: pl.DataFrame) -> pl.DataFrame:
    """Why rows are in quarantine: rule, column, rows, first (their numbers, the lowest first)."""
    reasons = pl.concat([no_findings(), findings]).filter(pl.col("rule").is_in(QUARANTINING) & (pl.col("row") > 0))
    return gathered([reasons.select("rule", "column", rows=pl.lit(1, pl.Int64()), first=pl.concat_list("row"))])


CAUSES = pl.Schema({"rule": pl.String(), "column": pl.String(), "rows": pl.Int64(), "first": pl.List(pl.Int64())})
_FIRST = 5


def gathered(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Causes of several batches in one, the most frequent first."""
    every = pl.concat([pl.DataFrame(schema=CAUSES), *parts])
    first = pl.col("first").explode().sort().head(_FIRST)
    return (
        every.group_by("rule", "column")
        .agg(pl.col("rows").sum(), first)
        .sort("rows", "rule", "column", descending=[True, False, False])
        .cast(CAUSES)
    )
