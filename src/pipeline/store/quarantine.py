"""Quarantine on disk: one Parquet file per delivery with row numbers and all reasons, never a cell value.

Rebuilt from the log.

A steward finds the row in the file as sent by its number. Not here: which rows and why
(``pipeline.core.ledger.reasons``).
"""

import os
from pathlib import Path

import polars as pl


def write(root: Path, reasons: pl.DataFrame) -> int:
    """Write what is missing; a delivery's file never changes, since its findings do not.

    Gives the number of files written.
    """
    written = 0
    for (source, delivery), rows in reasons.group_by("source", "delivery", maintain_order=True):
        path = root / str(source) / f"{delivery}.parquet"
        content = rows.select("row", "reasons").sort("row")
        if path.exists() and pl.read_parquet(path).equals(content):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        content.write_parquet(draft, compression="zstd", compression_level=3)
        os.replace(draft, path)
        written += 1
    return written
