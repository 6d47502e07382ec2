"""The curated table ``benchmark``, own figures beside CBS, and the verdict on it: rule RELATION-003.

Here: what is put side by side per municipality and year, and whether the two may be compared at all. Not here: whether
the percentages of CBS follow from its counts (``cbs_percentages``).
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.caseload.borders import last_change
from pipeline.caseload.stock import explain_stock
from pipeline.checks.cbs_figures import TO_AOW_AGE, cbs_traces, year_of
from pipeline.checks.comparison import absent, compared, differences, distance
from pipeline.checks.own_municipalities import own_codes, served
from pipeline.versions.explanation import Lineage, Row, Trace, every_column
from pipeline.versions.projection import Comparison, Known, Projection, RelationCheck
from schemas import reference
from schemas.limits import CBS_HALF_STEP, FAR_FROM_CBS_SHARE
from schemas.sources import municipal_statistics
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import BENCHMARK, RECONCILIATION
from schemas.vocabulary import Series

_RULE = "RELATION-003"
_FLOWS = ("inflow", "outflow", "outflow_to_work")
_BOUNDS = ("valid_from", "valid_until")


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    municipal = known.rows(municipal_statistics.SOURCE)
    return benchmark(known.table(CASELOAD_STOCK), known.table(CASELOAD_FLOW), municipal)


def benchmark(stock: pl.DataFrame, flow: pl.DataFrame, municipal: pl.DataFrame) -> pl.DataFrame:
    """Per own municipality and year with a CBS figure. Only recipients are comparable: own flows count benefits."""
    cbs = _of_cbs(municipal).filter(pl.col("region_code").is_in(own_codes(stock)))
    own = pl.concat([_own_recipients(stock), _own_flows(flow)])
    beside = cbs.join(own, on=("region_code", "year", "indicator"), how="left", validate="1:1", maintain_order="left")
    return (
        beside.with_columns(difference=pl.col("value_own") - pl.col("value_cbs"), why_not=_why_not())
        .with_columns(comparable=pl.col("why_not").is_null())
        .pipe(BENCHMARK.shaped)
    )


def _of_cbs(municipal: pl.DataFrame) -> pl.DataFrame:
    """One row per region, year and indicator, to AOW age; should two tables give one year, the later delivery."""
    return (
        municipal.filter(pl.col("age_class") == TO_AOW_AGE)
        .sort("region_code", "year", "delivered_on", "statistics_table")
        .unique(["region_code", "year"], keep="last", maintain_order=True)
        .with_columns(pl.col("year").cast(pl.Int64))
        .unpivot(
            ["recipients", *_FLOWS], index=["region_code", "year"], variable_name="indicator", value_name="value_cbs"
        )
    )


def _own_recipients(stock: pl.DataFrame) -> pl.DataFrame:
    """Persons on 1 January stand for those on 31 December of the year before: one day apart."""
    on_new_year = (pl.col("reference_date").dt.month() == 1) & (pl.col("reference_date").dt.day() == 1)
    return stock.filter(on_new_year, pl.col("series") == Series.PW.value).select(
        region_code="municipality_code",
        year=pl.col("reference_date").dt.year().cast(pl.Int64) - 1,
        indicator=pl.lit("recipients"),
        value_own="persons",
    )


def _own_flows(flow: pl.DataFrame) -> pl.DataFrame:
    """Sums over the intervals within a year, where they follow each other from 1 January to 1 January."""
    begin, end, new_year = pl.col("previous_reference_date"), pl.col("reference_date"), pl.date("year", 1, 1)
    next_year = pl.date(pl.col("year") + 1, 1, 1)
    in_year = flow.filter(pl.col("series") == Series.PW.value).with_columns(year=begin.dt.year().cast(pl.Int64))
    gap = (begin != end.shift(1)).fill_null(value=False).any()
    return (
        in_year.filter(end <= next_year)
        .sort("municipality_code", "reference_date")
        .group_by("municipality_code", "year", maintain_order=True)
        .agg(*(pl.col(name).sum() for name in _FLOWS), first=begin.first(), last=end.last(), gap=gap)
        .filter(pl.col("first") == new_year, pl.col("last") == next_year, ~pl.col("gap"))
        .rename({"municipality_code": "region_code"})
        .unpivot(_FLOWS, index=["region_code", "year"], variable_name="indicator", value_name="value_own")
    )


def _why_not() -> pl.Expr:
    """Every reason that applies, in one line; null where there is none."""
    is_stock = pl.col("indicator") == "recipients"
    year_begin, year_end, next_year = pl.date("year", 1, 1), pl.date("year", 12, 31), _next_year()
    first_day = pl.when(is_stock).then(year_end).otherwise(year_begin)
    return pl.concat_str(
        *(_not_there(day) for day in (first_day, next_year)),
        _border_change(first_day, next_year),
        pl.when(~pl.col("region_code").is_in(served().to_list())).then(
            pl.format("own deliveries cover a part of {} only", "region_code")
        ),
        pl.when(pl.col("value_own").is_null()).then(_own_missing(is_stock)),
        pl.when(pl.col("value_cbs").is_null()).then(pl.lit("CBS publishes no figure")),
        pl.when(~is_stock).then(pl.lit("benefits beside persons: a couple is one benefit and two persons")),
        separator="; ",
        ignore_nulls=True,
    ).replace("", None)


def _next_year() -> pl.Expr:
    return pl.date(pl.col("year") + 1, 1, 1)


def _not_there(day: pl.Expr) -> pl.Expr:
    text = pl.format("{} does not exist on {}: its borders changed", "region_code", day.cast(pl.String))
    return pl.when(~_exists(reference.municipalities(), day)).then(text)


def _border_change(begin: pl.Expr, end: pl.Expr) -> pl.Expr:
    """A code that goes on with other borders is not the same place at both ends."""
    on = last_change("region_code", begin, end)
    text = pl.format("the borders of {} changed on {}", "region_code", on.cast(pl.String))
    return pl.when(on.is_not_null()).then(text)


def _exists(municipalities: pl.DataFrame, day: pl.Expr) -> pl.Expr:
    """Whether the code of the row exists on its own ``day``."""
    bounds = {column: dict(municipalities.select("code", column).drop_nulls().iter_rows()) for column in _BOUNDS}
    start, until = (
        pl.col("region_code").replace_strict(bounds[column], default=None, return_dtype=pl.Date) for column in _BOUNDS
    )
    known = pl.col("region_code").is_in(municipalities["code"].to_list())
    return known & (start.is_null() | (day >= start)) & (until.is_null() | (day < until))


def _own_missing(is_stock: pl.Expr) -> pl.Expr:
    persons = pl.format("own persons in series pw on {} are not known", _next_year().cast(pl.String))
    flows = pl.format("own flows in series pw do not cover the whole of {}", "year")
    return pl.when(is_stock).then(persons).otherwise(flows)


def cbs_beside_own(own_beside_cbs: pl.DataFrame) -> pl.DataFrame:
    rows = own_beside_cbs.filter(pl.col("indicator") == "recipients").select(
        subject=pl.format("{}/cbs", "region_code"),
        period=pl.col("year").cast(pl.String),
        indicator="indicator",
        value_reported="value_cbs",
        value_derived="value_own",
        comparable="comparable",
    )
    verdict = (
        pl.when(~pl.col("comparable") | absent()).then(pl.lit("not_checkable"))
        .when(distance() <= CBS_HALF_STEP).then(pl.lit("within_rounding"))
        .when(distance() <= FAR_FROM_CBS_SHARE * pl.col("value_reported")).then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )  # fmt: skip
    return compared(rows, verdict, _RULE)


def explain(lineage: Lineage, row: Row) -> Iterable[Trace]:
    """The figure of CBS, and the own stock of New Year's day."""
    new_year = date(row["year"] + 1, 1, 1)
    own = {"municipality_code": row["region_code"], "reference_date": new_year, "series": Series.PW.value}
    return [*cbs_traces(lineage, row["region_code"], row["year"]), *explain_stock(lineage, own, "own stock")]


def _compare(known: Known) -> pl.DataFrame:
    return cbs_beside_own(known.table(BENCHMARK))


def _find(known: Known) -> pl.DataFrame:
    return differences(known, _RULE, "published by CBS", "own persons")


def _explain_comparison(lineage: Lineage, row: Row, _column: str) -> Iterable[Trace]:
    return cbs_traces(lineage, row["subject"].split("/")[0], int(row["period"]))


def _explain_finding(lineage: Lineage, subject: str) -> Iterable[Trace]:
    return cbs_traces(lineage, subject.split("/", maxsplit=1)[0], year_of(subject))


PROJECTION = Projection(
    table=BENCHMARK,
    inputs=(municipal_statistics.SOURCE, CASELOAD_STOCK, CASELOAD_FLOW),
    project=project,
    explain=every_column(BENCHMARK, explain),
)

COMPARISON = Comparison(rule=_RULE, inputs=(BENCHMARK,), compare=_compare, explain=_explain_comparison)

CHECK = RelationCheck(rules=(_RULE,), inputs=(RECONCILIATION,), find=_find, explain=_explain_finding)
