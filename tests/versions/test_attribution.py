"""Which delivery caused a figure to change."""

from datetime import date
from typing import Any

import polars as pl

from pipeline.jobs.projections import SOURCES_OF
from pipeline.versions.attribution import TOUCHED, attribute, moved
from pipeline.versions.figure_diff import SHAPE

_JAN, _FEB, _MARCH = date(2017, 1, 1), date(2017, 2, 1), date(2017, 3, 1)
_LEDGER = {
    "source": pl.String(), "delivery": pl.String(), "status": pl.String(), "processing": pl.Int16(),
    "delivered_on": pl.Date(),
}  # fmt: skip


def ledger(**deliveries: tuple[str, int] | tuple[str, int, date]) -> pl.DataFrame:
    """Deliveries of the caseload: status, processing and perhaps the day."""
    rows = [
        ("caseload", name, reported[0], reported[1], reported[2] if len(reported) > 2 else _FEB)
        for name, reported in deliveries.items()
    ]
    return pl.DataFrame(rows, schema=_LEDGER, orient="row")


def what_moved(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, str]:
    return dict(moved(before, after).select("delivery", "happened").iter_rows())


def test_each_way_in_which_a_delivery_can_count_otherwise() -> None:
    before = ledger(
        same=("recorded", 0), again=("recorded", 0), back=("retracted", 0), gone=("recorded", 0), older=("recorded", 0),
        held=("held", 0), worse=("recorded", 0),
    )  # fmt: skip
    after = ledger(
        same=("recorded", 0), again=("recorded", 1), back=("recorded", 0), gone=("retracted", 0),
        older=("recorded", 0, _JAN), held=("refused", 0), worse=("held", 1), new=("recorded", 0), bad=("rejected", 0),
    )  # fmt: skip
    assert what_moved(before, after) == {
        "again": "reprocessed", "back": "reinstated", "gone": "retracted", "older": "copied", "worse": "reprocessed",
        "new": "recorded",
    }  # fmt: skip


def test_accepted_delivery_is_recorded() -> None:
    assert what_moved(ledger(one=("held", 0)), ledger(one=("recorded", 1))) == {"one": "recorded"}


def cause(table: str, key: str, covered: list[tuple[Any, ...]], **sources: str) -> tuple[Any, ...]:
    """Cause, event and candidates of one change, when every delivery was recorded."""
    changes = pl.DataFrame([(table, key, "benefits", "changed", 1.0, 2.0)], schema=SHAPE, orient="row")
    names = list(dict.fromkeys(each[0] for each in covered))
    moves = pl.DataFrame(
        [(sources.get(name, "caseload"), name, "recorded", _FEB) for name in names],
        schema={"source": pl.String(), "delivery": pl.String(), "happened": pl.String(), "delivered_on": pl.Date()},
        orient="row",
    )
    reported = attribute(changes, moves, pl.DataFrame(covered, schema=TOUCHED, orient="row"), SOURCES_OF)
    return reported.select("cause", "event", "candidates").row(0)


def test_delivery_about_the_same_place_and_date_before_one_about_another_date() -> None:
    covered = [("feb", "GM0899", None, _FEB), ("march", "GM0899", None, _MARCH), ("other", "GM0882", None, _MARCH)]
    assert cause("caseload_stock", "GM0899|2017-03-01|pw", covered) == ("march", "recorded", 2)
    assert cause("caseload_stock", "GM0899|2017-02-01|pw", covered) == ("feb", "recorded", 2)
    assert cause("caseload_stock", "GM0882|2017-02-01|pw", covered) == ("other", "recorded", 1)


def test_what_speaks_about_an_earlier_date_before_what_speaks_about_a_later_one() -> None:
    covered = [("jan", "GM0899", None, _JAN), ("later", "GM0899", None, date(2017, 4, 1))]
    assert cause("caseload_stock", "GM0899|2017-03-01|pw", covered)[0] == "jan"


def test_provider_concerns_its_own_rows_and_the_total() -> None:
    covered = [("one", "P1", "A", _JAN), ("two", "P1", "B", _FEB)]
    sources = {"one": "trajectory_events", "two": "trajectory_events"}
    assert cause("programme_progress", "P1|A|2017-02-01", covered, **sources) == ("one", "recorded", 1)
    assert cause("programme_progress", "P1|*|2017-02-01", covered, **sources) == ("two", "recorded", 2)


def test_where_nothing_speaks_about_the_place_the_last_one_is_named_and_all_are_counted() -> None:
    covered = [("a", "GM0899", None, _JAN), ("b", "GM0882", None, _FEB)]
    assert cause("placement_outcomes", "P1", covered) == ("b", "recorded", 2)
    assert cause("published_figures_check", "S0-01", covered)[2] == 2


def test_without_any_delivery_it_was_the_program() -> None:
    assert cause("caseload_stock", "GM0899|2017-03-01|pw", []) == (None, "code", 0)
