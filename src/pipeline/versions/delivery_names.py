"""Under which names, and on which days, the bytes of a delivery came.

Here: the name that a delivery goes by, the others, and the days that count for it. Not here: what its status is
(``delivery_status``).
"""

import re

import polars as pl

from pipeline.versions.copies import copy_told
from schemas.vocabulary import NOTHING_OF_IT, Decision, DeliveryStatus

COPY_RULE = "DELIVERY-004"
NAME = ["source", "delivery", "file_name"]
NOTED = "noted"
"""Event that tells of something about a known delivery that changes nothing of it: its sidecar is another one now."""
TAKEN = [DeliveryStatus.RECORDED.value, DeliveryStatus.HELD.value]
NEVER = [each.value for each in NOTHING_OF_IT]
LEAST_HASH = 8
"""Characters of a delivery's hash that are enough to name it, if no other delivery begins with them."""
_HASH = re.compile(r"[0-9a-f]+")


def is_hash(text: str) -> bool:
    """Whether it may be the begin of a delivery's hash; else it is the name of a file."""
    return _HASH.fullmatch(text) is not None


def is_called(name: str) -> pl.Expr:
    """Whether a delivery came under this file name, with or without its folders."""
    names = pl.concat_list(pl.col("file_name"), pl.col("also_delivered_as").fill_null("").str.split("|"))
    return names.list.eval((pl.element() == name) | pl.element().str.ends_with(f"/{name}")).list.any()


def came(events: pl.DataFrame) -> pl.DataFrame:
    """One row per source, delivery and ``file_name`` under which bytes were taken, or came again: ``delivered_on``,
    ``is_assumed``, whether nobody stated that day, and ``sender``; by day and name. Without names under which they are
    rejected. A delivery is what the file of the first of them is.
    """
    taken = events.filter(pl.col("event").is_in(TAKEN))
    return _by_name(pl.concat([taken, _copies(events)]))


def every_file(events: pl.DataFrame) -> pl.DataFrame:
    """The same of every name under which the bytes of what was taken are known, also of one under which they are
    rejected: bytes that are known are not judged under a later name, so that the order of loading would decide.
    """
    taken = events.filter(pl.col("event").is_in(TAKEN))
    return _by_name(pl.concat([taken, _under_other_names(events)]))


def _by_name(events: pl.DataFrame) -> pl.DataFrame:
    return (
        events.sort("recorded_at", "processing", maintain_order=True)
        .group_by(NAME, maintain_order=True)
        .agg(pl.col("delivered_on").last(), is_assumed().last().alias("is_assumed"), pl.col("sender").last())
        .sort("source", "delivery", "delivered_on", "file_name")
    )


def _copies(events: pl.DataFrame) -> pl.DataFrame:
    """Copies of known bytes, but those that are rejected under their name."""
    copied = events.filter(pl.col("event") == DeliveryStatus.COPIED)
    turned_down = copied.filter(~pl.col("rule").is_in(["", COPY_RULE])).select(NAME).unique()
    return copied.join(turned_down, on=NAME, how="anti", maintain_order="left")


def names(events: pl.DataFrame) -> pl.DataFrame:
    """Per delivery that was taken the first name under which it came, its day and sender, and the others under which
    its bytes were known, whichever was loaded first.
    """
    by, taken = ["source", "delivery"], came(events)
    first = taken.group_by(by, maintain_order=True).agg(
        first_name=pl.col("file_name").first(),
        first_sender=pl.col("sender").first(),
        came_on=pl.col("delivered_on").first(),
        came_stated_on=pl.col("delivered_on").filter(~pl.col("is_assumed")).min(),
    )
    known = pl.concat([taken.select(NAME), _under_other_names(events).select(NAME)]).unique()
    others = known.join(first, on=by).filter(pl.col("file_name") != pl.col("first_name")).sort("file_name")
    also = others.group_by(by, maintain_order=True).agg(also_delivered_as=pl.col("file_name").str.join("|"))
    return first.join(also, on=by, how="left")


def _under_other_names(events: pl.DataFrame) -> pl.DataFrame:
    """Events of bytes under a name beside that under which they were taken: copies, and what was rejected under its
    name before they came under a better one. Had that come first, it would be a copy too.
    """
    taken = events.filter(pl.col("event").is_in(TAKEN)).select("source", "delivery", "file_name").unique()
    rejected = (
        events.filter(pl.col("event") == DeliveryStatus.REJECTED)
        .join(taken, on=["source", "delivery"], how="semi")
        .join(taken, on=["source", "delivery", "file_name"], how="anti")
    )
    return pl.concat([events.filter(pl.col("event") == DeliveryStatus.COPIED), rejected])


def other_names(events: pl.DataFrame, folded: pl.DataFrame) -> pl.DataFrame:
    """One row per further file name of a delivery, in the shape of ``folded``: what became of it under that name.

    Bytes that are known under one name are a copy under every other, whichever was loaded first; of bytes that are
    rejected under all of them each name keeps its own reason. A copy has no rows of its own; it tells what is so of
    its delivery.
    """
    last = (
        events.filter(~pl.col("event").is_in([NOTED, *Decision]))
        .sort("processing", "recorded_at", "event")
        .group_by(NAME, maintain_order=True)
        .last()
        .join(folded.select(NAME), on=NAME, how="anti")
    )
    known = {"known_as": "status", "known_name": "file_name", "known_rule": "rule", "known_on": "delivered_on"}
    of_delivery = folded.select("source", "delivery", **known, out_on="decided_on")
    is_rejected = pl.col("known_as").is_in(NEVER) & pl.col("event").is_in(NEVER)
    no_rows = {name: pl.lit(0, pl.Int64()) for name in folded.columns if name.startswith("rows_")}
    return (
        last.join(of_delivery, on=["source", "delivery"], how="inner")
        .with_columns(is_later=pl.col("delivered_on") > pl.col("known_on"))
        .with_columns(
            status=pl.when(is_rejected).then("event").otherwise(pl.lit(DeliveryStatus.COPIED)),
            rule=pl.when(is_rejected).then("rule").otherwise(pl.lit(COPY_RULE)),
            detail=pl.when(is_rejected).then("detail").otherwise(copy_told()),
            is_day_assumed=is_assumed(),
            **no_rows,
        )
        .select(
            pl.col(name) if name in {*last.columns, "status"} else pl.lit(None, kind).alias(name)
            for name, kind in folded.schema.items()
        )
        .sort(NAME)
    )


def is_assumed() -> pl.Expr:
    """Whether nobody stated the day of a delivery; where that was not kept, what name and sidecar show of it."""
    is_dated = pl.col("file_name").str.contains(r"(?:^|/)[0-9]{4}-[0-9]{2}-[0-9]{2}[^/]*$")
    return pl.coalesce("is_day_assumed", ~is_dated & (pl.col("sidecar_sha256") == ""))
