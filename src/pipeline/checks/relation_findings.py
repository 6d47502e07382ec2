"""Findings across deliveries and sources: the table ``relation_findings``.

Here: which rows of the other tables are worth a word, one function per rule. Not here: the comparisons themselves
(``compare``), titles and severities of the rules (``schemas.rules.relation``).
"""

from collections.abc import Mapping

import polars as pl

from pipeline.checks.cbs_percentages import cbs_percentage_checks
from schemas.rules.relation import RELATION_RULES
from schemas.tables.checks import RELATION_FINDINGS

_SEVERITIES: Mapping[str, str] = {rule.code: rule.severity.value for rule in RELATION_RULES}


def relation_findings(
    reconciliation: pl.DataFrame,
    flow: pl.DataFrame,
    stock: pl.DataFrame,
    claims_check: pl.DataFrame,
    municipal: pl.DataFrame,
) -> pl.DataFrame:
    """All findings of rules RELATION-001 to 007, one row per rule and subject."""
    parts = {
        "RELATION-001": _differing(reconciliation, "RELATION-001", "reported", "counted"),
        "RELATION-002": _unexplained(flow),
        "RELATION-003": _differing(reconciliation, "RELATION-003", "published by CBS", "own persons"),
        "RELATION-004": _unfounded_percentages(municipal),
        "RELATION-005": _claims_apart(claims_check),
        "RELATION-006": _gaps(stock),
        "RELATION-007": _differing(reconciliation, "RELATION-007", "reported by the provider", "from its events"),
    }
    found = [part.with_columns(rule=pl.lit(rule), severity=pl.lit(_SEVERITIES[rule])) for rule, part in parts.items()]
    return pl.concat([part.select(RELATION_FINDINGS.columns) for part in found]).sort(RELATION_FINDINGS.key)


def _differing(reconciliation: pl.DataFrame, rule: str, reported: str, derived: str) -> pl.DataFrame:
    expected, found = (pl.col(name).cast(pl.Int64).cast(pl.String) for name in ("value_derived", "value_reported"))
    text = pl.format(
        f"{{}} of {{}}, {{}}: {{}} {reported}, {{}} {derived}", "indicator", "subject", "period", found, expected
    )
    return reconciliation.filter(pl.col("rule") == rule, pl.col("verdict") == "differs").select(
        subject=pl.format("{}/{}/{}", "subject", "period", "indicator"), what=text, expected=expected, found=found
    )


def _unexplained(flow: pl.DataFrame) -> pl.DataFrame:
    expected = pl.col("opening") + pl.col("inflow") - pl.col("outflow")
    rest, begin, end = (
        pl.col(name).cast(pl.String) for name in ("unexplained_difference", "previous_reference_date", "reference_date")
    )
    text = "{} + {} inflow - {} outflow from {} to {} gives {}, the stock is {}: {} unexplained"
    return flow.filter(pl.col("unexplained_difference") != 0).select(
        subject=pl.format("{}/{}/{}", "municipality_code", "series", end),
        what=pl.format(text, "opening", "inflow", "outflow", begin, end, expected, "closing", rest),
        expected=expected.cast(pl.String),
        found=pl.col("closing").cast(pl.String),
    )


def _unfounded_percentages(municipal: pl.DataFrame) -> pl.DataFrame:
    """Only with the table of the year before: an estimated begin of the year cannot refute a percentage."""
    failing = cbs_percentage_checks(municipal).filter(pl.col("basis") == "year_before", ~pl.col("holds"))
    expected, found = pl.col("computed").round(2).cast(pl.String), pl.col("published").cast(pl.String)
    text = "{} of {} (age class {}) in {} is published as {}, the counts give {}"
    return failing.select(
        subject=pl.format("{}/cbs/{}/{}/{}", "region_code", "age_class", "year", "indicator"),
        what=pl.format(text, "indicator", "region_code", "age_class", "year", found, expected),
        expected=expected,
        found=found,
    )


def _claims_apart(claims_check: pl.DataFrame) -> pl.DataFrame:
    """Exact stocks published about one region and date; an "about" or "more than" may differ without a conflict."""
    subject = pl.format("{}/{}", "region_code", "subject_period")
    value = pl.col("value_published")
    printed = (
        pl.when(value == value.round()).then(value.cast(pl.Int64).cast(pl.String)).otherwise(value.cast(pl.String))
    )
    claimed = pl.format("{} in {}", printed, "claim_id").sort_by("claim_id").str.join(", ")
    apart = (
        claims_check.filter(pl.col("indicator") == "caseload_stock", pl.col("operator") == "=")
        .drop_nulls(["region_code", "subject_period"])
        .group_by(subject=subject)
        .agg(found=claimed, figures=value.n_unique())
        .filter(pl.col("figures") > 1)
    )
    return apart.select(
        "subject",
        what=pl.format("{} published figures about the caseload of {}: {}", "figures", "subject", "found"),
        expected=pl.lit(None, pl.String),
        found="found",
    )


def _gaps(stock: pl.DataFrame) -> pl.DataFrame:
    """One finding per run of missing months, named by the first of them; all series of a month are counted together."""
    date, before = pl.col("reference_date"), pl.col("previous")
    missing = (date.dt.year() - before.dt.year()) * 12 + date.dt.month() - before.dt.month() - 1
    first, last = before.dt.offset_by("1mo"), date.dt.offset_by("-1mo")
    is_one = pl.col("missing") == 1
    dates = (
        pl.when(is_one).then(pl.lit("1 reference date is")).otherwise(pl.format("{} reference dates are", "missing"))
    )
    return (
        stock.filter(pl.col("source") == "counted", date.dt.day() == 1)
        .select("municipality_code", "reference_date")
        .unique()
        .sort("municipality_code", "reference_date")
        .with_columns(previous=date.shift(1).over("municipality_code"))
        .with_columns(missing=missing)
        .filter(pl.col("missing") > 0)
        .select(
            subject=pl.format("{}/{}", "municipality_code", first.cast(pl.String)),
            what=pl.format("{} missing between {} and {}", dates, before.cast(pl.String), date.cast(pl.String)),
            expected=pl.when(is_one)
            .then(first.cast(pl.String))
            .otherwise(pl.format("{} to {}, monthly", first.cast(pl.String), last.cast(pl.String))),
            found=pl.lit("nothing counted"),
        )
    )
