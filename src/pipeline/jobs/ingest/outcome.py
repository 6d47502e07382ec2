"""What becomes of one file: recorded, held, rejected, or tried again; decided by what was found in it.

A night and a check of a file before it is sent ask here alike. Not here: reading the file (``file_ingest``), committing
it (``ingest``).
"""

from pipeline.errors import Rejected, Unstable
from pipeline.intake import findings as found
from pipeline.jobs.ingest.file_ingest import FileIngest, IngestProgress
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.store.raw import confirm_unchanged


def digested(file_ingest: FileIngest, *, is_accepted: bool = False) -> Receipt:
    """Read the file to its end and decide what becomes of it. Bad input never raises: it becomes a receipt.

    What is to be committed is staged afterwards, the findings always, the rows only of what is recorded.
    ``is_accepted``: a steward decided that it is recorded whatever share is in quarantine.
    """
    try:
        file_ingest.read()
        confirm_unchanged(file_ingest.file, file_ingest.fingerprint)
    except Rejected as refusal:
        return _rejected(file_ingest, refusal)
    except Unstable as change:
        file_ingest.stage.discard()
        return receipt_of(file_ingest, "unstable", detail=str(change))
    except BaseException:  # whatever ends the run: what was staged must not stay behind
        file_ingest.stage.discard()
        raise
    return _held_or_recorded(file_ingest, is_accepted=is_accepted)


def _held_or_recorded(file_ingest: FileIngest, *, is_accepted: bool) -> Receipt:
    progress = file_ingest.progress
    if not file_ingest.must_be_held or is_accepted:
        return receipt_of(file_ingest, "recorded")
    file_ingest.add_findings(found.file_finding("DELIVERY-003"))
    file_ingest.stage.discard_rows()
    progress.staged = []
    most = f"{100 * file_ingest.source.gates.most_quarantined_share:g} %"
    detail = (
        f"{progress.rows_quarantined} of {progress.rows_read} rows cannot be recorded (more than {most}); "
        "nothing of it counts until a steward accepts it or it is delivered again"
    )
    return receipt_of(file_ingest, "held", rule="DELIVERY-003", detail=detail)


def _rejected(file_ingest: FileIngest, refusal: Rejected) -> Receipt:
    file_ingest.stage.discard()
    file_ingest.progress = IngestProgress()
    file_ingest.add_findings(found.file_finding(refusal.rule, refusal.column))
    file_ingest.add_findings(file_ingest.of_sidecar())
    return receipt_of(file_ingest, "rejected", rule=refusal.rule, detail=refusal.detail)


def receipt_of(file_ingest: FileIngest, status: str, *, rule: str = "", detail: str = "") -> Receipt:
    """The receipt of a file that was read."""
    progress = file_ingest.progress
    is_recorded = status == "recorded"
    return Receipt(
        source=file_ingest.source.name,
        file_name=file_ingest.file.file_name,
        delivery=file_ingest.fingerprint.delivery,
        status=status,
        delivered_on=file_ingest.envelope.delivered_on,
        rows_read=progress.rows_read,
        rows_recorded=progress.rows_good if is_recorded else 0,
        rows_quarantined=progress.rows_quarantined if is_recorded else 0,
        rows_duplicate=progress.rows_duplicate if is_recorded else 0,
        rows_held=progress.rows_read if status == "held" else 0,
        rule=rule,
        detail=detail,
        simulated=file_ingest.fingerprint.simulated,
        findings=dict(sorted(progress.by_rule.items())),
    )
