"""Rows of benefits as the gates about rows that go on know them, cut into scopes.

Here: the shape, and one scope of one delivery. Not here: reading the rows (``pipeline.jobs.ingest``), the gates
(``continuing``).
"""

from collections.abc import Callable
from datetime import date

import polars as pl

ROW_KEYS = pl.Schema(
    {
        "row": pl.Int64(),
        "place": pl.String(),
        "valid_on": pl.Date(),
        "dossier": pl.UInt64(),
        "client": pl.UInt64(),
        "started": pl.Date(),
        "ended": pl.Date(),
        "is_live": pl.Boolean(),
        "line": pl.String(),
        "household": pl.String(),
        "sex": pl.String(),
        "born": pl.Int16(),
        "partner": pl.UInt64(),
        "origin": pl.Date(),
        "end_reason": pl.String(),
    }
)
"""Grain: one row. Hashes of pseudonyms, the same within a process."""

RowsOf = Callable[[str], pl.DataFrame]
"""``ROW_KEYS`` of a delivery; none where it is not known."""

_KNOWN = ("dossier", "client")
_MOST_KEPT = 6
NO_ROWS = pl.DataFrame(schema=ROW_KEYS)


class Scopes:
    """Rows of scopes. Deliveries are cut into scopes once each; the last few are kept, since those of one date stand
    beside the same ones.
    """

    def __init__(self, rows_of: RowsOf, own: str) -> None:
        self._rows_of, self._own = rows_of, own
        self._found: dict[str, dict[tuple[object, ...], pl.DataFrame]] = {}

    def of(self, delivery: str, place: str, day: date) -> pl.DataFrame:
        if delivery not in self._found:
            kept = [name for name in self._found if name != self._own]
            for name in kept[: max(len(kept) + 1 - _MOST_KEPT, 0)]:
                del self._found[name]
            self._found[delivery] = self._rows_of(delivery).partition_by("place", "valid_on", as_dict=True)
        return self._found[delivery].get((place, day), NO_ROWS)


def known_in(there: pl.DataFrame) -> pl.Expr:
    """Whether rows stand in ``there``, by one of their numbers."""
    keys = [pl.col(name).is_in(there[name].drop_nulls().implode()) for name in _KNOWN]
    return pl.any_horizontal(keys).fill_null(value=False)
