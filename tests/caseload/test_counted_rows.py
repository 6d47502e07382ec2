"""From a figure back to its rows: as many rows as the figure says, and the right ones."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given

from pipeline.caseload.counted_rows import Cell, counted_rows, ended_rows, started_rows
from pipeline.caseload.delivery_counts import SCOPE, delivery_counts
from pipeline.steward.text import row_ranges
from pipeline.versions.delivery_status import recorded, statuses
from pipeline.versions.supersede import winning
from tests.caseload import caseload_reference as slow
from tests.caseload.known import caseload_tables
from tests.examples import examples


@examples(6)
@given(slow.deliveries("benefits", "x", 3))
def test_the_rows_behind_a_figure_count_to_the_figure(deliveries: tuple[slow.Delivery, ...]) -> None:
    history = slow.History(deliveries, ())
    rows = slow.benefits_frame(deliveries)
    ranks = recorded(statuses(slow.events_frame(history)), "caseload")
    won = winning(delivery_counts(rows.lazy()), ranks, SCOPE)
    found = caseload_tables({"caseload": won, "caseload_totals": slow.totals_frame(())}, {}, None)
    by_delivery = {each.sha: each for each in deliveries}
    counting = {}

    for cell in found.stock.to_dicts():
        key = Cell(cell["municipality_code"], cell["reference_date"], cell["series"])
        delivery = by_delivery[cell["delivery"]]
        own = [
            row for row in delivery.rows if (row.municipality, row.on) == (key.municipality_code, key.reference_date)
        ]
        counting[key] = (rows.filter(pl.col("delivery") == delivery.sha), slow.of_series(own, key.series))
        numbers = counted_rows(counting[key][0], key)
        assert len(numbers) == cell["benefits"]
        assert numbers == [row.row for row in counting[key][1] if row.is_live]

    for cell in found.flow.to_dicts():
        key = Cell(cell["municipality_code"], cell["reference_date"], cell["series"])
        frame, own = counting[key]
        previous = cell["previous_reference_date"]
        started, ended = started_rows(frame, key, previous), ended_rows(frame, key, previous)
        assert (len(started), len(ended)) == (cell["inflow"], cell["outflow"])
        assert started == sorted(row for first, row in slow.starts(own) if first > previous)
        assert ended == sorted(row for last, row, _ in slow.ends(own) if previous <= last < key.reference_date)

    for cell in found.reasons.to_dicts():
        key = Cell(cell["municipality_code"], cell["reference_date"], cell["series"])
        (previous,) = found.flow.filter(
            (pl.col("municipality_code") == key.municipality_code)
            & (pl.col("reference_date") == key.reference_date)
            & (pl.col("series") == key.series)
        )["previous_reference_date"]
        assert len(ended_rows(counting[key][0], key, previous, cell["end_reason"])) == cell["benefits"]


def test_rows_of_another_municipality_date_or_series_are_not_counted() -> None:
    on, other = date(2017, 2, 1), date(2017, 3, 1)
    stated = [("GM0899", on, "01"), ("GM0882", on, "01"), ("GM0899", other, "01"), ("GM0899", on, "02")]
    rows = tuple(
        slow.Benefit(number, municipality, day, f"c{number}", None, scheme, "1", date(2017, 1, 5), None, None, None)
        for number, (municipality, day, scheme) in enumerate(stated, 2)
    )
    frame = slow.benefits_frame([slow.Delivery("a", on, slow._MOMENTS[0], rows)])

    assert counted_rows(frame, Cell("GM0899", on, "pw")) == [2]
    assert counted_rows(frame, Cell("GM0899", on, "pw_ioaw_ioaz")) == [2, 5]
    assert started_rows(frame, Cell("GM0882", on, "pw"), date(2017, 1, 1)) == [3]
    assert started_rows(frame, Cell("GM0882", on, "pw"), date(2017, 1, 5)) == []


@pytest.mark.parametrize(
    ("rows", "shown"),
    [([], ""), ([2], "2"), ([2, 3], "2-3"), ([2, 3, 4, 9], "2-4, 9"), ([9, 4, 2, 3], "2-4, 9"), ([1, 3, 5], "1, 3, 5")],
)
def test_row_numbers_are_shown_as_a_person_reads_them(rows: list[int], shown: str) -> None:
    assert row_ranges(rows) == shown
