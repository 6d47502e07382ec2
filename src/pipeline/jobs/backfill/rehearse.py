"""Reading files in a sandbox, to learn what would become of them. Here: which files, and what they turned out to be.

Not here: the plan that follows (``make_plan``). Everything runs on the sandbox's writer; nothing here may be given
the real one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipeline.backfill.coverage import COVERED, covered_by, in_range
from pipeline.backfill.planned_delivery import Action
from pipeline.backfill.request import Request, chosen_sources
from pipeline.jobs.ingest.commit import commit
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.ingest import clock
from pipeline.jobs.ingest.new_files import KnownDeliveries, PendingFile, pending_of
from pipeline.jobs.ingest.reading import Look, UnderWay, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.raw import RawFile, list_raw
from pipeline.versions import delivery_status
from schemas.catalogue import SOURCES
from schemas.sentences import Sentence, said
from schemas.spelling import shown
from schemas.vocabulary import Decision, DeliveryStatus

Progress = Callable[[Sentence], None]

_ENVELOPE = ("delivery", "processing", "delivered_on", "recorded_at", "rules_version")


@dataclass(frozen=True)
class Tried:
    """One delivery after the rehearsal. Where it was not read, ``pending`` and ``receipt`` are None and ``action``
    states why; else ``peeked`` holds what a held file covers, since nothing of it is recorded.
    """

    before: Mapping[str, Any] | None
    pending: PendingFile | None = None
    receipt: Receipt | None = None
    peeked: pl.DataFrame | None = None
    action: Action | None = None
    note: str = ""


def try_missing(writer: Writer, request: Request, look: Look, progress: Progress) -> Iterator[Tried]:
    """Take in every file of the chosen sources that is new."""
    events = writer.log.events()
    known, folded = KnownDeliveries.from_events(events), _by_delivery(delivery_status.statuses(events))
    keeper, chosen = Gatekeeper(writer, events), chosen_sources(request)
    looked = [(file, look(file)) for file in list_raw(writer.settings.raw) if file.source in chosen]
    for file, landed in sorted(looked, key=partial(clock, writer)):
        pending = pending_of(file, landed, known, writer)
        if pending is None or pending.has_other_sidecar:
            continue
        tried = _try(writer, _dated(pending, writer, None), folded, keeper)
        if tried.pending and tried.receipt:
            known.remember(tried.pending, tried.receipt, writer)
        progress(said("at.tried", file=shown(pending.file.file_name)))
        yield tried


def try_again(writer: Writer, request: Request, look: Look, progress: Progress) -> Iterator[Tried]:
    """Read the files of known deliveries about the range again. Held and rejected ones are read to see what they are
    about.
    """
    events = writer.log.events()
    folded, keeper = delivery_status.statuses(events), Gatekeeper(writer, events)
    files = {(file.source, file.file_name): file for file in list_raw(writer.settings.raw)}
    accepted = events.filter(pl.col("event") == Decision.ACCEPTED).select("source", "delivery").rows()
    for row in _about(writer, folded, request).sort("file_name").iter_rows(named=True):
        if row["status"] in (DeliveryStatus.REFUSED, DeliveryStatus.RETRACTED):
            yield Tried(
                row, action=Action.DECIDED, note=f"{row['status']} by a steward; reading it again would undo that"
            )
            continue
        found = _file(row, files, look)
        if isinstance(found, str):
            yield Tried(row, action=Action.FILE_MISSING, note=found)
            continue
        pending = PendingFile(
            *found,
            processing=_last_processing(events, row) + 1,
            is_accepted=(row["source"], row["delivery"]) in accepted,
        )
        yield _try(writer, _dated(pending, writer, row), {(row["source"], row["delivery"]): row}, keeper)
        progress(said("at.read-again", file=shown(row["file_name"])))


def _about(writer: Writer, folded: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Deliveries whose last reading covers part of the range, and those of which nothing is recorded."""
    parts = []
    for name in chosen_sources(request):
        of_source = folded.filter((pl.col("source") == name) & (pl.col("size") > 0))
        covered = covered_by(writer.log.sources[name].rows(), SOURCES[name])
        reading = ["delivery", "processing", "rules_version"]
        inside_range = in_range(covered, request).join(of_source.select(reading), on=reading, how="semi")
        silent = of_source.join(covered, on=reading, how="anti")
        inside = pl.concat([inside_range["delivery"], silent["delivery"]]).unique()
        parts.append(of_source.filter(pl.col("delivery").is_in(inside.implode())))
    return pl.concat([folded.clear(), *parts])


