"""The gate about figures of one date that are told under another: a file of last year saved under this year, a column
that slipped by a row.

Here: the judgement about the rows of a delivery beside those of other dates. Not here: the same figure told again
(``figures_again``), rows of benefits (``continuing``), finding the rows (``pipeline.jobs.ingest``).
"""

from collections.abc import Mapping
from math import inf, log, pi

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, Closed, numbers
from pipeline.versions.gates.figures_again import told_before
from pipeline.versions.gates.preceding import Judged, preceding
from schemas.gates import Figures
from schemas.limits.deliveries import (
    FIGURES_MOVED_ABOVE_SHARE,
    FIGURES_MOVED_BY_ACCIDENT,
    FIGURES_MOVED_WITHIN_MONTHS,
    USUAL_MOVES_A_DAY,
)
from schemas.source import Source

_MOST_AROUND = FIGURES_MOVED_WITHIN_MONTHS + 1
"""Deliveries of a place that are looked at, the last ones."""
_DAYS_A_MONTH = 30.4


def around(source: Source, judged: Judged, counting: pl.DataFrame) -> tuple[str, ...]:
    """Deliveries that precede it and are about the same places at other dates, in their order."""
    figures = source.gates.figures
    if figures is None or not figures.time:
        return ()
    first, last = judged.brought["valid_on"].min(), judged.brought["valid_on"].max()
    same = _same_place(source, figures)
    own = judged.brought.select(**same, every=pl.lit(0)).unique()
    about = preceding(counting, judged).with_columns(**same, every=pl.lit(0))
    about = about.join(own, on=own.columns, how="semi", nulls_equal=True)
    if first is not None:
        within = pl.duration(days=int(_DAYS_A_MONTH * _MOST_AROUND))
        is_near = pl.col("valid_on").is_between(pl.lit(first) - within, pl.lit(last) + within)
        about = about.filter(is_near.fill_null(value=True))
    each = about.unique([*own.columns, "delivery"], keep="last", maintain_order=True)
    last_ones = each.filter(pl.int_range(pl.len(), 0, -1).over(own.columns) <= _MOST_AROUND)
    order = last_ones.select("delivered_on", "first_on", "delivery").unique()
    return tuple(order.sort("delivered_on", "first_on", "delivery")["delivery"])


def _same_place(source: Source, figures: Figures) -> dict[str, pl.Expr]:
    """What is the same at other dates, by columns of ``PLACED``: the place, and the line without its days."""
    place = {"place": pl.col("place")} if source.municipality in source.counted_by else {}
    others = [name for name in source.counted_by if name not in (source.municipality, source.valid_on)]
    lasting = [name for name in others if name not in figures.time]
    if not lasting or others[: len(lasting)] != lasting:
        return place
    days = len(others) - len(lasting)
    return {**place, "line": pl.col("line").str.replace(rf"(?: \S+){{{days}}}$", "")}


