"""What becomes part of the log of what was judged, or is taken away: findings, rows, and the event that makes them
count.

Here: which these are, and what an event holds. Not here: what becomes of a file (``outcome``), in which order files are
dealt with (``ingest``), when it is committed and with which others (``waiting``).
"""

from dataclasses import replace
from typing import Any

import polars as pl

from pipeline.intake import findings as found
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.outcome import Verdict, receipt_of
from pipeline.jobs.ingest.reading import attempt_name
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.workspace import Writer
from pipeline.store.log.table import StagedFile
from pipeline.versions.copies import COPY_DETAIL, told_of_copy
from pipeline.versions.delivery_names import COPY_RULE, NOTED
from pipeline.versions.gates import kept
from schemas.catalogue import SOURCES

OTHER_SIDECAR = "FILE-084"
_ANOTHER_DAY = "place the file again under a name with that day if it is an earlier one"
_LATER_DAY = "or else retract it and have a new file sent"
_OTHER_SIDECAR = (
    "the file is known, and what was recorded keeps what its sidecar stated then: put that back. Is another day right, "
    f"{_ANOTHER_DAY}, {_LATER_DAY}"
)
_LATE_SIDECAR = (
    "the file is known, and was recorded without a sidecar: what this one states does not count. Is its day the right "
    f"one, {_ANOTHER_DAY}, {_LATER_DAY}"
)


def commit(
    writer: Writer, keeper: Gatekeeper, pending: PendingFile, digest: Digest, judged: Verdict | None = None
) -> Receipt:
    """Have what is judged made part of the log or take it away, and record what became of it, for the keeper as well.

    ``judged``: its verdict, where it was asked for before.
    """
    if pending.has_other_sidecar:
        return _noted(writer, keeper, pending)
    if pending.is_copy:
        receipt = _copied(pending, _copy_told(pending, keeper))
        app_id = f"copied:{pending.file.file_name}:{receipt.delivery}"
        keeper.waiting.add(event_of(writer, pending, receipt), app_id)
        keeper.note(pending, digest, receipt)
        return receipt
    judged = judged or keeper.verdict(pending, digest)
    receipt = receipt_of(pending, digest, judged, writer.today)
    if receipt.status == "unstable":
        return receipt
    rows, findings = files(digest.staged), files(digest.staged_findings)
    if rows and receipt.status != "recorded":
        writer.log.sources[receipt.source].discard(rows)
    if not judged.findings.is_empty():
        findings += _staged(writer, pending, receipt, judged.findings)
    keeper.waiting.add(
        event_of(writer, pending, receipt, scopes=kept.as_text(digest.scopes)),
        f"{receipt.source}:{receipt.delivery}",
        findings=findings,
        rows=rows if receipt.status == "recorded" else (),
        parts_id=f"{receipt.source}:{receipt.delivery}:{writer.rules_version}",
    )
    keeper.note(pending, digest, receipt)
    return receipt


def turned_down(writer: Writer, keeper: Gatekeeper, pending: PendingFile, judged: Verdict) -> None:
    """Record that a copy is rejected under its name: its delivery is what another file is."""
    receipt = replace(_copied(pending), rule=judged.rule, detail=judged.detail)
    keeper.waiting.add(
        event_of(writer, replace(pending, processing=0), receipt), f"turned-down:{receipt.file_name}:{receipt.delivery}"
    )
    keeper.earlier.turn_down(SOURCES[receipt.source], receipt.delivery, receipt.file_name)


def _noted(writer: Writer, keeper: Gatekeeper, pending: PendingFile) -> Receipt:
    """Record that the sidecar of a known file is another one now, with a finding on its delivery."""
    told = _OTHER_SIDECAR if pending.had_sidecar else _LATE_SIDECAR
    receipt = replace(_copied(pending), rule=OTHER_SIDECAR, detail=told, findings={OTHER_SIDECAR: 1})
    app_id = f"noted:{receipt.source}:{receipt.delivery}"
    finding = _staged(writer, pending, receipt, found.file_finding(OTHER_SIDECAR))
    event = {**event_of(writer, pending, receipt), "event": NOTED}
    sidecar = f"{app_id}:{receipt.file_name}:{event['sidecar_sha256']}"
    keeper.waiting.add(event, sidecar, findings=finding, parts_id=app_id)
    return receipt


def _copy_told(pending: PendingFile, keeper: Gatekeeper) -> str:
    """What is so of the delivery whose bytes it holds, before this night knows of the copy."""
    source = SOURCES.get(pending.file.source)
    known = None if source is None else keeper.earlier.find(source, pending.delivery)
    if known is None:
        return COPY_DETAIL
    return told_of_copy(
        {
            "delivery": known.delivery,
            "known_as": known.status,
            "known_name": known.file_name,
            "known_rule": known.rule,
            "known_on": known.delivered_on,
            "out_on": known.out_on,
            "is_later": pending.is_after(known.delivered_on),
        }
    )


def _copied(pending: PendingFile, detail: str = COPY_DETAIL) -> Receipt:
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
        rule=COPY_RULE,
        detail=f"{detail}{ignored}",
        simulated=fingerprint.simulated,
        is_day_assumed=fingerprint.is_day_assumed,
    )


def _staged(writer: Writer, pending: PendingFile, receipt: Receipt, findings: pl.DataFrame) -> list[StagedFile]:
    """Findings about the file as a whole, staged beside those of its rows."""
    described = found.described(findings, receipt.source, receipt.delivery, pending.processing)
    return writer.log.findings.stage(described, f"{attempt_name(receipt.delivery, pending.processing)}-file")


def event_of(writer: Writer, pending: PendingFile, receipt: Receipt, *, scopes: str = "") -> dict[str, Any]:
    fingerprint = pending.fingerprint
    return {
        "event": receipt.status,
        "delivery": receipt.delivery,
        "source": receipt.source,
        "processing": pending.processing,
        "file_name": receipt.file_name,
        "size": fingerprint.size if fingerprint else 0,
        "delivered_on": receipt.delivered_on or writer.today,
        "is_day_assumed": fingerprint is None or fingerprint.is_day_assumed,
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
        "scopes": scopes,
    }
