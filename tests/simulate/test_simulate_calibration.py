"""The counted files meet the public figures they were made for."""

from datetime import date
from typing import Any

import pytest

BRUNSSUM, ONDERBANKEN, LANDGRAAF = "GM0899", "GM0881", "GM0882"

# Persons at CBS, 15 to AOW age: recipients at the end of the year, inflow, outflow, outflow to work.
CBS = {
    (BRUNSSUM, 2015): (1040, 290, 290, 140),
    (BRUNSSUM, 2016): (1000, 240, 250, 130),
    (BRUNSSUM, 2017): (960, 230, 250, 130),
    (ONDERBANKEN, 2015): (160, 60, 40, 20),
    (ONDERBANKEN, 2016): (170, 70, 60, 30),
    (ONDERBANKEN, 2017): (170, 50, 50, 20),
    (LANDGRAAF, 2015): (1180, 400, 340, 150),
    (LANDGRAAF, 2016): (1200, 370, 330, 140),
    (LANDGRAAF, 2017): (1150, 310, 340, 190),
}


@pytest.mark.parametrize(
    ("series", "day", "expected"),
    [
        ("pw", date(2015, 1, 1), 924),
        ("pw", date(2015, 10, 1), 900),
        ("pw", date(2016, 1, 1), 907),
        ("pw", date(2017, 1, 1), 876),
        ("pw", date(2017, 10, 1), 845),
        ("pw", date(2018, 1, 1), 842),
        ("pw", date(2018, 8, 31), 795),
        ("pw_ioaw_ioaz", date(2015, 1, 1), 951),
        ("pw_ioaw_ioaz", date(2016, 1, 1), 944),
        ("pw_ioaw_ioaz", date(2017, 1, 1), 912),
    ],
)
def test_brunssum_stock_is_what_was_published(stocks: Any, series: str, day: date, expected: int) -> None:
    assert stocks[BRUNSSUM, series, day] == expected


def test_there_are_46_reference_dates(record_of: Any) -> None:
    days = sorted(record_of)

    assert len(days) == 46
    assert [day for day in days if day.day != 1] == [date(2018, 8, 31)]
    assert (days[0], days[-1]) == (date(2015, 1, 1), date(2018, 9, 1))


def test_31_august_2018_is_strictly_the_lowest_so_far(stocks: Any) -> None:
    lowest_day = date(2018, 8, 31)
    pw = {day: n for (code, series, day), n in stocks.items() if (code, series) == (BRUNSSUM, "pw")}

    assert len(pw) == 46
    assert min(n for day, n in pw.items() if day < lowest_day) > pw[lowest_day]


@pytest.mark.parametrize(
    ("opening", "closing", "printed", "series"),
    [
        (date(2015, 1, 1), date(2016, 1, 1), "-0.74", {"pw_ioaw_ioaz"}),
        (date(2017, 1, 1), date(2018, 1, 1), "-3.9", {"pw"}),
        (date(2018, 1, 1), date(2018, 8, 31), "-5.6", {"pw"}),
    ],
)
def test_a_published_change_arises_in_one_series_only(
    stocks: Any, opening: date, closing: date, printed: str, series: set[str]
) -> None:
    decimals = len(printed.split(".")[1])
    changes = {
        name: 100 * (stocks[BRUNSSUM, name, closing] / stocks[BRUNSSUM, name, opening] - 1)
        for name in ("pw", "pw_ioaw_ioaz", "all")
    }

    assert {name for name, change in changes.items() if f"{change:.{decimals}f}" == printed} == series


@pytest.mark.parametrize(("code", "year"), CBS)
def test_stock_at_new_year_is_cbs_persons_divided(stocks: Any, code: str, year: int) -> None:
    benefits = stocks[code, "pw", date(year + 1, 1, 1)]

    assert benefits == pytest.approx(CBS[code, year][0] / 1.14, abs=5.5)


@pytest.mark.parametrize(("code", "year"), CBS)
def test_yearly_flows_are_near_cbs(flows: Any, code: str, year: int) -> None:
    inside = [
        flow
        for (municipality, series, day), flow in flows.items()
        if (municipality, series) == (code, "pw") and date(year, 1, 1) < day <= date(year + 1, 1, 1)
    ]
    counted = [sum(getattr(flow, name) for flow in inside) for name in ("inflow", "outflow", "to_work")]

    assert len(inside) == 12
    assert counted == pytest.approx([persons / 1.14 for persons in CBS[code, year][1:]], rel=0.1)


def test_in_2016_fewer_people_went_to_work_than_came_in(flows: Any) -> None:
    inside = [flow for (code, series, day), flow in flows.items() if (code, series) == (BRUNSSUM, "pw")]
    days = [day for (code, series, day) in flows if (code, series) == (BRUNSSUM, "pw")]
    in_2016 = [flow for flow, day in zip(inside, days, strict=True) if date(2016, 1, 1) < day <= date(2017, 1, 1)]

    assert sum(flow.to_work for flow in in_2016) < 0.7 * sum(flow.inflow for flow in in_2016)


def test_temp_agencies_raised_outflow_to_work_in_the_last_quarter_of_2016(flows: Any) -> None:
    to_work = {day: flow.to_work for (code, series, day), flow in flows.items() if (code, series) == (BRUNSSUM, "pw")}
    last = sum(to_work[day] for day in (date(2016, 11, 1), date(2016, 12, 1), date(2017, 1, 1)))
    other = sum(n for day, n in to_work.items() if date(2016, 1, 1) < day <= date(2016, 10, 1))

    assert last > 1.2 * other / 3


def test_the_bridge_closes_in_every_interval(flows: Any) -> None:
    gaps = {key: flow.closing - flow.opening - flow.inflow + flow.outflow for key, flow in flows.items()}

    assert len(gaps) == 45 * 3 * 3
    assert {key for key, gap in gaps.items() if gap} == set()


@pytest.mark.parametrize("code", [BRUNSSUM, LANDGRAAF])
def test_couples_make_about_14_percent_more_persons_than_benefits(record_of: Any, code: str) -> None:
    alive = [
        row for row in record_of[date(2017, 1, 1)] if row.municipality == code and row.scheme == "01" and row.is_alive
    ]

    assert (len(alive) + sum(bool(row.partner) for row in alive)) / len(alive) == pytest.approx(1.14, abs=0.025)
