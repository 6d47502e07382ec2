"""From what was tried in the sandbox to what is planned, delivery by delivery.

Here: what becomes of each, and which are about the range. Not here: reading files (``rehearse``), and what
follows for figures (``make_plan``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from pipeline.backfill.coverage import COVERED, READING, covered_by, in_range
from pipeline.backfill.planned_delivery import DONE_BY_MONTH, Action, PlannedDelivery, in_order
from pipeline.backfill.request import Request, chosen_sources
from pipeline.jobs.backfill.rehearse import Tried, is_same
from pipeline.jobs.workspace import Writer
from pipeline.versions import delivery_status
from schemas.catalogue import SOURCES
from schemas.vocabulary import NOTHING_OF_IT, DeliveryStatus

Covered = Mapping[str, pl.DataFrame]

_NEW = "new"
_WORTH = {
    _NEW: 0, **dict.fromkeys((each.value for each in NOTHING_OF_IT), 0), DeliveryStatus.HELD.value: 1,
    DeliveryStatus.RECORDED.value: 2,
}  # fmt: skip
"""How well a delivery fared: a plan never makes it fare worse."""


def planned(
    writer: Writer, asked: Request, tried: Iterable[Tried], covered: Covered
) -> tuple[tuple[PlannedDelivery, ...], tuple[str, ...]]:
    """What is planned about the range, in the order of applying; and in words what else was found."""
    inside: list[PlannedDelivery] = []
    elsewhere = unreadable = moving = 0
    for each in tried:
        own = _own(each, covered)
        if each.receipt is not None and each.receipt.status == "unstable":
            moving += 1
        elif own.is_empty():
            unreadable += each.receipt is not None
        elif in_range(own, asked).is_empty():
            elsewhere += 1
        else:
            inside.append(_one(writer, asked, each, own))
    counts = (
        (elsewhere, "files that were read cover other months or municipalities"),
        (
            unreadable,
            "files cannot be recorded and their months are unknown; a nightly run gives new ones their receipts",
        ),
        (moving, "files are still being written"),
    )
    return in_order(inside), tuple(f"{count} {text}" for count, text in counts if count)


def _own(tried: Tried, covered: Covered) -> pl.DataFrame:
    """What a delivery covers, in its earlier readings and in this one."""
    source, delivery = _identity_of(tried)
    recorded = covered.get(source, pl.DataFrame(schema=COVERED)).filter(pl.col("delivery") == delivery)
    return recorded if tried.peeked is None else pl.concat([recorded, tried.peeked])


def _identity_of(tried: Tried) -> tuple[str, str]:
    if tried.receipt is not None:
        return tried.receipt.source, tried.receipt.delivery
    assert tried.before is not None
    return tried.before["source"], tried.before["delivery"]


def _one(writer: Writer, asked: Request, tried: Tried, own: pl.DataFrame) -> PlannedDelivery:
    if tried.receipt is None or tried.pending is None:
        assert tried.before is not None
        assert tried.action is not None
        return replace(of_log(tried.before, own, asked), action=tried.action, note=tried.note)
    receipt, fingerprint, before = tried.receipt, tried.pending.fingerprint, tried.before or {}
    is_copy = receipt.status == "copied"
    action = _action(writer, tried)
    return PlannedDelivery(
        delivery=receipt.delivery,
        source=receipt.source,
        file_name=receipt.file_name,
        months=_distinct(own, "month"),
        municipalities=_distinct(own, "municipality_code"),
        action=action,
        month=str(in_range(own, asked)["month"].min() or ""),
        processing=tried.pending.processing,
        delivered_on=receipt.delivered_on.isoformat() if receipt.delivered_on else "",
        sidecar_sha256=fingerprint.sidecar_sha256 if fingerprint else "",
        is_accepted=tried.pending.is_accepted,
        rows_read=receipt.rows_read,
        rows_before=0 if is_copy else before.get("rows_recorded", 0),
        rows_add=receipt.rows_recorded if action in DONE_BY_MONTH else 0,
        rows_quarantine=receipt.rows_quarantined,
        rows_duplicate=receipt.rows_duplicate,
        status_before=before.get("status", _NEW),
        status_after=receipt.status,
        note=_note(action, receipt.rule, receipt.detail),
    )


def _action(writer: Writer, tried: Tried) -> Action:
    assert tried.receipt is not None
    before = tried.before["status"] if tried.before else _NEW
    after = tried.receipt.status
    if after == "copied":
        return Action.COPY
    if after == before and is_same(writer, tried):
        return Action.SAME
    if after == DeliveryStatus.REJECTED or _WORTH[after] < _WORTH[before]:
        return Action.REFUSED
    if after == DeliveryStatus.HELD:
        return Action.HOLD
    return Action.RECORD_AGAIN if before == DeliveryStatus.RECORDED else Action.RECORD


def _note(action: Action, rule: str, detail: str) -> str:
    cause = f"{rule}: {detail}" if rule else ""
    return f"not applied; {cause}" if action is Action.REFUSED else cause


def sources(tried: Iterable[Tried]) -> list[str]:
    """Sources of which something was tried."""
    return sorted({_identity_of(each)[0] for each in tried} & set(SOURCES))


def projected(writer: Writer, asked: Request, events: pl.DataFrame) -> tuple[PlannedDelivery, ...]:
    """Every recorded delivery about the range, to be counted again."""
    folded = delivery_status.statuses(events)
    inside = []
    for name in chosen_sources(asked):
        covered = covered_by(writer.log.sources[name].rows(), SOURCES[name])
        counts = covered.join(delivery_status.recorded(folded, name), on=READING, how="semi")
        for row in folded.filter(pl.col("source") == name).sort("file_name").iter_rows(named=True):
            own = counts.filter(pl.col("delivery") == row["delivery"])
            if row["status"] == DeliveryStatus.RECORDED and in_range(own, asked).height:
                inside.append(replace(of_log(row, own, asked), action=Action.PROJECT))
    return in_order(inside)


def of_log(row: Mapping[str, Any], own: pl.DataFrame, asked: Request) -> PlannedDelivery:
    """A delivery as the log knows it."""
    return PlannedDelivery(
        delivery=row["delivery"],
        source=row["source"],
        file_name=row["file_name"],
        months=_distinct(own, "month"),
        municipalities=_distinct(own, "municipality_code"),
        action=Action.SAME,
        month=str(in_range(own, asked)["month"].min() or ""),
        processing=row["processing"],
        delivered_on=row["delivered_on"].isoformat(),
        rows_before=row["rows_recorded"],
        status_before=row["status"],
        status_after=row["status"],
    )


def _distinct(covered: pl.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(covered[name].drop_nulls().unique().sort())
