"""Files that could not be read for the moment: told once, until it is over.

Such a file has no bytes yet, so its event has an identity of its own, made of its name. Once the file can be read, or
is gone, a second event takes the first one back: the file itself stands in the log under what it became, or was before.
Here: those two events. Not here: why a file cannot be read (``pipeline.store``).
"""

import os
from collections import Counter
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

import polars as pl

from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.versions.delivery_status import SETTLED
from schemas.vocabulary import DeliveryStatus


class Unsettled:
    """What the log tells of such files, kept up to date while a run goes on."""

    def __init__(self, events: pl.DataFrame) -> None:
        own = events.filter(pl.col("event").is_in([DeliveryStatus.UNSTABLE.value, SETTLED]))
        self._open: dict[str, Mapping[str, Any]] = {}
        self._times: Counter[str] = Counter()
        for event in own.iter_rows(named=True):
            if event["event"] == SETTLED:
                self._open.pop(event["delivery"], None)
            else:
                self._open[event["delivery"]] = event
                self._times[event["delivery"]] += 1

    def tell(self, writer: Writer, pending: PendingFile, event: Mapping[str, Any]) -> None:
        """Record that a file could not be read yet, where that does not stand there already.

        Not under a plan, which does not expect the log to move; not of a file that is gone.
        """
        identity = sha256(f"unstable:{pending.file.file_name}".encode()).hexdigest()
        if writer.plan is None and identity not in self._open and os.path.lexists(pending.file.path):
            own = {**event, "delivery": identity, "processing": self._times[identity]}
            self._append(writer, own)
            self._open[identity] = own
            self._times[identity] += 1

    def settle(self, writer: Writer, still: Collection[str]) -> None:
        """Record that it is over for every file but those of these names."""
        if writer.plan is not None:
            return
        for identity, event in sorted(self._open.items()):
            if event["file_name"] not in still:
                self._append(writer, {**event, "event": SETTLED, "recorded_at": writer.recorded_at})
                del self._open[identity]

    def _append(self, writer: Writer, event: Mapping[str, Any]) -> None:
        frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
        writer.log.append_event(frame, f"{event['event']}:{event['delivery']}", event["processing"])
