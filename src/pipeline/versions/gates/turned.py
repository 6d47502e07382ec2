"""The gate about a reference date of which day and month were turned round, as spreadsheets do: 1 March as 2017-01-03.

It is a date like any other; that it breaks the rhythm of its sender, and would keep it the other way round, gives it
away. Not here: dates that cannot be (``schemas.bounds``).
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection
from datetime import date

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, place_name
from pipeline.versions.gates.preceding import Judged, preceding
from schemas.limits.deliveries import RHYTHM_ABOVE_SHARE, RHYTHM_LEAST_DATES
from schemas.source import Source


def turned_round(source: Source, judged: Judged, counting: pl.DataFrame) -> list[Closed]:
    """Closed where a new date of a place is out of its sender's rhythm and would be in it with day and month turned
    round, as a date of which nothing is known and that had come when it was delivered. Where no other date of its month
    is known it may be that month's: who counts on the first counts on the third where the first is a holiday.
    """
    if not source.is_stock:
        return []
    before = preceding(counting, judged).filter(pl.col("sender").fill_null("") == (judged.sender or ""))
    brought = judged.brought.drop_nulls(["place", "valid_on"])
    known = _dates(before.join(brought.select("place").unique(), on="place", how="semi"))
    found = [
        f"{place_name(place)} {day} (may be {other})"
        for place, days in sorted(_dates(brought).items())
        for day in sorted(days - known.get(place, set()))
        if (other := _meant(day, known.get(place, set()) | days)) and other <= judged.delivered_on
    ]
    if not found:
        return []
    return [Closed("DELIVERY-032", f"a new date out of the rhythm of its place: {listed(found)}")]


def _dates(placed: pl.DataFrame) -> dict[str, set[date]]:
    every = placed.drop_nulls(["place", "valid_on"]).group_by("place").agg(pl.col("valid_on").unique())
    return {place: set(days) for place, days in every.iter_rows()}


def _meant(day: date, dates: Collection[date]) -> date | None:
    """The date that was meant by ``day``, beside the other ``dates`` of the place; None where it is as it should be."""
    if day.day > _MONTHS or day.day == day.month:
        return None
    other = date(day.year, day.day, day.month)
    counts = Counter(_place_in_month(each) for each in dates if each != day)
    usual = counts[_place_in_month(other)]
    is_rhythm = usual >= RHYTHM_LEAST_DATES and usual > RHYTHM_ABOVE_SHARE * counts.total()
    is_out = _place_in_month(day) != _place_in_month(other)
    is_second = any((each.year, each.month) == (day.year, day.month) for each in dates if each != day)
    return other if is_rhythm and is_out and is_second and other not in dates else None


_MONTHS = 12


def _place_in_month(day: date) -> int:
    """Its day; 0 for the last one of a month."""
    return 0 if day.day == monthrange(day.year, day.month)[1] else day.day
