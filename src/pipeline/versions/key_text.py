"""The key of a row as one text, and back: how changed figures name their rows.

A key may itself hold the sign that stands between its parts (the id of a claim, a method): then several keys come into
question, and the one of which there is a row is meant.
"""

from itertools import combinations, pairwise
from math import comb
from typing import Any

import polars as pl

from schemas.glued import KEY_SEPARATOR
from schemas.table import Table


def key_text(table: Table) -> pl.Expr:
    """The key of a row as one text, in the order in which ``uitstroom explain`` takes it."""
    return pl.concat_str([pl.col(name).cast(pl.String) for name in table.key], separator=KEY_SEPARATOR)


def keys_of(table: Table, text: str) -> list[tuple[Any, ...]]:
    """The keys that are written so: nearly always one; none where an earlier version of the program had another key."""
    parts = text.split(KEY_SEPARATOR)
    if comb(len(parts) - 1, len(table.key) - 1) > _MOST_KEYS:
        one = pl.DataFrame({"key": [text]}).select(parts_of(pl.col("key"), table))
        return one.select(_typed(table)).drop_nulls().rows()
    divided = [
        [KEY_SEPARATOR.join(parts[begin:end]) for begin, end in pairwise((0, *borders, len(parts)))]
        for borders in combinations(range(1, len(parts)), len(table.key) - 1)
    ]
    written = pl.DataFrame(divided, schema=dict.fromkeys(table.key, pl.String()), orient="row")
    return written.select(_typed(table)).drop_nulls().rows()


_MOST_KEYS = 10_000
"""Of a text of so many signs that it can be divided in more ways, one is tried."""


def _typed(table: Table) -> list[pl.Expr]:
    kinds = table.polars_schema
    return [
        pl.col(name).str.to_date(strict=False)
        if kinds[name] == pl.Date
        else pl.col(name).cast(kinds[name], strict=False)
        for name in table.key
    ]


def parts_of(key: pl.Expr, table: Table) -> list[pl.Expr]:
    """The parts of keys, as text, by the names of the key; the last one that is text takes what is over."""
    kinds = table.polars_schema
    texts = [name for name in table.key if kinds[name] == pl.String]
    between = f"[{KEY_SEPARATOR}]"
    shapes = [
        "(.*)" if name in texts[-1:] else "(.*?)" if name in texts else f"([^{KEY_SEPARATOR}]*)" for name in table.key
    ]
    found = key.str.extract_groups(f"(?s)^{between.join(shapes)}$").struct
    return [found.field(str(number)).alias(name) for number, name in enumerate(table.key, 1)]
