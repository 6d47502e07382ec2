"""Stock, bridge and reasons of outflow, from the tallies that win and the totals that win.

Here: pure projections. All intervals run from the previous reference date of the same municipality and series. Not
here: counting benefits (``tally``), comparing with others (``compare``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.caseload.delivery_counts import HORIZON_DAYS
from schemas import reference
from schemas.table import Table
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK, OUTFLOW_REASONS
from schemas.vocabulary import FINAL_AFTER_DAYS, OUTFLOW_TO_WORK_REASONS, SourceName, Vintage

_KEY = ["municipality_code", "reference_date", "series"]
_LINE = ["municipality_code", "series"]


@dataclass(frozen=True)
class Caseload:
    """The three tables about the caseload as known on one day; ``counted`` is the stock without reported totals."""

    stock: pl.DataFrame
    flow: pl.DataFrame
    reasons: pl.DataFrame
    counted: pl.DataFrame


def project(
    tallies: pl.DataFrame, totals: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame], latest: date | None
) -> Caseload:
    """Fold winning tallies and winning totals.

    ``redelivered``: per source (caseload, caseload_totals) the scopes that were delivered more than once; ``latest`` is
    the last knowledge date.
    """
    counted = _counted(tallies)
    stock = _with_changes(pl.concat([counted, _reported(totals, counted)]), redelivered, latest)
    bridge = _bridge(counted, tallies)
    flow = pl.concat([bridge, _reported_flow(totals, counted)])
    reasons = _reasons(_intervals(counted), tallies)
    return Caseload(
        stock=_as(CASELOAD_STOCK, stock),
        flow=_as(CASELOAD_FLOW, flow),
        reasons=_as(OUTFLOW_REASONS, reasons),
        counted=counted.select(*_KEY, "benefits", "persons").sort(_KEY),
    )


def _as(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(each.name).cast(each.dtype) for each in table.fields).sort(table.key)


def _counted(tallies: pl.DataFrame) -> pl.DataFrame:
    by = [*_KEY, "delivered_on", "delivery"]

    def of(kind: str) -> pl.DataFrame:
        return tallies.filter(pl.col("kind") == kind).group_by(by).agg(pl.col("count").sum().alias(kind))

    return (
        of("benefits")
        .join(of("persons").drop("delivered_on", "delivery"), on=_KEY, how="left")
        .with_columns(source=pl.lit("counted"))
    )


def _reported(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Totals about dates of which no benefits were delivered.

    Where both are there, the benefits count and the total is reconciled.
    """
    alone = totals.join(counted.select(_KEY), on=_KEY, how="anti")
    return alone.select(
        *_KEY, "delivered_on", "delivery", "benefits", persons=pl.lit(None, pl.Int64()), source=pl.lit("reported")
    ).select(counted.columns)


def _with_changes(stock: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame], latest: date | None) -> pl.DataFrame:
    stock = _revised(stock, redelivered).sort(_KEY)
    base = stock.select(*_LINE, "reference_date", "benefits")
    previous = pl.col("benefits").shift(1).over(_LINE)
    lowest_before = pl.col("benefits").cum_min().shift(1).over(_LINE)
    return (
        stock.with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(_LINE),
            change=pl.col("benefits") - previous,
            change_pct=_percent(pl.col("benefits") - previous, previous),
            is_lowest_on_record=pl.col("benefits") < lowest_before,
            january=pl.col("reference_date").dt.truncate("1y"),
            year_before=pl.col("reference_date").dt.offset_by("-1y"),
        )
        .join(base.rename({"reference_date": "january", "benefits": "on_january"}), on=[*_LINE, "january"], how="left")
        .join(
            base.rename({"reference_date": "year_before", "benefits": "on_year_before"}),
            on=[*_LINE, "year_before"],
            how="left",
        )
        .with_columns(
            change_ytd=pl.col("benefits") - pl.col("on_january"),
            change_ytd_pct=_percent(pl.col("benefits") - pl.col("on_january"), pl.col("on_january")),
            change_yoy_pct=_percent(pl.col("benefits") - pl.col("on_year_before"), pl.col("on_year_before")),
            vintage=_vintage(latest),
        )
    )


