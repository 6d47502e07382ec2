"""One file of a night, to the end: digest it, commit what was staged, record what became of it. Here: the order.

A delivery is committed in three steps, findings, rows, event; the event makes it count. Killed in between, the next run
does the steps again: each is applied at most once. Not here: what becomes of a file (``outcome``).
"""

import os
import time

import polars as pl

from pipeline.errors import Rejected
from pipeline.intake import findings as found
from pipeline.intake.record import Envelope
from pipeline.jobs.ingest.file_ingest import FileIngest
from pipeline.jobs.ingest.new_files import PendingFile, copied, unreadable_identity
from pipeline.jobs.ingest.outcome import digested
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import LogStage
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.log.table import short
from pipeline.store.raw import FileFingerprint
from schemas.catalogue import RULES, SOURCES


def ingest(writer: Writer, pending: PendingFile) -> Receipt:
    """Deal with one pending file to the end. Bad input never raises: it becomes a receipt."""
    if pending.is_copy:
        receipt = copied(pending)
        _append_event(writer, pending, receipt, app_id=f"copied:{pending.file.file_name}:{receipt.delivery}")
        return receipt
    if pending.change is not None:
        return Receipt(pending.file.source, pending.file.file_name, "", "unstable", detail=str(pending.change))
    if pending.fingerprint is None:
        return _reject_unread(writer, pending)
    file_ingest, stage = file_ingest_of(writer, pending, pending.fingerprint)
    receipt = digested(file_ingest, is_accepted=pending.is_accepted)
    if receipt.status == "unstable":
        return receipt
    progress, app_id = file_ingest.progress, _app_id(writer, receipt)
    stage.commit_findings(progress.staged_findings, app_id, pending.processing)
    if receipt.status == "recorded":
        stage.commit_rows(progress.staged, app_id, pending.processing)
    _append_event(writer, pending, receipt)
    return receipt


def file_ingest_of(writer: Writer, pending: PendingFile, fingerprint: FileFingerprint) -> tuple[FileIngest, LogStage]:
    """A file ready to be read, its rows to be staged beside the log's tables."""
    envelope = Envelope(
        delivery=fingerprint.delivery,
        processing=pending.processing,
        delivered_on=fingerprint.delivered_on or writer.today,
        recorded_at=writer.recorded_at,
        rules_version=writer.rules_version,
    )
    attempt = f"{short(fingerprint.delivery)}-{pending.processing}-{os.getpid()}-{time.time_ns()}"
    stage = LogStage(writer.log, SOURCES[pending.file.source], attempt)
    return FileIngest(pending.file, fingerprint, envelope, key=writer.key, stage=stage), stage


def _app_id(writer: Writer, receipt: Receipt) -> str:
    return f"{receipt.source}:{receipt.delivery}:{writer.rules_version}"


def _reject_unread(writer: Writer, pending: PendingFile) -> Receipt:
    refusal = pending.refusal or Rejected("FILE-001")
    receipt = Receipt(
        source=pending.file.source,
        file_name=pending.file.file_name,
        delivery=unreadable_identity(pending.file, refusal),
        status="rejected",
        delivered_on=writer.today,
        rule=refusal.rule,
        detail=refusal.detail,
        findings={refusal.rule: 1},
    )
    finding = found.file_finding(refusal.rule).with_columns(
        delivery=pl.lit(receipt.delivery),
        processing=pl.lit(0, pl.Int16()),
        source=pl.lit(receipt.source),
        severity=pl.lit(RULES[refusal.rule].severity.value),
    )
    table = writer.log.findings
    name = f"{short(receipt.delivery)}-0-{os.getpid()}-{time.time_ns()}"
    staged = table.stage(finding.select(list(table.schema)), name)
    table.commit(staged, _app_id(writer, receipt), 0)
    _append_event(writer, pending, receipt)
    return receipt


def _append_event(writer: Writer, pending: PendingFile, receipt: Receipt, app_id: str | None = None) -> None:
    fingerprint = pending.fingerprint
    event = {
        "event": receipt.status,
        "delivery": receipt.delivery,
        "source": receipt.source,
        "processing": pending.processing,
        "file_name": receipt.file_name,
        "size": fingerprint.size if fingerprint else 0,
        "delivered_on": receipt.delivered_on or writer.today,
        "sender": fingerprint.sender if fingerprint else None,
        "simulated": receipt.simulated,
        "sidecar_sha256": fingerprint.sidecar_sha256 if fingerprint else "",
        "recorded_at": writer.recorded_at,
        "rows_read": receipt.rows_read,
        "rows_recorded": receipt.rows_recorded,
        "rows_quarantined": receipt.rows_quarantined,
        "rows_duplicate": receipt.rows_duplicate,
        "rows_held": receipt.rows_held,
        "rules_version": writer.rules_version,
        "code_version": writer.code_version,
        "key_id": writer.key.id,
        "rule": receipt.rule,
        "detail": receipt.detail,
        "decided_on": None,
        "decided_by": None,
        "why": None,
        "plan": writer.plan,
    }
    frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
    writer.log.append_event(frame, app_id or f"{receipt.source}:{receipt.delivery}", pending.processing)
