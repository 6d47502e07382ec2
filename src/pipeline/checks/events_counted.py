"""The events that decide how trajectories are counted in a check: the first start, placement and end of each.

Here: from trajectories that a check counted to their rows. Not here: which trajectories those are (each check), and
what is behind a curated table about trajectories (``trajectories``).
"""

from collections.abc import Iterable

import polars as pl

from pipeline.trajectories.corrections import in_force
from pipeline.trajectories.settle import TRAJECTORY, in_order
from pipeline.versions.explanation import Lineage, Trace
from schemas.sources import trajectory_events
from schemas.vocabulary import EventKind

PARTS = {EventKind.STARTED: "started", EventKind.PLACED: "placed", EventKind.ENDED: "ended"}


def events_of(lineage: Lineage, trajectories: pl.DataFrame, kinds: Iterable[EventKind]) -> list[Trace]:
    """The first event in force of each of these kinds, for trajectories (provider_code, trajectory_id)."""
    if trajectories.is_empty():
        return []
    found = pl.concat([_in_force(lineage, provider) for provider in trajectories["provider_code"].unique().sort()])
    wanted = in_order(found.join(trajectories.select(TRAJECTORY).unique(), on=TRAJECTORY, how="semi"))
    first = wanted.unique([*TRAJECTORY, "event"], keep="first", maintain_order=True)
    return [
        trace
        for kind in kinds
        for trace in lineage.traces(PARTS[kind], trajectory_events.SOURCE, first.filter(event=kind.value))
    ]


def _in_force(lineage: Lineage, provider: str) -> pl.DataFrame:
    return in_force(lineage.rows(trajectory_events.SOURCE, provider_code=provider)).events