def figures_moved(source: Source, own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where nearly all that ``own`` tells anew is what stands of another date.

    Both are ``told_figures``, ``before`` in the order of the deliveries. Figures of zero and of a few are often the
    same by accident: it is counted how unlikely that is.
    """
    figures = source.gates.figures
    assert figures is not None
    stood = told_before(source, before)
    new = own.join(stood, on=[*source.event_key, *figures.names], how="anti", nulls_equal=True)
    if not _has_same(source, figures, new, stood):
        return []
    pairs = _pairs(source, figures, new, stood)
    # Of one place and day the row counts in which that is least: its series tell of the same people.
    same = pl.col("is_same").sum().alias("same")
    offsets = pairs.group_by("months").agg(same, rows=pl.len())
    largest = (
        pairs.filter("is_same").sort("chance").unique(["months", "place", "day"], keep="first", maintain_order=True)
    )
    # What stands still for a year is one accident, not twelve.
    chances = largest.unique(["months", "place", "told"]).group_by("months").agg(pl.col("chance").sum())
    found = (
        offsets.join(chances, on="months")
        .filter(pl.col("same") > FIGURES_MOVED_ABOVE_SHARE * pl.col("rows"))
        # Of as many dates as there are any one may be the same.
        .filter(pl.col("chance") < log(FIGURES_MOVED_BY_ACCIDENT / max(offsets.height, 1)))
        .sort("same", pl.col("months").abs(), "months", descending=[True, False, False])
    )
    if found.is_empty():
        return []
    months, rows_same, rows = found.select("months", "same", "rows").row(0)
    at = pairs.filter(pl.col("is_same") & (pl.col("months") == months))["row"].unique().sort()
    text = f"{rows_same} of {rows} rows have the figures of {_off(months)} ({numbers(at.head(FIRST_ROWS), len(at))})"
    return [Closed("DELIVERY-031", f"figures that stand under another date: {text}")]


def _series(source: Source, figures: Figures) -> list[str]:
    return list(figures.series) or [name for name in source.event_key if name not in figures.time]


def _has_same(source: Source, figures: Figures, new: pl.DataFrame, stood: pl.DataFrame) -> bool:
    """Whether a new row has the figures of any other: mostly none has, and nothing more is asked."""
    same = [*_series(source, figures), *figures.names]
    return not new.join(stood.select(same), on=same, how="semi", nulls_equal=True).is_empty()


def _pairs(source: Source, figures: Figures, new: pl.DataFrame, stood: pl.DataFrame) -> pl.DataFrame:
    """row, place, day, told, months, is_same, chance. Grain: a new row and a number of months to what stands.

    ``chance``: logarithm of how often figures of this size would be the same by accident, did their usual share move.
    ``told``: hash of the figures.
    """
    series = _series(source, figures)
    asked = list(dict.fromkeys([*series, *figures.names, *(figures.period or ())]))
    day = pl.coalesce(figures.day or [source.valid_on]).alias("day")
    here, there = (rows.select(*extra, *asked, day, every=pl.lit(0)) for rows, extra in ((new, ["row"]), (stood, [])))
    # Each row beside those of the months that are near, and no others: of twenty years all pairs are ten times as many.
    near = [months for months in range(-FIGURES_MOVED_WITHIN_MONTHS, FIGURES_MOVED_WITHIN_MONTHS + 1) if months]
    here = here.with_columns(months=pl.lit(near)).explode("months").with_columns(month=_month("day") - pl.col("months"))
    there = there.with_columns(month=_month("day"))
    both = here.join(there, on=["every", "month", *series], suffix="_before", nulls_equal=True)
    if figures.period is not None:
        both = both.filter(~_is_within(*figures.period))
    steps = {name: _step(pl.concat([new[name], stood[name]]), figures.step) for name in figures.names}
    same = [pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in figures.names]
    whom = figures.whom or ([source.municipality] if source.municipality in series else ["row"])
    return (
        both.with_columns(_chance(figures, steps).alias("chance"), pl.all_horizontal(same).alias("is_same"))
        .group_by("row", "months", maintain_order=True)
        .agg(
            pl.struct(whom).first().hash().alias("place"),
            pl.col("day").first(),
            pl.struct(figures.names).first().hash().alias("told"),
            pl.col("is_same").any(),
            pl.col("chance").first(),
        )
    )


def _is_within(since: str, until: str) -> pl.Expr:
    """Whether a period is a part of the other: who began in its last quarter has the same of the year."""
    begins, ends = pl.col(since) - pl.col(f"{since}_before"), pl.col(until) - pl.col(f"{until}_before")
    none = pl.duration(days=0)
    return (((begins <= none) & (ends >= none)) | ((begins >= none) & (ends <= none))).fill_null(value=False)


def _chance(figures: Figures, steps: Mapping[str, int]) -> pl.Expr:
    """Logarithm of how often all figures of a row are the same by accident so many days later. No more can have moved
    than may still: what has ended says the same for ever.
    """
    days = (pl.col("day") - pl.col("day_before")).dt.total_days().abs()
    moves = 2 * pi * USUAL_MOVES_A_DAY * days  # from one day to the next next to nothing
    may_move = _alive(*figures.alive) if figures.alive else pl.lit(inf)
    chances = [
        pl.when(~_is_told(name, figures.names[:place])).then(
            (
                1
                + moves
                / steps[name] ** 2
                * pl.min_horizontal(pl.col(name).abs().cast(pl.Float64).fill_null(0), may_move)
            ).log()
            / -2
        )
        for place, name in enumerate(figures.names)
    ]
    return pl.sum_horizontal(chances)


def _alive(name: str, first: str, *others: str) -> pl.Expr:
    told = pl.coalesce(name, pl.col(first) - sum((pl.col(other) for other in others), pl.lit(0)))
    return told.cast(pl.Float64).fill_null(inf)


def _step(values: pl.Series, least: int) -> int:
    """To what these are rounded, by what they are: who rounds to tens tells the same stock every other month."""
    told = values.filter((values != 0).fill_null(value=False))
    found = (step for step in _STEPS if step > least and len(told) >= _LEAST_ROUNDED and (told % step == 0).all())
    return next(found, least)


_STEPS = (1000, 100, 50, 10, 5)
_LEAST_ROUNDED = 3


def _is_told(name: str, others: tuple[str, ...]) -> pl.Expr:
    """Whether another figure of the row is this one: all who took part are still active."""
    same = [(pl.col(name) == pl.col(other)).fill_null(value=False) for other in others]
    return pl.any_horizontal(pl.lit(value=False), *same)


def _month(name: str) -> pl.Expr:
    return 12 * pl.col(name).dt.year() + pl.col(name).dt.month().cast(pl.Int32)


def _off(months: int) -> str:
    count = abs(months)
    return f"{count} {'month' if count == 1 else 'months'} {'before' if months > 0 else 'after'}"
