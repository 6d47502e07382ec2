"""The state of every delivery, folded from the events in its life.

Here: which reading of which delivery counts, as known on which day, and the order in which those that count stand
(``recorded``). Not here: taking the last of those about one scope (``supersede``).
"""

from datetime import date

import polars as pl

from schemas.vocabulary import NOTHING_OF_IT, Decision, DeliveryStatus

COPY_RULE = "DELIVERY-004"
SETTLED = "settled"
"""Event that takes back that a file could not be read yet: it can be, or it is gone."""
NOTED = "noted"
"""Event that tells of something about a known delivery that changes nothing of it: its sidecar is another one now."""
_TAKEN = [DeliveryStatus.RECORDED.value, DeliveryStatus.HELD.value]
_ENDING, _ALIKE = r"\.([a-z0-9]+(?:\.gz)?)$", {"txt": "csv", "tsv": "csv"}
"""How a file's name ends, and endings of one kind."""
_NO_READING = ["copied", NOTED, *Decision]
_NEVER = [each.value for each in NOTHING_OF_IT]
_NAME = ["source", "delivery", "file_name"]


def statuses(events: pl.DataFrame, known_on: date | None = None) -> pl.DataFrame:
    """One row per source and delivery: its last event, with ``status``, the names under which copies came, and
    ``first_recorded_at``, the moment its rows were first recorded (null while they never were).

    Bytes that came under several names were delivered on the earliest of their days, whichever was loaded first.
    What could not be read yet, and is settled, is left out.
    ``is_day_assumed``: nobody stated it. ``known_on`` keeps what was delivered on or before that day, and leaves out
    what was decided after it. ``is_let_in``: a person accepted it, or brought it back, once.
    """
    events = events if known_on is None else as_decided(events, known_on)
    copies = (
        _under_other_names(events)
        .group_by("source", "delivery")
        .agg(
            copied_on=pl.col("delivered_on").min(),
            copied_stated_on=pl.col("delivered_on").filter(~_is_assumed()).min(),
        )
    )
    readings = events.filter(~pl.col("event").is_in(_NO_READING))
    own = _that_lie(readings).sort("processing", "recorded_at", "event", "file_name")
    was_recorded = pl.col("event") == DeliveryStatus.RECORDED
    last = (
        own.with_columns(
            first_recorded_at=pl.col("recorded_at").filter(was_recorded).min().over("source", "delivery"),
        )
        .group_by("source", "delivery", maintain_order=True)
        .last()
        .filter(pl.col("event") != SETTLED)
        .rename({"event": "status"})
    )
    folded = (
        _decided(last.drop("decided_on", "decided_by", "why"), events)
        .join(copies, on=["source", "delivery"], how="left")
        .with_columns(stated_on=pl.when(~_is_assumed()).then("delivered_on"))
        .with_columns(
            delivered_on=pl.min_horizontal("delivered_on", "copied_on"),
            stated_on=pl.min_horizontal("stated_on", "copied_stated_on"),
        )
        .with_columns(is_day_assumed=pl.col("stated_on").ne_missing(pl.col("delivered_on")))
        .drop("copied_on", "copied_stated_on", "stated_on")
        .join(_names(events), on=["source", "delivery"], how="left")
        .with_columns(
            file_name=pl.when(_is_taken()).then(pl.coalesce("first_name", "file_name")).otherwise("file_name")
        )
        .drop("first_name")
        .sort("source", "delivery")
    )
    return folded if known_on is None else folded.filter(pl.col("delivered_on") <= known_on)


def never_taken(events: pl.DataFrame) -> pl.DataFrame:
    """The last event under every name of deliveries of which nothing was ever recorded or held."""
    taken = events.filter(pl.col("event").is_in(_TAKEN))
    return (
        events.filter(pl.col("event").is_in(_NEVER))
        .join(taken, on=["source", "delivery"], how="anti")
        .sort("recorded_at", "processing")
        .group_by(_NAME, maintain_order=True)
        .last()
        .sort(_NAME)
        .select(events.columns)
    )


def _that_lie(readings: pl.DataFrame) -> pl.DataFrame:
    """Without what was read under names that are gone, where the same bytes have another name."""
    is_gone = (pl.col("event").last() == DeliveryStatus.REMOVED).over(_NAME, order_by="recorded_at")
    return (
        readings.with_columns(is_gone=is_gone)
        .filter(~pl.col("is_gone") | pl.col("is_gone").all().over("source", "delivery"))
        .drop("is_gone")
    )


def _names(events: pl.DataFrame) -> pl.DataFrame:
    """Per delivery its name, that of its first day and then of the alphabet whichever was loaded first, and the others
    under which its bytes were known. A name of another kind of file, under which they cannot be read, comes last.
    """
    taken = pl.col("event").is_in(_TAKEN)
    known = pl.concat([events.filter(taken), _under_other_names(events)])
    kind = pl.col("file_name").str.to_lowercase().str.extract(_ENDING).replace(_ALIKE)
    return (
        known.with_columns(kind=kind)
        .with_columns(is_other=pl.col("kind").ne_missing(pl.col("kind").filter(taken).min().over("source", "delivery")))
        .group_by("source", "delivery", "is_other", "file_name")
        .agg(pl.col("delivered_on").min())
        .sort("is_other", "delivered_on", "file_name")
        .group_by("source", "delivery", maintain_order=True)
        .agg(
            first_name=pl.col("file_name").first(), also_delivered_as=pl.col("file_name").slice(1).sort().str.join("|")
        )
        .with_columns(pl.col("also_delivered_as").replace("", None))
    )


