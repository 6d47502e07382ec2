"""Participants, active and placed clients per month: any small history against the slow count, and corners by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.trajectories import counts_reference as counts
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes
from tests.trajectories.trajectory_reference import Event

HORIZON = date(2018, 8, 31)
START = date(2017, 3, 1)
PROVIDER = ["programme_code", "provider_code"]
TABLES = {
    "programme_progress": ([*PROVIDER, "month"], counts.programme_progress),
    "target_group_progress": ([*PROVIDER, "target_group", "month"], counts.target_group_progress),
    "method_progress": ([*PROVIDER, "method", "month"], counts.method_progress),
    "channel_progress": ([*PROVIDER, "channel", "month"], counts.channel_progress),
}


def by_key(frame: pl.DataFrame, key: list[str]) -> dict[Any, dict[str, Any]]:
    rows = frame.to_dicts()
    found = {tuple(row.pop(name) for name in key): row for row in rows}
    assert len(found) == len(rows), "the key is unique"
    assert list(found) == sorted(found), "rows are sorted by the key"
    return found


def assert_same(found: dict[Any, dict[str, Any]], expected: dict[Any, dict[str, Any]]) -> None:
    assert found.keys() == expected.keys()
    for key, row in found.items():
        for name, value in expected[key].items():
            assert row[name] == (pytest.approx(value) if isinstance(value, float) else value), (key, name)
        assert row.keys() == expected[key].keys()


_BEYOND = [
    slow.Event("RE01", "z0", slow.STARTED, date(2017, 1, 1), target_group="vijftigplus"),
    slow.Event("RE02", "y1", slow.STARTED, date(2017, 1, 1)),
    slow.Event("RE02", "z0", slow.STARTED, date(2017, 2, 1), target_group="vijftigplus"),
]
"""The second provider tells of a group on a day until which it is not known."""


@examples(15)
@given(slow.event_sets(), slow.last_days())
@example(_BEYOND, {"RE01": date(2017, 2, 1), "RE02": date(2017, 1, 1)})
@example([*_BEYOND[:2], replace(_BEYOND[2], on=date(2017, 1, 2))], {"RE01": date(2017, 1, 2), "RE02": date(2017, 1, 1)})
def test_any_history_is_counted_as_the_slow_way_counts_it(events: list[Event], horizon: slow.Last) -> None:
    found = programmes(slow.frame(events), horizon)

    for name, (key, count) in TABLES.items():
        assert_same(by_key(found.tables[name], key), count(slow.in_force(events).events, horizon))


@examples(10)
@given(slow.event_sets(), slow.last_days(), slow.days())
def test_a_month_is_as_known_at_its_end(events: list[Event], horizon: Mapping[str, date], day: date) -> None:
    """What happened later changes nothing of an earlier month: without it the last rows are the same."""
    force, end = slow.in_force(events).events, counts.end_of(day, date.max)
    whole = programmes(slow.frame(force), horizon)

    until = programmes(
        slow.frame(each for each in force if each.on <= end), {code: min(last, end) for code, last in horizon.items()}
    )

    for name, (key, _) in [*TABLES.items(), ("programme_occupancy", (["programme_code", "month"], None))]:
        then, now = (by_key(found.tables[name].filter(month=counts.first_of(day)), key) for found in (until, whole))
        assert then == {each: now[each] for each in then}, name


@examples(6)
@given(st.data(), slow.event_sets())
def test_counts_on_a_day_are_those_of_the_table_on_the_last_day_of_the_month(
    data: st.DataObject, events: list[Event]
) -> None:
    found = programmes(slow.frame(events), HORIZON)
    day = data.draw(slow.days())
    known = counts.courses(slow.in_force(events).events, HORIZON, day)

    for code, facts in found.facts().items():
        expected = counts.counted(counts.people(known, code, "*"))
        del expected["placement_rate_pct"]
        assert facts.counts_on(day) == expected


def path(
    client: str, *events: tuple[str, date], provider: str = "RE01", trajectory: str | None = None, **more: Any
) -> list[Event]:
    name = trajectory or f"T-{client}"
    return [
        Event(provider, f"{name}-{number}", kind, on, name, client=client, **more)
        for number, (kind, on) in enumerate(events)
    ]


def counted(events: list[Event], month: date, name: str = "programme_progress", **key: str) -> dict[str, Any]:
    table = programmes(slow.frame(events), HORIZON).tables[name]
    [row] = table.filter(pl.col("month") == month, **({"provider_code": "*"} | key)).to_dicts()
    return row


COUNTS = ("participants", "active", "placed", "ended_otherwise")


def stand(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in COUNTS)


def test_a_client_with_two_providers_counts_once_in_the_total_and_once_per_provider() -> None:
    events = [
        *path("c1", ("gestart", START), trajectory="A"),
        *path("c1", ("gestart", date(2017, 3, 20)), provider="RE02", trajectory="B"),
        *path("c2", ("gestart", START), provider="RE02"),
    ]

    assert stand(counted(events, START)) == (2, 2, 0, 0)
    assert stand(counted(events, START, provider_code="RE01")) == (1, 1, 0, 0)
    assert stand(counted(events, START, provider_code="RE02")) == (2, 2, 0, 0)


def test_a_client_placed_by_one_provider_is_placed_in_the_total_and_active_with_the_other() -> None:
    events = [
        *path("c1", ("gestart", START), ("geplaatst", date(2017, 4, 3)), trajectory="A"),
        *path("c1", ("gestart", START), provider="RE02", trajectory="B"),
    ]

    april = date(2017, 4, 1)
    assert stand(counted(events, april)) == (1, 0, 1, 0)
    assert stand(counted(events, april, provider_code="RE01")) == (1, 0, 1, 0)
    assert stand(counted(events, april, provider_code="RE02")) == (1, 1, 0, 0)


def test_a_restart_makes_active_again_and_stays_one_participant() -> None:
    events = [
        *path("c1", ("gestart", START), ("beeindigd", date(2017, 4, 10)), trajectory="A"),
        *path("c1", ("gestart", date(2017, 6, 1)), trajectory="B"),
    ]

    stands = [stand(counted(events, date(2017, month, 1))) for month in (3, 4, 5, 6)]

    assert stands == [(1, 1, 0, 0), (1, 0, 0, 1), (1, 0, 0, 1), (1, 1, 0, 0)]
    facts = programmes(slow.frame(events), HORIZON).facts()["INNOVATIEF2016"]
    days = [date(2017, 4, 9), date(2017, 4, 10), date(2017, 5, 31), date(2017, 6, 1)]
    assert [facts.counts_on(day)["active"] for day in days] == [1, 0, 0, 1]


def test_trajectories_that_overlap_are_one_time() -> None:
    """A long one with two inside, one of them over the end of a month, and one that follows on the day it ends."""
    events = [
        *path("c1", ("gestart", START), ("beeindigd", date(2017, 6, 1)), trajectory="long"),
        *path("c1", ("gestart", date(2017, 3, 5)), ("beeindigd", date(2017, 3, 9)), trajectory="short"),
        *path("c1", ("gestart", date(2017, 4, 5)), ("beeindigd", date(2017, 5, 9)), trajectory="other"),
        *path("c1", ("gestart", date(2017, 6, 1)), ("beeindigd", date(2017, 7, 9)), trajectory="then"),
    ]

    stands = [stand(counted(events, date(2017, month, 1))) for month in (3, 4, 5, 6, 7)]

    assert stands == [(1, 1, 0, 0)] * 4 + [(1, 0, 0, 1)]


def test_a_pause_is_active_and_an_end_on_the_last_day_of_the_month_is_an_end() -> None:
    events = path("c1", ("gestart", START), ("onderbroken", date(2017, 4, 10)), ("beeindigd", date(2017, 5, 31)))

    assert [stand(counted(events, date(2017, month, 1))) for month in (4, 5)] == [(1, 1, 0, 0), (1, 0, 0, 1)]


def test_aftercare_turns_an_end_into_a_placement() -> None:
    events = path("c1", ("gestart", START), ("beeindigd", date(2017, 4, 10)), ("geplaatst", date(2017, 6, 10)))

    assert [stand(counted(events, date(2017, month, 1))) for month in (5, 6)] == [(1, 0, 0, 1), (1, 0, 1, 0)]


def test_a_second_placement_is_not_a_second_client_and_part_time_is_that_of_the_first() -> None:
    events = [
        *path("c1", ("gestart", START)),
        Event("RE01", "p1", "geplaatst", date(2017, 4, 3), "T-c1", employment="deeltijd"),
        Event("RE01", "p2", "geplaatst", date(2017, 9, 3), "T-c1", employment="voltijd"),
    ]

    row = counted(events, date(2017, 9, 1))

    assert (row["placed"], row["placed_part_time"], row["placement_rate_pct"]) == (1, 1, 100.0)


def test_a_referral_is_no_participant_and_months_go_on_to_the_last_day_known() -> None:
    events = [*path("c1", ("gestart", START)), *path("c2", ("aangemeld", START))]

    table = programmes(slow.frame(events), HORIZON).tables["programme_progress"]

    total = table.filter(pl.col("provider_code") == "*")
    assert total["participants"].unique().to_list() == [1]
    assert (total.height, total["month"].min(), total["month"].max()) == (18, START, date(2018, 8, 1))


def test_a_placement_without_a_start_is_in_no_count() -> None:
    events = [*path("c1", ("gestart", START)), *path("c2", ("geplaatst", START))]

    assert counted(events, START)["placed"] == 0
    assert programmes(slow.frame(events), HORIZON).tables["channel_progress"].is_empty()


def test_dimensions_split_the_counts() -> None:
    events = [
        *path("c1", ("gestart", START), target_group="vijftigplus", method="scholing"),
        Event("RE01", "m", "activiteit_gestart", date(2017, 3, 9), "T-c1", method="jobcoaching"),
        Event("RE01", "p", "geplaatst", date(2017, 3, 9), "T-c1", channel="uitzendbureau", employment="deeltijd"),
        *path("c2", ("gestart", START)),
        Event("RE01", "q", "geplaatst", date(2017, 3, 9), "T-c2", client="c2"),
    ]

    for group in ("vijftigplus", "unknown"):
        assert stand(counted(events, START, "target_group_progress", target_group=group)) == (1, 0, 1, 0)
    for method in ("scholing", "jobcoaching"):
        assert stand(counted(events, START, "method_progress", method=method)) == (1, 0, 1, 0)
    names = ("placed", "placed_part_time", "placed_in_month")
    for channel, month, expected in (
        ("uitzendbureau", START, (1, 1, 1)), ("unknown", START, (1, 0, 1)), ("unknown", date(2017, 4, 1), (1, 0, 0))
    ):  # fmt: skip
        row = counted(events, month, "channel_progress", channel=channel)
        assert tuple(row[name] for name in names) == expected


def fifty(last: date = date(2018, 7, 9)) -> list[Event]:
    """Fifty clients of two providers, one placed each week, the 50th on ``last``."""
    events = []
    for number in range(50):
        on = last - timedelta(weeks=49 - number)
        more = {"provider": f"RE0{1 + number % 2}"}
        events += path(f"c{number:02}", ("gestart", START), ("geplaatst", on), **more)
    return events


def reached(events: list[Event]) -> dict[date, date | None]:
    table = programmes(slow.frame(events), HORIZON).tables["programme_progress"]
    total = table.filter(pl.col("provider_code") == "*")
    assert table.filter(pl.col("provider_code") != "*").select("target", "target_reached_on").unique().rows() == [
        (None, None)
    ]
    assert set(total["target"]) == {50}
    return dict(total.select("month", "target_reached_on").rows())


def test_the_target_is_reached_on_the_day_of_the_fiftieth_client_from_that_month_on() -> None:
    found = reached(fifty())

    assert found[date(2018, 6, 1)] is None
    assert found[date(2018, 7, 1)] == found[date(2018, 8, 1)] == date(2018, 7, 9)


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param(
            path("c03", ("geplaatst", START), trajectory="T-c03x"), id="again, in a trajectory without a start"
        ),
        pytest.param(path("c90", ("geplaatst", START)), id="a client without a start"),
        pytest.param(path("c03", ("gestart", START), ("geplaatst", HORIZON), trajectory="X"), id="again, later"),
        pytest.param(path("c91", ("gestart", START), ("geplaatst", HORIZON)), id="the 51st"),
    ],
)
def test_what_does_not_count_does_not_move_the_day(extra: list[Event]) -> None:
    assert reached([*fifty(), *extra])[date(2018, 8, 1)] == date(2018, 7, 9)


def test_forty_nine_do_not_reach_it_nor_does_a_fiftieth_after_the_last_day_known() -> None:
    assert set(reached(fifty()[:-2]).values()) == {None}
    assert set(reached(fifty(HORIZON + timedelta(days=1))).values()) == {None}


def test_placed_on_one_day_at_two_providers_the_first_number_says_part_time_or_not() -> None:
    """The same number at two providers too: then the provider's code decides."""
    for trajectory, part_time in (("A", 1), ("Z", 0), ("M", 1)):
        events = [
            *path("c1", ("gestart", START), trajectory=trajectory),
            Event("RE01", "p", "geplaatst", date(2017, 4, 3), trajectory, employment="deeltijd"),
            *path("c1", ("gestart", START), trajectory="M", provider="RE02"),
            Event("RE02", "p", "geplaatst", date(2017, 4, 3), "M", employment="voltijd"),
        ]
        assert counted(events, date(2017, 4, 1))["placed_part_time"] == part_time


