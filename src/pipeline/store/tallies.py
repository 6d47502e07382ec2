"""Counts per delivery, kept so that a night reads only what is new. Rebuilt from the log when they are gone.

Not here: how they are counted (``pipeline.core.tally``).
"""

import os
from pathlib import Path

import polars as pl


class TallyStore:
    """One small file per reading of a delivery, below ``curated`` because it can be made again."""

    def __init__(self, root: Path, version: str) -> None:
        self.root = root / f"v{version}"

    def _path(self, delivery: str, processing: int) -> Path:
        return self.root / f"{delivery}-{processing}.parquet"

    def missing(self, readings: pl.DataFrame) -> pl.DataFrame:
        """Those of (delivery, processing) that have not been counted."""
        there = [
            self._path(delivery, processing).exists()
            for delivery, processing in readings.select("delivery", "processing").iter_rows()
        ]
        return readings.filter(~pl.Series(there, dtype=pl.Boolean))

    def keep(self, delivery: str, processing: int, counts: pl.DataFrame) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        path = self._path(delivery, processing)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        counts.write_parquet(draft, compression="zstd", compression_level=1)
        os.replace(draft, path)

    def read(self, readings: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
        paths = [
            self._path(delivery, processing)
            for delivery, processing in readings.select("delivery", "processing").iter_rows()
        ]
        return pl.read_parquet(paths, glob=False, hive_partitioning=False) if paths else pl.DataFrame(schema=schema)
