"""What becomes of one file: read, decide, commit, tell. Here: the order. Not here: the reading itself (``reading``).

A delivery is committed in three steps, findings, rows, event; the event makes it count. Killed in between, the next run
does the steps again: each is applied at most once.
"""

import os
import time

import polars as pl

from pipeline.errors import Rejected, Unstable
from pipeline.intake import findings as found
from pipeline.jobs.ingest.discovery import PendingFile, copied, unreadable_identity
from pipeline.jobs.ingest.file_ingest import Progress, Reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log import short
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.raw import confirm_unchanged


def ingest(writer: Writer, arrival: PendingFile) -> Receipt:
    """Deal with one arrival to the end. Bad input never raises: it becomes a receipt."""
    if arrival.is_copy:
        receipt = copied(arrival)
        _append_event(writer, arrival, receipt, app_id=f"copied:{arrival.file.file_name}:{receipt.delivery}")
        return receipt
    if arrival.change is not None:
        return Receipt(arrival.file.source, arrival.file.file_name, "", "unstable", detail=str(arrival.change))
    if arrival.landed is None:
        return _reject_unread(writer, arrival)
    return _ingest(Reading(writer, arrival, arrival.landed))


def _ingest(reading: Reading) -> Receipt:
    try:
        reading.read()
        confirm_unchanged(reading.arrival.file, reading.landed)
    except Rejected as refusal:
        return _reject(reading, refusal)
    except Unstable as change:
        reading.discard()
        return _receipt(reading, "unstable", detail=str(change))
    except BaseException:  # whatever ends the run: what was staged must not stay behind
        reading.discard()
        raise
    return _conclude(reading)


def _conclude(reading: Reading) -> Receipt:
    progress = reading.progress
    if progress.must_be_held and not reading.arrival.is_accepted:
        reading.add_findings(found.file_finding("DELIVERY-003"))
        reading.rows.discard_attempt(reading.attempt)
        detail = (
            f"{progress.rows_quarantined} of {progress.rows_read} rows cannot be recorded (more than 5 %); "
            "nothing of it counts until a steward accepts it or it is delivered again"
        )
        receipt = _receipt(reading, "held", rule="DELIVERY-003", detail=detail)
    else:
        receipt = _receipt(reading, "recorded")
    _commit_findings(reading)
    if receipt.status == "recorded" and progress.staged:
        reading.rows.commit(progress.staged, _app_id(reading), reading.arrival.processing)
    _append_event(reading.writer, reading.arrival, receipt)
    return receipt


def _commit_findings(reading: Reading) -> None:
    staged = reading.progress.staged_findings
    if staged:
        reading.writer.log.findings.commit(staged, _app_id(reading), reading.arrival.processing)


def _app_id(reading: Reading) -> str:
    return f"{reading.source.name}:{reading.landed.delivery}:{reading.writer.rules_version}"


def _reject(reading: Reading, refusal: Rejected) -> Receipt:
    reading.discard()
    reading.progress = Progress()
    reading.add_findings(found.file_finding(refusal.rule, refusal.column))
    _commit_findings(reading)
    receipt = _receipt(reading, "rejected", rule=refusal.rule, detail=refusal.detail)
    _append_event(reading.writer, reading.arrival, receipt)
    return receipt


def _reject_unread(writer: Writer, arrival: PendingFile) -> Receipt:
    refusal = arrival.refusal or Rejected("FILE-001")
    receipt = Receipt(
        source=arrival.file.source,
        file_name=arrival.file.file_name,
        delivery=unreadable_identity(arrival.file, refusal),
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
        severity=pl.lit("reject"),
    )
    table = writer.log.findings
    name = f"{short(receipt.delivery)}-0-{os.getpid()}-{time.time_ns()}"
    staged = table.stage(finding.select(list(table.schema)), name)
    table.commit(staged, f"{receipt.source}:{receipt.delivery}:{writer.rules_version}", 0)
    _append_event(writer, arrival, receipt)
    return receipt


def _receipt(reading: Reading, status: str, *, rule: str = "", detail: str = "") -> Receipt:
    progress = reading.progress
    is_recorded = status == "recorded"
    return Receipt(
        source=reading.source.name,
        file_name=reading.arrival.file.file_name,
        delivery=reading.landed.delivery,
        status=status,
        delivered_on=reading.envelope.delivered_on,
        rows_read=progress.rows_read,
        rows_recorded=progress.rows_good if is_recorded else 0,
        rows_quarantined=progress.rows_quarantined if is_recorded else 0,
        rows_duplicate=progress.rows_duplicate if is_recorded else 0,
        rows_held=progress.rows_read if status == "held" else 0,
        rule=rule,
        detail=detail,
        simulated=reading.landed.simulated,
        findings=dict(sorted(progress.by_rule.items())),
    )


def _append_event(writer: Writer, arrival: PendingFile, receipt: Receipt, app_id: str | None = None) -> None:
    landed = arrival.landed
    event = {
        "event": receipt.status,
        "delivery": receipt.delivery,
        "source": receipt.source,
        "processing": arrival.processing,
        "file_name": receipt.file_name,
        "size": landed.size if landed else 0,
        "delivered_on": receipt.delivered_on or writer.today,
        "sender": landed.sender if landed else None,
        "simulated": receipt.simulated,
        "sidecar_sha256": landed.sidecar_sha256 if landed else "",
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
    writer.log.append_event(frame, app_id or f"{receipt.source}:{receipt.delivery}", arrival.processing)
