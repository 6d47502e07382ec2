"""What is kept of each delivery, so that later ones can be judged beside it without reading its rows again.

Here: from scopes to a short text in the event of the delivery, and back. Not here: where the event stands
(``pipeline.store.log``).
"""

import json
from collections.abc import Iterable
from datetime import date

import polars as pl

from pipeline.versions.gates.preceding import PLACED, first_on
from schemas.limits.deliveries import MOST_SCOPES_KNOWN
from schemas.scope import SCOPE_ROWS

TOO_MANY = "[]"
"""Kept of a delivery with too many scopes: nothing is compared with it."""


def as_text(scopes: pl.DataFrame) -> str:
    """The scopes of which a delivery brings rows, with how many."""
    brought = scopes.filter(pl.col("rows_good") > 0).with_columns(pl.col("valid_on").cast(pl.String))
    if brought.height > MOST_SCOPES_KNOWN:
        return TOO_MANY
    rows = brought.select("place", "line", "valid_on", "rows_good").rows()
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> pl.DataFrame:
    """``SCOPE_ROWS`` again, of rows that can be recorded."""
    rows = [
        (place, line, None if day is None else date.fromisoformat(day), count, 0)
        for place, line, day, count in json.loads(text)
    ]
    return pl.DataFrame(rows, schema=SCOPE_ROWS, orient="row")


Kept = tuple[str, date, str | None, str]
"""delivery, delivered_on, sender, what was kept of its scopes."""


def placed(kept: Iterable[Kept]) -> pl.DataFrame:
    """``PLACED`` of several deliveries."""
    rows = []
    for delivery, delivered_on, sender, text in kept:
        scopes = from_text(text)
        first = first_on(scopes)
        rows += [
            (delivery, delivered_on, first, sender, place, line, day, count)
            for place, line, day, count, _ in scopes.iter_rows()
        ]
    return pl.DataFrame(rows, schema=PLACED, orient="row")
