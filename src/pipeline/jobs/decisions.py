"""What a steward decides about a delivery: an event in the log, with who and why. Takes effect in the next run.

Here: checking that the decision fits the delivery, and recording it once. Not here: what it changes (``core.ledger``).
"""

from dataclasses import dataclass

import polars as pl

from pipeline.core.ledger import fold
from pipeline.errors import UitstroomError
from pipeline.jobs.station import Station
from pipeline.store.log_shapes import DELIVERY_EVENTS
from schemas.vocabulary import DECIDABLE, Decision

LEAST_HASH = 8
"""Characters of a delivery's hash that are enough to name it, if no other delivery begins with them."""


class CannotDecide(UitstroomError):
    """No such delivery, more than one, or one whose status does not allow the decision."""


@dataclass(frozen=True)
class Decided:
    """A decision that stands in the log."""

    delivery: str
    file_name: str
    decision: Decision


def decide(station: Station, decision: Decision, delivery: str, *, by: str, why: str) -> Decided:
    """Record a decision about the delivery whose hash begins with ``delivery``."""
    if not by.strip() or not why.strip():
        raise CannotDecide("A decision needs who takes it (--by) and why (--reason).")
    events = station.log.events()
    found = _delivery(fold(events), delivery)
    needed = DECIDABLE[decision]
    if found["status"] != needed:
        raise CannotDecide(f"{found['file_name']} is {found['status']}; only what is {needed} can be {decision}.")
    if decision is Decision.ACCEPTED and not (station.settings.raw / str(found["file_name"])).is_file():
        raise CannotDecide(f"raw/{found['file_name']} is not there: an accepted delivery is read again from its file.")
    earlier = events.filter((pl.col("delivery") == found["delivery"]) & pl.col("event").is_in(list(Decision)))
    event = {
        **{name: found.get(name) for name in DELIVERY_EVENTS},
        **{name: 0 for name in DELIVERY_EVENTS if name.startswith("rows_")},
        "event": decision.value,
        "recorded_at": station.recorded_at,
        "decided_on": station.today,
        "decided_by": by.strip(),
        "why": why.strip(),
        "plan": station.plan,
    }
    frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
    # Numbered: of two decisions taken at the same moment one is recorded, the other has to look again.
    if not station.log.append_event(frame, f"decision:{found['source']}:{found['delivery']}", earlier.height):
        raise CannotDecide("Somebody else decided about this delivery at the same moment. Look at it again.")
    return Decided(str(found["delivery"]), str(found["file_name"]), decision)


def _delivery(ledger: pl.DataFrame, begin: str) -> dict[str, object]:
    if len(begin) < LEAST_HASH:
        raise CannotDecide(f"Give at least {LEAST_HASH} characters of the delivery. See: uitstroom show deliveries")
    found = ledger.filter(pl.col("delivery").str.starts_with(begin))
    if found.height != 1:
        raise CannotDecide(f"{found.height} deliveries begin with {begin}. See: uitstroom show deliveries")
    return found.row(0, named=True)
