"""Which files in ``data/raw`` are new.

Here: comparing what lies there with what the log holds. Not here: reading files (``ingest``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

import polars as pl

from pipeline.errors import Rejected, Unstable
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint, Landed
from pipeline.store.raw import RawFile
from pipeline.versions.delivery_names import NOTED
from pipeline.versions.delivery_status import statuses
from schemas.dated_name import why_not_delivered_on
from schemas.limits.files import CLOCK_AHEAD_HOURS
from schemas.vocabulary import Decision, DeliveryStatus


@dataclass(frozen=True)
class PendingFile:
    """A file to be dealt with. ``fingerprint`` is None where it has no readable bytes: ``refusal`` states why."""

    file: RawFile
    fingerprint: FileFingerprint | None
    processing: int = 0
    refusal: Rejected | None = None
    change: Unstable | None = None
    is_copy: bool = False
    has_other_sidecar: bool = False
    """A known file whose sidecar is another one than when it was recorded: told, and nothing else."""
    had_sidecar: bool = False
    """Of such a file: whether there was one when it was recorded."""
    is_accepted: bool = False
    """Held before, and a steward accepted it: read again, and recorded whatever share is in quarantine."""

    def is_after(self, day: date) -> bool:
        """Whether it is of a later day; what states none is of today."""
        stated = self.fingerprint.delivered_on if self.fingerprint else None
        return stated is None or stated > day

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
    """(source, delivery, file name, sidecar, rules) with which bytes were rejected: the same again changes nothing.
    Where they broke the reader, with the program beside the rules: a newer one may read them.
    """
    accepted: set[tuple[str, str]] = field(default_factory=set)
    """(source, delivery) of held deliveries that a steward accepted and that have not been read again yet."""

    sidecars: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Per name the sidecar with which bytes were taken in under it."""
    removed: set[tuple[str, str, str]] = field(default_factory=set)
    """Names under which rejected bytes lay that were taken away: what comes back is read again, and told."""
    noted: set[tuple[str, str, str, str]] = field(default_factory=set)
    """The same with other sidecars that were told of."""

    @classmethod
    def from_events(cls, events: pl.DataFrame) -> "KnownDeliveries":
        known = cls()
        for event in events.iter_rows(named=True):
            if event["event"] in tuple(Decision):
                known.names.add((event["source"], event["delivery"], event["file_name"]))
                continue
            name = event["source"], event["delivery"], event["file_name"]
            if event["event"] == NOTED:
                known.noted.add((*name, event["sidecar_sha256"]))
                continue
            if event["event"] == DeliveryStatus.REMOVED:
                known.removed.add(name)
                continue
            known.removed.discard(name)
            known.names.add(name)
            known.sidecars[name] = event["sidecar_sha256"]
            if event["event"] != "copied":
                known.last[(event["source"], event["delivery"])] = event
            if event["event"] == "rejected":
                by = _judged_by(event["rule"], event["rules_version"], event["code_version"])
                known.refused.add((*name, event["sidecar_sha256"], by))
        folded = statuses(events).filter((pl.col("status") == "held") & (pl.col("decision") == Decision.ACCEPTED))
        known.accepted.update(folded.select("source", "delivery").iter_rows())
        return known

    def has_other_sidecar(self, file: RawFile, landed: FileFingerprint) -> bool:
        """Whether the sidecar of a known file is another one than it was, and nobody was told."""
        name, sidecar = (file.source, landed.delivery, file.file_name), landed.sidecar_sha256
        return sidecar != self.sidecars.get(name, sidecar) and (*name, sidecar) not in self.noted

    def remember(self, pending: PendingFile, receipt: Receipt, writer: Writer) -> None:
        """Note what became of a file. One that is tried again is as unknown as before."""
        source, delivery, status = pending.file.source, receipt.delivery, receipt.status
        if status == "unstable":
            return
        sidecar = pending.fingerprint.sidecar_sha256 if pending.fingerprint else ""
        if pending.has_other_sidecar:
            self.noted.add((source, delivery, pending.file.file_name, sidecar))
            return
        self.names.add((source, delivery, pending.file.file_name))
        self.removed.discard((source, delivery, pending.file.file_name))
        self.sidecars[source, delivery, pending.file.file_name] = sidecar
        if status != "rejected":  # what is rejected with its own day may be read with that of another name
            self.accepted.discard((source, delivery))
        if status != "copied":
            self.last[(source, delivery)] = {"event": status, "processing": pending.processing}
        if status == "rejected":
            by = _judged_by(receipt.rule, writer.rules_version, writer.code_version)
            self.refused.add((source, delivery, pending.file.file_name, sidecar, by))