def _under_other_names(events: pl.DataFrame) -> pl.DataFrame:
    """Events of bytes under a name beside that under which they were taken: copies, and what was rejected under its
    name before they came under a better one. Had that come first, it would be a copy too.
    """
    taken = events.filter(pl.col("event").is_in(_TAKEN)).select("source", "delivery", "file_name").unique()
    rejected = (
        events.filter(pl.col("event") == DeliveryStatus.REJECTED)
        .join(taken, on=["source", "delivery"], how="semi")
        .join(taken, on=["source", "delivery", "file_name"], how="anti")
    )
    return pl.concat([events.filter(pl.col("event") == "copied"), rejected])


def _is_taken() -> pl.Expr:
    return ~pl.col("status").is_in(_NEVER)


def other_names(events: pl.DataFrame, folded: pl.DataFrame) -> pl.DataFrame:
    """One row per further file name of a delivery, in the shape of ``folded``: what became of it under that name.

    Bytes that are known under one name are a copy under every other, whichever was loaded first; of bytes that are
    rejected under all of them each name keeps its own reason. A copy has no rows of its own.
    """
    last = (
        events.filter(~pl.col("event").is_in([NOTED, *Decision]))
        .sort("processing", "recorded_at", "event")
        .group_by(_NAME, maintain_order=True)
        .last()
        .join(folded.select(_NAME), on=_NAME, how="anti")
    )
    of_delivery = folded.select("source", "delivery", known_as="status")
    is_rejected = pl.col("known_as").is_in(_NEVER) & pl.col("event").is_in(_NEVER)
    no_rows = {name: pl.lit(0, pl.Int64()) for name in folded.columns if name.startswith("rows_")}
    return (
        last.join(of_delivery, on=["source", "delivery"], how="inner")
        .with_columns(
            status=pl.when(is_rejected).then("event").otherwise(pl.lit(DeliveryStatus.COPIED)),
            rule=pl.when(is_rejected).then("rule").otherwise(pl.lit(COPY_RULE)),
            detail=pl.when(is_rejected | (pl.col("event") == DeliveryStatus.COPIED))
            .then("detail")
            .otherwise(pl.lit("the same bytes are known under another name; nothing is recorded twice")),
            is_day_assumed=_is_assumed(),
            **no_rows,
        )
        .select(
            pl.col(name) if name in {*last.columns, "status"} else pl.lit(None, kind).alias(name)
            for name, kind in folded.schema.items()
        )
        .sort(_NAME)
    )


def _is_assumed() -> pl.Expr:
    """Whether nobody stated the day of a delivery; where that was not kept, what name and sidecar show of it."""
    is_dated = pl.col("file_name").str.contains(r"(?:^|/)[0-9]{4}-[0-9]{2}-[0-9]{2}[^/]*$")
    return pl.coalesce("is_day_assumed", ~is_dated & (pl.col("sidecar_sha256") == ""))


def as_decided(events: pl.DataFrame, day: date) -> pl.DataFrame:
    """The events without decisions that were taken after a day, and without what was read because of one.

    A delivery that was accepted later was held on that day: none of its rows were known.
    """
    is_decision = pl.col("event").is_in(list(Decision))
    later = events.filter(is_decision & (pl.col("decided_on") > day))
    accepted = later.filter(pl.col("event") == Decision.ACCEPTED).group_by("source", "delivery")
    kept = events.filter(~is_decision | (pl.col("decided_on") <= day))
    return (
        kept.join(
            accepted.agg(accepted_at=pl.col("recorded_at").min()),
            on=["source", "delivery"],
            how="left",
            maintain_order="left",
        )
        .filter(
            is_decision
            | (pl.col("event") == "copied")
            | ~(pl.col("recorded_at") > pl.col("accepted_at")).fill_null(False)
        )
        .drop("accepted_at")
    )


def _decided(last: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """The status after the last decision about the last reading; ``decision`` states which it was."""
    decisions = events.filter(pl.col("event").is_in(list(Decision)))
    latest = (
        decisions.sort("recorded_at", "decided_on")
        .group_by("source", "delivery", "processing", maintain_order=True)
        .last()
        .select("source", "delivery", "processing", "decided_on", "decided_by", "why", decision="event")
    )
    status = (
        pl.when(pl.col("decision") == Decision.REFUSED)
        .then(pl.lit(DeliveryStatus.REFUSED.value))
        .when(pl.col("decision") == Decision.RETRACTED)
        .then(pl.lit(DeliveryStatus.RETRACTED.value))
        .otherwise("status")
    )
    let_in = decisions.filter(pl.col("event").is_in([Decision.ACCEPTED, Decision.REINSTATED]))
    names = ["source", "delivery"]
    return (
        last.join(latest, on=[*names, "processing"], how="left")
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
