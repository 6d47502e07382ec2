"""The signal: a figure that moves further than its own history makes likely."""

from datetime import date

import polars as pl
import pytest

from pipeline.checks.unlikely_moves import unlikely_moves

NOISE = (0, 3, -2, 4, -5, 1, 2, -3, 5, -1)
"""Moves of an ordinary series, over and over."""


def series(months: int, *, jump: int = 0, at: int = -1, level: int = 900, stands_still: bool = False) -> pl.DataFrame:
    days = [date(2015 + month // 12, 1 + month % 12, 1) for month in range(months)]
    values = [level]
    for month in range(1, months):
        move = 0 if stands_still else NOISE[month % len(NOISE)]
        values.append(values[-1] + move + (jump if month == at % months else 0))
    return pl.DataFrame(
        {
            "municipality_code": "GM0899", "series": "pw", "reference_date": days,
            "previous_reference_date": [None, *days[:-1]], "benefits": values,
        }
    )  # fmt: skip


def moved(table: pl.DataFrame) -> list[tuple[date, int]]:
    return list(unlikely_moves(table, "benefits").select("reference_date", "change").iter_rows())


def test_an_ordinary_series_is_silent() -> None:
    assert moved(series(60)) == []


@pytest.mark.parametrize(("jump", "found"), [(10, 0), (-60, 1), (60, 1)])
def test_a_jump_is_found_and_a_usual_move_is_not(jump: int, found: int) -> None:
    assert len(moved(series(40, jump=jump))) == found


@pytest.mark.parametrize(("months", "found"), [(13, 0), (14, 1), (20, 1)])
def test_twelve_earlier_changes_are_needed(months: int, found: int) -> None:
    assert len(moved(series(months, jump=-300))) == found


def test_one_odd_month_does_not_hide_the_next() -> None:
    twice = series(40, jump=-200, at=30).with_columns(
        benefits=pl.when(pl.col("reference_date") >= date(2018, 1, 1))
        .then(pl.col("benefits") - 100)
        .otherwise("benefits")
    )

    assert [change for _, change in moved(twice)] == [-200, -98]


@pytest.mark.parametrize(("jump", "found"), [(4, 0), (-4, 0), (6, 1)])
def test_a_small_series_that_stands_still_may_move_by_a_few(jump: int, found: int) -> None:
    assert len(moved(series(40, jump=jump, level=9, stands_still=True))) == found


def test_a_bump_is_found_on_its_way_up_and_down() -> None:
    bump = series(40).with_columns(
        benefits=pl.when(pl.col("reference_date") == date(2018, 1, 1))
        .then(pl.col("benefits") * 2)
        .otherwise("benefits")
    )

    assert [day for day, _ in moved(bump)] == [date(2018, 1, 1), date(2018, 2, 1)]


def test_an_interval_of_a_day_or_of_a_year_is_no_measure() -> None:
    table = series(40)
    late = table.tail(1).with_columns(
        reference_date=pl.lit(date(2019, 4, 1)), previous_reference_date=pl.lit(date(2018, 4, 1)), benefits=pl.lit(700)
    )
    next_day = table.tail(1).with_columns(
        reference_date=pl.lit(date(2018, 4, 2)), previous_reference_date=pl.lit(date(2018, 4, 1)), benefits=pl.lit(700)
    )

    assert moved(pl.concat([table, late.cast(table.schema)])) == []
    assert moved(pl.concat([table, next_day.cast(table.schema)])) == []


def test_each_series_has_a_history_of_its_own() -> None:
    other = series(40, jump=-80).with_columns(series=pl.lit("all"))

    found = unlikely_moves(pl.concat([series(40), other]), "benefits")

    assert found["series"].to_list() == ["all"]
