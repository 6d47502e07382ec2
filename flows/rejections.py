"""Which rejected files were not told yet: each is told by the night that rejected it, once.

Here: a note of how far the log was told. A night that was killed after it took files in tells nobody; the next one does
it in its place. Not here: why a file is rejected, how it is told (``flows.night_end``).
"""

import json
from datetime import datetime
from pathlib import Path

import polars as pl

from pipeline.jobs.ingest.receipts import Receipt
from pipeline.store.fs import atomic_write
from schemas.vocabulary import DeliveryStatus

NOTE = ".last-told.json"


def untold(data_dir: Path, receipts: tuple[Receipt, ...], events: pl.DataFrame) -> tuple[Receipt, ...]:
    """Rejections of this night, and those that an earlier one recorded and did not get to tell."""
    own = [each for each in receipts if each.status == DeliveryStatus.REJECTED]
    since = _told_until(data_dir)
    if since is None:
        return tuple(own)
    known = {each.file_name for each in own}
    later = events.filter((pl.col("event") == DeliveryStatus.REJECTED) & (pl.col("recorded_at") > since))
    others = [
        Receipt(row["source"], row["file_name"], row["delivery"], row["event"], rule=row["rule"], detail=row["detail"])
        for row in later.iter_rows(named=True)
        if row["file_name"] not in known
    ]
    return (*own, *others)


def note_told(data_dir: Path, events: pl.DataFrame) -> None:
    """Leave the note that all rejections in these events are told."""
    last = events["recorded_at"].max()
    if isinstance(last, datetime):
        with atomic_write(data_dir / NOTE) as draft:
            draft.touch(mode=0o600)  # where there are readers, others pass through the data folder
            draft.write_text(json.dumps({"until": last.isoformat()}), encoding="utf-8")


def _told_until(data_dir: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads((data_dir / NOTE).read_text(encoding="utf-8"))["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
