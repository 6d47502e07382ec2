"""Which events are in force, after corrections and retractions that may arrive in any order.

An event is in force when nothing that is in force itself corrects or retracts it: taking back a correction brings the
corrected event back. Here: that relation. Not here: what the events mean (``trajectories``).
"""

from dataclasses import dataclass

import polars as pl

_ID = ["provider_code", "event_id"]


@dataclass(frozen=True)
class InForce:
    """``events``: those that count; rows that only retract are left out.

    The others: (provider_code, event_id, target).
    """

    events: pl.DataFrame
    dangling: pl.DataFrame
    """Corrections and retractions of events that have not been delivered; a correction counts as an event all the
    same.
    """
    circular: pl.DataFrame
    """Events in a circle of corrections: none of them is in force."""


def in_force(events: pl.DataFrame) -> InForce:
    """Resolve ``replaces`` and ``retracts`` within each provider.

    ``events``: one row per provider_code and event_id.
    """
    target = pl.coalesce("replaces", "retracts")
    links = events.filter(target.is_not_null()).select(*_ID, target=target)
    void, circular = _resolve(links)
    standing = events.filter(pl.col("retracts").is_null()).join(void, on=_ID, how="anti", maintain_order="left")
    known = events.select("provider_code", target="event_id")
    return InForce(
        events=standing.join(circular, on=_ID, how="anti", maintain_order="left"),
        dangling=links.join(known, on=["provider_code", "target"], how="anti").sort(_ID),
        circular=links.join(circular, on=_ID, how="semi").sort(_ID),
    )


def _resolve(links: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events that are void, and events of which it cannot be said.

    Each round decides one step further along the chains.
    """
    ids = pl.concat([links.select(_ID), links.select("provider_code", event_id="target")]).unique()
    is_target = links.select("provider_code", event_id="target").unique().with_columns(is_target=pl.lit(value=True))
    state = ids.join(is_target, on=_ID, how="left").select(
        *_ID, holds=pl.when(pl.col("is_target").is_null()).then(pl.lit(value=True))
    )
    while True:
        decided = _round(links, state)
        if decided["holds"].null_count() == state["holds"].null_count():
            break
        state = decided
    return state.filter(~pl.col("holds")).select(_ID), state.filter(pl.col("holds").is_null()).select(_ID)


def _round(links: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    """A target is void as soon as one event that is in force names it, and in force when all that name it are void."""
    by_target = (
        links.join(state, on=_ID, how="left")
        .group_by("provider_code", event_id="target")
        .agg(any_holds=pl.col("holds").any(), all_known=pl.col("holds").is_not_null().all())
    )
    said = pl.when(pl.col("any_holds")).then(pl.lit(value=False)).when(pl.col("all_known")).then(pl.lit(value=True))
    return state.join(by_target, on=_ID, how="left").select(*_ID, holds=pl.coalesce("holds", said))
