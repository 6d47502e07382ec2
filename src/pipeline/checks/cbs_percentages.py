"""Whether the percentages in the CBS tables follow from their counts, over two years of tables.

Here: denominators and their rounding, for every region. Not here: rules within one row of such a table
(``schemas.sources.municipal_statistics``).

The denominator of all three percentages is (recipients at the begin of the year + inflow). That of outflow to work is
to AOW age in every age class: for 15 and over, too, CBS divides by the recipients to AOW age.
"""

import polars as pl

from schemas.consistency import percentage_fits_rounded
from schemas.sources.municipal_statistics import COUNT_STEP, PCT_STEP

TO_AOW_AGE = "90100"
"""CBS age class 15 to AOW age."""

INDICATORS = ("inflow", "outflow", "outflow_to_work")
_KEY = ("region_code", "age_class", "year")
# The base is a sum of two rounded counts, so it is off by up to 10. ``percentage_fits_rounded`` allows a base that is
# off by 5; asked at both of these shifts it covers the whole interval without a gap.
_SHIFTS = (-5, 5)


def cbs_percentage_checks(municipal: pl.DataFrame) -> pl.DataFrame:
    """One row per region, age class, year and indicator; ``holds`` is null where a figure is absent.

    ``basis`` says where the begin of the year comes from: ``year_before`` is the table of the year before.
    ``same_year`` takes recipients - inflow + outflow instead, which leaves out moves between municipalities and
    between age classes: it can confirm a percentage, and a failure says nothing.
    """
    counts = municipal.sort(*_KEY, "delivered_on", "statistics_table").unique(_KEY, keep="last", maintain_order=True)
    based = _with_base(counts)
    long = pl.concat([_long(based, indicator) for indicator in INDICATORS])
    computed = pl.when(pl.col("base") > 0).then(100.0 * pl.col("part") / pl.col("base"))
    return (
        long.with_columns(
            computed=computed, holds=pl.any_horizontal(_fits(pl.col("base") + shift) for shift in _SHIFTS)
        )
        .select(*_KEY, "indicator", "basis", "published", "computed", "holds")
        .sort(*_KEY, "indicator")
    )


def _fits(base: pl.Expr) -> pl.Expr:
    part, value = pl.col("part"), pl.col("published")
    return percentage_fits_rounded(value, part, base, count_step=COUNT_STEP, pct_step=PCT_STEP)


def _with_base(counts: pl.DataFrame) -> pl.DataFrame:
    """The base per age class, and beside it that of the class to AOW age."""
    before = counts.select("region_code", "age_class", pl.col("year") + 1, begin="recipients")
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
