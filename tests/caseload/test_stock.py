"""Stock, bridge and reasons: any small history against the slow fold, and the figures of the press."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.caseload.delivery_counts import delivery_counts
from pipeline.versions import delivery_status
from pipeline.versions.supersede import redelivered, winning
from schemas.catalogue import SOURCES, TABLES
from tests.caseload import caseload_reference as slow
from tests.caseload.known import CaseloadTables, caseload_tables
from tests.examples import examples

JAN17 = date(2017, 1, 1)


def folded(history: slow.History, known_on: date | None = None) -> CaseloadTables:
    """The history as the pipeline folds it, from the events of the ledger to the tables."""
    state = delivery_status.statuses(slow.events_frame(history), known_on)
    frames = {
        "caseload": delivery_counts(slow.benefits_frame(history.benefits).lazy()),
        "caseload_totals": slow.totals_frame(history.totals),
    }
    won, twice = {}, {}
    for name, rows in frames.items():
        ranks, scope = delivery_status.recorded(state, name), SOURCES[name].scope
        won[name] = winning(rows, ranks, scope)
        scopes = rows.select("delivery", *scope).unique().join(ranks.select("delivery", "rank"), on="delivery")
        twice[name] = redelivered(scopes)
    latest: Any = state["delivered_on"].max()
    return caseload_tables(won, twice, latest)


def by_key(frame: pl.DataFrame, key: tuple[str, ...]) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = frame.to_dicts()
    found = {tuple(row.pop(name) for name in key): row for row in rows}
    assert len(found) == len(rows), "the key is unique"
    return found


KEY = ("municipality_code", "reference_date", "series")


def assert_same(found: CaseloadTables, expected: slow.Folded) -> None:
    stock = by_key(found.stock, KEY)
    assert stock.keys() == expected.stock.keys()
    for key, cell in stock.items():
        for name, value in expected.stock[key].items():
            assert cell[name] == (pytest.approx(value) if isinstance(value, float) else value), (key, name)
    assert by_key(found.flow, KEY) == expected.flow
    reasons = {key: cell["benefits"] for key, cell in by_key(found.reasons, (*KEY, "end_reason")).items()}
    assert reasons == expected.reasons


@examples(10)
@given(slow.histories())
def test_any_history_is_folded_as_the_slow_way_folds_it(history: slow.History) -> None:
    assert_same(folded(history), slow.fold(history))


@examples(6)
@given(slow.histories(), st.sampled_from([date(2017, 2, 6), *slow.DELIVERED]))
def test_as_known_on_a_day_is_the_fold_of_what_was_delivered_up_to_that_day(history: slow.History, day: date) -> None:
    assert_same(folded(history, day), slow.fold(history.known_on(day)))


@examples(5)
@given(slow.histories(), st.randoms(use_true_random=False))
def test_the_order_of_loading_says_nothing(history: slow.History, random: Any) -> None:
    shuffled = slow.History(
        tuple(random.sample(history.benefits, len(history.benefits))),
        tuple(random.sample(history.totals, len(history.totals))),
    )

    one, other = folded(history), folded(shuffled)

    for name in ("stock", "flow", "reasons", "counted"):
        assert getattr(one, name).equals(getattr(other, name)), name


@examples(3)
@given(slow.histories())
def test_every_table_passes_its_own_model(history: slow.History) -> None:
    # Rows with more outflow to work than outflow never reach the log (TOTALS-007).
    rows = [row for delivery in history.totals for row in delivery.rows]
    assume(all((row.to_work or 0) <= (row.outflow or 0) for row in rows))

    found = folded(history)

    for name, frame in (
        ("caseload_stock", found.stock), ("caseload_flow", found.flow), ("outflow_reasons", found.reasons)
    ):  # fmt: skip
        TABLES[name].schema().validate(frame)


def reported(*figures: tuple[date, int], series: str = "pw") -> slow.History:
    """Totals of Brunssum, each in a delivery of its own, a month after its date."""
    return slow.History(
        (),
        tuple(
            slow.Delivery(f"t{number}", date(2018, 10, 1), slow._MOMENTS[0], (
                slow.Total(2, "GM0899", on, series, benefits, None, None, None, None, None),
            ))
            for number, (on, benefits) in enumerate(figures)
        ),
    )  # fmt: skip


def stock_on(history: slow.History, on: date) -> dict[str, Any]:
    return folded(history).stock.filter(pl.col("reference_date") == on).to_dicts()[0]


SERIES_B = reported(
    (date(2015, 1, 1), 924), (date(2015, 10, 1), 900), (JAN17, 876), (date(2017, 10, 1), 845),
    (date(2018, 1, 1), 842), (date(2018, 8, 31), 795),
)  # fmt: skip


@pytest.mark.parametrize(
    ("on", "column", "printed"),
    [
        (date(2018, 1, 1), "change_yoy_pct", -3.9),
        (date(2018, 8, 31), "change_ytd_pct", -5.6),
        (date(2018, 8, 31), "change_ytd", -47),
        (date(2018, 8, 31), "is_lowest_on_record", True),
        (JAN17, "change_ytd", 0),
        (JAN17, "change", -24),
        (date(2015, 1, 1), "is_lowest_on_record", None),
        (date(2015, 1, 1), "change", None),
        (date(2015, 10, 1), "change_yoy_pct", None),
    ],
)
def test_the_figures_of_the_press_come_back(on: date, column: str, printed: float | None) -> None:
    value = stock_on(SERIES_B, on)[column]
    assert value == printed or round(value, 1) == printed


def test_an_equal_stock_is_not_the_lowest_and_a_change_from_nothing_has_no_percentage() -> None:
    history = reported((date(2016, 1, 1), 0), (JAN17, 0), (date(2018, 1, 1), 5))

    assert stock_on(history, JAN17)["is_lowest_on_record"] is False
    assert stock_on(history, JAN17)["change"] == 0
    later = stock_on(history, date(2018, 1, 1))
    assert (later["change"], later["change_pct"], later["change_yoy_pct"]) == (5, None, None)


@pytest.mark.parametrize(
    ("on", "vintage"), [(date(2017, 10, 1), "final"), (date(2017, 10, 2), "provisional"), (JAN17, "final")]
)
def test_a_figure_is_final_a_year_after_its_date(on: date, vintage: str) -> None:
    assert stock_on(reported((on, 1)), on)["vintage"] == vintage


def test_benefits_are_counted_and_the_total_about_the_same_date_is_left_to_reconciliation() -> None:
    row = slow.Benefit(2, "GM0899", JAN17, "c1", None, "01", "1", date(2015, 3, 1), None, None, None)
    history = slow.History(
        (slow.Delivery("b", date(2017, 2, 7), slow._MOMENTS[0], (row,)),), reported((JAN17, 876)).totals
    )

    found = stock_on(history, JAN17)

    assert (found["benefits"], found["source"], found["delivery"]) == (1, "counted", "b")


def test_nothing_delivered_gives_empty_tables_of_the_right_shape() -> None:
    found = folded(slow.History((), ()))

    assert found.stock.equals(TABLES["caseload_stock"].empty())
    assert found.flow.equals(TABLES["caseload_flow"].empty())
    assert found.reasons.equals(TABLES["outflow_reasons"].empty())
