"""By which numbers the rows of deliveries are known, for the gates about rows that go on.

Here: reading them, of what was staged and of the log, a few at a time. Not here: the gates
(``versions.gates.continuing``).
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import polars as pl

from pipeline.versions.gates.row_scopes import ROW_KEYS
from schemas.source import Source

_MOST_KEPT = 4


class Rows(Protocol):
    """Where rows of deliveries are found."""

    def rows(self, source: str, deliveries: Sequence[str]) -> pl.LazyFrame:
        """Those of some deliveries of a source."""


class RowKeys:
    """``ROW_KEYS``; the last few are kept, since the next file is mostly beside one of them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: OrderedDict[tuple[str, str], pl.DataFrame] = OrderedDict()

    def of_staged(self, source: Source, delivery: str, staged: pl.LazyFrame) -> pl.DataFrame:
        """Of a delivery whose rows are staged."""
        return self._keep(source, delivery, keys_of(source, staged))

    def of_log(self, source: Source, delivery: str, processing: int) -> pl.DataFrame:
        """Of one reading of a delivery in the log."""
        if (source.name, delivery) in self._kept:
            self._kept.move_to_end((source.name, delivery))
            return self._kept[source.name, delivery]
        rows = self._rows.rows(source.name, [delivery]).filter(pl.col("processing") == processing)
        return self._keep(source, delivery, keys_of(source, rows))

    def _keep(self, source: Source, delivery: str, found: pl.DataFrame) -> pl.DataFrame:
        self._kept[source.name, delivery] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def keys_of(source: Source, rows: pl.LazyFrame) -> pl.DataFrame:
    """``ROW_KEYS`` of rows as the log holds them."""
    by = source.gates.continuing
    if by is None or source.live_when is None:
        return pl.DataFrame(schema=ROW_KEYS)
    place = pl.col(source.municipality) if source.municipality else pl.lit(None)
    keys = {
        name: pl.when(pl.col(key).is_not_null()).then(pl.col(key).hash())
        for name, key in (("dossier", by.dossier), ("client", by.client), ("partner", by.partner))
    }
    return (
        rows.select(
            "row",
            place=place,
            valid_on=pl.col(source.valid_on),
            **keys,
            started=pl.col(by.started),
            ended=pl.col(by.ended),
            line=by.line,
            household=by.household,
            sex=by.sex,
            born=by.born,
            origin=by.origin,
            end_reason=by.end_reason,
            is_live=source.live_when.fill_null(value=True),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in ROW_KEYS.items())
        .collect()
    )
