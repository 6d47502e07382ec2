"""Whether stocks and flows fit together: a bridge with a rest (RELATION-002), reference dates that are missing
(RELATION-006).

Not here: the bridge itself (``caseload.flow``).
"""

from collections.abc import Iterable
from datetime import date as day

import polars as pl

from pipeline.versions.explanation import Cell, Lineage
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.vocabulary import Series


def unexplained(flow: pl.DataFrame) -> pl.DataFrame:
    """Bridges with a rest."""
    expected = pl.col("opening") + pl.col("inflow") - pl.col("outflow")
    rest, begin, end = (
        pl.col(name).cast(pl.String) for name in ("unexplained_difference", "previous_reference_date", "reference_date")
    )
    text = "{} + {} inflow - {} outflow from {} to {} gives {}, the stock is {}: {} unexplained"
    return findings(
        flow.filter(pl.col("unexplained_difference") != 0),
        "RELATION-002",
        subject=pl.format("{}/{}/{}", "municipality_code", "series", end),
        what=pl.format(text, "opening", "inflow", "outflow", begin, end, expected, "closing", rest),
        expected=expected.cast(pl.String),
        found=pl.col("closing").cast(pl.String),
    )


def monthly(stock: pl.DataFrame) -> pl.DataFrame:
    """Counted stocks on first days of months: a total that was reported now and then promises no month."""
    return stock.filter(pl.col("source") == "counted", pl.col("reference_date").dt.day() == 1)


def missing_dates(stock: pl.DataFrame) -> pl.DataFrame:
    """One finding per run of missing months, named by the first of them; all series of a month are counted together."""
    date, before = pl.col("reference_date"), pl.col("previous")
    missing = (date.dt.year() - before.dt.year()) * 12 + date.dt.month() - before.dt.month() - 1
    first, last = before.dt.offset_by("1mo"), date.dt.offset_by("-1mo")
    is_one = pl.col("missing") == 1
    dates = (
        pl.when(is_one).then(pl.lit("1 reference date is")).otherwise(pl.format("{} reference dates are", "missing"))
    )
    gaps = (
        monthly(stock)
        .select("municipality_code", "reference_date")
        .unique()
        .sort("municipality_code", "reference_date")
        .with_columns(previous=date.shift(1).over("municipality_code"))
        .with_columns(missing=missing)
        .filter(pl.col("missing") > 0)
    )
    return findings(
        gaps,
        "RELATION-006",
        subject=pl.format("{}/{}", "municipality_code", first.cast(pl.String)),
        what=pl.format("{} missing between {} and {}", dates, before.cast(pl.String), date.cast(pl.String)),
        expected=pl.when(is_one)
        .then(first.cast(pl.String))
        .otherwise(pl.format("{} to {}, monthly", first.cast(pl.String), last.cast(pl.String))),
        found=pl.lit("nothing counted"),
    )


def _unexplained(known: Known) -> pl.DataFrame:
    return unexplained(known.table(CASELOAD_FLOW))


def _missing_dates(known: Known) -> pl.DataFrame:
    return missing_dates(known.table(CASELOAD_STOCK))


def _explain_bridge(_lineage: Lineage, subject: str) -> Iterable[Cell]:
    municipality, series, date = subject.split("/")
    yield Cell("rest", CASELOAD_FLOW, (municipality, day.fromisoformat(date), series), "unexplained_difference")


def _explain_gap(lineage: Lineage, subject: str) -> Iterable[Cell]:
    """That the reference dates before and after the gap are known, and none between."""
    municipality, first = subject.split("/")
    dates = lineage.table(CASELOAD_STOCK, municipality_code=municipality, series=Series.ALL.value)
    known = monthly(dates)["reference_date"].unique().sort()
    is_before = known < day.fromisoformat(first)
    before, after = known.filter(is_before).tail(1), known.filter(~is_before)
    for part, on in (("last before the gap", before), ("first after the gap", after.head(1))):
        for each in on:
            yield Cell(part, CASELOAD_STOCK, (municipality, each, Series.ALL.value), "delivery")


BRIDGE_CHECK = RelationCheck(
    rules=("RELATION-002",), inputs=(CASELOAD_FLOW,), find=_unexplained, explain=_explain_bridge
)
GAP_CHECK = RelationCheck(rules=("RELATION-006",), inputs=(CASELOAD_STOCK,), find=_missing_dates, explain=_explain_gap)
