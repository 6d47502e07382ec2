"""Whether the percentages in the CBS tables follow from their counts, over two years of tables: rule RELATION-004.

Here: denominators and their rounding, for every region. Not here: rules within one row of such a table
(``schemas.sources.municipal_statistics``).

The denominator of all three percentages is (recipients at the begin of the year + inflow). That of outflow to work is
to AOW age in every age class: for 15 and over, too, CBS divides by the recipients to AOW age.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.caseload.borders import change_between, last_change
from pipeline.checks.cbs_figures import TO_AOW_AGE, cbs_traces, one_each
from pipeline.checks.comparison import compared
from pipeline.checks.own_municipalities import own_codes, served
from pipeline.versions.explanation import Behind, Cell, Lineage, Row
from pipeline.versions.finding_rows import findings
from pipeline.versions.projection import Comparison, Known, RelationCheck
from schemas.consistency import percentage_fits_rounded
from schemas.limits.figures import CBS_HALF_STEP
from schemas.limits.files import CBS_COUNT_STEP, CBS_PCT_STEP
from schemas.sources import municipal_statistics
from schemas.tables.caseload import CASELOAD_STOCK

_RULE = "RELATION-004"
_COUNTRY = "NL01"

INDICATORS = ("inflow", "outflow", "outflow_to_work")
_KEY = ("region_code", "age_class", "year")
# The base is a sum of two rounded counts, so it is off by up to 10. ``percentage_fits_rounded`` allows a base that is
# off by 5; asked at both of these shifts it covers the whole interval without a gap.
_SHIFTS = (-CBS_HALF_STEP, CBS_HALF_STEP)


def cbs_percentage_checks(municipal: pl.DataFrame) -> pl.DataFrame:
    """One row per region, age class, year and indicator; ``holds`` is null where a figure is absent.

    ``basis`` states where the begin of the year comes from: ``year_before`` is the table of the year before.
    ``same_year`` takes recipients - inflow + outflow instead, which leaves out moves between municipalities and
    between age classes: it can confirm a percentage, and a failure shows nothing.
    """
    based = _with_base(one_each(municipal))
    long = pl.concat([_long(based, indicator) for indicator in INDICATORS])
    # Where CBS publishes no figure there is nothing to derive: its counts are rounded, and a 0 in them is "below 5".
    computed = pl.when(pl.col("published").is_not_null() & (pl.col("base") > 0)).then(
        100.0 * pl.col("part") / pl.col("base")
    )
    return (
        long.with_columns(
            computed=computed, holds=pl.any_horizontal(_fits(pl.col("base") + shift) for shift in _SHIFTS)
        )
        .select(*_KEY, "indicator", "basis", "base", "published", "computed", "holds")
        .sort(*_KEY, "indicator")
    )


def _fits(base: pl.Expr) -> pl.Expr:
    part, value = pl.col("part"), pl.col("published")
    return percentage_fits_rounded(value, part, base, count_step=CBS_COUNT_STEP, pct_step=CBS_PCT_STEP)


def _with_base(counts: pl.DataFrame) -> pl.DataFrame:
    """The base per age class, and beside it that of the class to AOW age."""
    # Each table has the borders of its own year: over a merger the year before is about another place.
    ends = (pl.date(pl.col("year") + year, 12, 31) for year in (0, 1))
    merger = last_change("region_code", *ends)
    before = counts.filter(merger.is_null()).select("region_code", "age_class", pl.col("year") + 1, begin="recipients")
    begin = pl.col("recipients") - pl.col("inflow") + pl.col("outflow")
    based = counts.join(before, on=_KEY, how="left", validate="1:1", maintain_order="left").with_columns(
        base=pl.coalesce("begin", begin) + pl.col("inflow"),
        basis=pl.when(pl.col("begin").is_null()).then(pl.lit("same_year")).otherwise(pl.lit("year_before")),
    )
    to_aow_age = based.filter(pl.col("age_class") == TO_AOW_AGE).select(
        "region_code", "year", base_to_aow_age="base", basis_to_aow_age="basis"
    )
    return based.join(to_aow_age, on=("region_code", "year"), how="left", validate="m:1", maintain_order="left")


def _long(based: pl.DataFrame, indicator: str) -> pl.DataFrame:
    suffix = "_to_aow_age" if indicator == "outflow_to_work" else ""
    return based.select(
        "region_code",
        "age_class",
        pl.col("year").cast(pl.Int64),
        indicator=pl.lit(f"{indicator}_pct"),
        basis=pl.col(f"basis{suffix}").fill_null("same_year"),
        part=indicator,
        published=f"{indicator}_pct",
        base=f"base{suffix}",
    )


def cbs_beside_itself(checks: pl.DataFrame, own: list[str]) -> pl.DataFrame:
    """Own municipalities and the country only; failures of all regions are findings."""
    shown = checks.filter(pl.col("region_code").is_in([*own, _COUNTRY]))
    rows = shown.select(
        "indicator",
        "holds",
        "basis",
        subject=pl.format("{}/cbs/{}", "region_code", "age_class"),
        period=pl.col("year").cast(pl.String),
        value_reported="published",
        value_derived="computed",
        unit=pl.lit("percent"),
        base=_base_in_words(),
    )
    # Without the table of the year before the begin of the year is an estimate: it may agree, it cannot refute.
    verdict = (
        pl.when(pl.col("holds")).then(pl.lit("within_rounding"))
        .when(~pl.col("holds") & (pl.col("basis") == "year_before")).then(pl.lit("differs"))
        .otherwise(pl.lit("not_checkable"))
    )  # fmt: skip
    return compared(rows, verdict, _RULE)


def _base_in_words() -> pl.Expr:
    """What a percentage is a percentage of, with the count as it follows from the tables."""
    is_work = pl.col("indicator") == "outflow_to_work_pct"
    age = pl.when(is_work).then(pl.lit(TO_AOW_AGE)).otherwise("age_class")
    begin = (
        pl.when(pl.col("basis") == "year_before")
        .then(pl.lit("recipients at the end of the year before"))
        .otherwise(pl.lit("recipients - inflow + outflow of the same year"))
    )
    return pl.format("{} + inflow, age class {}: {}", begin, age, pl.col("base").cast(pl.String).fill_null("not known"))


def unfounded_percentages(checks: pl.DataFrame) -> pl.DataFrame:
    """Only with the table of the year before: an estimated begin of the year cannot refute a percentage."""
    failing = checks.filter(pl.col("basis") == "year_before", ~pl.col("holds"))
    expected, found = pl.col("computed").round(2).cast(pl.String), pl.col("published").cast(pl.String)
    text = "{} of {} (age class {}) in {} is published as {}, the counts give {}"
    return findings(
        failing,
        _RULE,
        subject=pl.format("{}/cbs/{}/{}/{}", "region_code", "age_class", "year", "indicator"),
        what=pl.format(text, "indicator", "region_code", "age_class", "year", found, expected),
        expected=expected,
        found=found,
    )


def _percentages(known: Known) -> pl.DataFrame:
    return cbs_percentage_checks(known.rows(municipal_statistics.SOURCE))


def _compare(known: Known) -> pl.DataFrame:
    return cbs_beside_itself(known.once(_percentages), own_codes(known.table(CASELOAD_STOCK)))


def _find(known: Known) -> pl.DataFrame:
    return unfounded_percentages(known.once(_percentages))


def _explain(lineage: Lineage, row: Row, column: str) -> Iterable[Behind]:
    """The published row; beside it the counts that make the base, of this year and the year before."""
    region, _, age = row["subject"].split("/")
    # What is not published is compared with nothing: then the counts say no more than their base.
    of = column if row["value_reported"] is not None or column == "base" else "value_reported"
    yield from _rows_behind(lineage, (region, age, int(row["period"])), row["indicator"], of)
    yield from _own_stock(lineage, region)


def _rows_behind(
    lineage: Lineage, key: tuple[str, str, int], indicator: str, column: str = "verdict"
) -> Iterable[Behind]:
    region, age, year = key
    yield from cbs_traces(lineage, region, year, age, "published")
    if column in ("value_reported", "unit", "rule"):
        return
    of_base = TO_AOW_AGE if indicator == "outflow_to_work_pct" else age
    if of_base != age:
        yield from cbs_traces(lineage, region, year, of_base, "base")
    if change_between(region, date(year - 1, 12, 31), date(year, 12, 31)) is None:
        yield from cbs_traces(lineage, region, year - 1, of_base, "base: begin of the year")


def _own_stock(lineage: Lineage, region: str) -> Iterable[Behind]:
    """Of all regions only the own ones and the country are shown: what makes this one own, where nothing else does."""
    if region not in (*served().to_list(), _COUNTRY):
        for own in lineage.table(CASELOAD_STOCK, municipality_code=region).head(1).iter_rows(named=True):
            yield Cell("own stock", CASELOAD_STOCK, (region, own["reference_date"], own["series"]), "delivery")


def _explain_finding(lineage: Lineage, subject: str) -> Iterable[Behind]:
    region, _, age, year, indicator = subject.split("/")
    return _rows_behind(lineage, (region, age, int(year)), indicator)


COMPARISON = Comparison(
    rule=_RULE, inputs=(municipal_statistics.SOURCE, CASELOAD_STOCK), compare=_compare, explain=_explain
)

CHECK = RelationCheck(rules=(_RULE,), inputs=(municipal_statistics.SOURCE,), find=_find, explain=_explain_finding)
