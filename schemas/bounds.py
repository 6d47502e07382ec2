"""How far a date may lie from the day on which it was delivered, and from the day it is about.

Here: one expression per bound, each null where there is nothing to compare. Not here: how far that is (``limits``), the
rules (each source has its own), the bounds of the day of delivery itself (``dated_name``).
"""

import polars as pl

from schemas import reference
from schemas.limits.files import (
    ANNOUNCED_AHEAD_DAYS,
    LONGEST_BENEFIT_YEARS,
    PROGRAMME_AHEAD_YEARS,
    REPORTED_AHEAD_DAYS,
    REPORTED_BEHIND_YEARS,
)
from schemas.source import DELIVERED_ON

_LONGEST_DAYS = LONGEST_BENEFIT_YEARS * 1461 // 4
"""So many years, where these are a multiple of four, in days: between March 1960 and February 2100 the same day as by
the calendar, which takes thirty times as long to ask.
"""


def reported_by_delivery(column: str) -> pl.Expr:
    """A reference date, the end of a period, a publication: at most a month after the day of delivery."""
    return _within(column, REPORTED_AHEAD_DAYS)


def happened_by_delivery(column: str) -> pl.Expr:
    """What has happened: on or before the day of delivery."""
    return _within(column, 0)


def announced_by_delivery(column: str) -> pl.Expr:
    """What may be told before it happens: at most a year after the day of delivery."""
    return _within(column, ANNOUNCED_AHEAD_DAYS)


def _within(column: str, days: int) -> pl.Expr:
    return (pl.col(column) - pl.col(DELIVERED_ON)) <= pl.duration(days=days)


def within_a_working_life(column: str, reference_date: str) -> pl.Expr:
    """A start is not longer before the reference date than a benefit can last."""
    return pl.col(column) >= pl.col(reference_date) - pl.duration(days=_LONGEST_DAYS)


def not_long_before(column: str, later: str = DELIVERED_ON, *, years: int = REPORTED_BEHIND_YEARS) -> pl.Expr:
    """At most so many years before another day, that of delivery unless one is named."""
    return pl.col(column) >= pl.col(later).dt.offset_by(f"-{years}y")


def not_long_before_its_programme(column: str) -> pl.Expr:
    """Not years before the programme in ``programme_code`` began; null where the reference data do not say when."""
    began = reference.programmes().drop_nulls("valid_from").group_by("programme_code").agg(pl.col("valid_from").min())
    first = began.sort("programme_code").with_columns(pl.col("valid_from").dt.offset_by(f"-{PROGRAMME_AHEAD_YEARS}y"))
    known = pl.col("programme_code").replace_strict(
        first["programme_code"], first["valid_from"], default=None, return_dtype=pl.Date
    )
    return pl.col(column) >= known


def ends_after_its_last_day(since: str, until: str) -> pl.Expr:
    """Whether a period is not one of whole months that would be with a day more: the last day given for the one after.
    What ends on the first of a month may begin on any day.
    """
    end, begin = pl.col(until), pl.col(since)
    return ((end + pl.duration(days=1)).dt.day() != begin.dt.day()) | (end.dt.day() == 1)


def is_not_turned_round(since: str, until: str) -> pl.Expr:
    """Whether a period is not one within the first days of one January that would be of whole months with day and month
    turned round, and had come by delivery: 2017-01-04 to 2017-01-07 for a quarter.
    """
    begin, end = pl.col(since), pl.col(until)
    in_january = (begin.dt.month() == 1) & (end.dt.month() == 1) & (begin.dt.year() == end.dt.year())
    is_turnable = in_january & (begin < end) & (end.dt.day() <= _MONTHS)
    meant = pl.date(pl.when(is_turnable).then(end.dt.year()), end.dt.day(), 1)
    return ~is_turnable | (meant - pl.col(DELIVERED_ON) > pl.duration(days=REPORTED_AHEAD_DAYS))


_MONTHS = 12
