"""Since when a municipality has had its borders: a code that took in another one goes on with other borders, and
figures before and after are not about the same place.

Here: the question for expressions and for single dates. Not here: the list of changes (``schemas.reference``), the
finding that names them (``checks.municipal_changes``). A new name alone moves no border, and a code that ended has no
figures after its end.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

import polars as pl

from schemas import reference


def era(code: str, on: pl.Expr) -> pl.Expr:
    """How often the borders of the code in column ``code`` had changed by the date ``on``: within one era they were the
    same.
    """
    changed = [(day_of_code <= on).fill_null(value=False).cast(pl.UInt8) for day_of_code in _days_per_row(code)]
    return pl.sum_horizontal(changed)


def last_change(code: str, begin: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The last day after ``begin``, up to and including ``end``, on which the borders changed; null where none did."""
    within = [pl.when((day > begin) & (day <= end)).then(day) for day in _days_per_row(code)]
    return pl.max_horizontal(within)


def change_between(code: str, begin: date, end: date) -> date | None:
    """The same for one municipality and two dates."""
    return max((day for day in _days().get(code, ()) if begin < day <= end), default=None)


def _days_per_row(code: str) -> Iterator[pl.Expr]:
    """The first change of the code of each row, the second one, and so on; null where there are fewer."""
    days = _days()
    for number in range(max(map(len, days.values()))):
        known = {each: of_code[number] for each, of_code in days.items() if len(of_code) > number}
        yield pl.col(code).replace_strict(known, default=None, return_dtype=pl.Date)


@cache
def _days() -> dict[str, tuple[date, ...]]:
    """On which days each code took in (a part of) another one; the day on which it began is none of them."""
    began = reference.municipalities().select(successor="code", changes_on="valid_from")
    moved = reference.municipal_changes().filter(pl.col("kind") != "renamed").sort("changes_on")
    moved = moved.join(began, on=["successor", "changes_on"], how="anti", maintain_order="left")
    by_code = moved.group_by("successor").agg(pl.col("changes_on").unique(maintain_order=True))
    return {code: tuple(days) for code, days in by_code.iter_rows()}
