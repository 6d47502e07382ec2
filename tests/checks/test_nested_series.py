"""Series that do not nest: benefits and persons, of one municipality and date each.

Not here: how it is told (``tests/jobs``).
"""

from datetime import date

from pipeline.checks.nested_series import CONTAINED, not_nested
from tests.checks.test_reconciliation import JAN16, JAN17, stock

FIRST, OTHER = "GM0899", "GM0882"


def _found(figure: str, *rows: tuple[str, date, str, int, int | None]) -> list[tuple[object, ...]]:
    return not_nested(stock(*rows), figure).select("municipality_code", "part", "whole").rows()


def test_every_series_is_beside_each_that_contains_it() -> None:
    assert set(CONTAINED) == {("pw", "pw_ioaw_ioaz"), ("pw", "all"), ("pw_ioaw_ioaz", "all")}


def test_as_many_is_no_finding_and_one_more_is() -> None:
    same = [(FIRST, JAN17, series, 876, None) for series in ("pw", "pw_ioaw_ioaz", "all")]

    assert _found("benefits", *same) == []
    assert _found("benefits", *same[:2], (FIRST, JAN17, "all", 875, None)) == [
        (FIRST, "pw", "all"), (FIRST, "pw_ioaw_ioaz", "all"),
    ]  # fmt: skip


def test_persons_are_looked_at_where_they_are_known() -> None:
    rows = [(FIRST, JAN17, "pw", 10, 15), (FIRST, JAN17, "pw_ioaw_ioaz", 11, 14), (FIRST, JAN17, "all", 12, None)]

    assert _found("persons", *rows) == [(FIRST, "pw", "pw_ioaw_ioaz")]
    assert _found("benefits", *rows) == []


def test_only_one_place_and_date_is_compared() -> None:
    rows = [(FIRST, JAN17, "pw", 10, None), (FIRST, JAN16, "all", 5, None), (OTHER, JAN17, "all", 5, None)]

    assert _found("benefits", *rows) == []
