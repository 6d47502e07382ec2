"""The state of every delivery, folded from the events in its life.

Here: which reading of which delivery counts, as known on which day, and the order in which those that count stand
(``recorded``). Not here: taking the last of those about one scope (``supersede``).
"""

from collections import deque
from datetime import date

import polars as pl

from pipeline.versions import delivery_names
from pipeline.versions.delivery_names import COPY_RULE, NAME, NEVER, NOTED, TAKEN, is_assumed
from schemas.text_columns import shown_texts
from schemas.vocabulary import Decision, DeliveryStatus

SETTLED = "settled"
"""Event that takes back that a file could not be read yet: it can be, or it is gone."""
_NO_READING = [DeliveryStatus.COPIED.value, NOTED, *Decision]
_latest = deque[tuple[pl.DataFrame, date | None, pl.DataFrame]](maxlen=4)
"""What was asked last, and the answer: a night asks seven times about two lists of events, and to fold one of a few
lines takes a fortieth of a small night.
"""


def statuses(events: pl.DataFrame, known_on: date | None = None) -> pl.DataFrame:
    """One row per source and delivery: its last event, with ``status``, the names under which copies came, and
    ``first_recorded_at``, the moment its rows were first recorded (null while they never were).

    Bytes that came under several names were delivered on the earliest of their days, whichever was loaded first. A day
    on which they are rejected is none of these, where they are taken on another.
    What could not be read yet, and is settled, is left out.
    ``is_day_assumed``: nobody stated it. ``known_on`` keeps what was delivered on or before that day, and leaves out
    what was decided after it. ``is_let_in``: a person accepted it, or brought it back, once.
    """
    for of, day, folded in tuple(_latest):
        if of is events and day == known_on:  # the very same frame, which is held here and therefore is not another
            return folded.clone()
    answer = _folded(events, known_on)
    _latest.append((events, known_on, answer))
    return answer.clone()


def _folded(events: pl.DataFrame, known_on: date | None) -> pl.DataFrame:
    events = events if known_on is None else as_decided(events, known_on)
    readings = events.filter(~pl.col("event").is_in(_NO_READING))
    own = _of_names_taken(_that_lie(readings)).sort("processing", "recorded_at", "event", "file_name")
    last = _last_readings(own).filter(pl.col("event") != SETTLED).rename({"event": "status"})
    folded = (
        _decided(last.drop("decided_on", "decided_by", "why"), events, _first_readings(own))
        .join(delivery_names.names(events), on=["source", "delivery"], how="left")
        .with_columns(stated_on=pl.when(~is_assumed()).then("delivered_on"))
        .with_columns(
            delivered_on=pl.coalesce("came_on", "delivered_on"),
            stated_on=pl.when(pl.col("came_on").is_null()).then("stated_on").otherwise("came_stated_on"),
        )
        .with_columns(is_day_assumed=pl.col("stated_on").ne_missing(pl.col("delivered_on")))
        .with_columns(
            file_name=pl.when(_is_named()).then("first_name").otherwise("file_name"),
            sender=pl.when(_is_named()).then("first_sender").otherwise("sender"),
        )
        .drop("came_on", "came_stated_on", "stated_on", "first_name", "first_sender")
        .sort("source", "delivery")
    )
    return folded if known_on is None else folded.filter(pl.col("delivered_on") <= known_on)


def never_taken(events: pl.DataFrame) -> pl.DataFrame:
    """The last event under every name of deliveries of which nothing was ever recorded or held."""
    taken = events.filter(pl.col("event").is_in(TAKEN))
    return (
        events.filter(pl.col("event").is_in(NEVER))
        .join(taken, on=["source", "delivery"], how="anti")
        .sort("recorded_at", "processing")
        .group_by(NAME, maintain_order=True)
        .last()
        .sort(NAME)
        .select(events.columns)
    )


def _that_lie(readings: pl.DataFrame) -> pl.DataFrame:
    """Without what was read under names that are gone, where the same bytes have another name."""
    is_gone = (pl.col("event").last() == DeliveryStatus.REMOVED).over(NAME, order_by="recorded_at")
    return (
        readings.with_columns(is_gone=is_gone)
        .filter(~pl.col("is_gone") | pl.col("is_gone").all().over("source", "delivery"))
        .drop("is_gone")
    )


def _last_readings(readings: pl.DataFrame) -> pl.DataFrame:
    """The last reading of each delivery. What is rejected under several names stands for itself under the first of
    them by its day, whichever was read last: of each name the reason is told.
    """
    names = ["source", "delivery"]
    was_recorded = pl.col("event") == DeliveryStatus.RECORDED
    is_out = pl.col("event").is_in(NEVER)
    of_name = (
        readings.with_columns(first_recorded_at=pl.col("recorded_at").filter(was_recorded).min().over(names))
        .group_by(NAME, maintain_order=True)
        .last()
        .with_columns(is_out=is_out.all().over(names))
    )
    by_day = of_name.filter("is_out").sort("delivered_on", "file_name").unique(names, keep="first")
    by_reading = of_name.filter(~pl.col("is_out")).sort("processing", "recorded_at", "event", "file_name")
    return pl.concat([by_day, by_reading.unique(names, keep="last", maintain_order=True)]).drop("is_out").sort(names)


