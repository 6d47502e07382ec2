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
    ["84066NED_2018.csv", "RE01_2017-10-08.csv", "201712_bestand.csv", "2017-01_x.csv", "0899_201702.csv", "1.2.3.csv",
     "2017_stand.csv", "0899-2017-02.csv", "2017-2018.csv", "bestand.csv", ""],
)  # fmt: skip
def test_what_begins_otherwise_states_no_day(name: str) -> None:
    assert date_prefix(name) is None
