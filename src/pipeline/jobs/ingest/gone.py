"""Rejected files that no longer lie where they were: told once, so that nothing vanishes unseen.

What was rejected stays in the log, with its reason; an event beside it says that the file is gone, and so is what there
was to mend. One that comes back is read again. Here: finding these, and that event. Not here: what a night makes of a
file that lies there (``new_files``), files that could not be read for the moment (``unsettled``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from pipeline.jobs.ingest.new_files import identities
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint, Landed
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.raw import RawFile
from pipeline.versions.delivery_status import never_taken
from schemas.vocabulary import DeliveryStatus

_GONE = "taken away from raw since"
_TOLD = "the file was taken away from raw; nothing of it was recorded. If it was meant to count, ask the sender for it"


@dataclass(frozen=True)
class Lying:
    """What lies below raw now, by file name."""

    files: Mapping[str, tuple[RawFile, Landed]]

    def has(self, event: Mapping[str, Any], taken_in: datetime) -> bool:
        """Whether a rejected file still lies there as it was; yes where that cannot be known."""
        name, found = event["file_name"], self.files.get(event["file_name"])
        if found is None:
            return self._may_lie(name)
        file, landed = found
        now = identities(file, landed, taken_in)
        # Bytes that cannot be looked at, or are refused for their sidecar, may be the same.
        is_known = isinstance(landed, FileFingerprint) or (now and not event["size"])
        return not is_known or event["delivery"] in now

    def _may_lie(self, name: str) -> bool:
        """Of a folder that cannot be looked into, and of a disk that is not there, nothing is known."""
        above = name.split("/")
        return not self.files or any("/".join(above[:end]) in self.files for end in range(1, len(above)))


def tell_gone(writer: Writer, lying: Lying, events: pl.DataFrame) -> Iterator[Receipt]:
    """Record of every rejected file that is gone that it is, once; a receipt where nothing came in its place.

    Not under a plan, which does not expect the log to move.
    """
    if writer.plan is not None:
        return
    for event in never_taken(events).iter_rows(named=True):
        if event["event"] != DeliveryStatus.REJECTED or lying.has(event, writer.recorded_at):
            continue
        gone = {**event, "event": DeliveryStatus.REMOVED.value, "detail": f"{event['detail']}; {_GONE}"}
        _append(writer, gone, events)
        if event["file_name"] not in lying.files:
            yield _receipt(event)


def _append(writer: Writer, gone: Mapping[str, Any], events: pl.DataFrame) -> None:
    again = events.filter(event=DeliveryStatus.REMOVED.value, source=gone["source"], file_name=gone["file_name"]).height
    row = {**gone, "recorded_at": writer.recorded_at, "plan": None}
    app_id = f"gone:{gone['source']}:{gone['delivery']}:{gone['file_name']}"
    writer.log.append_event(pl.DataFrame([row], schema=DELIVERY_EVENTS), app_id, again)


def _receipt(event: Mapping[str, Any]) -> Receipt:
    return Receipt(
        event["source"],
        event["file_name"],
        event["delivery"],
        DeliveryStatus.REMOVED.value,
        delivered_on=event["delivered_on"],
        rule=event["rule"],
        detail=_TOLD,
        simulated=bool(event["simulated"]),
    )
