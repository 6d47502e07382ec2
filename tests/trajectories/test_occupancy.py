"""Occupancy by days and activation: any small history against counting every day, and corners by hand."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from tests.examples import examples
from tests.trajectories import counts_reference as counts
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes
from tests.trajectories.test_progress import assert_same, by_key, path
from tests.trajectories.trajectory_reference import Event

BB = "BETERE_BUREN"
HORIZON = date(2019, 12, 31)


@examples(12)
@given(slow.event_sets(8), slow.last_days())
def test_any_history_is_averaged_as_counting_every_day_does(events: list[Event], horizon: slow.Last) -> None:
    table = programmes(slow.frame(events), horizon).tables["programme_occupancy"]

    expected = counts.programme_occupancy(slow.in_force(events).events, horizon)
    assert_same(by_key(table, ["programme_code", "month"]), expected)


@examples(10)
@given(slow.event_sets(), slow.last_days())
def test_any_activation_is_counted_as_the_slow_way_counts_it(events: list[Event], horizon: slow.Last) -> None:
    table = programmes(slow.frame(events), horizon).tables["activation"]

    expected = counts.activation(slow.in_force(events).events, horizon)
    assert_same(by_key(table, ["programme_code", "month", "activity"]), expected)


def months(events: list[Event], horizon: date = HORIZON) -> dict[date, dict[str, Any]]:
    table = programmes(slow.frame(events), horizon).tables["programme_occupancy"]
    assert table["programme_code"].unique().to_list() in ([], [BB])
    return {row["month"]: row for row in table.to_dicts()}


def stay(client: str, begin: date, end: date | None, *more: tuple[str, date]) -> list[Event]:
    ends = [("beeindigd", end)] if end else []
    return path(client, ("gestart", begin), *more, *ends, programme=BB, provider="BB")


@pytest.mark.parametrize("begin", [date(2017, 1, 1), date(2017, 1, 11), date(2017, 1, 22)])
def test_ten_days_of_a_month_of_31_weigh_ten_31sts_wherever_they_lie(begin: date) -> None:
    """Also in the first month of the programme; the day of the end is not counted."""
    end = date(2017, 2, 1) if begin.day == 22 else begin.replace(day=begin.day + 10)

    found = months(stay("c1", begin, end))

    assert found[date(2017, 1, 1)]["average_active"] == pytest.approx(10 / 31)
    assert found[date(2017, 1, 1)]["peak_active"] == 1
    assert found[date(2017, 2, 1)]["average_active"] == 0


def test_the_average_of_the_table_is_that_of_the_facts() -> None:
    events = [*stay("c1", date(2017, 1, 9), date(2017, 3, 20)), *stay("c2", date(2017, 1, 31), None)]

    facts = programmes(slow.frame(events), HORIZON).facts()[BB]

    for month, row in months(events).items():
        assert row["average_active"] == pytest.approx(facts.average_between(month, slow.months_on(month, 1)))


def test_who_follows_on_the_day_of_an_end_does_not_raise_the_peak() -> None:
    change = date(2017, 1, 16)

    [january] = months(stay("c1", date(2017, 1, 1), change) + stay("c2", change, None), date(2017, 1, 31)).values()

    assert (january["peak_active"], january["average_active"]) == (1, 1)


def test_the_last_month_counts_up_to_the_last_day_known() -> None:
    [january] = months(stay("c1", date(2017, 1, 1), None), date(2017, 1, 7)).values()

    assert january["average_active"] == 1


@pytest.mark.parametrize(("begin", "client", "average"), [(1, "c1", 1), (2, "c1", 1 + 30 / 31), (1, "c2", 2)])
def test_two_trajectories_of_one_client_are_two_but_of_one_day_they_are_one(
    begin: int, client: str, average: float
) -> None:
    """A provider that sends everything again under new numbers does not double the occupancy."""
    again = Event("BB", "x", "gestart", date(2017, 1, begin), "T2", client, programme=BB)

    found = months([*stay("c1", date(2017, 1, 1), None), again], date(2019, 2, 1))

    assert found[date(2017, 1, 1)]["average_active"] == pytest.approx(average)
    assert found[date(2019, 1, 1)]["over_maximum_duration"] == round(average)


def test_a_trajectory_that_ends_before_it_starts_takes_nobody_away() -> None:
    events = [*stay("c1", date(2017, 2, 1), date(2017, 1, 5)), *stay("c2", date(2017, 1, 1), None)]

    assert {row["average_active"] for row in months(events).values()} == {1}


@pytest.mark.parametrize(
    ("end", "over"),
    [
        (None, {date(2018, 12, 1): 0, date(2019, 1, 1): 1, date(2019, 6, 1): 1}),
        (date(2019, 1, 9), {date(2018, 12, 1): 0, date(2019, 1, 1): 0, date(2019, 6, 1): 0}),
        (date(2019, 2, 9), {date(2018, 12, 1): 0, date(2019, 1, 1): 1, date(2019, 2, 1): 0}),
    ],
)
def test_over_the_maximum_of_24_months_and_still_open_at_the_end_of_the_month(
    end: date | None, over: dict[date, int]
) -> None:
    found = months(stay("c1", date(2017, 1, 9), end))

    assert {month: found[month]["over_maximum_duration"] for month in over} == over


@pytest.mark.parametrize(("horizon", "over"), [(date(2019, 1, 8), 0), (date(2019, 1, 9), 1)])
def test_in_the_last_month_the_maximum_is_passed_when_it_is_known_to_be(horizon: date, over: int) -> None:
    assert months(stay("c1", date(2017, 1, 9), None), horizon)[date(2019, 1, 1)]["over_maximum_duration"] == over


def test_the_share_to_work_is_of_the_average_over_twelve_months_and_null_before() -> None:
    """Three are there all of 2017 but one who was placed; two of four is one half of an average of 3.5."""
    events = [
        *stay("c1", date(2017, 1, 1), None),
        *stay("c2", date(2017, 1, 1), None),
        *stay("c3", date(2017, 1, 1), None, ("geplaatst", date(2017, 1, 20)), ("geplaatst", date(2017, 9, 1))),
        *stay("c4", date(2017, 1, 1), date(2017, 7, 2), ("geplaatst", date(2017, 7, 2))),
    ]

    found = months(events)

    assert found[date(2017, 11, 1)]["share_to_work_pct"] is None
    average = 3 + 182 / 365
    assert found[date(2017, 12, 1)]["share_to_work_pct"] == pytest.approx(100 * 2 / average)
    placed = [found[date(year, month, 1)]["placed_in_last_12_months"] for year, month in (
        (2017, 1), (2017, 6), (2017, 7), (2017, 12), (2018, 1), (2018, 6), (2018, 7))]  # fmt: skip
    assert placed == [1, 1, 2, 2, 1, 1, 0]


def test_activation_counts_each_client_once_per_month_and_activity() -> None:
    signed, talent, volunteer = counts.ACTIVITIES
    events = [
        *path("c1", (signed, date(2017, 1, 1)), (signed, date(2017, 1, 31)), (talent, date(2017, 1, 31))),
        *path("c2", (signed, date(2017, 1, 5)), (signed, date(2017, 2, 1)), (volunteer, date(2017, 2, 1))),
        *path("c1", (signed, date(2017, 1, 9)), provider="RE02", trajectory="other"),
    ]

    found = programmes(slow.frame(events), HORIZON).tables["activation"].select(pl.exclude("programme_code")).rows()

    assert found == [
        (date(2017, 1, 1), "participation_statement", 2), (date(2017, 1, 1), "skills_profile", 1),
        (date(2017, 2, 1), "participation_statement", 1), (date(2017, 2, 1), "volunteering", 1),
    ]  # fmt: skip
