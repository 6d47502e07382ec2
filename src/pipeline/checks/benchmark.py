"""The curated table ``benchmark``, own figures beside CBS, and the verdict on it: rule RELATION-003.

Here: what is put side by side per municipality and year, and whether the two may be compared at all. Not here: whether
the percentages of CBS follow from its counts (``cbs_percentages``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.caseload.borders import last_change
from pipeline.caseload.counted_rows import Reported, StockCell
from pipeline.caseload.delivery_counts import ABOVE_AGE, is_above_age
from pipeline.checks.cbs_figures import TO_AOW_AGE, cbs_traces, one_each
from pipeline.checks.comparison import absent, compared, compared_cell, differences, distance
from pipeline.checks.own_municipalities import own_codes, served
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated, Trace
from pipeline.versions.projection import Comparison, Known, Projection, RelationCheck
from schemas import reference
from schemas.limits.figures import ALIKE_FACTOR, CBS_HALF_STEP, FAR_FROM_CBS_SHARE, SMALL_BESIDE_CBS
from schemas.limits.files import CBS_COUNT_STEP
from schemas.sources import caseload, municipal_statistics
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.tables.checks import BENCHMARK, RECONCILIATION
from schemas.vocabulary import Series

_RULE = "RELATION-003"
_FLOWS = ("inflow", "outflow", "outflow_to_work")
_BOUNDS = ("valid_from", "valid_until")
_SERIES = Series.PW.value


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    municipal, counts = known.rows(municipal_statistics.SOURCE), known.rows(caseload.SOURCE)
    return benchmark(known.table(CASELOAD_STOCK), known.table(CASELOAD_FLOW), municipal, counts)


def benchmark(
    stock: pl.DataFrame, flow: pl.DataFrame, municipal: pl.DataFrame, counts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Per own municipality and year with a CBS figure. Only recipients are comparable: own flows count benefits.

    ``counts`` of benefits say how many of the own clients are above the ages that CBS counts.
    """
    cbs = _of_cbs(municipal).filter(pl.col("region_code").is_in(own_codes(stock)))
    own = pl.concat([_own_recipients(stock, counts), _own_flows(flow)])
    beside = cbs.join(own, on=("region_code", "year", "indicator"), how="left", validate="1:1", maintain_order="left")
    return (
        beside.with_columns(difference=pl.col("value_own") - pl.col("value_cbs"), why_not=_why_not())
        .with_columns(comparable=pl.col("why_not").is_null())
        .pipe(BENCHMARK.shaped)
    )


def _of_cbs(municipal: pl.DataFrame) -> pl.DataFrame:
    """One row per region, year and indicator, to AOW age."""
    return (
        one_each(municipal.filter(pl.col("age_class") == TO_AOW_AGE))
        .with_columns(pl.col("year").cast(pl.Int64))
        .unpivot(
            ["recipients", *_FLOWS], index=["region_code", "year"], variable_name="indicator", value_name="value_cbs"
        )
    )


def _own_recipients(stock: pl.DataFrame, counts: pl.DataFrame | None) -> pl.DataFrame:
    """Persons on 1 January stand for those on 31 December of the year before: one day apart."""
    on_new_year = (pl.col("reference_date").dt.month() == 1) & (pl.col("reference_date").dt.day() == 1)
    own = stock.filter(on_new_year, pl.col("series") == _SERIES)
    scope = ["municipality_code", "reference_date"]
    aged = pl.DataFrame(schema={**{name: own.schema[name] for name in scope}, "above_age": pl.Int64()})
    if counts is not None:
        of_age = counts.filter(pl.col("kind") == ABOVE_AGE, pl.col("series") == _SERIES)
        aged = of_age.select(*scope, above_age="count")
    return own.join(aged, on=scope, how="left", maintain_order="left").select(
        region_code="municipality_code",
        year=pl.col("reference_date").dt.year().cast(pl.Int64) - 1,
        indicator=pl.lit("recipients"),
        value_own="persons",
        rests_on=pl.col("reference_date").cast(pl.String),
        above_age=pl.col("above_age").fill_null(0),
    )


