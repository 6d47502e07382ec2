"""The gate about dates of which day and month were turned round, as spreadsheets do: 1 March as 2017-01-03.

It is a date like any other; that it breaks the rhythm of its sender, and would keep it the other way round, gives it
away. Here: reference dates of stocks, and the ends of reported periods. Not here: dates that cannot be
(``schemas.bounds``).
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, place_name
from pipeline.versions.gates.preceding import Judged, preceding
from schemas.limits.deliveries import RHYTHM_ABOVE_SHARE, RHYTHM_LEAST_DATES
from schemas.limits.files import REPORTED_AHEAD_DAYS
from schemas.source import Source

Period = tuple[date, date]


def turned_round(source: Source, judged: Judged, counting: pl.DataFrame) -> list[Closed]:
    """Closed where a new date of a place is out of its sender's rhythm and would be in it with day and month turned
    round, as a date of which nothing is known and that had come when it was delivered. Where no other date of its month
    is known it may be that month's: who counts on the first counts on the third where the first is a holiday.
    """
    if not source.is_stock:
        return []
    before = preceding(counting, judged).filter(pl.col("sender").fill_null("") == (judged.sender or ""))
    brought = _seconds(judged.brought.drop_nulls(["place", "valid_on"]), before)
    if brought.is_empty():  # as nearly always, and asked in one go
        return []
    known = _dates(before.join(brought.select("place").unique(), on="place", how="semi"))
    found = [
        f"{place_name(place)} {day} (may be {other})"
        for place, days in sorted(_dates(brought).items())
        for day in sorted(days - known.get(place, set()))
        if (other := _meant(day, days, known.get(place, set()))) and other <= judged.delivered_on
    ]
    if not found:
        return []
    return [Closed("DELIVERY-032", f"a new date out of the rhythm of its place: {listed(found)}")]


def _seconds(brought: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """What is brought about a place of which two dates of one month are known or brought."""
    month = pl.col("valid_on").dt.truncate("1mo").alias("month")
    own = brought.select("place", "valid_on", month)
    both = pl.concat([own, before.select(own.columns[:2]).with_columns(month)])
    both = both.join(own, on=["place", "month"], how="semi").unique(["place", "valid_on"])
    seconds = both.filter(pl.len().over("place", "month") > 1)
    return brought.join(seconds, on="place", how="semi")


def turned_periods(source: Source, judged: Judged, own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where a new period of a reported line begins or ends out of its rhythm, on a day that no other period of
    it begins or ends on, and would be in it with day and month turned round: 2017-01-04 to 2017-01-07 for a quarter.

    ``own`` and ``before`` are ``told_figures``.
    """
    figures = source.gates.figures
    if figures is None or figures.period is None:
        return []
    line = [name for name in source.event_scope if name not in figures.period]
    known = _periods(before, line, figures.period)
    last = judged.delivered_on + timedelta(days=REPORTED_AHEAD_DAYS)
    found = []
    for name, periods in sorted(_periods(own, line, figures.period).items()):
        stood = known.get(name, set())
        for since, until in sorted(periods - stood):
            meant = _period_meant((since, until), periods, stood)
            if meant and meant[0] < meant[1] <= last:
                found.append(f"{' '.join(name)} {_shown(since, until)} (may be {_shown(*meant)})")
    if not found:
        return []
    return [Closed("DELIVERY-032", f"a new period out of the rhythm of its programme: {listed(found)}")]


def _period_meant(period: Period, periods: Collection[Period], known: Collection[Period]) -> Period | None:
    others = {*periods, *known} - {period}
    days = {day for each in (known if len(known) >= RHYTHM_LEAST_DATES else others) for day in each}
    since, until = (
        day if any(day == each[place] for each in others) else _in_rhythm(day, days) or day
        for place, day in enumerate(period)
    )
    return None if (since, until) == period else (since, until)


def _shown(since: date, until: date) -> str:
    return f"{since} – {until}"


def _periods(told: pl.DataFrame, line: list[str], period: tuple[str, str]) -> dict[tuple[str, ...], set[Period]]:
    every = told.select(*line, *period).drop_nulls().unique()
    found: dict[tuple[str, ...], set[Period]] = {}
    for *name, since, until in every.iter_rows():
        found.setdefault(tuple(map(str, name)), set()).add((since, until))
    return found


def _dates(placed: pl.DataFrame) -> dict[str, set[date]]:
    every = placed.drop_nulls(["place", "valid_on"]).group_by("place").agg(pl.col("valid_on").unique())
    return {place: set(days) for place, days in every.iter_rows()}


def _meant(day: date, dates: Collection[date], known: Collection[date]) -> date | None:
    """The date that was meant by ``day``, one of the ``dates`` that are told of a place beside those that are known;
    None where it is as it should be.

    The rhythm is that of what is known, where anything is: of a year all months may be turned round.
    """
    rest = {*dates, *known} - {day}
    is_second = any((each.year, each.month) == (day.year, day.month) for each in rest)
    other = _in_rhythm(day, known if len(known) >= RHYTHM_LEAST_DATES else rest) if is_second else None
    return None if other in rest else other


def _in_rhythm(day: date, dates: Collection[date]) -> date | None:
    """``day`` with day and month turned round, where that keeps the rhythm of ``dates`` and ``day`` does not."""
    if day.day > _MONTHS or day.day == day.month:
        return None
    other = date(day.year, day.day, day.month)
    counts = Counter(_place_in_month(each) for each in dates)
    usual = counts[_place_in_month(other)]
    is_rhythm = usual >= RHYTHM_LEAST_DATES and usual > RHYTHM_ABOVE_SHARE * counts.total()
    return other if is_rhythm and _place_in_month(day) != _place_in_month(other) else None


_MONTHS = 12


def _place_in_month(day: date) -> int:
    """Its day; 0 for the last one of a month."""
    return 0 if day.day == monthrange(day.year, day.month)[1] else day.day
