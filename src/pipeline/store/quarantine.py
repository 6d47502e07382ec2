"""Quarantine on disk: one Parquet file per delivery with row numbers and all reasons, never a cell value.

Rebuilt from the log. A steward finds the row in the file as sent by its number. Not here: which rows and why
(``versions.quarantine_reasons``).
"""

import io
from pathlib import Path

import polars as pl

from pipeline.store.fs import atomic_write
from pipeline.store.storage.storage import Storage


def write(root: Path, reasons: pl.DataFrame, there: Storage | None = None) -> int:
    """Write what is missing; a delivery's file never changes, since its findings do not.

    ``there``: where it lies as well, for a data folder in an object store. Gives the number of files written.
    """
    written, known = 0, {entry.name for entry in there.entries()} if there else set()
    for (source, delivery), rows in reasons.group_by("source", "delivery", maintain_order=True):
        path = root / str(source) / f"{delivery}.parquet"
        content = rows.select("row", "reasons").sort("row")
        name = path.relative_to(root).as_posix()
        if _holds(path, content) and (there is None or name in known):
            continue
        if there is not None:
            there.write(name, _as_parquet(content))
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            draft.write_bytes(_as_parquet(content))
        written += 1
    return written


def _as_parquet(content: pl.DataFrame) -> bytes:
    body = io.BytesIO()
    content.write_parquet(body, compression="zstd", compression_level=3)
    return body.getvalue()


def _holds(path: Path, content: pl.DataFrame) -> bool:
    try:
        return pl.read_parquet(path, glob=False, hive_partitioning=False).equals(content)
    except (FileNotFoundError, pl.exceptions.ComputeError):  # not there, or damaged: it is made from the log again
        return False
