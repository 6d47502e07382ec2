"""What a decision about a delivery would change, by the sizes of scopes that the log keeps: before it is taken.

Here: rows that count per place and date before and after, which later deliveries stand out of line with that and stay,
which that wait may be recorded. No file is read for it. Not here: the decision (``pipeline.jobs.delivery_decisions``),
what is judged after it (``review``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from pipeline.jobs.ingest.beside import BESIDE
from pipeline.jobs.ingest.earlier import EarlierDeliveries
from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.store.log.log import Log
from pipeline.versions.gates.closed import from_to, listed, scope_name
from pipeline.versions.gates.preceding import standing
from pipeline.versions.gates.replaced import replaced
from pipeline.versions.out_of_line import IS_OF_SIZE
from schemas.catalogue import SOURCES
from schemas.details import Detail
from schemas.sentences import Sentence, said
from schemas.source import Source
from schemas.vocabulary import CHANGES_WHAT_COUNTS, Decision, DeliveryStatus

_MOST = 12
_ORDER = ["delivered_on", "first_on", "delivery"]
_SCOPE = ["place", "line", "valid_on"]


@dataclass(frozen=True)
class _Before:
    """A delivery about which a decision is foreseen, and all others as they stand."""

    source: Source
    each: Earlier
    earlier: EarlierDeliveries
    decision: Decision


def foreseen(log: Log, events: pl.DataFrame, source: str, delivery: str, decision: Decision) -> tuple[Sentence, ...]:
    """What the decision would change, in sentences; none where that is not kept, or nothing is compared."""
    own, earlier = SOURCES.get(source), EarlierDeliveries(log, events)
    each = None if own is None else earlier.find(own, delivery)
    if own is None or each is None or decision not in CHANGES_WHAT_COUNTS or not own.is_compared:
        return ()
    return tuple(_sentences(_Before(own, each, earlier, decision)))


def _sentences(before: _Before) -> Iterator[Sentence]:
    was, closed = _standing(before), _closed_of_others(before)
    counts = before.decision is not Decision.RETRACTED
    status = DeliveryStatus.RECORDED if counts else DeliveryStatus.RETRACTED
    before.earlier.note(before.source, replace(before.each, status=status.value, is_decided=counts))
    changes = _changes(was, _standing(before))
    yield said("foreseen.rows", scopes=Detail(listed(changes, _MOST))) if changes else said("foreseen.same")
    now = _closed_of_others(before)
    stays = [f"{name}: {words}" for (_, name, counts), words in now.items() if counts and words]
    fresh = [each for each in stays if each not in {f"{name}: {words}" for (_, name, _), words in closed.items()}]
    if fresh:
        yield said("foreseen.stays", files=Detail(listed(fresh, _MOST)))
    opened = [key[1] for key, words in now.items() if not key[2] and not words and closed[key]]
    if opened:
        yield said("foreseen.opens", files=Detail(listed(opened, _MOST)))


def _standing(before: _Before) -> pl.DataFrame:
    """Of the scopes of the delivery, the rows that count."""
    placed = before.earlier.placed(before.source).sort(_ORDER)
    own = before.each.judged.brought.select(_SCOPE)
    return standing(placed).join(own, on=_SCOPE, how="right", nulls_equal=True).sort(_SCOPE)


def _changes(was: pl.DataFrame, now: pl.DataFrame) -> list[str]:
    both = was.join(now.rename({"rows": "after"}), on=_SCOPE, nulls_equal=True)
    moved = both.filter(pl.col("rows").ne_missing(pl.col("after"))).sort(_SCOPE)
    return [
        f"{scope_name(place, line, day)}: {from_to(rows or 0, after or 0)}"
        for place, line, day, rows, after in moved.select(*_SCOPE, "rows", "after").iter_rows()
    ]


def _closed_of_others(before: _Before) -> dict[tuple[str, str, bool], str]:
    """Of each delivery that comes after it, and is not decided about: which gates of size are closed, in words.

    Under its hash and name, and whether it counts.
    """
    placed, found = before.earlier.placed(before.source), {}
    for each in before.earlier.of(before.source):
        waits = each.status == DeliveryStatus.HELD and each.rule in BESIDE
        if each.order > before.each.order and not each.is_decided and (each.counts or waits):
            gates = replaced(before.source, each.judged, placed)
            words = [gate.detail.partition(": ")[2] for gate in gates if gate.rule in IS_OF_SIZE]
            words += [gate.detail for gate in gates if gate.rule not in IS_OF_SIZE and waits]
            found[each.delivery, each.file_name, each.counts] = "; ".join(words)
    return found
