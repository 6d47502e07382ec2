"""The day of delivery at the begin of a file name: read, or refused, never passed over where a date was meant."""

from datetime import date

import pytest

from schemas.dated_name import date_prefix

MEANT = date(2017, 12, 7)


@pytest.mark.parametrize(
    "name",
    [
        "2017-12-07_x.csv", "2017.12.07 x.csv", "2017 12 07 x.csv", "20171207_x.csv", "20171207120000_x.csv",
        "201712071200.csv", "07-12-2017_x.csv", "7-12-2017.csv", " 2017-12-07_x.csv", "_2017-12-07.csv",
        "\u200b2017-12-07_x.csv", "２０１７-12-07_x.csv", "2017—12—07_x.csv", "2017-12-0７_x.csv",
        "2017-12-07T1200.csv",
    ],
)  # fmt: skip
def test_a_date_is_read_however_its_marks_and_digits_are_made(name: str) -> None:
    found = date_prefix(name)

    assert found is not None
    assert found.day == MEANT
    assert found.rest.endswith(".csv")


@pytest.mark.parametrize(
    "name",
    [
        "2017-12-7_x.csv", "17-12-07_x.csv", "2017-12-071_x.csv", "02017-12-07_x.csv", "2017120_x.csv",
        "07122017_x.csv",
        "20170230.csv", "2017-13-07.csv", "31-02-2017.csv", "2017-012-07.csv", "7-12-20171.csv",
    ],
)  # fmt: skip
def test_what_was_meant_as_a_date_and_is_none_is_not_passed_over(name: str) -> None:
    found = date_prefix(name)

    assert found is not None
    assert found.day is None


@pytest.mark.parametrize(
    "name",
    [
        "2017-01-01_2017-01-31_export.csv", "20170101-20170131.csv", "2017-01-01 tm 2017-01-31.csv",
        "01-01-2017_31-01-2017_uit.csv", "2017-01-01 t-m 31-01-2017.csv", "2017-01-01_tot_en_met_2017-01-31.csv",
        "20170101_to_20170131 x.csv", "2017-01-01–2017-01-31.csv", "2017-01-01_2017-1-31.csv",
        "2017-01-01T000000_2017-01-31T235959.csv", "2017-01-01 00.00.00 - 2017-01-31 23.59.59.csv",
        "2017-01-01_tem_2017-01-31.csv", "01-01-2017_31012017.csv", "2017-01-01 t.e.m. 31.01.2017.csv",
        "2017_01_01_2017_01_31.csv", "2017 01 01 2017 01 31.csv", "2017-01-01 2017_1_31.csv",
        "2017_01_01_0800_2017_01_31.csv", "2017_01_01_0800_31_01_2017.csv",
    ],
)  # fmt: skip
def test_two_days_are_a_period_and_no_day_of_delivery(name: str) -> None:
    found = date_prefix(name)

    assert found is not None
    assert found.is_period
    assert (found.day, found.since, found.until) == (None, date(2017, 1, 1), date(2017, 1, 31))


@pytest.mark.parametrize(
    "name",
    ["2017-12-07_2017-12-01.csv", "2017-12-07_20171207.csv", "2017-12-07_2018.csv", "2017-12-07_bestand_2017-12-31.csv",
     "2017-12-07_tot_2018.csv", "2017-12-07_20189999.csv", "2017-12-07_2018-01-01_bestand.csv",
     "2017-12-07_1200_2017-12-31.csv"],
)  # fmt: skip
def test_a_day_with_another_one_that_ends_no_period_is_one(name: str) -> None:
    found = date_prefix(name)

    assert found is not None
    assert (found.day, found.is_period) == (MEANT, False)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("2017-12-7_x.csv", MEANT), ("07122017.csv", MEANT), ("12-31-2017.csv", date(2017, 12, 31)),
     ("17-12-07.csv", None), ("2017-02-30.csv", None), ("20170230.csv", None), ("2017-12-071.csv", None)],
)  # fmt: skip
def test_the_day_that_another_form_may_mean(name: str, meant: date | None) -> None:
    found = date_prefix(name)

    assert found is not None
    assert (found.day, found.meant) == (None, meant)


@pytest.mark.parametrize(
    "name",
    ["84066NED_2018.csv", "RE01_2017-10-08.csv", "201712_bestand.csv", "2017-01_x.csv", "0899_201702.csv", "1.2.3.csv",
     "2017_stand.csv", "0899-2017-02.csv", "2017-2018.csv", "bestand.csv", ""],
)  # fmt: skip
def test_what_begins_otherwise_states_no_day(name: str) -> None:
    assert date_prefix(name) is None


def test_weeks_are_a_period_too() -> None:
    found = date_prefix("2017-01-02_2017-01-15.csv")

    assert found is not None
    assert (found.since, found.until) == (date(2017, 1, 2), date(2017, 1, 15))
