"""Judging again what was judged before an earlier delivery was known, so that the order of loading does not matter.

A delivery that was held is recorded when what precedes it by now no longer closes a gate. One of which the same bytes
came on an earlier day is read again with that day, since rules look at it. One that counts waits for a person when a
gate turns out to be closed; but a place that others report about too is no stranger any more, so that older years of
fewer places put nothing back. Here: finding these, and recording what becomes of them. Not here: the
gates (``versions.gates``).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from pipeline.intake import findings as found
from pipeline.jobs.ingest.beside import BESIDE, BESIDE_EVENTS, Own
from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.outcome import held_because
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.turns import Turns
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.versions import delivery_status
from pipeline.versions.gates.closed import Closed
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.vocabulary import DeliveryStatus

DEPENDS = (*BESIDE, *BESIDE_EVENTS)
"""Rules whose gate may open again by what comes later."""

ReadAgain = Callable[[Earlier], Receipt | None]
"""Reads the file of a delivery again; None where one that waits does so still, or the file is gone."""


Events = Callable[[], pl.DataFrame]
"""The events in the log by now; in a rehearsal without those that are not planned."""


def review(writer: Writer, keeper: Gatekeeper, read_again: ReadAgain, events: Events) -> Iterator[Receipt]:
    """Judge again what has to be, in its order, and give a receipt of each that becomes something else."""
    for source in keeper.earlier.moved:
        for turn in Turns(keeper.earlier, source):
            each = turn.each
            if not turn.to_read and each.counts and _is_open(each):
                closed = _closed_now(keeper, source, each)
                if closed and each.is_kept:
                    yield _put_back(writer, keeper, each, closed, _status(events(), source, each))
                continue
            may_change = turn.to_read or (_is_open(each) and _may_open(keeper, source, each))
            if may_change and (receipt := read_again(each)) is not None:
                yield receipt


def _may_open(keeper: Gatekeeper, source: Source, each: Earlier) -> bool:
    """Whether its file is worth reading again: what is known without it closes no gate.

    Not where it came earlier: as that file it could not be read now.
    """
    if each.came_earlier:
        return False
    if source.gates.renumbering is not None and not keeper.earlier.moved_senders(source, each):
        return False
    return not keeper.beside.closed(source, Own(each.judged))


def _closed_now(keeper: Gatekeeper, source: Source, each: Earlier) -> list[Closed]:
    """Gates that put back a delivery that counts. Its rows are judged where others stand beside them than before."""
    own = keeper.beside.of_log(source, each)
    return keeper.beside.closed(source, own, then=keeper.earlier.placed_at_first(source))


def _is_open(each: Earlier) -> bool:
    """Whether it may become something else: no person decided about it, and other deliveries have a say in it."""
    waits = each.status == DeliveryStatus.HELD and each.rule in DEPENDS
    return not each.is_decided and (each.counts or waits)


def _status(events: pl.DataFrame, source: Source, each: Earlier) -> Mapping[str, Any]:
    """Its row of ``statuses``; as the file as which it was judged, where another came since that may be none of its."""
    own = (pl.col("source") == source.name) & (pl.col("delivery") == each.delivery)
    if each.came_earlier:
        events = events.filter(own & (pl.col("event") != DeliveryStatus.COPIED))
    return delivery_status.statuses(events).filter(own).row(0, named=True)


def _put_back(
    writer: Writer, keeper: Gatekeeper, each: Earlier, closed: list[Closed], row: Mapping[str, Any]
) -> Receipt:
    """Record that a delivery that counted waits for a person. Its rows stay in the log, and do not count."""
    source = SOURCES[row["source"]]
    counts = {name: 0 for name in DELIVERY_EVENTS if name.startswith("rows_")}
    # The log keeps the reason as it would stand there had all come in their order; the receipt says why only now.
    detail = held_because(closed)
    event = {
        **{name: row.get(name) for name in DELIVERY_EVENTS},
        **counts,
        "event": DeliveryStatus.HELD.value,
        "rows_read": row["rows_read"],
        "rows_held": row["rows_read"],
        "rule": closed[0].rule,
        "detail": detail,
        # After its own reading, also by the clock.
        "recorded_at": writer.recorded_at + timedelta(microseconds=1),
        "decided_on": None,
        "decided_by": None,
        "why": None,
        "plan": writer.plan,
    }
    app_id = f"waits:{source.name}:{each.delivery}:{each.processing}"
    about = pl.concat([found.file_finding(gate.rule) for gate in closed])
    described = found.described(about, source.name, each.delivery, each.processing)
    table = writer.log.findings
    table.commit(table.stage(described, f"waits-{each.delivery[:20]}-{each.processing}"), app_id, 0)
    writer.log.append_event(pl.DataFrame([event], schema=DELIVERY_EVENTS), app_id, 0)
    keeper.earlier.put_back(source, each, closed[0].rule)
    return Receipt(
        source=source.name,
        file_name=each.file_name,
        delivery=each.delivery,
        status=DeliveryStatus.HELD.value,
        delivered_on=each.delivered_on,
        rows_read=row["rows_read"],
        rows_held=row["rows_read"],
        rule=closed[0].rule,
        detail=f"since an earlier delivery came: {detail}",
        simulated=bool(row["simulated"]),
        findings={gate.rule: 1 for gate in closed},
    )