def _percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Null on a zero base: a change from nothing has no percentage."""
    return pl.when(whole != 0).then(100.0 * part / whole)


def _revised(stock: pl.DataFrame, redelivered: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """``is_revised``: the delivery a figure rests on is not the first about this very scope."""
    revised = stock.with_columns(is_revised=pl.lit(value=False))
    for source, name in (("counted", SourceName.CASELOAD), ("reported", SourceName.CASELOAD_TOTALS)):
        if name in redelivered:
            scopes = redelivered[name]
            again = scopes.with_columns(is_again=pl.lit(value=True))
            revised = (
                revised.join(again, on=scopes.columns, how="left")
                .with_columns(
                    is_revised=pl.col("is_revised")
                    | (pl.col("is_again").fill_null(value=False) & (pl.col("source") == source))
                )
                .drop("is_again")
            )
    return revised


def _vintage(latest: date | None) -> pl.Expr:
    old = pl.col("reference_date").dt.offset_by(f"{FINAL_AFTER_DAYS}d") <= pl.lit(latest, pl.Date())
    return (
        pl.when(old)
        .then(pl.lit(Vintage.FINAL.value))
        .when("is_revised")
        .then(pl.lit(Vintage.REVISED.value))
        .otherwise(pl.lit(Vintage.PROVISIONAL.value))
    )


def _intervals(counted: pl.DataFrame) -> pl.DataFrame:
    """Consecutive reference dates with their stocks, where starts are known over the whole interval."""
    return (
        counted.sort(_KEY)
        .with_columns(
            previous_reference_date=pl.col("reference_date").shift(1).over(_LINE),
            opening=pl.col("benefits").shift(1).over(_LINE),
        )
        .filter((pl.col("reference_date") - pl.col("previous_reference_date")).dt.total_days() <= HORIZON_DAYS)
        .select(*_KEY, "previous_reference_date", "opening", closing="benefits")
    )


def _bridge(counted: pl.DataFrame, tallies: pl.DataFrame) -> pl.DataFrame:
    intervals = _intervals(counted)
    inside = tallies.join(intervals, on=_KEY, how="inner")
    started = inside.filter((pl.col("kind") == "start") & (pl.col("date") > pl.col("previous_reference_date")))
    ended = inside.filter(_ended_inside())
    to_work = ended.filter(pl.col("end_reason").is_in(OUTFLOW_TO_WORK_REASONS))
    flow = intervals
    for name, part in (("inflow", started), ("outflow", ended), ("outflow_to_work", to_work)):
        sums = part.group_by(_KEY).agg(pl.col("count").sum().alias(name))
        flow = flow.join(sums, on=_KEY, how="left").with_columns(pl.col(name).fill_null(0))
    return flow.with_columns(
        unexplained_difference=pl.col("closing") - pl.col("opening") - pl.col("inflow") + pl.col("outflow")
    ).select(CASELOAD_FLOW.columns)


def _ended_inside() -> pl.Expr:
    """The last day lies on or after the previous reference date and before this one: in stock then, no longer now."""
    return (
        (pl.col("kind") == "end")
        & (pl.col("date") >= pl.col("previous_reference_date"))
        & (pl.col("date") < pl.col("reference_date"))
    )


def _reported_flow(totals: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Bridges that a reporter sent complete, about dates of which no benefits were delivered."""
    needed = ["previous_reference_date", "previous_benefits", "inflow", "outflow", "outflow_to_work"]
    whole = totals.join(counted.select(_KEY), on=_KEY, how="anti").drop_nulls(needed)
    return whole.select(
        *_KEY, "previous_reference_date", "inflow", "outflow", "outflow_to_work",
        opening="previous_benefits",
        closing="benefits",
        unexplained_difference=pl.col("benefits") - pl.col("previous_benefits") - pl.col("inflow") + pl.col("outflow"),
    ).select(CASELOAD_FLOW.columns)  # fmt: skip


def _reasons(intervals: pl.DataFrame, tallies: pl.DataFrame) -> pl.DataFrame:
    ended = tallies.join(intervals, on=_KEY, how="inner").filter(_ended_inside() & pl.col("end_reason").is_not_null())
    counts = ended.group_by(*_KEY, "end_reason").agg(benefits=pl.col("count").sum())
    return counts.join(_labels(), on="end_reason", how="left")


def _labels() -> pl.DataFrame:
    codes = reference.codes("end_reason").sort("code", "valid_from", nulls_last=False)
    return (
        codes.group_by("code", maintain_order=True)
        .agg(end_reason_label=pl.col("label_nl").last())
        .rename({"code": "end_reason"})
    )
