"""Rows that give a figure and are each needed, found by trying: a choice by construction, and what it takes beside it.

Corrections, retractions and the last day known make rows look at each other, so that a choice that is right for nearly
every history is wrong for some. Whether it is right is asked of the projection itself. Here: in which order choices are
tried. Not here: the choices (``history``, ``known_until``), the projection of some rows alone (``history``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import polars as pl

MOST_CHOICES = 24
"""So many choices are tried before more rows are taken than it may need."""
MOST_ROWS_TRIED = 20_000
"""So many rows are projected, all times together, to see which of those beside the figure needs. Of a count of
thousands only a few are left out: each time takes longer."""
FEW = 8
"""So many are left out one by one."""

ROW = ["delivery", "row"]


@dataclass(frozen=True)
class Choice:
    """Rows (part, delivery, row) that decide a figure, and those that stand beside them because of other rows."""

    deciding: pl.DataFrame
    beside: pl.DataFrame

    @property
    def rows(self) -> pl.DataFrame:
        return pl.concat([self.deciding, self.beside]).unique(maintain_order=True)


def first_that_gives(choices: Iterable[Choice], is_given: Callable[[pl.DataFrame], bool]) -> pl.DataFrame | None:
    """The first choice of which the rows alone give the figure, without rows beside it that it does not need."""
    for choice in islice(choices, MOST_CHOICES):
        if is_given(choice.rows):
            return _needed(choice, is_given)
    return None


def _needed(choice: Choice, is_given: Callable[[pl.DataFrame], bool]) -> pl.DataFrame:
    """Again and again until every row beside is needed: one may be so only because of another that was not."""
    tries = iter(range(max(MOST_ROWS_TRIED // max(choice.rows.height, 100), 4)))
    rows, before = choice.rows, choice.rows.clear()
    while rows.height != before.height:
        before = rows
        beside = rows.join(choice.beside, on=ROW, how="semi").join(choice.deciding, on=ROW, how="anti")
        rows = _without(rows, beside.select(ROW).unique(maintain_order=True), is_given, tries)
    return rows


def _without(
    rows: pl.DataFrame, beside: pl.DataFrame, is_given: Callable[[pl.DataFrame], bool], tries: Iterator[int]
) -> pl.DataFrame:
    """Without those beside, where the rest gives the figure; where that is too much, without a part of them."""
    if beside.is_empty() or next(tries, None) is None:
        return rows
    fewer = rows.join(beside, on=ROW, how="anti", maintain_order="left")
    if is_given(fewer):
        return fewer
    if beside.height == 1:
        return rows
    # Of few that are not all too much, most are needed: halves of them would be tried for nothing.
    size = 1 if beside.height <= FEW else beside.height // 2 + beside.height % 2
    for part in beside.iter_slices(size):
        rows = _without(rows, part, is_given, tries)
    return rows