def _of_names_taken(readings: pl.DataFrame) -> pl.DataFrame:
    """Without what was rejected under a name, where the same bytes were taken under another."""
    is_taken = pl.col("event").is_in(TAKEN)
    is_elsewhere = is_taken.any().over("source", "delivery") & ~is_taken.any().over(NAME)
    return readings.filter(~((pl.col("event") == DeliveryStatus.REJECTED) & is_elsewhere))


def _is_named() -> pl.Expr:
    return ~pl.col("status").is_in(NEVER) & pl.col("first_name").is_not_null()


def as_decided(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """The events without decisions that were taken after a day, and without what was read because of one.

    A delivery that was accepted later was held on that day: none of its rows were known. The file that was read then
    was there all the same: it stays as a copy.
    """
    is_decision = pl.col("event").is_in(list(Decision))
    later = events.filter(is_decision & (pl.col("decided_on") > day))
    accepted = later.filter(pl.col("event") == Decision.ACCEPTED).group_by("source", "delivery")
    kept = events.filter(~is_decision | (pl.col("decided_on") <= day))
    is_after = (pl.col("recorded_at") > pl.col("accepted_at")).fill_null(False) & ~is_decision
    is_read = is_after & pl.col("event").is_in(TAKEN)
    return (
        kept.join(
            accepted.agg(accepted_at=pl.col("recorded_at").min()),
            on=["source", "delivery"],
            how="left",
            maintain_order="left",
        )
        .filter(~is_after | is_read | (pl.col("event") == DeliveryStatus.COPIED))
        .with_columns(
            event=pl.when(is_read).then(pl.lit(DeliveryStatus.COPIED.value)).otherwise("event"),
            rule=pl.when(is_read).then(pl.lit(COPY_RULE)).otherwise("rule"),
        )
        .drop("accepted_at")
    )


def decisions_about(events: pl.DataFrame, source: str, delivery: str) -> pl.DataFrame:
    """What stewards decided about a delivery, in that order, whatever has been decided since."""
    own = (pl.col("source") == source) & (pl.col("delivery") == delivery) & pl.col("event").is_in(list(Decision))
    words = [shown_texts(pl.col(name)) for name in ("decided_by", "why")]
    return events.filter(own).sort("recorded_at", "decided_on").select("decided_on", *words, decision="event")


def _first_readings(readings: pl.DataFrame) -> pl.DataFrame:
    """One row per source and delivery: ``since``, the processing from which on it was only read again because the same
    bytes turned out to have come before, by day and name. What was decided about it since then holds.
    """
    names = ["source", "delivery"]
    first = readings.unique([*names, "processing"], keep="first", maintain_order=True)
    before = {name: pl.col(name).shift(1).over(names) for name in ("delivered_on", "file_name")}
    is_earlier_day = pl.col("delivered_on") < before["delivered_on"]
    is_earlier_name = (pl.col("delivered_on") == before["delivered_on"]) & (pl.col("file_name") < before["file_name"])
    came_earlier = (is_earlier_day | is_earlier_name).fill_null(value=False)
    return first.filter(~came_earlier).group_by(names).agg(since=pl.col("processing").max())


def _decided(last: pl.DataFrame, events: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """The status after the last decision about the last reading; ``decision`` states which it was."""
    decisions = events.filter(pl.col("event").is_in(list(Decision)))
    names = ["source", "delivery"]
    about = last.select(*names, last_processing="processing").join(readings, on=names, how="left")
    latest = (
        decisions.join(about, on=names, how="inner")
        .filter(pl.col("processing") >= pl.col("since"))
        .sort("recorded_at", "decided_on")
        .group_by(names, maintain_order=True)
        .last()
        # Who let in what was held has let in what was read because of it: about that nothing more was said.
        .filter((pl.col("event") != Decision.ACCEPTED) | (pl.col("processing") == pl.col("last_processing")))
        .select(*names, "decided_on", "decided_by", "why", decision="event")
    )
    status = (
        pl.when(pl.col("decision") == Decision.REFUSED)
        .then(pl.lit(DeliveryStatus.REFUSED.value))
        .when(pl.col("decision") == Decision.RETRACTED)
        .then(pl.lit(DeliveryStatus.RETRACTED.value))
        .otherwise("status")
    )
    let_in = decisions.filter(pl.col("event").is_in([Decision.ACCEPTED, Decision.REINSTATED]))
    return (
        last.join(latest, on=names, how="left")
        .join(let_in.select(*names, pl.lit(value=True).alias("is_let_in")).unique(), on=names, how="left")
        .with_columns(status=status, is_let_in=pl.col("is_let_in").fill_null(value=False))
    )


def recorded(folded: pl.DataFrame, source: str) -> pl.DataFrame:
    """Deliveries of a source whose rows count: delivery, processing, rules_version, delivered_on, recorded_at, rank,
    is_day_assumed.

    ``rank`` orders them by their own day and hash, never by the order of loading (contract, section Files). Of two that
    were delivered on one day the hash decides, and both have a finding (DELIVERY-010).
    """
    return (
        folded.filter((pl.col("source") == source) & (pl.col("status") == DeliveryStatus.RECORDED))
        .sort("delivered_on", "delivery")
        .with_row_index("rank")
        .select("delivery", "processing", "rules_version", "delivered_on", "recorded_at", "rank", "is_day_assumed")
    )
