"""The yearly totals that a municipality counted itself: stock and flows per date and series.

Counted from the register, apart from the plan, so that the two can disagree if either is wrong.
"""

from datetime import date

import polars as pl

from pipeline.simulate.calibration import BRUNSSUM, OUTFLOW_TO_WORK, REFERENCE_DATES, SERIES

HEADER = (
    "peildatum",
    "gemeentecode",
    "reeks",
    "aantal",
    "vorige_peildatum",
    "vorig_aantal",
    "mutatie",
    "mutatie_pct",
    "instroom",
    "uitstroom",
    "uitstroom_werk",
)


def yearly_totals(benefits: pl.DataFrame, year: int, *, wrong_on: date, wrong_by: int) -> pl.DataFrame:
    """All reference dates of one year for Brunssum, as text; the `pw` row of one date is too high on purpose.

    That row agrees with itself: the change, its percentage and the inflow are too high by the same number.
    """
    own = benefits.filter(pl.col("municipality_code") == BRUNSSUM)
    places = [place for place, day in enumerate(REFERENCE_DATES) if day.year == year]
    counted = [_counts(own, place, series) for place in places for series in SERIES]
    is_wrong = (pl.col("reference_date") == wrong_on) & (pl.col("series") == "pw")
    extra = pl.when(is_wrong).then(wrong_by).otherwise(0)
    frame = pl.DataFrame(counted, infer_schema_length=None)
    return _as_text(frame.with_columns(pl.col("stock") + extra, pl.col("inflow") + extra))


def _counts(own: pl.DataFrame, place: int, series: str) -> dict[str, date | str | int | None]:
    day = REFERENCE_DATES[place]
    rows = own.filter(pl.col("scheme").is_in(SERIES[series]))
    counts: dict[str, date | str | int | None] = {
        "reference_date": day,
        "series": series,
        "stock": _stock(rows, day),
        "previous": None,
        "opening": None,
        "inflow": None,
        "outflow": None,
        "to_work": None,
    }
    if place:
        previous = REFERENCE_DATES[place - 1]
        # A restarted dossier is neither inflow nor outflow: the benefit goes on.
        started = pl.col("start").is_between(previous, day, closed="right") & (
            pl.col("start") == pl.col("original_start")
        )
        ended = rows.filter(pl.col("end").is_between(previous, day, closed="left") & ~pl.col("is_continued"))
        counts |= {
            "previous": previous,
            "opening": _stock(rows, previous),
            "inflow": rows.filter(started).height,
            "outflow": ended.height,
            "to_work": ended.filter(pl.col("reason").is_in(OUTFLOW_TO_WORK)).height,
        }
    return counts


def _stock(rows: pl.DataFrame, day: date) -> int:
    is_alive = (pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day))
    return rows.filter(is_alive).height


def _as_text(counted: pl.DataFrame) -> pl.DataFrame:
    change = pl.col("stock") - pl.col("opening")
    percentage = (100 * change / pl.col("opening")).round(1).cast(pl.Decimal(6, 1)).cast(pl.String)
    text = counted.select(
        pl.col("reference_date").dt.strftime("%d-%m-%Y"),
        pl.lit(BRUNSSUM),
        pl.col("series"),
        pl.col("stock").cast(pl.String),
        pl.col("previous").cast(pl.Date).dt.strftime("%d-%m-%Y"),
        pl.col("opening").cast(pl.String),
        change.cast(pl.String).alias("change"),
        percentage.str.replace(".", ",", literal=True).alias("change_pct"),
        pl.col("inflow", "outflow", "to_work").cast(pl.String),
    )
    text.columns = list(HEADER)
    return text
