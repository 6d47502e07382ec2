"""Findings as a frame: row, column, rule.

Here: their shape and small operations on them. Not here: how they come about.
"""

from collections.abc import Sequence

import polars as pl

from schemas.catalogue import RULES, SOURCES
from schemas.vocabulary import Severity

SHAPE = pl.Schema({"row": pl.Int64(), "column": pl.String(), "rule": pl.String()})

QUARANTINING = tuple(code for code, rule in RULES.items() if rule.severity is Severity.QUARANTINE)


def no_findings() -> pl.DataFrame:
    return pl.DataFrame(schema=SHAPE)


def file_finding(rule: str, column: str = "") -> pl.DataFrame:
    """A finding about the file as a whole: row 0."""
    return pl.DataFrame({"row": [0], "column": [column], "rule": [rule]}, schema=SHAPE)


def row_findings(rule: str, rows: Sequence[int]) -> pl.DataFrame:
    """A finding about each of these rows as a whole."""
    return pl.DataFrame({"row": rows}, schema={"row": pl.Int64()}).select("row", column=pl.lit(""), rule=pl.lit(rule))


def quarantined_rows(findings: pl.DataFrame) -> pl.Series:
    """Rows with at least one reason that keeps them out of the log, each once, in order."""
    rows = findings.filter(pl.col("rule").is_in(QUARANTINING) & (pl.col("row") > 0))
    return rows["row"].unique().sort()


def described(findings: pl.DataFrame, source: str, delivery: str, processing: int) -> pl.DataFrame:
    """Findings as the log keeps them: with the delivery, the severity, and columns as the contract names them."""
    columns = SOURCES[source].columns if source in SOURCES else ()
    headers = {column.name: column.header for column in columns}
    severities = {code: rule.severity.value for code, rule in RULES.items()}
    return (
        findings.lazy()
        .select(
            delivery=pl.lit(delivery),
            processing=pl.lit(processing, pl.Int16()),
            source=pl.lit(source),
            row=pl.col("row"),
            column=pl.col("column").replace(headers),
            rule=pl.col("rule"),
            severity=pl.col("rule").replace_strict(severities, return_dtype=pl.String),
        )
        .collect()
    )
