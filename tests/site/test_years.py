"""Outflow by reason is that of whole years, however many reference dates stand in one."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from pipeline.site.groups import years


def bridge(*days: date) -> list[dict[str, Any]]:
    return [{"previous_reference_date": before, "reference_date": day} for before, day in pairwise(days)]


def months(begin: int, until: int) -> list[date]:
    """First days from January 2016, by their number."""
    return [date(2016 + number // 12, number % 12 + 1, 1) for number in range(begin, until)]


def test_a_year_runs_from_a_month_to_the_same_month() -> None:
    found = years(bridge(*months(0, 33)))

    assert [(span.begin, span.ends[-1], len(span.ends)) for span in found] == [
        (date(2017, 9, 1), date(2018, 9, 1), 12),
        (date(2016, 9, 1), date(2017, 9, 1), 12),
    ]


def test_one_more_date_makes_a_year_no_shorter() -> None:
    days = sorted([*months(0, 33), date(2018, 8, 31)])

    found = years(bridge(*days))

    assert [(span.begin, len(span.ends)) for span in found] == [(date(2017, 9, 1), 13), (date(2016, 9, 1), 12)]
    assert found[0].ends[0] - found[0].begin == timedelta(30)


def test_a_gap_makes_no_year() -> None:
    days = months(0, 33)

    assert years([row for row in bridge(*days) if row["reference_date"] != date(2018, 3, 1)]) == []
    (last,) = years([row for row in bridge(*days) if row["reference_date"] != date(2017, 3, 1)])
    assert last.begin == date(2017, 9, 1)


def test_less_than_a_year_is_none() -> None:
    assert years(bridge(*months(22, 33))) == []
    assert years([]) == []
