"""Which events are in force, after corrections and retractions that may arrive in any order.

A correction or retraction works unless it is itself retracted; that a correction was corrected again does not undo it.
So in a chain of corrections only the last counts, and taking back a correction brings the corrected event back.
Here: that relation, and which links it takes to tell. Not here: what the events mean (``trajectories``).
"""

from dataclasses import dataclass

import polars as pl

_ID = ["provider_code", "event_id"]
_TARGET = ["provider_code", "target"]


@dataclass(frozen=True)
class InForce:
    """``events``: those that count; rows that only retract are left out.

    The others list (provider_code, event_id, target).
    """

    events: pl.DataFrame
    dangling: pl.DataFrame
    """Corrections and retractions of events that have not been delivered; a correction counts as an event as well."""
    circular: pl.DataFrame
    """Events in a circle of corrections or retractions: none of them is in force."""
    working: pl.DataFrame
    """Corrections and retractions that work, with ``is_retraction``: what they name is not in force."""

    def with_links(self, events: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
        """Events with those of ``every`` by which they are not in force: these alone stand as they do among all.

        Of each one retraction, or else one correction, and what takes that back in turn; of a circle the whole.
        """
        links = self.working.sort("is_retraction", "event_id", descending=[True, False])
        by = links.unique(_TARGET, keep="first", maintain_order=True)
        named_by = by.select("provider_code", event_id="target", target="event_id")
        steps = pl.concat([named_by.join(self.circular, on=_ID, how="anti"), self.circular.select(named_by.columns)])
        found = newest = events.select(_ID)
        while newest.height:
            following = newest.join(steps, on=_ID).select("provider_code", event_id="target").unique()
            newest = following.join(found, on=_ID, how="anti")
            found = pl.concat([found, newest])
        return every.join(found, on=_ID, how="semi", maintain_order="left")


def in_force(events: pl.DataFrame) -> InForce:
    """Resolve ``replaces`` and ``retracts`` within a provider. ``events``: one row per provider_code and event_id."""
    target = pl.coalesce("replaces", "retracts")
    links = events.filter(target.is_not_null()).select(
        *_ID, target=target, is_retraction=pl.col("retracts").is_not_null()
    )
    circular = _circles(links)
    straight = links.join(circular, on=_ID, how="anti")
    working = straight.join(_retracted(straight), on=_ID, how="anti")
    void = working.select("provider_code", event_id="target")
    named = _named(events, links["target"]).select("provider_code", target="event_id")
    return InForce(
        events=_without(events, pl.concat([void, circular.select(_ID)])),
        dangling=links.join(named, on=_TARGET, how="anti").drop("is_retraction").sort(_ID),
        circular=circular.sort(_ID),
        working=working,
    )


def _named(events: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Events with one of these numbers, whosever they are: few of very many, so that only these need be joined."""
    return events.filter(pl.col("event_id").is_in(ids.implode())) if len(ids) else events.clear()


def _without(events: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Events that count, in the order in which they came: without those that only retract, and those that are gone."""
    if events["retracts"].null_count() < events.height:
        events = events.filter(pl.col("retracts").is_null())
    if gone.is_empty():
        return events
    places = _named(events.with_row_index("place"), gone["event_id"]).join(gone, on=_ID, how="semi")["place"]
    return events.filter(~pl.int_range(pl.len()).is_in(places.implode()))


def _circles(links: pl.DataFrame) -> pl.DataFrame:
    """Links that lie on a circle: what is left when events that nothing names are taken away again and again."""
    left = links
    while True:
        named = left.select("provider_code", event_id="target").unique()
        inner = left.join(named, on=_ID, how="semi")
        if inner.height == left.height:
            return left.drop("is_retraction")
        left = inner


def _retracted(links: pl.DataFrame) -> pl.DataFrame:
    """(provider_code, event_id) of corrections and retractions that a working retraction takes back.

    Retractions of retractions make chains. Each round decides those that no undecided retraction names.
    """
    undecided = links.filter(pl.col("is_retraction"))
    taken_back = links.select(_ID).clear()
    while undecided.height:
        pending = undecided.select("provider_code", event_id="target").unique()
        decided = undecided.join(pending, on=_ID, how="anti")
        working = decided.join(taken_back, on=_ID, how="anti")
        taken_back = pl.concat([taken_back, working.select("provider_code", event_id="target")]).unique()
        undecided = undecided.join(decided, on=_ID, how="anti")
    return taken_back
