"""What a steward decides about a delivery: an event in the log, with who and why. Takes effect in the next run.

Here: checking that the decision fits the delivery, and recording it once. Not here: what it changes
(``versions.delivery_status``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.raw import path_of
from pipeline.versions.delivery_status import statuses
from schemas.signature import signature_problem
from schemas.spelling import seen
from schemas.vocabulary import DECIDABLE, Decision, DeliveryStatus

LEAST_HASH = 8
"""Characters of a delivery's hash that are enough to name it, if no other delivery begins with them."""

_FIND_IT = ": it stands in the report of the night, or is printed by: uitstroom show deliveries"


class CannotDecide(UitstroomError):
    """No such delivery, more than one, or one whose status does not allow the decision."""


@dataclass(frozen=True)
class Decided:
    """A decision that stands in the log."""

    delivery: str
    file_name: str
    decision: Decision


def decide(writer: Writer, decision: Decision, delivery: str, *, by: str, why: str) -> Decided:
    """Record a decision about the delivery whose hash begins with ``delivery``."""
    if problem := signature_problem(by, why):
        raise CannotDecide(problem)
    events = writer.log.events()
    found = _delivery(statuses(events), delivery)
    earlier = _decisions(events, found)
    _not_twice(writer, found, decision, earlier)
    needed = DECIDABLE[decision]
    if found["status"] != needed:
        raise CannotDecide(f"{found['file_name']} is {found['status']}; only what is {needed} can be {decision}.")
    if decision is Decision.ACCEPTED and not _is_there(writer, found):
        raise CannotDecide(f"raw/{found['file_name']} is not there: an accepted delivery is read again from its file.")
    event = {
        **{name: found.get(name) for name in DELIVERY_EVENTS},
        **{name: 0 for name in DELIVERY_EVENTS if name.startswith("rows_")},
        "event": decision.value,
        "recorded_at": writer.recorded_at,
        "decided_on": writer.today,
        "decided_by": seen(by.strip()),
        "why": seen(why.strip()),
        "plan": writer.plan,
    }
    frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
    # Numbered: of two decisions taken at the same moment one is recorded, the other has to look again.
    if not writer.log.append_event(frame, f"decision:{found['source']}:{found['delivery']}", earlier.height):
        raise CannotDecide("Somebody else decided about this delivery at the same moment. Look at it again.")
    return Decided(str(found["delivery"]), str(found["file_name"]), decision)


def _is_there(writer: Writer, found: Mapping[str, object]) -> bool:
    names = [str(found["file_name"]), *str(found["also_delivered_as"] or "").split("|")]
    return any(name and path_of(writer.settings.raw, name) is not None for name in names)


def _decisions(events: pl.DataFrame, found: Mapping[str, object]) -> pl.DataFrame:
    """All decisions about a delivery, also about earlier readings of it."""
    own = (pl.col("source") == found["source"]) & (pl.col("delivery") == found["delivery"])
    return events.filter(own & pl.col("event").is_in(list(Decision)))


def _not_twice(writer: Writer, found: Mapping[str, object], decision: Decision, earlier: pl.DataFrame) -> None:
    """Refuse what was the last decision about the last reading already; another decision stays possible."""
    last = earlier.filter(pl.col("processing") == found["processing"]).sort("recorded_at", "decided_on").tail(1)
    if last.is_empty() or last["event"][0] != decision:
        return
    shown = ReleaseHistory.of(writer).published["recorded_at"].max()
    is_waiting = decision is Decision.ACCEPTED or shown is None or last["recorded_at"][0] > shown
    raise CannotDecide(
        f"{found['file_name']} is already {decision}, by {last['decided_by'][0]} on {last['decided_on'][0]}"
        + ("; it shows after the next run." if is_waiting else ".")
    )


def _delivery(folded: pl.DataFrame, begin: str) -> dict[str, object]:
    if len(begin) < LEAST_HASH:
        raise CannotDecide(f"Give at least {LEAST_HASH} characters of the delivery{_FIND_IT}")
    found = folded.filter(pl.col("delivery").str.starts_with(begin))
    if found["delivery"].n_unique() == 1 and found.height > 1:  # the same bytes in two folders: one took them
        found = found.filter(pl.col("status") != DeliveryStatus.REJECTED)
    if found.height != 1:
        raise CannotDecide(f"{found.height} deliveries begin with {begin}. Give its hash{_FIND_IT}")
    return found.row(0, named=True)
