"""What differs between two states of the curated tables, row by row: all that a copy needs to be kept in step.

Here: the differences of every table, and applying them to a copy. Not here: which figures changed and why
(``figure_diff``, ``attribution``), where the two states come from (``jobs``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.catalogue import TABLES
from schemas.table import Table

WHAT = "row_change"
"""The column that tells added, changed and removed rows apart."""
ADDED, CHANGED, REMOVED = "added", "changed", "removed"


@dataclass(frozen=True)
class TableChange:
    """What differs in one table: rows of it behind ``WHAT``. Of a removed row the key and what it was.

    ``is_whole``: the table is new or has other columns than before, so a copy begins it anew; all rows are ``added``.
    """

    table: Table
    rows: pl.DataFrame
    is_whole: bool = False

    def count(self, what: str) -> int:
        return self.rows.filter(pl.col(WHAT) == what).height


def changes(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> dict[str, TableChange]:
    """Every table that differs, in the order of the tables."""
    found = {
        name: change_of(TABLES[name], before.get(name), frame)
        for name, frame in sorted(after.items(), key=lambda each: TABLES[each[0]].order)
    }
    return {name: each for name, each in found.items() if each.rows.height or each.is_whole}


def change_of(table: Table, before: pl.DataFrame | None, after: pl.DataFrame) -> TableChange:
    """What differs in one table."""
    if before is None or before.schema != after.schema:
        return TableChange(table, _marked(after, ADDED), is_whole=True)
    key, others = list(table.key), [name for name in after.columns if name not in table.key]
    both = after.join(before, on=key, how="inner", suffix=_BEFORE, maintain_order="left")
    differs = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(name).ne_missing(pl.col(name + _BEFORE)) for name in others)
    )
    parts = [
        _marked(after.join(before, on=key, how="anti"), ADDED),
        _marked(both.filter(differs).select(after.columns), CHANGED),
        _marked(before.join(after, on=key, how="anti"), REMOVED),
    ]
    return TableChange(table, pl.concat(parts).sort(key))


_BEFORE = ":before"


def _marked(frame: pl.DataFrame, what: str) -> pl.DataFrame:
    return frame.select(pl.lit(what).alias(WHAT), pl.all())


def applied(copy: pl.DataFrame | None, change: TableChange) -> pl.DataFrame:
    """A copy of a table of before, brought up to the table of after: without the keys that are named, with the rows
    that are there now.
    """
    key = list(change.table.key)
    there = change.rows.filter(pl.col(WHAT) != REMOVED).drop(WHAT)
    if copy is None or change.is_whole:
        return there.sort(key)
    return pl.concat([copy.join(change.rows, on=key, how="anti"), there]).sort(key)
