"""Findings of single files: which rule, in which column, how often, in which rows. Never a value.

Here: from the log's findings to rows of a report. Not here: how a finding was made, the text around them.
"""

from collections.abc import Mapping

import polars as pl

from pipeline.steward.report_rows import Rows, rank
from pipeline.steward.text import Value
from pipeline.steward.wording import is_english, words
from pipeline.store.log.log import Log
from pipeline.versions import delivery_status
from schemas.catalogue import RULES
from schemas.spelling import shown
from schemas.vocabulary import Severity

MOST_RANGES = 12
"""Ranges of rows that are listed; how many more there are is told."""

_FINDING = ["source", "delivery", "rule", "column"]
_SEVERITIES = (Severity.BLOCK, Severity.REJECT, Severity.HOLD, Severity.QUARANTINE, Severity.WARN)


def of_deliveries(log: Log, names: Mapping[tuple[str, str], str]) -> Rows:
    """Findings of the last reading of these deliveries (source, hash), under the names given; the gravest first."""
    if not names:
        return []
    wanted = pl.DataFrame([(*key, name) for key, name in names.items()], schema=_NAMES, orient="row")
    last = delivery_status.statuses(log.events()).select("source", "delivery", "processing")
    readings = wanted.join(last, on=["source", "delivery"], how="inner")
    found = log.findings.rows(wanted["delivery"].to_list()).with_columns(pl.col("processing").cast(pl.Int64))
    reading = ["source", "delivery", "processing"]
    of_readings = found.join(readings.lazy().with_columns(pl.col("processing").cast(pl.Int64)), on=reading, how="inner")
    return counted(of_readings.collect())


_NAMES = {"source": pl.String, "delivery": pl.String, "file_name": pl.String}


def counted(found: pl.DataFrame) -> Rows:
    """One row per file, rule and column: how many findings, and the rows in ranges."""
    if found.is_empty():
        return []
    by = ["file_name", *_FINDING]
    severity = {code: rule.severity.value for code, rule in RULES.items()}
    counts = found.group_by(by).agg(count=pl.len().cast(pl.Int64))
    table = (
        counts.join(_ranges(found, by), on=by, how="left", nulls_equal=True)
        .with_columns(severity=pl.col("rule").replace_strict(severity, default=""))
        .with_columns(rank=rank("severity", _SEVERITIES))
        .sort("rank", "file_name", "rule", "column", nulls_last=False)
    )
    return [_row(row) for row in table.iter_rows(named=True)]


def _ranges(found: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """The rows of each group as text, such as ``2-5, 9``. Row 0 is the file as a whole and no row."""
    of_rows = found.filter(pl.col("row") > 0).select(*by, "row").unique().sort(*by, "row", nulls_last=False)
    begins = ((pl.col("row") - pl.col("row").shift(1)) != 1).fill_null(value=True).over(by)
    spans = (
        of_rows.with_columns(span=begins.cast(pl.Int64).cum_sum().over(by))
        .group_by(*by, "span", maintain_order=True)
        .agg(first=pl.col("row").min(), last=pl.col("row").max())
    )
    first, last = pl.col("first").cast(pl.String), pl.col("last").cast(pl.String)
    text = pl.when(pl.col("first") == pl.col("last")).then(first).otherwise(first + "-" + last)
    return (
        spans.with_columns(text=text)
        .group_by(by, maintain_order=True)
        .agg(rows=pl.col("text").head(MOST_RANGES).str.join(", "), ranges=pl.len().cast(pl.Int64))
    )


def _row(row: Mapping[str, object]) -> dict[str, Value]:
    rule = RULES.get(str(row["rule"]))
    ranges = int(str(row["ranges"] or 0))
    rows = str(row["rows"] or "")
    if ranges > MOST_RANGES:
        rows += words(f" en nog {ranges - MOST_RANGES} reeksen", f" and {ranges - MOST_RANGES} more ranges")
    title = rule.titled(in_dutch=not is_english()) if rule else ""
    return {
        "file_name": shown(str(row["file_name"])),
        "rule": str(row["rule"]),
        "severity": str(row["severity"]),
        "column": str(row["column"] or ""),
        "count": int(str(row["count"])),
        "rows": rows,
        "title": title,
        "delivery": str(row["delivery"]),
    }