def _own_flows(flow: pl.DataFrame) -> pl.DataFrame:
    """Sums over the intervals within a year, where they follow each other from 1 January to 1 January."""
    begin, end, new_year = pl.col("previous_reference_date"), pl.col("reference_date"), pl.date("year", 1, 1)
    next_year = pl.date(pl.col("year") + 1, 1, 1)
    in_year = flow.filter(pl.col("series") == _SERIES).with_columns(year=begin.dt.year().cast(pl.Int64))
    gap = (begin != end.shift(1)).fill_null(value=False).any()
    is_whole = (pl.col("first") == new_year) & (pl.col("last") == next_year) & ~pl.col("gap")
    return (
        in_year.filter(end <= next_year)
        .sort("municipality_code", "reference_date")
        .group_by("municipality_code", "year", maintain_order=True)
        .agg(
            *(pl.col(name).sum() for name in _FLOWS),
            first=begin.first(), last=end.last(), gap=gap, rests_on=end.cast(pl.String).str.join("|"),
        )
        .with_columns(pl.when(is_whole).then(pl.col(_FLOWS)))
        .rename({"municipality_code": "region_code"})
        .unpivot(_FLOWS, index=["region_code", "year", "rests_on"], variable_name="indicator", value_name="value_own")
        .select(
            "region_code", "year", "indicator", "value_own", "rests_on", above_age=pl.lit(0, pl.Int64())
        )
    )  # fmt: skip


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
        pl.when(is_stock).then(_not_alike()),
        separator="; ",
        ignore_nulls=True,
    ).replace("", None)


def _not_alike() -> pl.Expr:
    """Age limits, and numbers that are too small or too far apart to be about the same persons."""
    own, cbs = pl.col("value_own"), pl.col("value_cbs")
    smaller, larger = pl.min_horizontal(own, cbs), pl.max_horizontal(own, cbs)
    both = own.is_not_null() & cbs.is_not_null()
    small = pl.lit(f"below {SMALL_BESIDE_CBS} the rounding of CBS to {CBS_COUNT_STEP} alone is much of the figure")
    apart = pl.lit(f"one is more than {ALIKE_FACTOR} times the other: the deliveries are about others")
    aged = pl.format("{} of the own clients are above AOW age, CBS counts to that age", "above_age")
    return pl.concat_str(
        pl.when(pl.col("above_age") > CBS_HALF_STEP).then(aged),
        pl.when(both & (smaller < SMALL_BESIDE_CBS)).then(small),
        pl.when(both & (larger > ALIKE_FACTOR * smaller)).then(apart),
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
        unit=pl.lit("persons"),
        comparable="comparable",
    )
    verdict = (
        pl.when(~pl.col("comparable") | absent()).then(pl.lit("not_checkable"))
        .when(distance() <= CBS_HALF_STEP).then(pl.lit("within_rounding"))
        .when(distance() <= FAR_FROM_CBS_SHARE * pl.col("value_reported")).then(pl.lit("agrees"))
        .otherwise(pl.lit("differs"))
    )  # fmt: skip
    return compared(rows, verdict, _RULE)


def _own_cells(row: Row, of: str) -> Iterable[Cell]:
    """The own figures that a value rests on: a stock, or the flows of all intervals; of the dates alone that they are
    there.
    """
    is_stock = row["indicator"] == "recipients"
    table, column = (CASELOAD_STOCK, "persons") if is_stock else (CASELOAD_FLOW, row["indicator"])
    if of == "rests_on":
        column = "delivery" if is_stock else "previous_reference_date"
    if row["value_own"] is not None or is_stock or of == "rests_on":
        for day in (row["rests_on"] or "").split("|"):
            if day:
                yield Cell("own figure", table, (row["region_code"], date.fromisoformat(day), _SERIES), column)


