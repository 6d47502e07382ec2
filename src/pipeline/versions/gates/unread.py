"""The gate about cells that cannot be read and count as empty, in columns without which rows say something else.

Here: judging them once a file was read to its end, beside all that its rows hold. Not here: finding them
(``pipeline.intake.unread_cells``), rows that cannot be recorded (``quarantined``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.versions.gates.closed import FIRST_ROWS, Closed, listed, numbers, scope_name
from schemas.limits.deliveries import LEAST_UNREAD, UNREAD_ABOVE_SHARE
from schemas.scope import named
from schemas.source import Source

RULE, TOLD = "DELIVERY-030", "VALUE-020"
_SCOPE = ["place", "line", "valid_on"]
_SAYS = "cells that cannot be read, and count as empty"


@dataclass(frozen=True)
class Unread:
    """Too many of them are a gate, a few are told."""

    closed: tuple[Closed, ...] = ()
    told: tuple[Closed, ...] = ()


def judged(source: Source, cells: pl.DataFrame, rows: Iterable[pl.DataFrame], scopes: pl.DataFrame) -> Unread:
    """``cells``: those of the whole file (``UNREAD``); ``rows``: what is recorded of it; ``scopes``: ``SCOPE_ROWS``."""
    if cells.is_empty():
        return Unread()
    columns = cells["column"].unique(maintain_order=True).to_list()
    filled = _filled(source, columns, rows)
    whole = _counted(cells, filled, scopes, [])
    # Where a row is a scope, its place or its sender is judged.
    parts = _counted(cells, filled, scopes, _SCOPE if source.is_compared else _SCOPE[:2])
    closed = [_said(source, each) for each in parts.iter_rows(named=True) if _is_too_much(source, each)]
    closed = closed or [_said(source, each) for each in whole.iter_rows(named=True) if _is_too_much(source, each)]
    if closed:
        return Unread(closed=(Closed(RULE, f"{_SAYS}: {listed(closed)}"),))
    few = listed(_said(source, each) for each in whole.iter_rows(named=True))
    return Unread(told=(Closed(TOLD, f"{_SAYS}: {few}"),))


def _filled(source: Source, columns: list[str], rows: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """column, scope, filled: cells that were read, of each part of what is recorded."""
    kept = {name: next((key.name for key in source.keys if name in key.sources), name) for name in columns}
    parts = [
        each.select(**named(source), **{f"n_{name}": pl.col(key).is_not_null() for name, key in kept.items()})
        .group_by(_SCOPE)
        .agg(pl.col(f"n_{name}").sum().cast(pl.Int64).alias(name) for name in columns)
        .unpivot(columns, index=_SCOPE, variable_name="column", value_name="filled")
        for each in rows
    ]
    shape = {**{name: pl.String() for name in ("place", "line")}, "valid_on": pl.Date(), "column": pl.String()}
    return pl.concat([pl.DataFrame(schema={**shape, "filled": pl.Int64()}), *parts])


def _counted(cells: pl.DataFrame, filled: pl.DataFrame, scopes: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """column, scope, unread, first, filled (with those that could not be read), rows; of the whole without a scope."""
    rows = scopes.select(*by, rows=pl.col("rows_good") + pl.col("rows_quarantined"))
    rows = rows.group_by(by).agg(pl.col("rows").sum()) if by else rows.select(pl.col("rows").sum())
    unread = cells.group_by("column", *by, maintain_order=True).agg(
        unread=pl.len().cast(pl.Int64), first=pl.col("row").sort().head(FIRST_ROWS)
    )
    read = filled.group_by("column", *by).agg(pl.col("filled").sum())
    counted = unread.join(read, on=["column", *by], how="left", nulls_equal=True, maintain_order="left")
    counted = (
        counted.join(rows, on=by, how="left", nulls_equal=True, maintain_order="left")
        if by
        else counted.join(rows, how="cross")
    )
    return counted.with_columns(filled=pl.col("filled").fill_null(0) + pl.col("unread"))


def _is_too_much(source: Source, part: dict[str, object]) -> bool:
    """Of the rows, as of those in quarantine; or of what stands in the column: an end in one row of thirty."""
    unread, filled, rows = (int(str(part[name] or 0)) for name in ("unread", "filled", "rows"))
    is_most = unread >= LEAST_UNREAD and unread > UNREAD_ABOVE_SHARE * filled
    return is_most or source.gates.is_too_much(rows_quarantined=unread, rows_read=rows)


def _said(source: Source, part: dict[str, object]) -> str:
    scope = scope_name(*(part.get(name) for name in _SCOPE))  # type: ignore[arg-type]
    unread = int(str(part["unread"]))
    named_rows = numbers(part["first"], unread)  # type: ignore[arg-type]
    text = f"{source.header_of(str(part['column']))} {unread} of {part['filled']} filled cells ({named_rows})"
    return f"{scope}: {text}" if scope else text
