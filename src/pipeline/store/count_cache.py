"""Counts per delivery, kept so that a night reads only what is new. Rebuilt from the log when they are gone.

Not here: how they are counted (``pipeline.caseload.delivery_counts``).
"""

import os
from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipeline.store.fs import atomic_write


class CountCache:
    """One small file per reading of a delivery, below ``curated`` because it can be made again."""

    def __init__(self, root: Path, version: str) -> None:
        self.root = root / f"v{version}"

    def _path(self, delivery: str, processing: int) -> Path:
        return self.root / f"{delivery}-{processing}.parquet"

    def missing(self, readings: pl.DataFrame) -> pl.DataFrame:
        """Those of (delivery, processing) that have not been counted."""
        there = set(os.listdir(self.root)) if self.root.is_dir() else set()
        return self._where(readings, lambda path: path.name not in there)

    def damaged(self, readings: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
        """Those whose file cannot be read, or holds another shape. Reads every one."""
        return self._where(readings, lambda path: not _is_whole(path, schema))

    def _where(self, readings: pl.DataFrame, holds: Callable[[Path], bool]) -> pl.DataFrame:
        found = [holds(self._path(*reading)) for reading in readings.select("delivery", "processing").iter_rows()]
        return readings.filter(pl.Series(found, dtype=pl.Boolean))

    def keep(self, delivery: str, processing: int, counts: pl.DataFrame) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        with atomic_write(self._path(delivery, processing)) as draft:
            counts.write_parquet(draft, compression="zstd", compression_level=1)

    def read(self, readings: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame | None:
        """The counts of all these readings; None where a file is missing or damaged, or of another shape."""
        if readings.is_empty():
            return pl.DataFrame(schema=schema)
        paths = [self._path(*reading) for reading in readings.select("delivery", "processing").iter_rows()]
        counts = _read(paths)
        return counts if counts is not None and counts.schema == schema else None


def _read(paths: list[Path]) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(paths, glob=False, hive_partitioning=False)
    except (OSError, pl.exceptions.PolarsError):  # not there, or cut short: it is counted again
        return None


def _is_whole(path: Path, schema: pl.Schema) -> bool:
    counts = _read([path])
    return counts is not None and counts.schema == schema
