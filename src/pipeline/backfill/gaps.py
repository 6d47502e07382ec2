"""Months about which nobody reported a stock.

Here: which months, sources and municipalities are expected, and which of these are lacking. Not here: reading the log.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import polars as pl

from schemas.catalogue import SOURCES

STOCK_SOURCES: tuple[str, ...] = tuple(source.name for source in SOURCES.values() if source.is_stock)

SHAPE = pl.Schema(
    {"source": pl.String(), "municipality_code": pl.String(), "month": pl.String(), "also_in": pl.String()}
)
"""One row is one month (``2016-01``) about which a source reports nothing on a municipality.

``also_in``: the other source, where that one does.
"""

_KEY = ["source", "municipality_code", "month"]


def gaps(
    covered: pl.DataFrame,
    municipalities: pl.DataFrame,
    *,
    from_month: str | None = None,
    until_month: str | None = None,
    sources: Sequence[str] = (),
) -> pl.DataFrame:
    """Months without a report, as ``SHAPE``.

    ``covered`` (source, municipality_code, month) is what recorded deliveries cover. Months run from ``from_month``,
    or the first one covered, until ``until_month`` (exclusive), or up to the last one covered. Expected are
    ``sources``, or those that ever reported something (all, when none did), of our own municipalities and those
    that ever reported, while they exist: on the first day of the month.
    """
    covered = covered.select(_KEY).unique().drop_nulls()
    reporting = [name for name in STOCK_SOURCES if name in set(covered["source"])]
    expected_sources = list(sources) or reporting or STOCK_SOURCES
    months = _months(covered, from_month, until_month)
    expected = (
        pl.DataFrame({"source": expected_sources}, schema={"source": pl.String})
        .join(_existing(municipalities, covered), how="cross")
        .join(months, how="cross")
        .filter(
            (pl.col("day") >= pl.col("valid_from").fill_null(date.min))
            & (pl.col("day") < pl.col("valid_until").fill_null(date.max))
        )
        .with_columns(month=pl.col("day").dt.strftime("%Y-%m"))
        .select(_KEY)
        .unique()
    )
    elsewhere = covered.group_by("municipality_code", "month").agg(also_in=pl.col("source").min())
    return (
        expected.join(covered, on=_KEY, how="anti")
        .join(elsewhere, on=["municipality_code", "month"], how="left")
        .select(list(SHAPE))
        .cast(SHAPE)
        .sort(_KEY)
    )


def _existing(municipalities: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    expected = pl.col("is_own") | pl.col("code").is_in(covered["municipality_code"].unique().implode())
    return municipalities.filter(expected).select("valid_from", "valid_until", municipality_code="code")


def _months(covered: pl.DataFrame, from_month: str | None, until_month: str | None) -> pl.DataFrame:
    bounds = covered.select(first=pl.col("month").min(), last=pl.col("month").max()).row(0)
    first, last = from_month or bounds[0], until_month or bounds[1]
    empty = pl.DataFrame(schema={"day": pl.Date()})
    if first is None or last is None:
        return empty
    until_end = timedelta(days=0 if until_month else 1)
    begin, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    end += until_end
    if begin > end:
        return empty
    return pl.DataFrame({"day": pl.date_range(begin, end, "1mo", closed="left", eager=True)})


def spans(months: Iterable[str]) -> str:
    """Months as a person writes them: ``2016-01, 2016-03 to 2016-05``."""
    runs: list[list[str]] = []
    for month in sorted(set(months)):
        if runs and _number(month) == _number(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
