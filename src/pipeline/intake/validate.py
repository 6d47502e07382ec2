"""Which rows may enter the log: the source's Pandera schema, and the rows and rules where it fails.

Here: row rules of one batch; keys within one delivery. Not here: unreadable cells (``parse``), relations between
deliveries.

Pandera decides. Its failure report holds whole rows and takes minutes on millions of failures, so it is cut short: when
a batch fails, the same expressions find rows and rules, and what stays has to pass ``schema.validate`` again.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pipeline.intake.findings import QUARANTINING, SHAPE, no_findings, quarantined_rows
from pipeline.intake.parse import Parsed
from schemas.catalogue import SOURCES
from schemas.source import DELIVERED_ON, ENVELOPE, Condition, Source

if TYPE_CHECKING:
    import pandera.polars as pa


@dataclass(frozen=True)
class Judged:
    """``good``: rows that may be recorded. ``findings``: every reason, also of rows that stay (warnings)."""

    good: pl.DataFrame
    findings: pl.DataFrame


class RulesDisagree(AssertionError):
    """The row finder let a row pass that the Pandera schema refuses: our mistake, never the sender's."""


@cache
def _deciding_schema(name: str) -> "pa.DataFrameSchema":
    return SOURCES[name].joined_schema(QUARANTINING)


def judge(parsed: Parsed, source: Source, *, delivered_on: date | None = None) -> Judged:
    """Split one parsed batch into rows that may be recorded and findings.

    ``delivered_on``: the day of delivery, beside which dates are judged; where it is not known, they are not.
    """
    frame = parsed.frame.with_columns(pl.lit(delivered_on, ENVELOPE[DELIVERED_ON]).alias(DELIVERED_ON))
    # What was taken as absent has no value for the rules either; about what nobody could read they have no verdict.
    unreadable = parsed.findings.filter(pl.col("rule").is_in(QUARANTINING))
    if unreadable.is_empty() and _passes(frame, source):
        warnings = broken_rules(frame, source, only=_warning_rules(source.name))
        return Judged(frame.with_columns(_unknown_as_absent(warnings, source)), pl.concat([parsed.findings, warnings]))
    broken = broken_rules(frame, source, unreadable)
    findings = pl.concat([parsed.findings, broken])
    good = frame.filter(~pl.col("row").is_in(quarantined_rows(findings).implode()))
    if not _passes(good, source):
        raise RulesDisagree(f"{source.name}: rows passed the row finder and break the Pandera schema")
    return Judged(good.with_columns(_unknown_as_absent(broken, source)), findings)


def _unknown_as_absent(broken: pl.DataFrame, source: Source) -> list[pl.Expr]:
    """Columns without the optional values that stand in no list."""
    codes = [each.code for each in source.conditions if each.takes_as_absent]
    unknown = broken.filter(pl.col("rule").is_in(codes)).partition_by("column", as_dict=True)
    is_known = {str(name): ~pl.col("row").is_in(rows["row"].implode()) for (name,), rows in unknown.items()}
    return [pl.when(known).then(pl.col(name)).alias(name) for name, known in is_known.items()]


def _passes(frame: pl.DataFrame, source: Source) -> bool:
    from pandera.errors import SchemaErrors

    schema = _deciding_schema(source.name)
    try:
        schema.validate(frame.select(list(schema.columns)), lazy=True)
    except SchemaErrors:
        # The report holds cell values: nothing of it may leave this function. Which rows and rules is asked elsewhere.
        return False
    return True


@cache
def _warning_rules(name: str) -> tuple[Condition, ...]:
    return tuple(each for each in SOURCES[name].conditions if each.code not in QUARANTINING)


def broken_rules(
    frame: pl.DataFrame,
    source: Source,
    unreadable: pl.DataFrame | None = None,
    only: tuple[Condition, ...] | None = None,
) -> pl.DataFrame:
    """(row, column, rule) for every condition that does not hold.

    A rule gives no verdict on a row in which one of its columns could not be read: that has its own finding.
    """
    conditions = source.conditions if only is None else only
    if frame.is_empty() or not conditions:
        return no_findings()
    held = frame.select(
        each.holds.fill_null(value=True).all().alias(str(number)) for number, each in enumerate(conditions)
    ).row(0)
    broken = [each for each, holds in zip(conditions, held, strict=True) if not holds]
    found = [_rows_breaking(frame, each, unreadable) for each in broken]
    return pl.concat([no_findings(), *found])


def _rows_breaking(frame: pl.DataFrame, condition: Condition, unreadable: pl.DataFrame | None) -> pl.DataFrame:
    rows = frame.filter(~condition.holds.fill_null(value=True)).select(
        "row", pl.lit(condition.column).alias("column"), pl.lit(condition.code).alias("rule")
    )
    if unreadable is None or unreadable.is_empty():
        return rows
    known = unreadable.filter(pl.col("column").is_in(condition.holds.meta.root_names()))
    return rows.join(known.select("row").unique(), on="row", how="anti", maintain_order="left")


def key_conflicts(candidates: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """What to do with rows that share a key:

    (row, column, rule).

    ``candidates`` holds "row", the key columns and all values that count. Identical copies: every row but the first
    gets DELIVERY-001. Rows that differ: every one of them gets DELIVERY-002.
    """
    values = [column for column in candidates.columns if column != "row"]
    grouped = candidates.with_columns(
        copies=pl.len().over(values),
        rows=pl.len().over(list(key)),
        first=pl.col("row").min().over(values),
    )
    conflicting = grouped.filter(pl.col("copies") != pl.col("rows")).select("row", rule=pl.lit("DELIVERY-002"))
    copies = grouped.filter((pl.col("copies") == pl.col("rows")) & (pl.col("row") != pl.col("first"))).select(
        "row", rule=pl.lit("DELIVERY-001")
    )
    found = pl.concat([conflicting, copies]).sort("row")
    return found.select("row", pl.lit("").alias("column"), "rule").cast(SHAPE)
