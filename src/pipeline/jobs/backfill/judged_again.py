"""What a plan does to later deliveries: beside what it records they are judged again, as a night would do.

Here: that judgement, in a rehearsal and when a plan is applied, so that the next night finds nothing to hold or to free
that the plan did not name. Not here: the judgement itself (``pipeline.jobs.ingest.review``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipeline.backfill.coverage import covered_by
from pipeline.backfill.plan import Plan
from pipeline.backfill.planned_delivery import JUDGED_AGAIN, Action, PlannedDelivery
from pipeline.backfill.request import Request
from pipeline.jobs.backfill.outcome import of_log
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.read_again import Found, Rereading
from pipeline.jobs.ingest.reading import reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.review import Events, review
from pipeline.jobs.workspace import Writer
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import list_raw
from pipeline.versions import delivery_status
from schemas.catalogue import SOURCES
from schemas.vocabulary import DeliveryStatus

REHEARSED = "rehearsed"
"""Name of the plan under which a rehearsal records what it judges again."""


def rehearsed(writer: Writer, log: Path, events: pl.DataFrame) -> pl.DataFrame:
    """``events`` with what becomes of later deliveries. ``events``: the log as it would be, with the planned ones.

    ``log``: that of the data folder itself, beside which hashes of its files are kept.
    """
    writer = replace(writer, plan=REHEARSED)

    def by_now() -> pl.DataFrame:
        own = writer.log.events().filter((pl.col("plan") == REHEARSED).fill_null(value=False))
        return pl.concat([events, own.select(events.columns)])

    _judge(writer, log, by_now)
    return by_now()


def named(writer: Writer, asked: Request, before: pl.DataFrame, after: pl.DataFrame) -> Iterator[PlannedDelivery]:
    """What a plan says of every delivery that becomes something else when it is judged again."""
    again = after.filter((pl.col("plan") == REHEARSED).fill_null(value=False))
    was = delivery_status.statuses(before)
    for row in delivery_status.statuses(after).join(again, on=["source", "delivery"], how="semi").iter_rows(named=True):
        own = (pl.col("source") == row["source"]) & (pl.col("delivery") == row["delivery"])
        is_free = row["status"] == DeliveryStatus.RECORDED
        source = SOURCES[row["source"]]
        covered = covered_by(writer.log.sources[source.name].rows([row["delivery"]]), source)
        covered = covered.filter(pl.col("processing") == row["processing"])
        yield replace(
            of_log(row, covered, asked),
            action=Action.FREE if is_free else Action.PUT_BACK,
            status_before=was.filter(own)["status"][0],
            rows_before=was.filter(own)["rows_recorded"][0],
            rows_add=row["rows_recorded"] if is_free else 0,
            rows_quarantine=row["rows_quarantined"] if is_free else 0,
            note="" if is_free else f"{row['rule']}: {row['detail']}",
        )


def applied(writer: Writer, plan: Plan) -> Sequence[str]:
    """Judge again as planned, on the log itself. What differs from the plan, in words."""
    receipts = _judge(writer, writer.settings.log, writer.log.events)
    again = [each for each in plan.deliveries if each.action in JUDGED_AGAIN]
    wanted = {(each.file_name, each.status_after) for each in again}
    found = {(each.file_name, each.status) for each in receipts}
    return [
        *(f"{name}: {status} when judged again, which was not planned" for name, status in sorted(found - wanted)),
        *(f"{name}: not {status} when judged again, as was planned" for name, status in sorted(wanted - found)),
    ]


def _judge(writer: Writer, log: Path, events: Events) -> Sequence[Receipt]:
    keeper = Gatekeeper(writer, events())
    files = {file.file_name: file for file in list_raw(writer.settings.raw)}
    with reading(writer.settings) as desk:
        cache = FingerprintCache.beside(log)

        def find(name: str) -> Found | None:
            return (files[name], desk.look(files[name], cache)) if name in files else None

        return tuple(review(writer, keeper, Rereading(writer, keeper, desk, find, for_plan=True), events))
