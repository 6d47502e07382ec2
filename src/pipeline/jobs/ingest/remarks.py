"""What a receipt says beside what became of the file: that another file is about the same, or stood in its place.

Here: those sentences, and those about the file by itself, of this night alone; what becomes of the file does not depend
on them, and the log does not keep them. Not here: what becomes of a file (``outcome``), the finding on both twins
(``pipeline.versions.findings``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.jobs.ingest.earlier import EarlierDeliveries
from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.outcome import period_named
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.versions.findings import PERIOD, TWINS
from pipeline.versions.gates.closed import Closed, listed, scope_name
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.spelling import shown
from schemas.vocabulary import DeliveryStatus

DIFFERING_DAYS = "FILE-083"
_SCOPE = ["place", "line", "valid_on"]


def remarked(receipt: Receipt, pending: PendingFile, earlier: EarlierDeliveries) -> Receipt:
    """The receipt with what there is to say; of a rejected file its reason is enough."""
    source = SOURCES.get(receipt.source)
    own = None if source is None else earlier.find(source, receipt.delivery)
    if source is None or own is None or receipt.status not in (DeliveryStatus.RECORDED, DeliveryStatus.COPIED):
        return receipt
    said = [*_two_days(pending), *_period(pending)]
    if receipt.status == DeliveryStatus.RECORDED and own.counts:
        said += _twins(own, _sharing(source, own, earlier, is_same_day=True))
    elif receipt.status == DeliveryStatus.COPIED and own.counts and pending.is_after(own.delivered_on):
        said += _returned(source, _sharing(source, own, earlier, is_same_day=False))
    return _saying(receipt, said)


def told(receipt: Receipt, by_itself: Iterable[Closed]) -> Receipt:
    """The receipt with what reading the file showed besides; of a rejected file its reason is enough."""
    if receipt.status not in (DeliveryStatus.RECORDED, DeliveryStatus.HELD):
        return receipt
    return _saying(receipt, [(each.rule, each.detail) for each in by_itself])


def _saying(receipt: Receipt, said: Sequence[tuple[str, str]]) -> Receipt:
    if not said:
        return receipt
    detail = "; ".join([*([receipt.detail] if receipt.detail else []), *(text for _, text in said)])
    return replace(receipt, rule=receipt.rule or said[0][0], detail=detail)


def _two_days(pending: PendingFile) -> Sequence[tuple[str, str]]:
    fingerprint = pending.fingerprint
    if fingerprint is None or fingerprint.named_on is None:
        return ()
    text = f"the sidecar states {fingerprint.delivered_on} and the file name {fingerprint.named_on}: the sidecar holds"
    return ((DIFFERING_DAYS, text),)


def _period(pending: PendingFile) -> Sequence[tuple[str, str]]:
    named = period_named(pending)
    if named is None:
        return ()
    text = f"the file name begins with a period, {named.since} to {named.until}, and with no day of delivery"
    return ((PERIOD, text),)


def _sharing(
    source: Source, own: Earlier, earlier: EarlierDeliveries, *, is_same_day: bool
) -> list[tuple[Earlier, str]]:
    """Others that count and are about the same, of its day or of a later one; each with what they share."""
    if is_same_day and not source.is_compared:
        return []  # a scope is one row there: the findings name them
    brought, found = own.judged.brought.select(_SCOPE), []
    for each in earlier.of(source):
        is_asked = each.delivered_on == own.delivered_on if is_same_day else each.delivered_on > own.delivered_on
        if each.counts and is_asked and each.delivery != own.delivery:
            shared = each.judged.brought.join(brought, on=_SCOPE, how="semi", nulls_equal=True).sort(_SCOPE)
            if not shared.is_empty():
                found.append((each, listed((scope_name(*row) for row in shared.select(_SCOPE).iter_rows()), 3)))
    return found


def _twins(own: Earlier, others: list[tuple[Earlier, str]]) -> list[tuple[str, str]]:
    if not others:
        return []
    first, scopes = others[0]
    wins = "this one counts" if own.delivery > max(each.delivery for each, _ in others) else "the other one counts"
    text = (
        f"{first.file_name} of the same day is about {scopes} too, and differs: the later hash decides, and {wins}. "
        "Ask the sender which holds, and retract the other"
    )
    return [(TWINS, text)]


def _returned(source: Source, others: list[tuple[Earlier, str]]) -> list[tuple[str, str]]:
    """The same bytes come again after something else took their place: that stays."""
    if not others:
        return []
    last, scopes = others[-1]
    stays = "it goes on counting" if source.is_compared else "what it says of the same goes on counting"
    text = (
        f"of a later day is {shown(last.file_name)} of {last.delivered_on}, about {scopes}: {stays}. If the figures of "
        f"the copy are right after all: uitstroom retract {last.delivery[:12]}, or ask the sender for a new export"
    )
    return [("DELIVERY-004", text)]
