"""What the events of deliveries say of them: how each was read last, what was decided since the last night.

Here: finding it among the events. Not here: what the gates make of it (``earlier``).
"""

from typing import Any

import polars as pl

from pipeline.jobs.ingest.earlier_delivery import Came
from pipeline.versions import delivery_status
from pipeline.versions.delivery_names import TAKEN, is_assumed
from schemas.vocabulary import Decision, DeliveryStatus


def last_of_each(events: pl.DataFrame, column: str, kinds: list[str]) -> dict[tuple[str, str], Any]:
    """Of the last event of one of these kinds about each delivery, one column."""
    own = events.filter(pl.col("event").is_in(kinds)).sort("recorded_at")
    return {
        (source, delivery): value for source, delivery, value in own.select("source", "delivery", column).iter_rows()
    }


def read_as(events: pl.DataFrame) -> dict[tuple[str, str], Came]:
    """The file as which each delivery was judged last; what waits since then was not read again for it."""
    readings = events.filter(pl.col("event").is_in(TAKEN)).sort("processing", "recorded_at", maintain_order=True)
    names = ["source", "delivery"]
    first = readings.unique([*names, "processing"], keep="first", maintain_order=True)
    last = first.unique(names, keep="last", maintain_order=True)
    rows = last.select(*names, "delivered_on", "file_name", "sender", is_assumed()).iter_rows()
    return {(source, delivery): Came(*file) for source, delivery, *file in rows}


def since_last_night(events: pl.DataFrame) -> pl.DataFrame:
    """What a person decided, or a plan recorded, since a night judged any."""
    is_decision = pl.col("event").is_in(list(Decision))
    nightly = events.filter(~is_decision & pl.col("plan").is_null())["recorded_at"].max()
    others = events.filter(is_decision | pl.col("plan").is_not_null())
    return others if nightly is None else others.filter(pl.col("recorded_at") > nightly)


def counting(events: pl.DataFrame, about: pl.DataFrame) -> set[tuple[str, str]]:
    """Which of the deliveries in ``about`` counted by these events."""
    own = events.join(about.select("source", "delivery").unique(), on=["source", "delivery"], how="semi")
    if own.is_empty():
        return set()
    found = delivery_status.statuses(own).filter(pl.col("status") == DeliveryStatus.RECORDED)
    return set(found.select("source", "delivery").iter_rows())
