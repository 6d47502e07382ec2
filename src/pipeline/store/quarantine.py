"""Quarantine on disk: one Parquet file per delivery with row numbers and all reasons, never a cell value.

Rebuilt from the log. A steward finds the row in the file as sent by its number. Not here: which rows and why
(``versions.quarantine_reasons``).
"""

from pathlib import Path

import polars as pl

from pipeline.store.fs import atomic_write


def write(root: Path, reasons: pl.DataFrame) -> int:
    """Write what is missing; a delivery's file never changes, since its findings do not.

    Gives the number of files written.
    """
    written = 0
    for (source, delivery), rows in reasons.group_by("source", "delivery", maintain_order=True):
        path = root / str(source) / f"{delivery}.parquet"
        content = rows.select("row", "reasons").sort("row")
        if _holds(path, content):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            content.write_parquet(draft, compression="zstd", compression_level=3)
        written += 1
    return written


def _holds(path: Path, content: pl.DataFrame) -> bool:
    try:
        return pl.read_parquet(path, glob=False, hive_partitioning=False).equals(content)
    except (FileNotFoundError, pl.exceptions.ComputeError):  # not there, or damaged: it is made from the log again
        return False
