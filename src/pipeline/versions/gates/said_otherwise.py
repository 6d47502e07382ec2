"""The gates about scopes of the usual size that say something else: another stock, dossiers with other codes.

A month delivered again in which every benefit has ended has as many rows as before. Here: the judgement about one scope
beside another. Not here: which scopes these are (``continuing``), scopes of another size (``replaced``).
"""

from collections.abc import Iterator

import polars as pl

from schemas.limits import (
    LEAST_ROWS_DIFFERENCE,
    LEAST_SAID_OTHERWISE,
    SAID_OTHERWISE_ABOVE_SHARE,
    SHRUNK_BELOW_SHARE,
    SWOLLEN_ABOVE_SHARE,
)

SAYS = {"line": "statistiekcode", "household": "leefvorm", "sex": "geslacht", "born": "geboortedatum"}
"""What a row says of a dossier that seldom changes, by the name that a steward knows."""


def other_stock(here: pl.DataFrame, there: pl.DataFrame) -> Iterator[str]:
    """The stock of a scope, and of each scheme in it, where it is far from that of the scope beside it."""
    if _is_far(here.height, there.height):
        return  # that there are far fewer or more rows is told already
    now, before = (rows.filter("is_live") for rows in (here, there))
    if _is_far(now.height, before.height):
        yield _current(before.height, now.height)
        return
    counts = now.group_by("line").len("now").join(before.group_by("line").len("before"), on="line", how="full")
    each = counts.select(pl.coalesce("line", "line_right"), pl.col("before", "now").fill_null(0)).drop_nulls()
    for line, was, rows in each.sort("line").iter_rows():
        if _is_far(rows, was):
            yield f"{line}: {_current(was, rows)}"


def other_words(here: pl.DataFrame, there: pl.DataFrame) -> Iterator[str]:
    """What too many dossiers that are current in both scopes say otherwise now; what was left open may be filled."""
    now, before = (rows.filter("is_live").unique("dossier", maintain_order=True) for rows in (here, there))
    both = now.join(before.select("dossier", *SAYS), on="dossier", how="inner", suffix="_before")
    for name, header in SAYS.items():
        is_other = pl.col(f"{name}_before").is_not_null() & pl.col(name).ne_missing(pl.col(f"{name}_before"))
        changed = both.filter(is_other).height
        if changed >= LEAST_SAID_OTHERWISE and changed > SAID_OTHERWISE_ABOVE_SHARE * both.height:
            yield f"{header}: {changed} of {both.height} dossiers"


def _current(before: int, now: int) -> str:
    """Words between two numbers: their digits must not be taken for those of one."""
    return f"{before} current → {now} current"


def _is_far(now: int, before: int) -> bool:
    """By the bounds for rows."""
    is_out = now < SHRUNK_BELOW_SHARE * before or now > SWOLLEN_ABOVE_SHARE * before
    return is_out and abs(now - before) >= LEAST_ROWS_DIFFERENCE
