"""No figure is compared across a change of borders: changes, lowest stocks and bridges begin anew there."""

from datetime import date

import polars as pl
import pytest

from pipeline.caseload.borders import change_between, era, last_change
from pipeline.caseload.delivery_counts import delivery_counts
from schemas.sources import caseload_totals
from tests.caseload import caseload_reference as slow
from tests.caseload.known import CaseloadTables, caseload_tables

GRONINGEN, BRUNSSUM, BEEKDAELEN, BERG_EN_DAL = "GM0014", "GM0899", "GM1954", "GM1945"
"""Took in Haren and Ten Boer on 1 January 2019; unchanged; formed on that day; a new name on 1 January 2016."""
DEC18, JAN19, FEB19, JAN20 = date(2018, 12, 1), date(2019, 1, 1), date(2019, 2, 1), date(2020, 1, 1)


def total(code: str, on: date, benefits: int, **more: object) -> dict[str, object]:
    return {
        "municipality_code": code, "reference_date": on, "series": "pw", "benefits": benefits, "delivered_on": on,
        "delivery": "a" * 64, **more,
    }  # fmt: skip


def tables(*totals: dict[str, object]) -> CaseloadTables:
    types = {column.name: column.dtype for column in caseload_totals.COLUMNS}
    schema = {**types, "delivered_on": pl.Date(), "delivery": pl.String()}
    rows = [dict.fromkeys(schema) | each for each in totals]
    counts = delivery_counts(slow.benefits_frame([]).lazy()).with_columns(delivered_on=pl.lit(None, pl.Date()))
    return caseload_tables({"caseload": counts, "caseload_totals": pl.DataFrame(rows, schema=schema)}, {}, JAN20)


def compared(found: CaseloadTables) -> dict[date, tuple[object, ...]]:
    names = ("change", "change_pct", "change_ytd", "change_yoy_pct", "is_lowest_on_record")
    return {on: values for on, *values in found.stock.select("reference_date", *names).iter_rows()}


def test_changes_begin_anew_where_a_municipality_took_in_another() -> None:
    sizes = {date(2018, 1, 1): 900, DEC18: 1000, JAN19: 1300, FEB19: 1290, JAN20: 1200}
    found = compared(tables(*(total(GRONINGEN, on, size) for on, size in sizes.items())))

    assert found[JAN19] == [None, None, 0, None, None]
    assert found[FEB19] == [-10, pytest.approx(-100 / 130), -10, None, True]
    assert found[JAN20] == [-90, pytest.approx(-9000 / 1290), 0, pytest.approx(-10000 / 1300), True]


def test_the_same_dates_are_compared_where_no_border_moved() -> None:
    found = compared(tables(total(BRUNSSUM, DEC18, 1000), total(BRUNSSUM, JAN19, 1300)))

    assert found[JAN19] == [300, 30.0, 0, None, False]


@pytest.mark.parametrize(("code", "bridges"), [(GRONINGEN, 0), (BRUNSSUM, 1)])
def test_no_bridge_leads_over_a_merger_also_not_one_that_a_reporter_sent(code: str, bridges: int) -> None:
    sent = {"previous_reference_date": DEC18, "previous_benefits": 1000, "inflow": 320, "outflow": 20}
    found = tables(total(code, JAN19, 1300, outflow_to_work=5, **sent))

    assert found.flow.height == bridges


@pytest.mark.parametrize(
    ("code", "begin", "end", "moved"),
    [
        (GRONINGEN, DEC18, JAN19, JAN19),
        (GRONINGEN, JAN19, JAN20, None),
        (BRUNSSUM, DEC18, JAN20, None),
        (BEEKDAELEN, DEC18, JAN20, None),
        (BERG_EN_DAL, date(2015, 12, 1), date(2016, 2, 1), None),
        ("GM0080", date(2013, 1, 1), date(2019, 1, 1), date(2018, 1, 1)),
        ("GM0363", date(2022, 3, 23), date(2022, 3, 24), date(2022, 3, 24)),
        ("GM9999", DEC18, JAN20, None),
    ],
)
def test_the_last_change_between_two_dates(code: str, begin: date, end: date, moved: date | None) -> None:
    row = pl.DataFrame({"code": [code], "begin": [begin], "end": [end]})
    found = row.select(
        last=last_change("code", pl.col("begin"), pl.col("end")),
        same=era("code", pl.col("begin")) == era("code", pl.col("end")),
    ).row(0)

    assert change_between(code, begin, end) == moved
    assert found == (moved, moved is None)
