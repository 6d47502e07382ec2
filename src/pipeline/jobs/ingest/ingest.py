"""Files of a night, to the end: have them read, judge what they came to, commit it, record what became of them.

Here: the order. Files are read side by side, and judged and committed in the order of their own clock, so that what is
recorded depends neither on who was ready first nor on their names. A delivery is committed in three steps, findings,
rows, event; the event makes it count. Killed in between, the next run does the steps again: each is applied at most
once. Not here: reading (``reading``), what becomes of a file (``outcome``).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from pipeline.intake import findings as found
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.earlier import Earlier
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.new_files import KnownDeliveries, Landed, PendingFile, is_same, look, pending_of
from pipeline.jobs.ingest.outcome import Verdict, receipt_of
from pipeline.jobs.ingest.reading import Desk, UnderWay, attempt_name, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.review import review
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.ingest.unsettled import Unsettled
from pipeline.jobs.workspace import Writer
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.log.table import StagedFile, discard
from pipeline.store.raw import FileFingerprint, RawFile
from pipeline.versions.gates import kept
from schemas.vocabulary import DeliveryStatus


def ingest_new(writer: Writer, raw_files: Iterable[RawFile], desk: Desk, cache: FingerprintCache) -> Iterator[Receipt]:
    """Deal with every one of these files that is new, in the order of their own clock: what they are called does not
    matter. Bad input never raises: it becomes a receipt.
    """
    events = writer.log.events()
    known, out, keeper = KnownDeliveries.from_events(events), deque[UnderWay](), Gatekeeper(writer, events)
    unsettled, unread = Unsettled(events), set[str]()
    looked = {file.file_name: (file, look(file, cache)) for file in raw_files}

    def taken_in(most_out: int) -> Iterator[Receipt]:
        while len(out) > most_out:
            handed = out.popleft()
            receipt = _ended(writer, handed, desk, keeper)
            known.remember(handed.pending, receipt, writer.rules_version)
            if receipt.status == DeliveryStatus.UNSTABLE:
                own = replace(handed.pending, fingerprint=None)  # its bytes are none yet
                unsettled.tell(writer, own, _event(writer, own, receipt))
                unread.add(receipt.file_name)
            yield receipt

    for file, landed in sorted(looked.values(), key=partial(clock, writer)):
        if any(is_same(handed.pending, file, landed) for handed in out):
            yield from taken_in(0)  # what becomes of the first decides about the second
        pending = pending_of(file, landed, known, writer)
        if pending is not None:
            out.append(desk.begin(writer, pending))
            yield from taken_in(desk.most)
    yield from taken_in(0)
    unsettled.settle(writer, unread)

    def read_again(each: Earlier) -> Receipt | None:
        file, landed = looked.get(each.file_name, (None, None))
        if file is None or not isinstance(landed, FileFingerprint) or landed.delivery != each.delivery:
            return None
        again = PendingFile(file, replace(landed, delivered_on=each.delivered_on), processing=each.processing + 1)
        handed = desk.begin(writer, again)
        digest = desk.end(handed)
        if (judged := keeper.verdict(again, digest)).status != DeliveryStatus.RECORDED:
            discard([*files(digest.staged), *files(digest.staged_findings)])
            return None
        return _committed(writer, again, digest, judged, keeper)

    yield from review(writer, keeper, read_again)


def clock(writer: Writer, found: tuple[RawFile, Landed]) -> tuple[date, str, str]:
    """The order in which files are dealt with; those without readable bytes come first."""
    file, landed = found
    if not isinstance(landed, FileFingerprint):
        return date.min, "", file.file_name
    return landed.delivered_on or writer.today, landed.delivery, file.file_name


def ingest(writer: Writer, pending: PendingFile, keeper: Gatekeeper | None = None) -> Receipt:
    """Deal with one pending file to the end. Bad input never raises: it becomes a receipt.

    ``keeper`` knows what the log holds; without one it is looked up.
    """
    keeper = keeper or Gatekeeper(writer, writer.log.events())
    with reading(writer.settings) as desk:
        return _ended(writer, desk.begin(writer, pending), desk, keeper)


def _ended(writer: Writer, handed: UnderWay, desk: Desk, keeper: Gatekeeper) -> Receipt:
    """One file that was handed out: judged beside what precedes it, committed, remembered."""
    pending, digest = handed.pending, desk.end(handed)
    return _committed(writer, pending, digest, keeper.verdict(pending, digest), keeper)


def _committed(writer: Writer, pending: PendingFile, digest: Digest, judged: Verdict, keeper: Gatekeeper) -> Receipt:
    receipt = commit(writer, pending, digest, judged)
    keeper.note(pending, digest, receipt)
    return receipt


def commit(writer: Writer, pending: PendingFile, digest: Digest, judged: Verdict) -> Receipt:
    """Make what was judged part of the log or take it away, and record what became of it."""
    if pending.is_copy:
        receipt = _copied(pending)
        _append_event(writer, pending, receipt, app_id=f"copied:{pending.file.file_name}:{receipt.delivery}")
        return receipt
    receipt = receipt_of(pending, digest, judged, writer.today)
    if receipt.status == "unstable":
        return receipt
    rows, findings = files(digest.staged), files(digest.staged_findings)
    if receipt.status != "recorded":
        discard(rows)
    if not judged.findings.is_empty():
        findings += _staged(writer, pending, receipt, judged.findings)
    app_id = f"{receipt.source}:{receipt.delivery}:{writer.rules_version}"
    writer.log.findings.commit(findings, app_id, pending.processing)
    if receipt.status == "recorded":
        writer.log.sources[receipt.source].commit(rows, app_id, pending.processing)
    _append_event(writer, pending, receipt, scopes=kept.as_text(digest.scopes))
    return receipt


def _copied(pending: PendingFile) -> Receipt:
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
        is_day_assumed=fingerprint.is_day_assumed,
    )


def _staged(writer: Writer, pending: PendingFile, receipt: Receipt, findings: pl.DataFrame) -> list[StagedFile]:
    """Findings about the file as a whole, staged beside those of its rows."""
    described = found.described(findings, receipt.source, receipt.delivery, pending.processing)
    return writer.log.findings.stage(described, f"{attempt_name(receipt.delivery, pending.processing)}-file")


def _append_event(
    writer: Writer, pending: PendingFile, receipt: Receipt, app_id: str | None = None, *, scopes: str = ""
) -> None:
    frame = pl.DataFrame([_event(writer, pending, receipt, scopes=scopes)], schema=DELIVERY_EVENTS)
    writer.log.append_event(frame, app_id or f"{receipt.source}:{receipt.delivery}", pending.processing)


def _event(writer: Writer, pending: PendingFile, receipt: Receipt, *, scopes: str = "") -> dict[str, Any]:
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
