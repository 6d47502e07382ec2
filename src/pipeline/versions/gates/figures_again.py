"""The gate about figures that are delivered again as a multiple of what they were, or a fraction.

A nought too many or too few in a total, thousands taken for units, a column that was copied down. Here: the judgement
about the rows of a delivery beside those that stand. Not here: figures of one date beside another, which are told
(``checks.leaps``, ``checks.unlikely_moves``), finding the rows (``pipeline.jobs.ingest``).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, MOST_SHOWN, Closed, listed, numbers, scope_name
from pipeline.versions.gates.preceding import Judged, preceding
from pipeline.versions.gates.said_otherwise import is_too_much
from schemas.limits.deliveries import (
    AGAIN_FACTOR,
    LEAST_BAD_OF_FEW,
    SHRUNK_BELOW_SHARE,
    SWOLLEN_ABOVE_SHARE,
)
from schemas.source import Source

_SCOPE = ["place", "line", "valid_on"]
_MOST_BESIDE = 12
"""Deliveries about one scope that are looked at, the last ones: of a scope that is a table each may hold a part."""


def beside(source: Source, judged: Judged, counting: pl.DataFrame) -> tuple[str, ...]:
    """Deliveries that precede it and are about the same, in their order."""
    about = preceding(counting, judged).join(judged.brought.select(_SCOPE), on=_SCOPE, how="semi", nulls_equal=True)
    if source.counted_by:  # else a delivery says nothing of what it is about, and is small
        about = about.filter(pl.int_range(pl.len(), 0, -1).over(_SCOPE) <= _MOST_BESIDE)
    order = about.select("delivered_on", "first_on", "delivery").unique().sort("delivered_on", "first_on", "delivery")
    return tuple(order["delivery"])


def told_figures(source: Source, rows: pl.LazyFrame, *with_columns: str) -> pl.DataFrame:
    """What the gate asks of rows: their number, their key and date, their figures and what they say beside."""
    figures = source.gates.figures
    assert figures is not None
    asked = dict.fromkeys([*with_columns, "row", *source.event_key, *figures.asked, source.valid_on])
    return rows.select(*asked).collect()


def figures_again(source: Source, own: pl.DataFrame, before: pl.DataFrame) -> list[Closed]:
    """Closed where one figure of ``own`` is a multiple or a fraction of what it was, or many are out of line, or many
    rows say something else beside their figures.

    ``before``: the same columns of what stands, in the order of the deliveries.
    """
    figures = source.gates.figures
    assert figures is not None
    stood = told_before(source, before)
    both = own.join(stood, on=list(source.event_key), how="inner", suffix="_before", nulls_equal=True).sort("row")
    far = [part for name in figures.names for part in _of_figure(source, both, name, figures.least)]
    far += _untold(source, own, stood)
    other = [part for name in figures.says for part in _of_word(source, both, name)]
    return [
        *([Closed("DELIVERY-028", f"figures that are far from what they were: {listed(far)}")] if far else []),
        *([Closed("DELIVERY-029", f"rows that are told again about something else: {listed(other)}")] if other else []),
    ]


def told_before(source: Source, before: pl.DataFrame) -> pl.DataFrame:
    """Of each scope what the last of the deliveries told."""
    last = before.filter(pl.col("nth") == pl.col("nth").max().over(source.event_scope))
    return last.unique(source.event_key, keep="last", maintain_order=True).drop("row", "nth")


def _untold(source: Source, own: pl.DataFrame, stood: pl.DataFrame) -> Iterator[str]:
    """Rows of a scope that is told again without them, such as the total beside its parts."""
    again = stood.join(own, on=source.event_scope, how="semi", nulls_equal=True)
    gone = again.join(own, on=list(source.event_key), how="anti", nulls_equal=True)
    for row in gone.head(MOST_SHOWN).iter_rows(named=True):
        yield f"{_named(source, row)}: not told any more"
    if gone.height > MOST_SHOWN:
        yield f"{gone.height - MOST_SHOWN} more are not told"


def _of_figure(source: Source, both: pl.DataFrame, name: str, least: int) -> Iterator[str]:
    header, was, now = source.header_of(name), pl.col(f"{name}_before"), pl.col(name)
    apart = (now != was) & ((now - was).abs() >= least)
    size, size_before = now.abs(), was.abs()  # a change may be below zero
    filled = both.filter(was.is_not_null())
    is_far = (size > AGAIN_FACTOR * size_before) | (size_before > AGAIN_FACTOR * size) | (now * was < 0)
    far = filled.filter(apart & is_far)
    for row in far.head(MOST_SHOWN).iter_rows(named=True):
        figures = f"{_written(row[f'{name}_before'])} before, {_written(row[name])} now"
        yield f"{_named(source, row)}: {header} {figures} (row {row['row']})"
    if far.height > MOST_SHOWN:
        yield f"{header}: {far.height - MOST_SHOWN} more"
    gone = filled.filter(now.is_null())
    if is_too_much(gone.height, filled.height) or (filled.height >= LEAST_BAD_OF_FEW and gone.height == filled.height):
        yield _rows(f"{header}: {gone.height} of {filled.height} not told any more", gone)
    if far.is_empty():
        is_off = (size < SHRUNK_BELOW_SHARE * size_before) | (size > SWOLLEN_ABOVE_SHARE * size_before)
        off = filled.filter(apart & is_off)
        yield from _of_many(header, off, filled.height)


def _of_word(source: Source, both: pl.DataFrame, name: str) -> Iterator[str]:
    filled = both.filter(pl.col(f"{name}_before").is_not_null())
    changed = filled.filter(pl.col(name).ne_missing(pl.col(f"{name}_before")))
    yield from _of_many(source.header_of(name), changed, filled.height)


def _of_many(header: str, changed: pl.DataFrame, known: int) -> Iterator[str]:
    if is_too_much(changed.height, known):
        yield _rows(f"{header}: {changed.height} of {known}", changed)


def _rows(text: str, rows: pl.DataFrame) -> str:
    return f"{text} ({numbers(rows['row'].head(FIRST_ROWS), rows.height)})"


def _written(figure: float) -> str:
    """Without the digits of a person's number: from a million on in millions."""
    if figure >= _MILLION:
        return f"{figure / _MILLION:.2f} million"
    return str(int(figure)) if figure == int(figure) else str(figure)


_MILLION = 1_000_000


def _named(source: Source, row: Mapping[str, Any]) -> str:
    """What a row is about, as a person calls it."""
    place, day = source.municipality, source.valid_on
    others = [str(row[name]) for name in source.event_key if name not in (place, day) and row[name] is not None]
    return scope_name(row.get(place or ""), ", ".join(others), row.get(day or ""))
