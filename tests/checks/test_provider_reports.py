"""A provider's report beside its events, indicator by indicator, and placements beside the caseload."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from pipeline.checks.provider_reports import INDICATORS, report_reconciliation
from pipeline.trajectories.corrections import in_force
from pipeline.trajectories.placement_outcomes import placement_outcomes
from schemas.catalogue import TABLES
from schemas.sources import municipal_statistics, provider_reports
from tests.checks.compared import relation_findings
from tests.examples import examples
from tests.trajectories import trajectory_reference as slow
from tests.trajectories.known import settled_as_known
from tests.trajectories.test_progress import path
from tests.trajectories.trajectory_reference import Event

HORIZON = date(2018, 8, 31)
START = date(2017, 3, 1)
FROM, UNTIL = date(2017, 7, 1), date(2018, 1, 1)
SUBJECT, PERIOD = "RE01/INNOVATIEF2016", "2017-07-01/2018-01-01"


def report(**cells: Any) -> dict[str, Any]:
    return {
        "provider_code": "RE01", "programme_code": "INNOVATIEF2016", "period_from": FROM, "period_until": UNTIL,
    } | cells  # fmt: skip


def reports(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {column.name: column.dtype for column in provider_reports.COLUMNS}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def reconciled(events: list[Event], *rows: dict[str, Any]) -> pl.DataFrame:
    found = report_reconciliation(reports(*rows), settled_as_known(slow.frame(events), HORIZON))
    TABLES["reconciliation"].schema().validate(found)
    return found


def derived(events: list[Event], **cells: Any) -> dict[str, float | None]:
    """What follows from the events, as the reconciliation of a report that says 0 everywhere shows it."""
    found = reconciled(events, report(**dict.fromkeys(INDICATORS, 0), **cells))
    return dict(found.select("indicator", "value_derived").rows())


def counts(*values: int) -> dict[str, float]:
    return dict(zip(INDICATORS, (float(value) for value in values), strict=True))


COHORT = [
    *path("active", ("gestart", START)),
    *path("placed", ("gestart", START), ("geplaatst", date(2017, 9, 1)), employment="deeltijd"),
    *path("full", ("gestart", START), ("geplaatst", date(2017, 12, 31)), employment="voltijd"),
    *path("ended", ("gestart", START), ("beeindigd", date(2017, 9, 1))),
    *path("later", ("gestart", UNTIL)),
    *path("gone", ("gestart", START), ("beeindigd", date(2017, 6, 30))),
    *path("placed later", ("gestart", START), ("geplaatst", UNTIL)),
    *path("ended later", ("gestart", START), ("beeindigd", UNTIL)),
    *path("referred", ("aangemeld", START)),
    *path("elsewhere", ("gestart", START), provider="RE02"),
    *path("other", ("gestart", START), programme="BETERE_BUREN"),
]


def test_counts_of_a_period_follow_from_the_events() -> None:
    """Participants, active, placed, part-time, ended otherwise; who ended or was placed on the first day after the
    period was active."""
    assert derived(COHORT) == counts(6, 3, 2, 1, 1)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([("beeindigd", FROM)], counts(1, 0, 0, 0, 1), id="ended on the first day"),
        pytest.param([("beeindigd", FROM - timedelta(days=1))], counts(0, 0, 0, 0, 0), id="ended the day before"),
        pytest.param([("geplaatst", START)], counts(1, 0, 1, 0, 0), id="placed before and still there"),
        pytest.param(
            [("beeindigd", date(2017, 8, 1)), ("geplaatst", date(2017, 9, 1))], counts(1, 0, 1, 0, 0), id="aftercare"
        ),
    ],
)
def test_corners_of_a_period(events: list[tuple[str, date]], expected: dict[str, float]) -> None:
    assert derived(path("c1", ("gestart", START), *events)) == expected


def test_a_client_with_two_trajectories_at_the_provider_counts_once() -> None:
    again = path("ended", ("gestart", date(2017, 11, 1)), trajectory="again")

    assert derived([*COHORT, *again]) == counts(6, 4, 2, 1, 0)


def test_who_was_placed_from_an_earlier_trajectory_is_placed_and_not_active_in_the_next() -> None:
    """Once placed is placed, as in ``programme_progress``: here in aftercare, and before the period."""
    job = ("geplaatst", date(2017, 9, 20))
    aftercare = path("c1", ("gestart", START), ("beeindigd", FROM - timedelta(days=1)), job)
    before = path("c1", ("gestart", START), ("geplaatst", date(2017, 5, 1)), ("beeindigd", date(2017, 6, 1)))
    again = path("c1", ("gestart", date(2017, 10, 1)), trajectory="again")

    assert derived(aftercare) == counts(0, 0, 0, 0, 0)
    assert derived([*aftercare, *again]) == counts(1, 0, 1, 0, 0)
    assert derived([*before, *again]) == counts(1, 0, 1, 0, 0)


def test_a_report_about_a_target_group_is_compared_with_that_group() -> None:
    events = [*path("c1", ("gestart", START), target_group="vijftigplus"), *path("c2", ("gestart", START))]

    assert derived(events, target_group="vijftigplus")["participants"] == 1
    assert derived(events)["participants"] == 2
    assert derived(events, target_group="inburgeraars") == counts(0, 0, 0, 0, 0)
    found = reconciled(events, report(participants=1, target_group="vijftigplus"), report(participants=2))
    assert found.select("subject", "verdict").rows() == [(SUBJECT, "agrees"), (f"{SUBJECT}/vijftigplus", "agrees")]


def test_each_indicator_has_its_verdict_and_one_not_reported_has_none() -> None:
    found = reconciled(COHORT, report(participants=6, active=2, placed=2, placed_part_time=3))

    names = ("indicator", "value_reported", "value_derived", "difference", "verdict")
    assert found.select(names).rows() == [
        ("active", 2, 3, -1, "differs"),
        ("participants", 6, 6, 0, "agrees"),
        ("placed", 2, 2, 0, "agrees"),
        ("placed_part_time", 3, 1, 2, "differs"),
    ]
    assert found.select("subject", "period", "rule").unique().rows() == [(SUBJECT, PERIOD, "RELATION-007")]


@pytest.mark.parametrize("provider", ["RE02", "RE07"])
def test_without_events_of_the_provider_in_the_programme_there_is_nothing_to_compare_with(provider: str) -> None:
    events = [
        *path("c1", ("gestart", START)),
        *path("c2", ("gestart", START), provider="RE02", programme="BETERE_BUREN"),
    ]

    [row] = reconciled(events, report(provider_code=provider, participants=1)).to_dicts()

    assert (row["value_derived"], row["difference"], row["verdict"]) == (None, None, "not_checkable")


def test_no_reports_give_no_rows() -> None:
    assert reconciled(COHORT).equals(TABLES["reconciliation"].empty())


def test_relation_007_names_what_differs_and_only_that() -> None:
    columns = {column.name: column.dtype for column in municipal_statistics.COLUMNS} | {"reference_date": pl.Date}
    empty = {name: TABLES[name].empty() for name in ("caseload_flow", "caseload_stock", "published_figures_check")}

    found = relation_findings(
        reconciled(COHORT, report(participants=7, placed=2)),
        empty["caseload_flow"],
        empty["caseload_stock"],
        empty["published_figures_check"],
        pl.DataFrame(schema=columns | {"delivered_on": pl.Date(), "delivery": pl.String()}),
    )

    [finding] = found.to_dicts()
    assert (finding["rule"], finding["subject"]) == ("RELATION-007", f"{SUBJECT}/{PERIOD}/participants")
    assert (finding["expected"], finding["found"]) == ("6", "7")


@examples(7)
@given(slow.event_sets(), slow.days(), slow.days())
def test_any_history_is_counted_over_any_period_as_by_hand(events: list[Event], begin: date, until: date) -> None:
    trajectories = settled_as_known(in_force(slow.frame(events)).events, HORIZON)
    row = report(period_from=begin, period_until=until, **dict.fromkeys(INDICATORS, 0))

    found = report_reconciliation(reports(row), trajectories)

    own = [each for each in trajectories.to_dicts() if each["started_on"] is not None]
    own = [each for each in own if (each["provider_code"], each["programme_code"]) == ("RE01", "INNOVATIEF2016")]
    begun = [each for each in own if each["started_on"] < until]
    inside = [each for each in begun if (each["ended_on"] or date.max) >= begin]
    expected = dict.fromkeys(INDICATORS, 0)
    for client in {each["client_key"] for each in inside}:
        mine = [each for each in begun if each["client_key"] == client]
        jobs = sorted(
            (each["placed_on"], each["trajectory_id"], each["part_time"]) for each in mine if each["placed_on"]
        )
        is_placed = bool(jobs) and jobs[0][0] < until
        is_open = any((each["ended_on"] or date.max) >= until for each in mine)
        expected["participants"] += 1
        expected["placed" if is_placed else "active" if is_open else "ended_otherwise"] += 1
        expected["placed_part_time"] += is_placed and jobs[0][2] is True
    assert dict(found.select("indicator", "value_derived").rows()) == (expected if own else dict.fromkeys(INDICATORS))


# Placements beside the caseload.

PLACED = date(2017, 4, 15)
DUE = date(2017, 10, 15)
BEFORE, AFTER = date(2017, 4, 1), date(2017, 11, 1)
DATES = [date(2017, month, 1) for month in range(1, 13)]
GROUPS = ("not_checkable", "without_benefit", "left_within_six_months", "works_beside_benefit", "too_early")


def outcomes(events: list[Event], *in_stock: tuple[str, date], dates: list[date] = DATES) -> dict[str, Any]:
    presence = pl.DataFrame(
        [*((None, day) for day in dates), *in_stock],
        schema={"client_key": pl.String, "reference_date": pl.Date},
        orient="row",
    )
    found = placement_outcomes(settled_as_known(slow.frame(events), HORIZON), presence)
    TABLES["placement_outcomes"].schema().validate(found)
    [row] = found.to_dicts()
    return row


def group_of(*in_stock: date, dates: list[date] = DATES, placed: date = PLACED) -> str:
    events = path("c1", ("gestart", START), ("geplaatst", placed))
    row = outcomes(events, *(("c1", day) for day in in_stock), dates=dates)
    [group] = [name for name in GROUPS if row[name]]
    assert row[group] == row["placed"] == 1
    return group


@pytest.mark.parametrize(
    ("in_stock", "group"),
    [
        ([], "without_benefit"),
        ([AFTER], "without_benefit"),
        ([date(2017, 3, 1)], "without_benefit"),
        ([BEFORE], "left_within_six_months"),
        ([BEFORE, date(2017, 10, 1)], "left_within_six_months"),
        ([BEFORE, date(2017, 12, 1)], "left_within_six_months"),
        ([BEFORE, AFTER], "works_beside_benefit"),
        ([BEFORE, BEFORE, AFTER, AFTER], "works_beside_benefit"),
    ],
)
def test_who_is_placed_left_the_benefit_or_works_beside_it(in_stock: list[date], group: str) -> None:
    """Decided by the last reference date up to the placement and the first one six months on."""
    assert group_of(*in_stock) == group


def test_the_days_themselves_count() -> None:
    dates = [PLACED, DUE]

    assert group_of(PLACED, dates=dates) == "left_within_six_months"
    assert group_of(PLACED, DUE, dates=dates) == "works_beside_benefit"


def test_until_a_reference_date_six_months_on_it_is_too_early() -> None:
    assert group_of(BEFORE, dates=[BEFORE, DUE - timedelta(days=1)]) == "too_early"
    assert group_of(BEFORE, dates=[BEFORE, DUE]) == "left_within_six_months"
    assert group_of(dates=[BEFORE]) == "without_benefit"


@pytest.mark.parametrize(("days", "group"), [(62, "left_within_six_months"), (63, "not_checkable")])
def test_a_stock_of_more_than_62_days_before_says_nothing_about_the_placement(days: int, group: str) -> None:
    old = PLACED - timedelta(days=days)

    assert group_of(old, dates=[old, AFTER]) == group


def test_clients_count_once_by_their_first_placement() -> None:
    events = [
        *path("c1", ("gestart", START), ("geplaatst", PLACED)),
        *path("c1", ("gestart", START), ("geplaatst", AFTER), provider="RE02"),
        *path("c2", ("gestart", START), ("geplaatst", PLACED), ("plaatsing_beeindigd", BEFORE + timedelta(days=60))),
        *path("c3", ("gestart", START), ("geplaatst", HORIZON)),
        *path("c4", ("gestart", START)),
    ]

    row = outcomes(events, ("c1", BEFORE), ("c1", AFTER), ("c2", BEFORE))

    assert [row[name] for name in ("placed", *GROUPS)] == [3, 1, 0, 1, 1, 0]
    assert (row["durable"], row["not_durable"]) == (1, 1), "for the third it is too early"


def test_a_record_without_reference_dates_knows_of_no_benefit() -> None:
    assert group_of(dates=[]) == "not_checkable"


def test_nobody_placed_gives_no_rows() -> None:
    presence = pl.DataFrame(schema={"client_key": pl.String, "reference_date": pl.Date})

    found = placement_outcomes(settled_as_known(slow.frame(path("c1", ("gestart", START))), HORIZON), presence)

    assert found.equals(TABLES["placement_outcomes"].empty())


def test_a_client_known_by_a_number_of_the_provider_cannot_be_looked_for() -> None:
    events = path("c1", ("gestart", START), ("geplaatst", PLACED))
    presence = pl.DataFrame(
        [(None, day) for day in DATES], schema={"client_key": pl.String, "reference_date": pl.Date}, orient="row"
    )

    found = placement_outcomes(settled_as_known(slow.frame(events), HORIZON), presence, pl.Series(["another"]))

    assert found.select("placed", "not_checkable", "without_benefit").row(0) == (1, 1, 0)
