"""Which figures differ between two states."""

from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.versions.figure_diff import COMPARED_TABLES, SHAPE, compare, figures
from schemas.catalogue import TABLES

FLOW = TABLES["caseload_flow"]
_FEB, _MARCH = date(2017, 2, 1), date(2017, 3, 1)


def flow(*rows: tuple[date, int]) -> dict[str, pl.DataFrame]:
    """Bridges of one municipality: reference date and inflow."""
    full = [("GM0899", day, "pw", date(2017, 1, 1), 10, inflow, 0, 0, 10 + inflow, 0) for day, inflow in rows]
    return {"caseload_flow": pl.DataFrame(full, schema=FLOW.polars_schema, orient="row")}


def changes(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    return list(compare(before, after).select("key", "column", "kind", "value_before", "value_after").iter_rows())


def test_equal_tables_differ_in_nothing() -> None:
    same = compare(flow((_FEB, 3)), flow((_FEB, 3)))
    assert_frame_equal(same, pl.DataFrame(schema=SHAPE))


def test_changed_added_and_removed() -> None:
    reported = changes(flow((_FEB, 3)), flow((_MARCH, 4)))
    assert ("GM0899|2017-02-01|pw", "inflow", "removed", 3.0, None) in reported
    assert ("GM0899|2017-03-01|pw", "inflow", "added", None, 4.0) in reported
    assert len(reported) == 2 * len(figures(FLOW))
    assert changes(flow((_FEB, 3)), flow((_FEB, 5))) == [
        ("GM0899|2017-02-01|pw", "closing", "changed", 13.0, 15.0),
        ("GM0899|2017-02-01|pw", "inflow", "changed", 3.0, 5.0),
    ]


def test_figure_that_becomes_unknown_is_removed() -> None:
    stock = TABLES["caseload_stock"]
    unknown = (None,) * 7
    row = ("GM0899", _FEB, "pw", 20, 23, *unknown, _FEB, "counted", "final", _FEB, "a" * 64)
    before = {"caseload_stock": pl.DataFrame([row], schema=stock.polars_schema, orient="row")}
    after = {"caseload_stock": before["caseload_stock"].with_columns(persons=pl.lit(None, pl.Int64()))}
    assert changes(before, after) == [("GM0899|2017-02-01|pw", "persons", "removed", 23.0, None)]


def test_table_that_one_side_does_not_have_is_not_compared() -> None:
    assert changes({}, flow((_FEB, 3))) == []


def test_clients_and_the_pipeline_itself_are_not_restated() -> None:
    assert not {"trajectories", "deliveries", "findings", "restatements"} & set(COMPARED_TABLES)
    assert {"caseload_stock", "programme_progress", "published_figures_check"} <= set(COMPARED_TABLES)