def in_words(
    events: list[Event], name: str, word: str, *, provider: str = "*"
) -> dict[str, dict[date, tuple[int, ...]]]:
    """Per group or method how clients stand, by month."""
    table = programmes(slow.frame(events), HORIZON).tables[name].filter(provider_code=provider)
    found: dict[str, dict[date, tuple[int, ...]]] = {}
    for row in table.to_dicts():
        found.setdefault(row[word], {})[row["month"]] = stand(row)
    return found


STAR = [
    *path("c1", ("gestart", START), ("beeindigd", date(2017, 5, 31)), target_group="vijftigplus", method="jobcoaching"),
    *path("c1", ("gestart", date(2017, 4, 1)), ("geplaatst", date(2017, 5, 20)), provider="RE02", trajectory="B",
          target_group="inburgeraars", method="taaltraining"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "word", "first", "second"),
    [
        ("target_group_progress", "target_group", "vijftigplus", "inburgeraars"),
        ("method_progress", "method", "jobcoaching", "taaltraining"),
    ],
)
def test_under_all_a_client_stands_in_each_group_as_all_providers_together_have_it(
    name: str, word: str, first: str, second: str
) -> None:
    """Ended with one provider and placed by another is placed, in each group; with the first alone it is an end."""
    together, alone = in_words(STAR, name, word), in_words(STAR, name, word, provider="RE01")

    assert together.keys() == {first, second}
    assert [together[first][date(2017, month, 1)] for month in (3, 4, 5, 6)] == [(1, 1, 0, 0)] * 2 + [(1, 0, 1, 0)] * 2
    assert [together[second][date(2017, month, 1)] for month in (4, 5, 6)] == [(1, 1, 0, 0)] + [(1, 0, 1, 0)] * 2
    assert alone == {first: alone[first]}
    assert alone[first][date(2017, 6, 1)] == (1, 0, 0, 1)


