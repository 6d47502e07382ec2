"""The signal where there is too little history for the other one: a figure that is a multiple of the one before it, or
a fraction (RELATION-021). It holds nothing up.

Noughts too many, a count of nothing, thousands taken for units: such a figure is another one than that beside it,
however little is known. Here: stocks with a short history, reports of providers, figures of CBS. Not here: a figure
that is measured by its own changes (``unlikely_moves``).
"""

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from pipeline.caseload.borders import last_change
from pipeline.caseload.stock import KEY, LINE
from pipeline.checks.cbs_figures import cbs_traces, one_each
from pipeline.checks.unlikely_moves import measured
from pipeline.versions.explanation import Behind, Cell, Lineage
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Known, RelationCheck
from schemas.limits.figures import LEAP_FACTOR, LEAP_LEAST, LEAP_LEAST_CBS, LEAP_OF_REPORTS, LEAP_WITHIN_DAYS
from schemas.source import Source
from schemas.sources import municipal_statistics, national_statistics, provider_reports
from schemas.tables.caseload import CASELOAD_STOCK
from schemas.tables.checks import RELATION_FINDINGS

RULE = "RELATION-021"
_REPORTED = ("participants", "placed")
_REGIONAL = ("inhabitants", "recipients")
_NATIONAL = ("benefits", "ioaw", "ioaz")
_COUNTRY = "NL01"
_OF_STOCK = f"{CASELOAD_STOCK.name}."
_LENGTH_DAYS = 10
_GROUP = ["provider_code", "programme_code", "target_group"]


def leaps(rows: pl.DataFrame, line: list[str], column: str, *, factor: float, least: int) -> pl.DataFrame:
    """Rows whose figure is more than ``factor`` times that of the row before in its line, or less than one part of so
    many, and at least ``least`` away; with ``day_before`` and ``before``. The last name of ``line`` is that of the day.
    """
    *line, day = line
    own, before = pl.col(column), pl.col("before")
    filled = rows.drop_nulls(column).sort(*line, day)
    beside = filled.with_columns(before=own.shift(1).over(line), day_before=pl.col(day).shift(1).over(line))
    is_far = (own > factor * before) | (before > factor * own)
    return beside.filter(is_far & ((own - before).abs() >= least))


def stock_leaps(stock: pl.DataFrame) -> pl.DataFrame:
    """Stocks that no history of their own measures yet, beside the date before."""
    known = measured(stock, "benefits").select(KEY)
    found = leaps(stock, [*LINE, "reference_date"], "benefits", factor=LEAP_FACTOR, least=LEAP_LEAST)
    near = (pl.col("reference_date") - pl.col("day_before")).dt.total_days() <= LEAP_WITHIN_DAYS
    return found.filter(near & pl.col("previous_reference_date").is_not_null()).join(known, on=KEY, how="anti")


def report_leaps(reports: pl.DataFrame, column: str) -> pl.DataFrame:
    """Reports of about as long a period as the one before it of the same provider, programme and group."""
    line = [*_GROUP, "length", "period_from"]
    return leaps(_by_length(reports), line, column, factor=LEAP_OF_REPORTS, least=LEAP_LEAST)


def _by_length(reports: pl.DataFrame) -> pl.DataFrame:
    """Reports with ``length``: months are of one, quarters of another, years of a third."""
    days = (pl.col("period_until") - pl.col("period_from")).dt.total_days()
    return reports.with_columns(length=(days / _LENGTH_DAYS).round())


def regional_leaps(municipal: pl.DataFrame, column: str) -> pl.DataFrame:
    """Regions beside the year before, where their borders were the same."""
    ends = (pl.date(pl.col("year") + year, 12, 31) for year in (-1, 0))
    line = ["region_code", "age_class", "year"]
    found = leaps(one_each(municipal), line, column, factor=LEAP_FACTOR, least=LEAP_LEAST_CBS)
    return found.filter((pl.col("year") - pl.col("day_before") == 1) & last_change("region_code", *ends).is_null())


def national_leaps(national: pl.DataFrame, column: str) -> pl.DataFrame:
    """Months beside the month before, years beside the year before."""
    kinds = national.with_columns(kind=pl.col("period").str.slice(4, 2))
    found = leaps(kinds, ["kind", "reference_date"], column, factor=LEAP_FACTOR, least=LEAP_LEAST_CBS)
    return found.filter((pl.col("reference_date") - pl.col("day_before")).dt.total_days() <= LEAP_WITHIN_DAYS)


