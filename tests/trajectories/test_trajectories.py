"""The fold of events to trajectories: any small history against the slow way, and the corners by hand."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.trajectories.corrections import in_force
from pipeline.versions.supersede import winning
from schemas.catalogue import SOURCES, TABLES
from schemas.tables.trajectories import TRAJECTORIES
from tests.examples import examples
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import programmes, settled_as_known
from tests.trajectories.trajectory_reference import Event

HORIZON = date(2019, 12, 31)


def rows(events: list[Event], horizon: slow.Last = HORIZON) -> list[dict[str, Any]]:
    return settled_as_known(in_force(slow.frame(events)).events, horizon).to_dicts()


def row(*events: tuple[str, date, dict[str, Any]] | tuple[str, date], horizon: date = HORIZON) -> dict[str, Any]:
    """The row of one trajectory with these events: kind, day and what else was told."""
    made = [Event("RE01", f"e{number}", *each[:2], **dict(*each[2:])) for number, each in enumerate(events)]
    [only] = rows(made, horizon)
    return only


@examples(20)
@given(slow.event_sets(), slow.last_days())
def test_any_history_is_folded_as_the_slow_way_folds_it(events: list[Event], horizon: slow.Last) -> None:
    assert rows(events, horizon) == slow.fold(slow.in_force(events).events, horizon)


@examples(6)
@given(st.data(), slow.event_sets(8))
def test_order_split_and_repetition_say_nothing(data: st.DataObject, events: list[Event]) -> None:
    """The latest delivery of an event says what it is; all tables are the same, down to the order of rows."""
    deliveries = data.draw(slow.splits(events))
    shuffled = slow.delivered(deliveries).sample(fraction=1, shuffle=True, seed=data.draw(st.integers(0, 9)))

    won = winning(shuffled, slow.ranks(deliveries), SOURCES["trajectory_events"].scope)

    whole, parts = programmes(slow.frame(events), HORIZON), programmes(won, HORIZON)
    assert sorted(slow.winners(deliveries), key=lambda each: each.key) == sorted(events, key=lambda each: each.key)
    for name, table in whole.tables.items():
        assert parts.tables[name].equals(table), name
    assert parts.findings.equals(whole.findings)


@examples(3)
@given(slow.event_sets(), slow.days())
def test_every_table_passes_its_own_model(events: list[Event], horizon: date) -> None:
    found = programmes(slow.frame(events), horizon)

    for name, table in (found.tables | {"relation_findings": found.findings}).items():
        TABLES[name].schema().validate(table)


@pytest.mark.parametrize("horizon", [None, HORIZON])
def test_nothing_delivered_gives_empty_tables_of_the_right_shape(horizon: date | None) -> None:
    found = programmes(slow.frame([]), horizon)

    for name, table in (found.tables | {"relation_findings": found.findings}).items():
        assert table.equals(TABLES[name].empty()), name


def test_without_a_last_day_trajectories_are_told_and_nothing_is_counted() -> None:
    events = [Event("RE01", "e1", "gestart", date(2017, 3, 1)), Event("RE01", "e2", "geplaatst", date(2017, 4, 1))]

    found = programmes(slow.frame(events), None)

    [only] = found.trajectories.to_dicts()
    assert (only["status"], only["durable"], only["days_in_trajectory"], only["days_paused"]) == (
        "placed",
        None,
        None,
        0,
    )
    assert found.tables["programme_progress"].is_empty()
    assert found.tables["programme_occupancy"].is_empty()
    assert found.facts() == {}


START = ("gestart", date(2017, 3, 1))
PLACED_ON = date(2017, 4, 1)
PLACED = ("geplaatst", PLACED_ON)
SIX_MONTHS_ON = date(2017, 10, 1)


def job_ends(on: date) -> tuple[str, date]:
    return "plaatsing_beeindigd", on


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([("aangemeld", date(2017, 2, 1)), ("intake", date(2017, 2, 9))], "referred"),
        ([START], "active"),
        ([START, ("onderbroken", date(2017, 3, 9))], "paused"),
        ([START, ("onderbroken", date(2017, 3, 9)), ("hervat", date(2017, 3, 20))], "active"),
        ([START, PLACED], "placed"),
        ([START, PLACED, job_ends(date(2017, 5, 1))], "placed"),
        ([START, PLACED, ("beeindigd", PLACED_ON, {"end_reason": "2"})], "placed"),
        ([START, ("beeindigd", date(2017, 6, 1), {"end_reason": "1"})], "ended"),
        ([START, ("beeindigd", date(2017, 6, 1), {"end_reason": "2"})], "dropped_out"),
        ([START, ("beeindigd", date(2017, 6, 1), {"end_reason": "3"})], "ended"),
        ([START, ("beeindigd", date(2017, 6, 1))], "ended"),
        ([("beeindigd", date(2017, 6, 1), {"end_reason": "2"})], "dropped_out"),
    ],
)
def test_status(events: list[Any], status: str) -> None:
    assert row(*events)["status"] == status


def test_a_placement_says_how_and_a_second_one_after_the_first_is_counted_not_told() -> None:
    first = {
        "employment": "deeltijd", "hours": 16.0, "channel": "werkgeversservicepunt", "subsidised": "ja",
    }  # fmt: skip
    second = {"employment": "voltijd", "hours": 36.0, "channel": "rechtstreeks", "subsidised": "nee"}

    found = row(START, (*PLACED, first), job_ends(date(2017, 5, 1)), ("geplaatst", date(2018, 5, 1), second))

    names = ("placements", "placed_on", "part_time", "hours_per_week", "channel", "subsidised")
    assert tuple(found[name] for name in names) == (2, PLACED_ON, True, 16.0, "werkgeversservicepunt", True)


def test_what_was_not_told_is_unknown() -> None:
    found = row(START, PLACED)

    assert [found[name] for name in ("part_time", "hours_per_week", "channel", "subsidised")] == [None] * 4


def test_methods_groups_and_municipality_come_from_any_event() -> None:
    found = row(
        ("aangemeld", date(2017, 2, 1), {"target_group": "vijftigplus", "municipality": "GM0882"}),
        (*START, {"method": "wandelcoaching"}),
        ("activiteit_gestart", date(2017, 3, 2), {"method": "budgetcoaching"}),
        ("activiteit_gestart", date(2017, 3, 9), {"method": "wandelcoaching", "target_group": "inburgeraars"}),
    )

    assert found["methods"] == ["budgetcoaching", "wandelcoaching"]
    assert (found["target_group"], found["municipality_code"]) == ("inburgeraars", "GM0882")


@pytest.mark.parametrize(
    ("horizon", "durable"), [(SIX_MONTHS_ON - timedelta(days=1), None), (SIX_MONTHS_ON, True), (HORIZON, True)]
)
def test_a_job_that_goes_on_is_durable_after_six_months_and_open_before(horizon: date, durable: bool | None) -> None:
    assert row(START, PLACED, horizon=horizon)["durable"] is durable


@pytest.mark.parametrize(
    ("placed", "due"),
    [
        (date(2017, 8, 31), date(2018, 2, 28)),
        (date(2019, 8, 30), date(2020, 2, 29)),
        (date(2017, 3, 31), date(2017, 9, 30)),
    ],
)
def test_six_months_from_a_day_that_the_month_has_not_end_on_its_last_day(placed: date, due: date) -> None:
    one, other = (row(START, ("geplaatst", placed), horizon=day) for day in (due - timedelta(days=1), due))

    assert (one["durable"], other["durable"]) == (None, True)


@pytest.mark.parametrize(
    ("ended", "durable"), [(SIX_MONTHS_ON - timedelta(days=1), False), (SIX_MONTHS_ON, True), (date(2018, 1, 1), True)]
)
def test_a_job_that_ended_before_six_months_is_not_durable(ended: date, durable: bool) -> None:
    assert row(START, PLACED, job_ends(ended))["durable"] is durable


@pytest.mark.parametrize(("gap", "durable"), [(0, True), (1, True), (31, True), (32, False)])
def test_a_second_job_within_31_days_goes_on_with_the_first(gap: int, durable: bool) -> None:
    ended = date(2017, 6, 1)

    found = row(START, PLACED, job_ends(ended), ("geplaatst", ended + timedelta(days=gap)))

    assert (found["durable"], found["placements"]) == (durable, 2)


def test_each_gap_counts_alone_and_a_job_after_a_break_brings_nothing_back() -> None:
    one, two = date(2017, 5, 1), date(2017, 7, 1)
    joined = [START, PLACED, job_ends(one), ("geplaatst", one + timedelta(days=31)), job_ends(two)]

    assert row(*joined, ("geplaatst", two + timedelta(days=31)))["durable"] is True
    assert row(*joined, ("geplaatst", two + timedelta(days=32)))["durable"] is False
    assert row(*joined)["durable"] is False


@pytest.mark.parametrize(("after", "durable"), [(0, None), (30, None), (31, False)])
def test_while_another_job_may_follow_in_time_it_is_too_early_to_say_no(after: int, durable: bool | None) -> None:
    ended = SIX_MONTHS_ON - timedelta(days=1)
    horizon = max(SIX_MONTHS_ON, ended + timedelta(days=after))

    assert row(START, PLACED, job_ends(ended), horizon=horizon)["durable"] is durable


def test_a_job_whose_end_was_not_told_lasts_until_the_next() -> None:
    found = row(START, PLACED, ("geplaatst", date(2017, 9, 1)), job_ends(SIX_MONTHS_ON))

    assert (found["durable"], found["placements"]) == (True, 2)


def test_on_one_day_the_old_job_ends_before_the_new_one_begins_in_any_order_of_numbers() -> None:
    change = date(2017, 6, 1)
    made = [
        Event("RE01", "a", "geplaatst", change), Event("RE01", "b", "plaatsing_beeindigd", change),
        Event("RE01", "z", "geplaatst", PLACED_ON),
    ]  # fmt: skip

    [one], [other] = rows(made), rows([*made, Event("RE01", "y", "plaatsing_beeindigd", date(2017, 7, 1))])

    assert (one["durable"], other["durable"]) == (True, False)


def test_a_job_that_ends_on_its_first_day_does_not_last() -> None:
    """Where no other job goes on, the end is its own; who begins another in time is in a job again."""
    over = row(START, PLACED, job_ends(PLACED_ON))
    again = row(START, PLACED, job_ends(PLACED_ON), ("geplaatst", PLACED_ON + timedelta(days=31)))

    assert (over["durable"], over["placements"], again["durable"]) == (False, 1, True)


def test_of_two_of_a_kind_on_one_day_the_lower_number_comes_first() -> None:
    made = [
        Event("RE01", number, "geplaatst", PLACED_ON, channel=channel)
        for number, channel in (("c", "werkgever"), ("b", "rechtstreeks"), ("d", None), ("a", "uitzendbureau"))
    ]

    assert [rows(order)[0]["channel"] for order in (made, made[::-1])] == ["uitzendbureau"] * 2


def test_the_end_of_the_trajectory_does_not_end_the_job() -> None:
    assert row(START, PLACED, ("beeindigd", PLACED_ON, {"end_reason": "1"}))["durable"] is True


def test_pauses_are_summed_and_an_open_one_runs_to_the_end_or_the_last_day() -> None:
    pause = [("onderbroken", date(2017, 3, 10)), ("hervat", date(2017, 3, 15)), ("onderbroken", date(2017, 4, 1))]

    assert row(START, *pause, horizon=date(2017, 4, 11))["days_paused"] == 5 + 10
    assert row(START, *pause, ("beeindigd", date(2017, 4, 4)))["days_paused"] == 5 + 3
    assert (
        row(START, *pause[:2], ("beeindigd", date(2017, 4, 4)), ("onderbroken", date(2017, 4, 9)))["days_paused"] == 5
    )
    assert row(START, *pause, ("onderbroken", date(2017, 4, 3)), ("hervat", date(2017, 4, 5)))["days_paused"] == 5 + 4


def test_who_resumes_and_pauses_on_one_day_goes_on() -> None:
    found = row(START, ("hervat", date(2017, 4, 1)), ("onderbroken", date(2017, 4, 1)))

    assert (found["status"], found["days_paused"]) == ("active", 0)


def test_extensions_are_counted_and_days_run_from_start_to_end_or_the_last_day() -> None:
    extended = [START, ("verlengd", date(2017, 6, 1)), ("verlengd", date(2017, 9, 1))]

    assert row(*extended)["extensions"] == 2
    assert row(*extended, horizon=date(2017, 3, 31))["days_in_trajectory"] == 30
    assert row(*extended, ("beeindigd", date(2017, 12, 1)))["days_in_trajectory"] == 275
    assert row(("aangemeld", date(2017, 2, 1)))["days_in_trajectory"] is None


def test_a_restart_with_a_number_of_its_own_is_a_new_trajectory_of_the_same_client() -> None:
    found = rows(
        [
            Event("RE01", "e1", "gestart", date(2017, 3, 1), "T1"),
            Event("RE01", "e2", "beeindigd", date(2017, 6, 1), "T1", end_reason="2"),
            Event("RE01", "e3", "gestart", date(2017, 9, 1), "T2"),
        ]
    )

    names = ("trajectory_id", "client_key", "status", "started_on", "ended_on")
    assert [tuple(each[name] for name in names) for each in found] == [
        ("T1", "c1", "dropped_out", date(2017, 3, 1), date(2017, 6, 1)),
        ("T2", "c1", "active", date(2017, 9, 1), None),
    ]


def test_a_restart_under_the_same_number_leaves_the_first_start_and_the_first_end() -> None:
    found = row(
        START,
        ("beeindigd", date(2017, 6, 1), {"end_reason": "2"}),
        ("gestart", date(2017, 9, 1)),
        ("beeindigd", date(2017, 12, 1), {"end_reason": "1"}),
    )

    assert (found["started_on"], found["ended_on"], found["end_reason"]) == (START[1], date(2017, 6, 1), "2")
    assert found["status"] == "dropped_out"


def test_two_providers_may_use_one_number_for_two_trajectories() -> None:
    found = rows([Event("RE01", "e", *START), Event("RE02", "e", "aangemeld", date(2017, 2, 1), client="c2")])

    assert [(each["trajectory_id"], each["provider_code"], each["status"]) for each in found] == [
        ("T1", "RE01", "active"), ("T1", "RE02", "referred")
    ]  # fmt: skip


def test_the_client_of_the_earliest_event_counts() -> None:
    assert row((*START, {"client": "c2"}), ("aangemeld", date(2017, 2, 1), {"client": "c9"}))["client_key"] == "c9"


def test_the_fold_has_the_columns_and_types_of_the_table() -> None:
    assert settled_as_known(slow.frame([Event("RE01", "e", *START)]), HORIZON).schema == pl.Schema(
        TRAJECTORIES.polars_schema
    )