def test_a_method_counts_from_its_first_use_and_a_group_from_the_day_it_was_told() -> None:
    events = [
        *path("c1", ("gestart", START)),
        Event("RE01", "m", "activiteit_gestart", date(2017, 12, 20), "T-c1", method="scholing"),
        Event("RE01", "g", "activiteit_gestart", date(2017, 5, 2), "T-c1", target_group="vijftigplus"),
        Event("RE01", "h", "activiteit_gestart", date(2018, 1, 31), "T-c1", target_group="inburgeraars"),
    ]

    methods, groups = (
        in_words(events, "method_progress", "method"),
        in_words(events, "target_group_progress", "target_group"),
    )

    assert min(methods["scholing"]) == date(2017, 12, 1)
    assert {word: min(months) for word, months in groups.items()} == {
        "unknown": START, "vijftigplus": date(2017, 5, 1), "inburgeraars": date(2018, 1, 1)
    }  # fmt: skip
    stood = {word: [month for month, row in months.items() if row[0]] for word, months in groups.items()}
    assert [max(stood[word]) for word in ("unknown", "vijftigplus", "inburgeraars")] == [
        date(2017, 4, 1), date(2017, 12, 1), date(2018, 8, 1)
    ]  # fmt: skip


def test_a_placement_in_a_trajectory_that_starts_later_counts_from_that_start() -> None:
    """Until then it was a placement of somebody who did not take part in that trajectory."""
    events = [
        *path("c1", ("gestart", START)),
        *path("c1", ("geplaatst", date(2017, 4, 3)), ("gestart", date(2017, 6, 1)), trajectory="B"),
    ]

    assert [stand(counted(events, date(2017, month, 1))) for month in (4, 5, 6)] == [(1, 1, 0, 0)] * 2 + [(1, 0, 1, 0)]
