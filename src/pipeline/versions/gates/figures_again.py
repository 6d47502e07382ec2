"""The gate about figures that are delivered again as a multiple of what they were, or a fraction.

A nought too many or too few in a total, thousands taken for units, a column that was copied down. Here: the judgement
about the rows of a delivery beside those that stand. Not here: figures of one date beside another, which are told
(``checks.leaps``, ``checks.unlikely_moves``), finding the rows (``pipeline.jobs.ingest``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipeline.versions.gates.closed import Closed, listed, scope_name
from pipeline.versions.gates.preceding import Judged, preceding
from pipeline.versions.gates.said_otherwise import is_too_much
from schemas.limits import AGAIN_FACTOR, SHRUNK_BELOW_SHARE, SWOLLEN_ABOVE_SHARE
from schemas.source import Source

_SCOPE = ["place", "line", "valid_on"]
_MOST_BESIDE = 12
"""Deliveries that are looked at, the last ones about the same: what stood longer ago stands in one of them, too."""


def beside(judged: Judged, counting: pl.DataFrame) -> tuple[str, ...]:
    """Deliveries that precede it and are about the same, in their order."""
    about = preceding(counting, judged).join(judged.brought.select(_SCOPE), on=_SCOPE, how="semi", nulls_equal=True)
    order = about.select("delivered_on", "first_on", "delivery").unique().sort("delivered_on", "first_on", "delivery")
    return tuple(order["delivery"].tail(_MOST_BESIDE))


def told_figures(source: Source, rows: pl.LazyFrame) -> pl.DataFrame:
    """What the gate asks of rows: their number, their key and their figures."""
    figures = source.gates.figures
    assert figures is not None
    return rows.select("row", *source.event_key, *figures.names).collect()


def figures_again(source: Source, own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where one figure of ``own`` is a multiple or a fraction of what it was, or many are out of line.

    ``before``: the same columns of what stands, in the order of the deliveries.
    """
    figures = source.gates.figures
    assert figures is not None
    stood = before.unique(source.event_key, keep="last", maintain_order=True).drop("row")
    both = own.join(stood, on=list(source.event_key), how="inner", suffix="_before", nulls_equal=True).sort("row")
    found = [part for name in figures.names for part in _of_column(source, both, name)]
    return [Closed("DELIVERY-028", f"figures that are far from what they were: {listed(found)}")] if found else []


def _of_column(source: Source, both: pl.DataFrame, name: str) -> Iterator[str]:
    figures, header = source.gates.figures, source.header_of(name)
    assert figures is not None
    was, now = pl.col(f"{name}_before"), pl.col(name)
    apart = (now - was).abs() >= figures.least
    filled = both.filter(was.is_not_null())
    far = filled.filter(apart & ((now > AGAIN_FACTOR * was) | (was > AGAIN_FACTOR * now)))
    for row in far.iter_rows(named=True):
        yield f"{_named(source, row)}: {header} {row[f'{name}_before']:g} before, {row[name]:g} now (row {row['row']})"
    off = now.is_null() | (apart & ((now < SHRUNK_BELOW_SHARE * was) | (now > SWOLLEN_ABOVE_SHARE * was)))
    changed = filled.filter(off).height
    if far.is_empty() and is_too_much(changed, filled.height):
        yield f"{header}: {changed} of {filled.height} figures"


def _named(source: Source, row: Mapping[str, Any]) -> str:
    """What a row is about, as a person calls it."""
    place, day = source.municipality, source.valid_on
    others = [str(row[name]) for name in source.event_key if name not in (place, day) and row[name] is not None]
    return scope_name(row.get(place or ""), ", ".join(others), row.get(day or ""))
