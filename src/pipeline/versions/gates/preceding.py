"""What precedes a delivery by its own clock, as far as gates ask.

Here: the order in which deliveries are judged, and what stands before one of them. Not here: which delivery wins for a
reader (``pipeline.versions.supersede``), reading what is kept of each (``pipeline.jobs.ingest``).

A delivery is judged beside those that were delivered before it, whatever was loaded first. Within one day the one about
the earlier date comes first, so that a folder of years that came in one day is judged from its first month on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from schemas.limits.deliveries import MOST_SCOPES_KNOWN
from schemas.scope import SCOPE_ROWS

PLACED = pl.Schema(
    {
        "delivery": pl.String(),
        "delivered_on": pl.Date(),
        "first_on": pl.Date(),
        "sender": pl.String(),
        "place": pl.String(),
        "line": pl.String(),
        "valid_on": pl.Date(),
        "rows": pl.Int64(),
    }
)
"""Grain: delivery and scope. What each delivery that counts brings."""

Order = tuple[date, date, str]


@dataclass(frozen=True)
class Judged:
    """The delivery that is judged: when and by whom it was sent, and what it brings."""

    delivery: str
    delivered_on: date
    sender: str | None
    scopes: pl.DataFrame

    @cached_property
    def order(self) -> Order:
        """Its place among the deliveries of its source."""
        return self.delivered_on, first_on(self.scopes), self.delivery

    @cached_property
    def brought(self) -> pl.DataFrame:
        """place, line, valid_on and rows of the scopes of which something can be recorded."""
        rows = self.scopes.filter(pl.col("rows_good") > 0)
        return rows.select("place", "line", "valid_on", rows="rows_good")

    @property
    def placed(self) -> pl.DataFrame:
        """The same as ``PLACED``."""
        own = {
            "delivery": pl.lit(self.delivery),
            "delivered_on": pl.lit(self.delivered_on),
            "first_on": pl.lit(first_on(self.scopes)),
            "sender": pl.lit(self.sender, pl.String()),
        }
        return self.brought.with_columns(**own).select(pl.col(name).cast(dtype) for name, dtype in PLACED.items())


def placed_of(every: Sequence[Judged]) -> pl.DataFrame:
    """``PLACED`` of many deliveries, in one go."""
    own = pl.DataFrame(
        [(each.delivery, each.delivered_on, first_on(each.scopes), each.sender) for each in every],
        schema={name: PLACED[name] for name in ("delivery", "delivered_on", "first_on", "sender")},
        orient="row",
    )
    scopes = pl.concat([no_scopes(), *(each.scopes.select(SCOPE_ROWS.names()) for each in every)], rechunk=True)
    which = [number for number, each in enumerate(every) for _ in range(each.scopes.height)]
    rows = pl.concat([scopes, own[which]], how="horizontal").filter(pl.col("rows_good") > 0)
    return rows.with_columns(rows="rows_good").select(pl.col(name).cast(dtype) for name, dtype in PLACED.items())


def first_on(scopes: pl.DataFrame) -> date:
    """The first date that a delivery is about; the first of all days where it has none, or where it has so many scopes
    that they are not kept.
    """
    brought = scopes.filter(pl.col("rows_good") > 0)
    found = brought["valid_on"].min() if brought.height <= MOST_SCOPES_KNOWN else None
    return found if isinstance(found, date) else date.min


def comparable(scopes: pl.DataFrame) -> pl.DataFrame:
    """What later deliveries are compared with: nothing of one with too many scopes, in this night as in the next."""
    is_kept = scopes.filter(pl.col("rows_good") > 0).height <= MOST_SCOPES_KNOWN
    return scopes if is_kept else scopes.clear()


def preceding(counting: pl.DataFrame, judged: Judged) -> pl.DataFrame:
    """``PLACED`` of the deliveries that come before, in their order."""
    delivered_on, first, delivery = judged.order
    same_day = pl.col("delivered_on") == delivered_on
    same_first = pl.col("first_on") == first
    comes_before = (
        (pl.col("delivered_on") < delivered_on)
        | (same_day & (pl.col("first_on") < first))
        | (same_day & same_first & (pl.col("delivery") < delivery))
    )
    return counting.filter(comes_before).sort("delivered_on", "first_on", "delivery")


def standing(before: pl.DataFrame) -> pl.DataFrame:
    """Of each scope what the last of these deliveries brought: place, line, valid_on, rows."""
    return before.group_by("place", "line", "valid_on", maintain_order=True).agg(pl.col("rows").last())


def no_scopes() -> pl.DataFrame:
    """What a delivery brings of which nothing is known."""
    return pl.DataFrame(schema=SCOPE_ROWS)
