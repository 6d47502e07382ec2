"""Which files in ``data/raw`` are new.

Here: comparing what lies there with what the log holds. Not here: reading files (``ingest``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import polars as pl

from pipeline.errors import Rejected, Unstable
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Workspace
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import FileFingerprint, RawFile, list_raw
from pipeline.versions.delivery_status import statuses
from schemas.catalogue import SOURCES
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

    def remember(self, pending: PendingFile, delivery: str, status: str, sidecar: str, rules_version: str) -> None:
        source = pending.file.source
        self.names.add((source, delivery, pending.file.file_name))
        self.accepted.discard((source, delivery))
        if status != "copied":
            self.last[(source, delivery)] = {"event": status, "processing": pending.processing}
        if status == "rejected":
            self.refused.add((source, delivery, pending.file.file_name, sidecar, rules_version))


def pending_files(workspace: Workspace, known: KnownDeliveries, cache: FingerprintCache) -> Iterator[PendingFile]:
    """Files that are new, or were rejected and may fare better now (another name, sidecar or rules), or are known bytes
    under a new name.
    """
    for file in list_raw(workspace.settings.raw):
        refusal = file.refusal or _unknown_folder(file)
        pending = _refused(file, refusal, known) if refusal else _pending(file, workspace, known, cache)
        if pending is not None:
            yield pending


def _unknown_folder(file: RawFile) -> Rejected | None:
    if file.source in SOURCES:
        return None
    meant = next((f"; perhaps {name} is meant" for name in SOURCES if spelling(name) == spelling(file.source)), "")
    return Rejected("FILE-038", f"there is no source named {file.source}{meant}; known are {', '.join(SOURCES)}")


def _pending(
    file: RawFile, workspace: Workspace, known: KnownDeliveries, cache: FingerprintCache
) -> PendingFile | None:
    try:
        fingerprint = cache.fingerprint(file)
    except Rejected as refusal:
        return _refused(file, refusal, known)
    except Unstable as change:
        return PendingFile(file, None, change=change)
    return _if_new(file, fingerprint, workspace, known)


def _if_new(
    file: RawFile, fingerprint: FileFingerprint, workspace: Workspace, known: KnownDeliveries
) -> PendingFile | None:
    last = known.last.get((file.source, fingerprint.delivery))
    if last is None:
        return PendingFile(file, fingerprint)
    if (file.source, fingerprint.delivery) in known.accepted:
        return PendingFile(file, fingerprint, processing=int(str(last["processing"])) + 1, is_accepted=True)
    if last["event"] == "rejected":
        tried = (file.source, fingerprint.delivery, file.file_name, fingerprint.sidecar_sha256, workspace.rules_version)
        if tried in known.refused:
            return None
        return PendingFile(file, fingerprint, processing=int(str(last["processing"])) + 1)
    if (file.source, fingerprint.delivery, file.file_name) in known.names:
        return None
    return PendingFile(file, fingerprint, is_copy=True)


def _refused(file: RawFile, refusal: Rejected, known: KnownDeliveries) -> PendingFile | None:
    """A file without readable bytes is refused once, not every night; its name and the reason are its identity."""
    delivery = unreadable_identity(file, refusal)
    if (file.source, delivery) in known.last:
        return None
    return PendingFile(file, None, refusal=refusal)


def unreadable_identity(file: RawFile, refusal: Rejected) -> str:
    return sha256(f"unreadable:{file.file_name}:{refusal.rule}".encode()).hexdigest()


def copied(pending: PendingFile) -> Receipt:
    """The receipt of bytes that are known under another name."""
    fingerprint = pending.fingerprint
    if fingerprint is None:
        raise ValueError("a copy has bytes")
    keys = ", ".join(fingerprint.unknown_keys)
    ignored = f"; its sidecar has unknown keys: {keys}" if keys else ""
    return Receipt(
        source=pending.file.source,
        file_name=pending.file.file_name,
        delivery=fingerprint.delivery,
        status="copied",
        delivered_on=fingerprint.delivered_on,
        rule="DELIVERY-004",
        detail=f"the same bytes were delivered before under another name; nothing is recorded twice{ignored}",
        simulated=fingerprint.simulated,
    )
