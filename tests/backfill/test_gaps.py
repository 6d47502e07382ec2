"""Months nobody reported: which are expected, and which of those are lacking."""

from datetime import date

import polars as pl
import pytest

from pipeline.backfill.gaps import SHAPE, gaps, spans

MUNICIPALITIES = pl.DataFrame(
    [("GM0899", None, None, True), ("GM0881", None, date(2017, 2, 1), True), ("GM0917", None, None, False)],
    schema={"code": pl.String, "valid_from": pl.Date, "valid_until": pl.Date, "is_own": pl.Boolean},
    orient="row",
)


def reported(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(SHAPE)[:3], orient="row", schema_overrides=SHAPE)


def found(told_: pl.DataFrame, **asked: object) -> list[tuple[str, str, str, str | None]]:
    return gaps(told_, MUNICIPALITIES, **asked).rows()  # type: ignore[arg-type]


def test_every_month_between_the_first_and_the_last_that_was_told_is_expected() -> None:
    stated = reported(("caseload", "GM0899", "2016-12"), ("caseload", "GM0899", "2017-02"))

    assert found(stated) == [
        ("caseload", "GM0881", "2016-12", None),
        ("caseload", "GM0881", "2017-01", None),
        ("caseload", "GM0899", "2017-01", None),
    ]


def test_a_municipality_is_expected_while_it_exists() -> None:
    stated = reported(*(("caseload", "GM0899", f"2017-0{n}") for n in (1, 2, 3)))

    assert found(stated) == [("caseload", "GM0881", "2017-01", None)]


def test_a_municipality_that_reported_once_is_expected_although_it_is_not_ours() -> None:
    stated = reported(
        ("caseload", "GM0917", "2017-02"), ("caseload", "GM0899", "2017-02"), ("caseload", "GM0899", "2017-03")
    )

    assert found(stated) == [("caseload", "GM0917", "2017-03", None)]


def test_the_other_source_is_named_where_it_speaks() -> None:
    stated = reported(("caseload", "GM0899", "2017-02"), ("caseload_totals", "GM0899", "2017-03"))

    assert found(stated) == [
        ("caseload", "GM0899", "2017-03", "caseload_totals"),
        ("caseload_totals", "GM0899", "2017-02", "caseload"),
    ]


@pytest.mark.parametrize(
    ("asked", "months"),
    [
        ({"from_month": "2017-01", "until_month": "2017-05"}, ["2017-01", "2017-01", "2017-02", "2017-04"]),
        ({"until_month": "2017-03"}, []),
        ({"from_month": "2017-04"}, []),
        ({"from_month": "2017-02", "until_month": "2017-03", "sources": ("caseload_totals",)}, ["2017-02"]),
    ],
)
def test_months_are_half_open(asked: dict[str, object], months: list[str]) -> None:
    stated = reported(("caseload", "GM0899", "2017-03"))

    assert sorted(month for _, _, month, _ in found(stated, **asked)) == months


def test_nothing_was_ever_told() -> None:
    assert found(reported()) == []
    assert found(reported(), from_month="2017-02", until_month="2017-03") == [
        ("caseload", "GM0899", "2017-02", None),
        ("caseload_totals", "GM0899", "2017-02", None),
    ]


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ([], ""),
        (["2016-01"], "2016-01"),
        (["2017-01", "2016-11", "2016-12", "2016-12"], "2016-11 to 2017-01"),
        (["2016-01", "2016-03", "2016-04"], "2016-01, 2016-03 to 2016-04"),
    ],
)
def test_months_are_told_as_spans(months: list[str], text: str) -> None:
    assert spans(months) == text
