"""What a steward decides about a delivery: an event in the log, with who and why. Takes effect in the next run.

Here: checking that the decision fits the delivery, and recording it once. Not here: what it changes
(``versions.delivery_status``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs.ingest.foreseen import foreseen
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.raw import path_of
from pipeline.versions.delivery_names import LEAST_HASH, is_called, is_hash
from pipeline.versions.delivery_status import statuses
from schemas.sentences import Sentence, said
from schemas.signature import signature_problem
from schemas.spelling import seen, shown
from schemas.vocabulary import DECIDABLE, NOTHING_OF_IT, Decision, DeliveryStatus


class CannotDecide(UitstroomError):
    """No such delivery, more than one, or one whose status does not allow the decision."""


@dataclass(frozen=True)
class Decided:
    """A decision that stands in the log."""

    delivery: str
    file_name: str
    decision: Decision
    foreseen: tuple[Sentence, ...] = ()
    """What it changes, per place and date, and which other deliveries are judged again."""


def decide(writer: Writer, decision: Decision, delivery: str, *, by: str, why: str) -> Decided:
    """Record a decision about the delivery whose hash begins with ``delivery``, or whose file is called so."""
    if problem := signature_problem(by, why):
        raise CannotDecide(problem)
    events = writer.log.events()
    found = _delivery(statuses(events), delivery)
    earlier = _decisions(events, found)
    _not_twice(writer, found, decision, earlier)
    if found["status"] not in DECIDABLE[decision]:
        raise CannotDecide(_not_now(found, decision))
    if decision is Decision.ACCEPTED and not _is_there(writer, found):
        raise CannotDecide(said("decide.file-gone", file=shown(str(found["file_name"]))))
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
    changes = foreseen(writer.log, events, str(found["source"]), str(found["delivery"]), decision)
    frame = pl.DataFrame([event], schema=DELIVERY_EVENTS)
    # Numbered: of two decisions taken at the same moment one is recorded, the other has to look again.
    if not writer.log.append_event(frame, f"decision:{found['source']}:{found['delivery']}", earlier.height):
        raise CannotDecide(said("decide.same-moment"))
    return Decided(str(found["delivery"]), str(found["file_name"]), decision, changes)


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
    published = ReleaseHistory.of(writer).published["recorded_at"].max()
    is_waiting = decision is Decision.ACCEPTED or published is None or last["recorded_at"][0] > published
    raise CannotDecide(
        said(
            "decide.twice",
            file=shown(str(found["file_name"])),
            decision=decision,
            by=last["decided_by"][0],
            day=last["decided_on"][0],
            then=said("decide.shows-later" if is_waiting else f"decide.after-{decision}"),
        )
    )


def _not_now(found: Mapping[str, object], decision: Decision) -> Sentence:
    """Why a delivery cannot have this decision, and which it can have."""
    status = DeliveryStatus(str(found["status"]))
    return said(
        "decide.status",
        file=shown(str(found["file_name"])),
        status=status,
        needed=frozenset(DECIDABLE[decision]),
        decision=decision,
        next=said(f"decide.of-{status}"),
    )


def _delivery(folded: pl.DataFrame, begin: str) -> dict[str, object]:
    if not is_hash(begin) and (named := _named(folded, begin)) is not None:
        return named
    if len(begin) < LEAST_HASH:
        raise CannotDecide(said("decide.short", least=LEAST_HASH, next=said("decide.find-it")))
    found = folded.filter(pl.col("delivery").str.starts_with(begin))
    if found["delivery"].n_unique() == 1 and found.height > 1:  # the same bytes in two folders: one took them
        found = found.filter(~pl.col("status").is_in(NOTHING_OF_IT))
    if found.height != 1:
        code = "decide.none" if found.is_empty() else "decide.many"
        raise CannotDecide(said(code, count=found.height, begin=shown(begin), next=said("decide.find-it")))
    return found.row(0, named=True)


def _named(folded: pl.DataFrame, name: str) -> dict[str, object] | None:
    """The one delivery that came under this file name, with or without its folders; None where there is none such.

    Several readings of one name, of which all but one were rejected, are that one.
    """
    found = folded.filter(is_called(name))
    if found.height > 1:
        found = found.filter(~pl.col("status").is_in(NOTHING_OF_IT))
    if found.height > 1:
        hashes = ", ".join(str(each)[:12] for each in found["delivery"])
        raise CannotDecide(said("decide.many-files", count=found.height, file=shown(name), hashes=hashes))
    return found.row(0, named=True) if found.height else None