def _find(known: Known) -> pl.DataFrame:
    reports, municipal = known.rows(provider_reports.SOURCE), known.rows(municipal_statistics.SOURCE)
    national = known.rows(national_statistics.SOURCE)
    parts = [_findings(stock_leaps(known.table(CASELOAD_STOCK)), "benefits", *LINE, "reference_date", of=_OF_STOCK)]
    parts += [
        _findings(report_leaps(reports, name), name, *_GROUP, "period_from", "period_until") for name in _REPORTED
    ]
    parts += [
        _findings(regional_leaps(municipal, name), name, "region_code", pl.lit("cbs"), "age_class", "year")
        for name in _REGIONAL
    ]
    parts += [
        _findings(national_leaps(national, name), name, pl.lit(_COUNTRY), pl.lit("cbs"), "period") for name in _NATIONAL
    ]
    return pl.concat([RELATION_FINDINGS.empty(), *parts])


def _findings(found: pl.DataFrame, column: str, *key: str | pl.Expr, of: str = "") -> pl.DataFrame:
    return findings(
        found,
        RULE,
        subject=pl.concat_str(*key, pl.lit(f"{of}{column}"), separator="/", ignore_nulls=True),
        what=pl.format("{} went from {} to {}", pl.lit(column), "before", column),
        expected=pl.format("about {}", "before"),
        found=pl.col(column).cast(pl.String),
    )


def _explain(lineage: Lineage, subject: str) -> Iterable[Behind]:
    """The two figures that are compared."""
    *key, column = subject.split("/")
    if column.startswith(_OF_STOCK):
        return _of_stock(lineage, key, column.removeprefix(_OF_STOCK))
    if key[1] != "cbs":
        return _of_reports(lineage, key, column)
    return _of_country(lineage, key[2], column) if key[0] == _COUNTRY and len(key) == 3 else _of_regions(lineage, key)


def _of_stock(lineage: Lineage, key: list[str], column: str) -> Iterator[Behind]:
    place, series, day = key
    own = lineage.table(CASELOAD_STOCK, municipality_code=place, series=series).drop_nulls(column)
    days = own.filter(pl.col("reference_date") <= date.fromisoformat(day))["reference_date"].sort().tail(2)
    for part, each in zip(("after", "before"), reversed(days), strict=False):
        yield Cell(part, CASELOAD_STOCK, (place, each, series), column)


def _of_reports(lineage: Lineage, key: list[str], column: str) -> Iterator[Behind]:
    provider, programme, *group, begin, until = key
    own = {"provider_code": provider, "programme_code": programme, "target_group": "/".join(group) or None}
    rows = _by_length(lineage.rows(provider_reports.SOURCE, **own)).drop_nulls(column)
    ends = pl.col("period_from") == date.fromisoformat(begin), pl.col("period_until") == date.fromisoformat(until)
    length = rows.filter(*ends)["length"]
    alike = rows.filter(pl.col("length").is_in(length.implode())).sort("period_from")
    yield from _two(lineage, provider_reports.SOURCE, alike, "period_from", date.fromisoformat(begin))


def _of_regions(lineage: Lineage, key: list[str]) -> Iterator[Behind]:
    region, _, age, year = key
    for part, each in (("after", int(year)), ("before", int(year) - 1)):
        yield from cbs_traces(lineage, region, each, age, part)


def _of_country(lineage: Lineage, period: str, column: str) -> Iterator[Behind]:
    rows = lineage.rows(national_statistics.SOURCE).drop_nulls(column)
    alike = rows.filter(pl.col("period").str.slice(4, 2) == period[4:6]).sort("reference_date")
    day = alike.filter(pl.col("period") == period)["reference_date"].max()
    assert isinstance(day, date)
    yield from _two(lineage, national_statistics.SOURCE, alike, "reference_date", day)


def _two(lineage: Lineage, source: Source, rows: pl.DataFrame, on: str, day: date) -> Iterator[Behind]:
    """The row of a day and the one before it."""
    days = rows.filter(pl.col(on) <= day)[on].unique().sort().tail(2)
    for part, each in zip(("after", "before"), reversed(days), strict=False):
        yield from lineage.traces(part, source, rows.filter(pl.col(on) == each))


CHECK = RelationCheck(
    rules=(RULE,),
    inputs=(CASELOAD_STOCK, provider_reports.SOURCE, municipal_statistics.SOURCE, national_statistics.SOURCE),
    find=_find,
    explain=_explain,
)
