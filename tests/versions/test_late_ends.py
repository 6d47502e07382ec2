"""Ends that are registered late, or told of an earlier date by a later one, are no fault of what is beside them."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.versions.gates.row_scopes import ROW_KEYS, Scopes
from pipeline.versions.gates.said_otherwise import other_words
from pipeline.versions.gates.unmoved import Unmoved

BEGUN, DECEMBER, JANUARY = date(2015, 1, 1), date(2016, 12, 1), date(2017, 1, 1)
FEBRUARY = date(2017, 2, 1)


def stock(day: date, current: Iterable[int], ended: Iterable[tuple[int, date]] = ()) -> pl.DataFrame:
    rows = [*((dossier, None) for dossier in current), *ended]
    return pl.DataFrame(
        [
            {"row": row, "place": "P", "valid_on": day, "dossier": dossier, "client": dossier, "started": BEGUN,
             "ended": end, "is_live": end is None, "line": "01"}
            for row, (dossier, end) in enumerate(rows)
        ],
        schema=ROW_KEYS,
    )  # fmt: skip


def test_who_registers_ends_a_month_late_is_not_held() -> None:
    january = stock(JANUARY, range(20, 500), [(each, date(2016, 11, 30)) for each in range(20)])
    february = stock(FEBRUARY, range(40, 520), [(each, date(2016, 12, 31)) for each in range(20, 40)])
    found = Unmoved(Scopes({"a": january, "b": february}.__getitem__, "b"))

    found.add("P", FEBRUARY, february, (("a", JANUARY),))

    assert found.stayed() == []


def test_nor_is_an_older_date_of_which_a_younger_one_tells_the_ends() -> None:
    """They were registered since."""
    ended = [(each, date(2016, 11, 25) if each < 12 else date(2016, 12, 15)) for each in range(25)]
    younger, older = stock(JANUARY, range(25, 500), ended), stock(DECEMBER, range(500))

    assert list(other_words(older, younger, is_again=False)) == []
    again = stock(JANUARY, range(500))
    assert len(list(other_words(again, younger, is_again=True))) == 1
