"""By which numbers the rows of deliveries are known, for the gate about a month of other dossiers.

Here: reading them, of what was staged and of the log, a few at a time. Not here: the gate
(``versions.gates.continuing``).
"""

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from pipeline.store.log.log import Log
from pipeline.versions.gates.continuing import ROW_KEYS
from schemas.source import Source

_MOST_KEPT = 4


class RowKeys:
    """``ROW_KEYS`` with the row; the last few are kept, since the next file is mostly beside one of them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._kept: OrderedDict[tuple[str, str], pl.DataFrame] = OrderedDict()

    def of_staged(self, source: Source, delivery: str, paths: Iterable[Path]) -> pl.DataFrame:
        """Of a delivery whose rows are staged."""
        found = _keys(source, pl.scan_parquet(list(paths), hive_partitioning=False, glob=False))
        return self._keep(source, delivery, found)

    def of_log(self, source: Source, delivery: str, processing: int) -> pl.DataFrame:
        """Of one reading of a delivery in the log."""
        if (source.name, delivery) in self._kept:
            return self._kept[source.name, delivery]
        rows = self._log.sources[source.name].rows([delivery]).filter(pl.col("processing") == processing)
        return self._keep(source, delivery, _keys(source, rows))

    def _keep(self, source: Source, delivery: str, found: pl.DataFrame) -> pl.DataFrame:
        self._kept[source.name, delivery] = found
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def _keys(source: Source, rows: pl.LazyFrame) -> pl.DataFrame:
    place = pl.col(source.municipality) if source.municipality else pl.lit(None)
    parts = [
        rows.filter(pl.col(name).is_not_null()).select(
            "row",
            place=place.cast(ROW_KEYS["place"]),
            valid_on=pl.col(source.valid_on).cast(ROW_KEYS["valid_on"]),
            key=pl.col(name).hash(),
        )
        for name in (source.gates.continuing.by if source.gates.continuing else ())
    ]
    return pl.concat([part.collect() for part in parts])
