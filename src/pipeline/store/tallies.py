"""Counts per delivery, kept so that a night reads only what is new. Rebuilt from the log when they are gone.

Not here: how they are counted (``pipeline.core.tally``).
"""

from pathlib import Path

import polars as pl

from pipeline.store.whole_file import written_whole


class TallyStore:
    """One small file per reading of a delivery, below ``curated`` because it can be made again."""

    def __init__(self, root: Path, version: str) -> None:
        self.root = root / f"v{version}"

    def _path(self, delivery: str, processing: int) -> Path:
        return self.root / f"{delivery}-{processing}.parquet"

    def missing(self, readings: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
        """Those of (delivery, processing) that have not been counted, or whose file is damaged or of another shape."""
        there = [
            _has_shape(self._path(delivery, processing), schema)
            for delivery, processing in readings.select("delivery", "processing").iter_rows()
        ]
        return readings.filter(~pl.Series(there, dtype=pl.Boolean))

    def keep(self, delivery: str, processing: int, counts: pl.DataFrame) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with written_whole(self._path(delivery, processing)) as draft:
            counts.write_parquet(draft, compression="zstd", compression_level=1)

    def read(self, readings: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
        paths = [
            self._path(delivery, processing)
            for delivery, processing in readings.select("delivery", "processing").iter_rows()
        ]
        return pl.read_parquet(paths, glob=False, hive_partitioning=False) if paths else pl.DataFrame(schema=schema)


def _has_shape(path: Path, schema: pl.Schema) -> bool:
    try:
        return pl.Schema(pl.read_parquet_schema(path)) == schema
    except (OSError, pl.exceptions.PolarsError):  # not there, or cut short: it is counted again
        return False
