"""Which files in ``data/raw`` are new.

Here: comparing what lies there with what the log holds. Not here: reading files (``ingest``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import polars as pl

from pipeline.errors import Rejected, Unstable
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Writer
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import FileFingerprint, RawFile
from pipeline.versions.delivery_status import statuses
from schemas.catalogue import SOURCES
from schemas.dated_name import why_not_delivered_on
from schemas.limits import CLOCK_AHEAD_HOURS
from schemas.spelling import spelling
from schemas.vocabulary import Decision


@dataclass(frozen=True)
class PendingFile:
    """A file to be dealt with. ``fingerprint`` is None where it has no readable bytes: ``refusal`` states why."""

    file: RawFile
    fingerprint: FileFingerprint | None
    processing: int = 0
    refusal: Rejected | None = None
    change: Unstable | None = None
    is_copy: bool = False
    is_accepted: bool = False
    """Held before, and a steward accepted it: read again, and recorded whatever share is in quarantine."""

    @property
    def delivery(self) -> str:
        """What identifies it: its bytes; of a refused file without readable bytes its name and the reason."""
        if self.fingerprint is not None:
            return self.fingerprint.delivery
        return "" if self.refusal is None else _unreadable_identity(self.file, self.refusal)


@dataclass
class KnownDeliveries:
    """What the log holds of deliveries, kept up to date while a run goes on."""

    last: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    names: set[tuple[str, str, str]] = field(default_factory=set)
    refused: set[tuple[str, str, str, str, str]] = field(default_factory=set)
    """(source, delivery, file name, sidecar, rules) with which bytes were rejected: the same again changes nothing."""
    accepted: set[tuple[str, str]] = field(default_factory=set)
    """(source, delivery) of held deliveries that a steward accepted and that have not been read again yet."""

    @classmethod
    def from_events(cls, events: pl.DataFrame) -> "KnownDeliveries":
        known = cls()
        for event in events.iter_rows(named=True):
            known.names.add((event["source"], event["delivery"], event["file_name"]))
            if event["event"] in tuple(Decision):
                continue
            if event["event"] != "copied":
                known.last[(event["source"], event["delivery"])] = event
            if event["event"] == "rejected":
                known.refused.add(
                    (
                        event["source"],
                        event["delivery"],
                        event["file_name"],
                        event["sidecar_sha256"],
                        event["rules_version"],
                    )
                )
        folded = statuses(events).filter((pl.col("status") == "held") & (pl.col("decision") == Decision.ACCEPTED))
        known.accepted.update(folded.select("source", "delivery").iter_rows())
        return known

    def remember(self, pending: PendingFile, receipt: Receipt, rules_version: str) -> None:
        """Note what became of a file. One that is tried again is as unknown as before."""
        source, delivery, status = pending.file.source, receipt.delivery, receipt.status
        if status == "unstable":
            return
        sidecar = pending.fingerprint.sidecar_sha256 if pending.fingerprint else ""
        self.names.add((source, delivery, pending.file.file_name))
        self.accepted.discard((source, delivery))
        if status != "copied":
            self.last[(source, delivery)] = {"event": status, "processing": pending.processing}
        if status == "rejected":
            self.refused.add((source, delivery, pending.file.file_name, sidecar, rules_version))


Landed = FileFingerprint | Rejected | Unstable
"""What a look at a file gave: what it is, or why that is not known."""


def look(file: RawFile, cache: FingerprintCache) -> Landed:
    """What a file is. One that is not taken for its place or name is not opened."""
    if refusal := refused_unseen(file):
        return refusal
    try:
        return cache.fingerprint(file)
    except (Rejected, Unstable) as reason:
        return reason


def refused_unseen(file: RawFile) -> Rejected | None:
    """Why a file is not taken, where its place or name alone shows it."""
    return file.refusal or _unknown_folder(file)


def _unknown_folder(file: RawFile) -> Rejected | None:
    if file.source in SOURCES:
        return None
    meant = next((f"; perhaps {name} is meant" for name in SOURCES if spelling(name) == spelling(file.source)), "")
    return Rejected("FILE-038", f"there is no source named {file.source}{meant}; known are {', '.join(SOURCES)}")


def pending_of(file: RawFile, landed: Landed, known: KnownDeliveries, writer: Writer) -> PendingFile | None:
    """What is to be done with a file, if anything. A day that cannot be refuses one that is not known yet."""
    pending = _new(file, landed, known, writer.rules_version)
    if pending is None or pending.fingerprint is None:
        return pending
    impossible = impossible_day(pending.fingerprint, writer.recorded_at)
    return pending if impossible is None else _new(file, impossible, known, writer.rules_version)


def impossible_day(fingerprint: FileFingerprint, taken_in: datetime) -> Rejected | None:
    """What is wrong with the day of delivery that sidecar or file name states; None where it can be one."""
    today = (taken_in + timedelta(hours=CLOCK_AHEAD_HOURS)).date()
    day = fingerprint.delivered_on
    why = None if day is None else why_not_delivered_on(day, today)
    return (
        None if why is None else Rejected("FILE-081", f"delivered_on {why}; correct it in the sidecar or the file name")
    )


def _new(file: RawFile, landed: Landed, known: KnownDeliveries, rules_version: str) -> PendingFile | None:
    """A file that is new, or was rejected and may fare better now (another name, sidecar or rules), or holds known
    bytes under a new name; None where nothing is to be done.
    """
    if isinstance(landed, Unstable):
        return PendingFile(file, None, change=landed)
    delivery = _unreadable_identity(file, landed) if isinstance(landed, Rejected) else landed.delivery
    last = known.last.get((file.source, delivery))
    if isinstance(landed, Rejected):  # its name and the reason are its identity: it is refused once, not every night
        return PendingFile(file, None, refusal=landed) if last is None else None
    if last is None:
        return PendingFile(file, landed)
    again = int(str(last["processing"])) + 1
    if (file.source, delivery) in known.accepted:
        return PendingFile(file, landed, processing=again, is_accepted=True)
    if last["event"] == "rejected":
        tried = (file.source, delivery, file.file_name, landed.sidecar_sha256, rules_version)
        return None if tried in known.refused else PendingFile(file, landed, processing=again)
    is_known = (file.source, delivery, file.file_name) in known.names
    return None if is_known else PendingFile(file, landed, is_copy=True)


def is_same(pending: PendingFile, file: RawFile, landed: Landed) -> bool:
    """Whether a file holds the bytes of one that is being dealt with."""
    return isinstance(landed, FileFingerprint) and (pending.file.source, pending.delivery) == (
        file.source,
        landed.delivery,
    )


def _unreadable_identity(file: RawFile, refusal: Rejected) -> str:
    return sha256(f"unreadable:{file.file_name}:{refusal.rule}".encode()).hexdigest()
