"""What becomes of one file: recorded, held, rejected, or tried again; decided by what it came to.

Every digest is judged here before anything of it is committed, that of a night and that of a check alike. Not here:
reading the file (``file_ingest``), committing it (``ingest``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.intake import findings as found
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.versions.findings import PERIOD
from pipeline.versions.gates.closed import Closed
from pipeline.versions.gates.quarantined import quarantined, why
from schemas.catalogue import SOURCES
from schemas.dated_name import DatePrefix, date_prefix
from schemas.person_number import COVER


def period_named(pending: PendingFile) -> DatePrefix | None:
    """The period that its name begins with, where nobody states the day of delivery."""
    prefix, fingerprint = date_prefix(pending.file.path.name), pending.fingerprint
    is_asked = fingerprint is not None and fingerprint.is_day_assumed
    return prefix if is_asked and prefix is not None and prefix.is_period else None


@dataclass(frozen=True)
class Verdict:
    """What becomes of a file. ``findings`` are about the file as a whole, beside those of its rows."""

    status: str
    rule: str = ""
    detail: str = ""
    findings: pl.DataFrame = field(default_factory=found.no_findings, compare=False)


def verdict(pending: PendingFile, digest: Digest, beside: Sequence[Closed] = ()) -> Verdict:
    """Judge what a file came to. One that a steward accepted is recorded whatever gate is closed.

    ``beside``: gates that are closed beside earlier deliveries.
    """
    if digest.change is not None:
        return Verdict("unstable", rule="FILE-055", detail=str(digest.change))
    if (refusal := digest.refusal) is not None:
        return _judged(pending, "rejected", [Closed(refusal.rule, refusal.detail)], refusal.column)
    source = SOURCES[pending.file.source]
    if digest.rows_good == 0:
        detail = f"none of {digest.rows_read} rows can be recorded: {why(source, digest.causes)}"
        return _judged(pending, "rejected", [Closed("DELIVERY-011", detail)])
    own = quarantined(
        source, digest.scopes, digest.causes, rows_quarantined=digest.rows_quarantined, rows_read=digest.rows_read
    )
    closed = [*own, *digest.closed, *beside]
    if pending.is_accepted or not closed:
        return _judged(pending, "recorded")
    return _judged(pending, "held", closed)


def held_because(closed: Sequence[Closed]) -> str:
    """All closed gates in one sentence, and what follows."""
    first, *others = closed
    every = "; ".join([first.detail, *(f"{each.rule}: {each.detail}" for each in others)])
    return f"{every}; nothing of it counts until a steward accepts it or it is delivered again"


def _judged(pending: PendingFile, status: str, reasons: Sequence[Closed] = (), column: str = "") -> Verdict:
    """A verdict with its own findings, and those about sidecar and day, which hold whatever becomes of the file."""
    own = [found.file_finding(each.rule, column) for each in reasons]
    named = [found.file_finding("FILE-087")] if COVER in pending.file.file_name else []
    findings = pl.concat([found.no_findings(), *own, *named, *_of_delivery(pending)])
    if not reasons:
        return Verdict(status, findings=findings)
    detail = held_because(reasons) if status == "held" else reasons[0].detail
    return Verdict(status, reasons[0].rule, detail, findings)


def _of_delivery(pending: PendingFile) -> list[pl.DataFrame]:
    fingerprint = pending.fingerprint
    if fingerprint is None:
        return []
    assumed = [found.file_finding("FILE-082")] if fingerprint.is_day_assumed else []
    assumed += [found.file_finding(PERIOD)] if period_named(pending) else []
    assumed += [found.file_finding("FILE-083")] if fingerprint.named_on is not None else []
    return [*assumed, *(found.file_finding("FILE-052", name) for name in sorted(set(fingerprint.unknown_keys)))]


def receipt_of(pending: PendingFile, digest: Digest, judged: Verdict, today: date) -> Receipt:
    """The receipt of a file that was looked at."""
    fingerprint, by_rule = pending.fingerprint, Counter(digest.by_rule)
    by_rule.update(judged.findings["rule"].to_list())
    is_recorded, is_read = judged.status == "recorded", judged.status in ("recorded", "rejected")
    return Receipt(
        source=pending.file.source,
        file_name=pending.file.file_name,
        delivery=pending.delivery,
        status=judged.status,
        delivered_on=fingerprint.day(today) if fingerprint else today,
        rows_read=digest.rows_read,
        rows_recorded=digest.rows_good if is_recorded else 0,
        rows_quarantined=digest.rows_quarantined if is_read else 0,
        rows_duplicate=digest.rows_duplicate if is_recorded else 0,
        rows_held=digest.rows_read if judged.status == "held" else 0,
        rule=judged.rule,
        detail=judged.detail,
        simulated=fingerprint.simulated if fingerprint else False,
        is_day_assumed=fingerprint.is_day_assumed if fingerprint else True,
        findings=dict(sorted(by_rule.items())),
    )