BROKE_THE_READER = ("FILE-071", "FILE-072", "FILE-073")
Versions = tuple[str, str]
"""The rules, and those with the program beside them: by either a file may have been judged."""


def _judged_by(rule: str, rules_version: str, code_version: str) -> str:
    return _by_program(rules_version, code_version) if rule in BROKE_THE_READER else rules_version


def _by_program(rules_version: str, code_version: str) -> str:
    return f"{rules_version} {code_version}"


def pending_of(file: RawFile, landed: Landed, known: KnownDeliveries, writer: Writer) -> PendingFile | None:
    """What is to be done with a file, if anything: with one that is new, or was rejected and may fare better now
    (another name, sidecar or rules), or holds known bytes under a new name. A day that cannot be refuses it.
    """
    if isinstance(landed, Unstable):
        return PendingFile(file, None, change=landed)
    if isinstance(landed, Rejected):
        return _refused(file, landed, known)
    pending: PendingFile | None = PendingFile(file, landed)
    if (last := known.last.get((file.source, landed.delivery))) is not None:
        versions = writer.rules_version, _by_program(writer.rules_version, writer.code_version)
        pending = _known_bytes(file, landed, known, int(str(last["processing"])), versions)
    impossible = None if pending is None else impossible_day(landed, writer.recorded_at)
    return pending if impossible is None else _refused(file, impossible, known)


def _refused(file: RawFile, refusal: Rejected, known: KnownDeliveries) -> PendingFile | None:
    """Its name and the reason are its identity: it is refused once, not every night."""
    identity = _unreadable_identity(file, refusal)
    if (last := known.last.get((file.source, identity))) is None:
        return PendingFile(file, None, refusal=refusal)
    is_back = (file.source, identity, file.file_name) in known.removed
    return PendingFile(file, None, int(str(last["processing"])) + 1, refusal=refusal) if is_back else None


def identities(file: RawFile, landed: Landed, taken_in: datetime) -> set[str]:
    """By what a file may stand in the log as it lies there now: its bytes, or its name and why it is refused."""
    if isinstance(landed, Unstable):
        return set()
    if isinstance(landed, Rejected):
        return {_unreadable_identity(file, landed)}
    refusal = impossible_day(landed, taken_in)
    return {landed.delivery} if refusal is None else {landed.delivery, _unreadable_identity(file, refusal)}


def impossible_day(fingerprint: FileFingerprint, taken_in: datetime) -> Rejected | None:
    """What is wrong with the day of delivery that sidecar or file name states; None where it can be one."""
    today = (taken_in + timedelta(hours=CLOCK_AHEAD_HOURS)).date()
    day = fingerprint.delivered_on
    why = None if day is None else why_not_delivered_on(day, today)
    return (
        None if why is None else Rejected("FILE-081", f"delivered_on {why}; correct it in the sidecar or the file name")
    )


def _known_bytes(
    file: RawFile, landed: FileFingerprint, known: KnownDeliveries, last: int, versions: Versions
) -> PendingFile | None:
    """What is to be done with bytes that were read before, ``last`` of all."""
    delivery = landed.delivery
    tried = (file.source, delivery, file.file_name, landed.sidecar_sha256)
    is_tried = any((*tried, each) in known.refused for each in versions) and tried[:3] not in known.removed
    if (file.source, delivery) in known.accepted and not is_tried:
        return PendingFile(file, landed, last + 1, is_accepted=True)
    if known.last[file.source, delivery]["event"] == "rejected":
        return None if is_tried else PendingFile(file, landed, last + 1)
    if (file.source, delivery, file.file_name) not in known.names:
        return PendingFile(file, landed, is_copy=True)
    is_told = not known.has_other_sidecar(file, landed)
    had = bool(known.sidecars.get((file.source, landed.delivery, file.file_name)))
    return None if is_told else PendingFile(file, landed, last, is_copy=True, has_other_sidecar=True, had_sidecar=had)


def is_same(pending: PendingFile, file: RawFile, landed: Landed) -> bool:
    """Whether a file holds the bytes of one that is being dealt with."""
    return isinstance(landed, FileFingerprint) and (pending.file.source, pending.delivery) == (
        file.source,
        landed.delivery,
    )


def _unreadable_identity(file: RawFile, refusal: Rejected) -> str:
    return sha256(f"unreadable:{file.file_name}:{refusal.rule}".encode()).hexdigest()
