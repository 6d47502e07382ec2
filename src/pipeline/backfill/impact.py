"""Figures that a plan changes, and a fingerprint of all figures it ends with.

Here: from frames to the plan's own words. Not here: what a figure is, and the comparison itself
(``versions.figure_diff``).
"""

import hashlib
from collections.abc import Mapping

import polars as pl

from pipeline.backfill.plan import Figure
from pipeline.versions.figure_diff import COMPARED_TABLES, compare, of_final_stocks
from schemas.catalogue import TABLES

_MOST = 20
_NAMES = ("table", "key", "column", "kind", "value_before", "value_after")


def figures(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> tuple[Figure, ...]:
    """Every figure that differs between two states of the curated tables."""
    return tuple(Figure(*row) for row in compare(before, after).select(_NAMES).iter_rows())


def final_figures(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """A sentence on the final figures among those that differ (decision 0014), or none."""
    final = of_final_stocks(compare(before, after), before)
    if final.is_empty():
        return ()
    lines = [
        f"{key} ({old:.0f} becomes {'none' if new is None else f'{new:.0f}'})"
        for key, old, new in final.head(_MOST).select("key", "value_before", "value_after").iter_rows()
    ]
    more = [f"and {final.height - _MOST} more"] if final.height > _MOST else []
    return (
        f"{final.height} of these figures are final: {'; '.join([*lines, *more])}. "
        "Whoever approves the plan approves that they change.",
    )


def fingerprints(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Per table a sha256 of its figures: equal when every figure is."""
    held = [name for name in COMPARED_TABLES if name in tables]
    every = compare({name: TABLES[name].empty() for name in held}, {name: tables[name] for name in held})
    return {name: _fingerprint(every.filter(pl.col("table") == name)) for name in held}


def _fingerprint(figures: pl.DataFrame) -> str:
    content = figures.select("key", "column", "value_after").sort("key", "column").write_csv()
    return hashlib.sha256(content.encode()).hexdigest()


def unlike(planned: tuple[Figure, ...], expected: Mapping[str, str], found: Mapping[str, pl.DataFrame]) -> list[str]:
    """Where tables differ from what a plan states; empty when every figure is as rehearsed."""
    now = fingerprints(found)
    tables = [name for name, fingerprint in expected.items() if now.get(name) != fingerprint]
    lines = [f"{name}: not all figures are as rehearsed" for name in tables]
    if not tables:
        return lines
    every = compare({name: TABLES[name].empty() for name in tables if name in found}, found)
    values = {(row[0], row[1], row[2]): row[3] for row in every.select("table", "key", "column", "value_after").rows()}
    for each in planned:
        value = values.get((each.table, each.key, each.column))
        if each.table in tables and value != each.value_after:
            lines.append(f"{each.table} {each.key} {each.column}: planned {each.value_after}, found {value}")
    return lines
