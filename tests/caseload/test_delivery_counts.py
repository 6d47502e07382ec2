"""Counts of one delivery: what is one benefit, one person, one spell; and any delivery against the slow way."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from pipeline.caseload.delivery_counts import SHAPE, delivery_counts
from schemas.limits.figures import BRIDGE_DAYS
from tests.caseload import caseload_reference as slow
from tests.examples import examples

ON = date(2017, 2, 1)


def row(**change: Any) -> dict[str, Any]:
    return {
        "delivery": "d1",
        "processing": 0,
        "row": 2,
        "municipality_code": "GM0899",
        "reference_date": ON,
        "client_key": "c1",
        "partner_key": None,
        "scheme_code": "01",
        "household_code": "1",
        "birth_year": 1980,
        "started_on": date(2015, 3, 1),
        "original_started_on": None,
        "ended_on": None,
        "end_reason": None,
    } | change


def counts(*rows: dict[str, Any], series: str = "pw") -> dict[tuple[str, date | None, str | None], int]:
    frame = delivery_counts(pl.DataFrame(rows, schema=slow.ROWS, strict=False).lazy()).filter(
        pl.col("series") == series
    )
    rows = frame.select("kind", "date", "end_reason", "count").rows()
    return {(kind, day, reason): count for kind, day, reason, count in rows}


def stock_of(*rows: dict[str, Any], series: str = "pw") -> tuple[int | None, int | None]:
    found = counts(*rows, series=series)
    return found.get(("benefits", None, None)), found.get(("persons", None, None))


def numbered(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [row(row=number, **change) for number, change in enumerate(changes, 2)]


@pytest.mark.parametrize(
    ("change", "is_live"),
    [
        ({}, True),
        ({"started_on": ON}, True),
        ({"ended_on": ON, "end_reason": "11"}, True),
        ({"ended_on": ON + timedelta(days=9), "end_reason": "11"}, True),
        ({"ended_on": ON - timedelta(days=1), "end_reason": "11"}, False),
    ],
)
def test_the_last_day_of_entitlement_is_still_in_stock(change: dict[str, Any], is_live: bool) -> None:
    assert stock_of(row(**change)) == (int(is_live), int(is_live))


@pytest.mark.parametrize(
    ("scheme", "expected"), [("01", (1, 1, 1)), ("02", (0, 1, 1)), ("03", (0, 1, 1)), ("14", (0, 0, 1))]
)
def test_a_series_counts_its_own_schemes_and_says_zero_where_there_are_none(
    scheme: str, expected: tuple[int, int, int]
) -> None:
    found = [stock_of(row(scheme_code=scheme), series=series)[0] for series in ("pw", "pw_ioaw_ioaz", "all")]
    assert tuple(found) == expected


@pytest.mark.parametrize(
    ("changes", "benefits", "persons"),
    [
        ([{"household_code": "3", "partner_key": "p1"}], 1, 2),
        ([{"household_code": "3"}], 1, 2),
        ([{"household_code": "1", "partner_key": "p1"}], 1, 2),
        ([{"household_code": None, "partner_key": "p1"}], 1, 2),
        ([{"household_code": None}], 1, None),
        ([{"household_code": None}, {"client_key": "c2"}], 2, None),
        ([{"household_code": None, "ended_on": date(2017, 1, 1), "end_reason": "11"}, {"client_key": "c2"}], 1, 1),
        ([{}, {}], 2, 1),
        ([{"household_code": "3", "partner_key": "c2"}, {"client_key": "c2"}], 2, 2),
    ],
)
def test_a_couple_is_one_benefit_and_two_persons_and_an_unknown_household_is_not_guessed(
    changes: list[dict[str, Any]], benefits: int, persons: int | None
) -> None:
    assert stock_of(*numbered(*changes)) == (benefits, persons)


def test_a_restarted_dossier_is_one_spell() -> None:
    found = counts(
        *numbered(
            {"started_on": date(2016, 5, 1), "ended_on": date(2017, 1, 14), "end_reason": "02"},
            {"started_on": date(2017, 1, 15), "original_started_on": date(2016, 5, 1)},
        )
    )

    assert found == {("benefits", None, None): 1, ("persons", None, None): 1, ("start", date(2016, 5, 1), None): 1}


def test_the_spell_ends_with_the_dossier_that_ended_last() -> None:
    found = counts(
        *numbered(
            {
                "started_on": date(2017, 1, 5),
                "original_started_on": date(2016, 5, 1),
                "ended_on": date(2017, 1, 20),
                "end_reason": "11",
            },
            {"started_on": date(2016, 5, 1), "ended_on": date(2017, 1, 4), "end_reason": "02"},
        )
    )

    assert found[("end", date(2017, 1, 20), "11")] == 1
    assert [kind for kind, *_ in found if kind == "end"] == ["end"]


@pytest.mark.parametrize(("days", "is_kept"), [(BRIDGE_DAYS - 1, True), (BRIDGE_DAYS, False)])
def test_starts_are_kept_as_far_back_as_a_bridge_can_span(days: int, is_kept: bool) -> None:
    started = ON - timedelta(days=days)
    assert (("start", started, None) in counts(row(started_on=started))) is is_kept


def _slow_counts(delivery: slow.Delivery) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for scope in {slow.scope_of(each) for each in delivery.rows}:
        for series in slow.SERIES:
            rows = slow.of_series([each for each in delivery.rows if slow.scope_of(each) == scope], series)
            live = [each for each in rows if each.is_live]
            key = (delivery.sha, 0, *scope, series)
            found[*key, "benefits", None, None] = len(live)
            if (people := slow.persons(live)) is not None:
                found[*key, "persons", None, None] = people
            for first, _ in slow.starts(rows):
                if (scope[1] - first).days < BRIDGE_DAYS:
                    found[*key, "start", first, None] += 1
            for last, _, reason in slow.ends(rows):
                found[*key, "end", last, reason] += 1
    return found


@examples(10)
@given(slow.deliveries("benefits", "x", 3))
def test_any_deliveries_are_counted_as_the_slow_way_counts_each(deliveries: tuple[slow.Delivery, ...]) -> None:
    found = delivery_counts(slow.benefits_frame(deliveries).lazy())

    expected: dict[tuple[Any, ...], int] = {}
    for delivery in deliveries:
        expected |= _slow_counts(delivery)
    assert found.schema == SHAPE
    assert {each[:-1]: each[-1] for each in found.rows()} == expected
    assert found.height == len(expected)