def _by_delivery(folded: pl.DataFrame) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(row["source"], row["delivery"]): row for row in folded.iter_rows(named=True)}


def _last_processing(events: pl.DataFrame, row: Mapping[str, Any]) -> int:
    own = events.filter((pl.col("source") == row["source"]) & (pl.col("delivery") == row["delivery"]))
    return int(own["processing"].max())  # type: ignore[arg-type]


def _file(
    row: Mapping[str, Any], files: Mapping[tuple[str, str], RawFile], look: Look
) -> tuple[RawFile, FileFingerprint] | str:
    """The raw file of a delivery with its fingerprint, or why it cannot be read again."""
    names = [row["file_name"], *(row["also_delivered_as"] or "").split("|")]
    found = [files[(row["source"], name)] for name in names if (row["source"], name) in files]
    if not found:
        return f"raw/{row['file_name']} is no longer there; put the file back and plan again"
    for file in found:
        landed = look(file)
        if isinstance(landed, FileFingerprint) and landed.delivery == row["delivery"]:
            return file, landed
    return f"raw/{row['file_name']} holds other bytes than were delivered; put the file back and plan again"


def _dated(pending: PendingFile, writer: Writer, before: Mapping[str, Any] | None) -> PendingFile:
    """The pending with its day of delivery fixed, so that applying the plan on a later day records the same.

    What was recorded keeps its day: reading it again changes the verdict on its rows, not when it was reported.
    """
    fingerprint = pending.fingerprint
    if fingerprint is None:
        return pending
    day: date = fingerprint.delivered_on or (before["delivered_on"] if before else writer.today)
    if before is not None and before["status"] == DeliveryStatus.RECORDED:
        day = before["delivered_on"]
    return replace(pending, fingerprint=fingerprint.settled_on(day))


def _try(
    writer: Writer,
    pending: PendingFile,
    folded: Mapping[tuple[str, str], Mapping[str, Any]],
    keeper: Gatekeeper,
) -> Tried:
    with reading(writer.settings) as desk:
        handed = desk.begin(writer, pending)
        digest = desk.end(handed)
        judged = keeper.verdict(pending, digest)
        peeked = _covered(handed, digest) if judged.status == "held" else None
        receipt = commit(writer, keeper, pending, digest, judged)
    return Tried(folded.get((receipt.source, receipt.delivery)), pending, receipt, peeked)


def _covered(handed: UnderWay, digest: Digest) -> pl.DataFrame:
    """What the readable rows of a held file cover, seen before they are taken away."""
    parts = [handed.stage.restored(each).lazy() for each in digest.staged] if handed.stage else []
    return covered_by(pl.concat(parts), SOURCES[handed.pending.file.source]) if parts else pl.DataFrame(schema=COVERED)


def is_same(writer: Writer, tried: Tried) -> bool:
    """Whether reading again gave the same rows and the same findings as the last reading, envelopes aside."""
    if tried.before is None or tried.receipt is None or tried.pending is None:
        return False
    readings = (int(tried.before["processing"]), tried.pending.processing)
    rows = writer.log.sources[tried.receipt.source].rows([tried.receipt.delivery]).collect()
    findings = writer.log.findings.rows([tried.receipt.delivery]).collect()
    findings = findings.filter(pl.col("source") == tried.receipt.source)
    kept = rows.filter(
        (pl.col("processing") != readings[0]) | (pl.col("rules_version") == tried.before["rules_version"])
    )
    return _equal(kept, readings) and _equal(findings, readings)


def _equal(frame: pl.DataFrame, readings: tuple[int, int]) -> bool:
    names = [name for name in frame.columns if name not in _ENVELOPE]
    before, after = (frame.filter(pl.col("processing") == number).select(names) for number in readings)
    by = [name for name in ("row", "column", "rule") if name in names]
    return before.sort(by).equals(after.sort(by))