def _beside(lineage: Lineage, row: Row, part: str) -> Iterable[Trace]:
    """The row of CBS: without it there is nothing to stand beside. And what makes the municipality one of ours."""
    yield from cbs_traces(lineage, row["region_code"], row["year"], part=part)
    if row["region_code"] not in served().to_list():
        stock = lineage.table(CASELOAD_STOCK, municipality_code=row["region_code"]).head(1)
        for own in stock.iter_rows(named=True):
            yield from Reported.about(lineage, StockCell.of(own)).delivered("own stock")


def _explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    yield from _beside(lineage, row, "CBS figure" if column == "value_cbs" else "beside the CBS figure")
    if column != "value_cbs":
        yield from _own_cells(row, column)
    if column == "value_own" and row["value_own"] is None:
        yield Stated("no own figure", _none_of_our_own(row))


def _none_of_our_own(row: Row) -> str:
    """The words of ``why_not`` about it alone."""
    text = pl.DataFrame([row], schema=BENCHMARK.polars_schema).select(_own_missing(pl.col("indicator") == "recipients"))
    return str(text.item())


def _explain_difference(_lineage: Lineage, row: Row, _column: str) -> Iterable[Cell]:
    yield from (Cell(part, BENCHMARK, _key(row), part) for part in ("value_own", "value_cbs"))


_MANY_AGED = CBS_HALF_STEP + 1
"""So many clients above AOW age make a figure one that CBS does not count; fewer say nothing."""


def _explain_verdict(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """Both values, and what is not in the deliveries: borders and age limits. The words count who is too old; for the
    verdict it takes so many, and none where there is another reason.
    """
    yield from _explain_difference(lineage, row, column)
    yield Stated("comparable", row["why_not"] or "both count persons to AOW age, of the whole municipality")
    if row["indicator"] == "recipients" and row["rests_on"]:
        own = Reported.about(lineage, StockCell(row["region_code"], date.fromisoformat(row["rests_on"]), _SERIES))
        aged = own.live_and("above AOW age", is_above_age())
        many = [replace(each, rows=each.rows[:_MANY_AGED]) for each in aged if len(each.rows) >= _MANY_AGED]
        if column == "why_not":
            yield from aged if many else ()
        elif "; " not in (row["why_not"] or ""):
            yield from many


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in BENCHMARK.key)


def _compare(known: Known) -> pl.DataFrame:
    return cbs_beside_own(known.table(BENCHMARK))


def _find(known: Known) -> pl.DataFrame:
    return differences(known, _RULE, "published by CBS", "own persons")


def _explain_comparison(_lineage: Lineage, row: Row, column: str) -> Iterable[Cell]:
    key = (row["subject"].split("/")[0], int(row["period"]), row["indicator"])
    values = {"value_reported": ("value_cbs",), "value_derived": ("value_own",)}
    for part in values.get(column, ("value_cbs", "value_own", "comparable")):
        yield Cell(part, BENCHMARK, key, part)


def _explain_finding(_lineage: Lineage, subject: str) -> Iterable[Cell]:
    yield compared_cell(subject)


PROJECTION = Projection(
    table=BENCHMARK,
    inputs=(municipal_statistics.SOURCE, caseload.SOURCE, CASELOAD_STOCK, CASELOAD_FLOW),
    project=project,
    explain=(
        Explained(("value_own", "value_cbs"), _explain),
        Explained(("rests_on",), _explain, is_aside=True),
        Explained(("difference",), _explain_difference),
        Explained(("comparable", "why_not"), _explain_verdict, is_aside=True),
    ),
    row_shown_by="value_cbs",
)

COMPARISON = Comparison(rule=_RULE, inputs=(BENCHMARK,), compare=_compare, explain=_explain_comparison)

CHECK = RelationCheck(rules=(_RULE,), inputs=(RECONCILIATION,), find=_find, explain=_explain_finding)
