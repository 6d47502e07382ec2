"""Changes of municipalities that are in the figures are named, those to come too, and nothing is judged across them."""

from datetime import date, timedelta

import polars as pl
import pytest

from pipeline.checks.cbs_percentages import cbs_percentage_checks
from pipeline.checks.municipal_changes import changes_in_area
from schemas import reference
from schemas.catalogue import TABLES
from schemas.limits.figures import MUNICIPAL_CHANGE_DAYS

CHANGE = date(2019, 1, 1)
SHAPE = TABLES["caseload_stock"].polars_schema


def stock(*figures: tuple[str, date]) -> pl.DataFrame:
    rows = [dict.fromkeys(SHAPE) | {"municipality_code": code, "reference_date": on} for code, on in figures]
    return pl.DataFrame(rows, schema=SHAPE)


def found(latest: date, *figures: tuple[str, date]) -> dict[str, str]:
    frame = changes_in_area(stock(*figures), latest, reference.municipal_changes())
    TABLES["relation_findings"].schema().validate(frame, lazy=True)
    return dict(frame.select("subject", "what").iter_rows())


@pytest.mark.parametrize(
    ("code", "first", "what"),
    [
        ("GM0881", date(2018, 1, 1), "GM0881 Onderbanken ended on 2019-01-01 and went on as GM1954 Beekdaelen"),
        (
            "GM0053",
            date(2018, 1, 1),
            "GM0053 Winsum ended on 2019-01-01 and was divided over GM1966 Het Hogeland, GM1969 Westerkwartier",
        ),
        (
            "GM0014",
            date(2018, 1, 1),
            "GM0014 Groningen has other borders from 2019-01-01: it took in GM0009 Ten Boer, GM0017 Haren",
        ),
        (
            "GM1954",
            date(2019, 2, 1),
            "GM1954 Beekdaelen was formed on 2019-01-01 from GM0881 Onderbanken, GM0951 Nuth, GM0962 Schinnen",
        ),
    ],
)
def test_a_change_is_named_as_each_municipality_sees_it(code: str, first: date, what: str) -> None:
    assert found(date(2019, 6, 1), (code, first), (code, date(2019, 3, 1))) == {f"{code}/2019-01-01": what}


def test_another_name_keeps_its_borders_and_is_named_once() -> None:
    both = found(date(2011, 6, 1), ("GM0083", date(2010, 12, 1)), ("GM1908", date(2011, 1, 1)))

    assert both == {
        "GM0083/2011-01-01": (
            "GM0083 Menaldumadeel took another name and code on 2011-01-01: it went on as GM1908 Menameradiel, "
            "with the same borders"
        )
    }


@pytest.mark.parametrize(("days", "count"), [(MUNICIPAL_CHANGE_DAYS, 1), (MUNICIPAL_CHANGE_DAYS + 1, 0)])
def test_a_change_is_announced_a_year_ahead(days: int, count: int) -> None:
    assert len(found(CHANGE - timedelta(days=days), ("GM0881", date(2015, 1, 1)))) == count


@pytest.mark.parametrize(("first", "count"), [(date(2020, 1, 1), 1), (date(2020, 2, 1), 0)])
def test_a_change_long_before_the_first_figures_concerns_nobody(first: date, count: int) -> None:
    assert len(found(date(2026, 1, 1), ("GM0014", first))) == count


def test_a_municipality_that_does_not_change_is_not_named() -> None:
    assert found(date(2026, 1, 1), ("GM0899", date(2015, 1, 1)), ("GM0882", date(2015, 1, 1))) == {}


@pytest.mark.parametrize(("code", "basis"), [("GM0014", "same_year"), ("GM0899", "year_before")])
def test_a_percentage_of_cbs_is_not_refuted_with_the_year_before_a_merger(code: str, basis: str) -> None:
    names = ("recipients", "inflow", "outflow", "outflow_to_work")
    figures = {**dict.fromkeys(names, 100), **{f"{name}_pct": 10.0 for name in names[1:]}}
    rows = [
        {"region_code": code, "age_class": "90100", "year": year, "delivered_on": CHANGE, "statistics_table": str(year)}
        | figures
        for year in (2018, 2019)
    ]
    checks = cbs_percentage_checks(pl.DataFrame(rows).with_columns(pl.col("year").cast(pl.Int16)))

    assert set(checks.filter(pl.col("year") == 2019)["basis"]) == {basis}
