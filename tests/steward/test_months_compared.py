"""This month beside last month and last year: months are compared, not reference dates."""

from datetime import date

import polars as pl
import pytest

from pipeline.site.municipality import compared
from pipeline.steward.months_compared import rows

JUL, AUG, END, SEP = date(2018, 7, 1), date(2018, 8, 1), date(2018, 8, 31), date(2018, 9, 1)


def stock(*dated: tuple[date, int]) -> pl.DataFrame:
    lines = [("GM0899", "pw", day, benefits, "provisional") for day, benefits in dated]
    names = ["municipality_code", "series", "reference_date", "benefits", "vintage"]
    return pl.DataFrame(lines, schema=names, orient="row")


HISTORIES = {
    "a last day beside the first of the next month": stock((date(2017, 9, 1), 847), (AUG, 801), (END, 795), (SEP, 797)),
    "the last day is the newest": stock((date(2017, 8, 1), 850), (JUL, 807), (AUG, 801), (END, 795)),
    "a month is missing": stock((date(2017, 9, 1), 847), (JUL, 807), (SEP, 797)),
    "one date": stock((SEP, 797)),
}
EXPECTED = {
    "a last day beside the first of the next month": (797, 801, 847),
    "the last day is the newest": (795, 807, 850),
    "a month is missing": (797, None, 847),
    "one date": (797, None, None),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_the_report_compares_calendar_months(history: str) -> None:
    (row,) = rows(HISTORIES[history])

    assert (row["benefits"], row["previous"], row["year_ago"]) == EXPECTED[history]


@pytest.mark.parametrize("history", HISTORIES)
def test_the_pages_say_the_same(history: str) -> None:
    found = compared(HISTORIES[history].rows(named=True))

    beside = tuple(each and each["benefits"] for each in (found["now"], found["month"], found["year"]))
    assert beside == EXPECTED[history]
