"""Reported against derived: the table ``reconciliation``, and the public words of all comparisons.

Here: totals beside counts, CBS beside own persons, CBS percentages beside CBS counts, each with its verdict. Not
here: what may be compared (``compare_benchmark``), denominators (``compare_cbs``), findings (``compare_findings``),
press texts (``claims``).
"""

import polars as pl

from pipeline.checks.benchmark import benchmark, own_codes
from pipeline.checks.cbs_percentages import cbs_percentage_checks
from pipeline.checks.relation_findings import relation_findings
from schemas.tables.checks import RECONCILIATION

__all__ = ["benchmark", "cbs_percentage_checks", "reconciliation", "relation_findings"]

_SCOPE = ("municipality_code", "reference_date", "series")
_INTERVAL = (*_SCOPE, "previous_reference_date")
_FLOWS = ("inflow", "outflow", "outflow_to_work")
_COUNTRY = "NL01"
_HALF_STEP = 5
"""CBS rounds counts to 10."""
_FAR = 0.05
"""Own persons and CBS may differ by this share before RELATION-003 speaks."""


def reconciliation(
    stock_counted: pl.DataFrame,
    totals: pl.DataFrame,
    flow: pl.DataFrame,
    stock: pl.DataFrame,
    municipal: pl.DataFrame,
) -> pl.DataFrame:
    """All that was said twice, with the verdict of its rule. ``stock_counted`` is counted from benefits alone."""
    parts = (
        _totals_beside_counts(stock_counted, totals, flow),
        _cbs_beside_own(benchmark(stock, flow, municipal)),
        _cbs_beside_itself(municipal, own_codes(stock)),
    )
    return pl.concat(parts).sort(RECONCILIATION.key)


def _compared(frame: pl.DataFrame, verdict: pl.Expr, rule: str) -> pl.DataFrame:
    """Values as the table has them, with their difference, judged."""
    values = ("value_reported", "value_derived")
    return (
        frame.with_columns(pl.col(values).cast(pl.Float64))
        .with_columns(difference=pl.col("value_reported") - pl.col("value_derived"))
        .with_columns(verdict=verdict, rule=pl.lit(rule))
        .select(RECONCILIATION.columns)
    )


def _absent() -> pl.Expr:
    return pl.col("value_reported").is_null() | pl.col("value_derived").is_null()


def _distance() -> pl.Expr:
    return pl.col("difference").abs()


def _totals_beside_counts(counted: pl.DataFrame, totals: pl.DataFrame, flow: pl.DataFrame) -> pl.DataFrame:
    """A figure that was not reported gives no row; flows are compared over the same interval only."""
    beside = totals.join(
        counted.select(*_SCOPE, benefits_counted="benefits"),
        on=_SCOPE,
        how="left",
        validate="1:1",
        maintain_order="left",
    ).join(_counted_flows(counted, flow), on=_INTERVAL, how="left", validate="1:1", maintain_order="left")
    rows = pl.concat(
        [
            beside.select(
                subject=pl.format("{}/{}", "municipality_code", "series"),
                period=pl.col("reference_date").cast(pl.String),
                indicator=pl.lit(name),
                value_reported=name,
                value_derived=f"{name}_counted",
            )
            for name in ("benefits", *_FLOWS)
        ]
    ).filter(pl.col("value_reported").is_not_null())
    verdict = (
        pl.when(_absent()).then(pl.lit("not_checkable"))
        .when(_distance() == 0).then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )  # fmt: skip
    return _compared(rows, verdict, "RELATION-001")


def _counted_flows(counted: pl.DataFrame, flow: pl.DataFrame) -> pl.DataFrame:
    """Flows between two counted stocks: a flow that rests on a reported total would be compared with itself."""
    ends = counted.select(_SCOPE)
    begins = ends.rename({"reference_date": "previous_reference_date"})
    return (
        flow.join(ends, on=_SCOPE, how="semi")
        .join(begins, on=("municipality_code", "previous_reference_date", "series"), how="semi")
        .select(*_INTERVAL, pl.col(_FLOWS).name.suffix("_counted"))
    )


def _cbs_beside_own(own_beside_cbs: pl.DataFrame) -> pl.DataFrame:
    rows = own_beside_cbs.filter(pl.col("indicator") == "recipients").select(
        subject=pl.format("{}/cbs", "region_code"),
        period=pl.col("year").cast(pl.String),
        indicator="indicator",
        value_reported="value_cbs",
        value_derived="value_own",
        comparable="comparable",
    )
    verdict = (
        pl.when(~pl.col("comparable") | _absent()).then(pl.lit("not_checkable"))
        .when(_distance() <= _HALF_STEP).then(pl.lit("within_rounding"))
        .when(_distance() <= _FAR * pl.col("value_reported")).then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )  # fmt: skip
    return _compared(rows, verdict, "RELATION-003")


def _cbs_beside_itself(municipal: pl.DataFrame, own: list[str]) -> pl.DataFrame:
    """Own municipalities and the country only; failures of all regions are findings."""
    checks = cbs_percentage_checks(municipal).filter(pl.col("region_code").is_in([*own, _COUNTRY]))
    rows = checks.select(
        "indicator",
        "holds",
        "basis",
        subject=pl.format("{}/cbs/{}", "region_code", "age_class"),
        period=pl.col("year").cast(pl.String),
        value_reported="published",
        value_derived="computed",
    )
    # Without the table of the year before the begin of the year is an estimate: it may agree, it cannot refute.
    verdict = (
        pl.when(pl.col("holds")).then(pl.lit("within_rounding"))
        .when(~pl.col("holds") & (pl.col("basis") == "year_before")).then(pl.lit("differs"))
        .otherwise(pl.lit("not_checkable"))
    )  # fmt: skip
    return _compared(rows, verdict, "RELATION-004")
