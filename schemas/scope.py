"""How the gates name what rows are about, the same for every source: a place, a line of the same place, a date.

Here: the shape, and how it follows from a source's declaration. Not here: counting rows (``pipeline.intake``).
"""

from collections.abc import Container

import polars as pl

from schemas.source import Source

SCOPE_ROWS = pl.Schema(
    {
        "place": pl.String(),
        "line": pl.String(),
        "valid_on": pl.Date(),
        "rows_good": pl.Int64(),
        "rows_quarantined": pl.Int64(),
    }
)
"""Grain: place (the municipality), line (all else that makes the scope, such as a series), valid_on (the date)."""


def is_known(source: Source, columns: Container[str]) -> bool:
    """Whether these columns hold all that the scope is made of: pseudonyms, for one, come after parsing."""
    return all(name in columns for name in source.counted_by)


def named(source: Source) -> dict[str, pl.Expr]:
    """The place, the line and the date of a row, from the columns that its rows are counted by."""
    columns = source.counted_by
    place = source.municipality if source.municipality in columns else None
    day = source.valid_on if source.valid_on in columns else None
    others = [pl.col(name).cast(pl.String) for name in columns if name not in (place, day)]
    return {
        "place": pl.col(place).cast(pl.String) if place else pl.lit(None, pl.String()),
        "line": pl.concat_str(others, separator=" ") if others else pl.lit(None, pl.String()),
        "valid_on": pl.col(day).cast(pl.Date) if day else pl.lit(None, pl.Date()),
    }
