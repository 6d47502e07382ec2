"""The events behind a trajectory or a count of a programme. Here: which rows of the log. Not here: which tables ask."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipeline.versions.explanation import Lineage, Trace
from schemas.sources import trajectory_events
from schemas.vocabulary import ALL_PROVIDERS


def events_of_trajectory(lineage: Lineage, provider_code: str, trajectory_id: str) -> list[Trace]:
    """All events of one trajectory that count."""
    events = lineage.rows(trajectory_events.SOURCE, provider_code=provider_code, trajectory_id=trajectory_id)
    return lineage.traces("event", trajectory_events.SOURCE, events)


def events_of_programme(lineage: Lineage, row: Mapping[str, Any]) -> list[Trace]:
    """The events that a count of a programme follows from: all of the provider, up to the end of the month."""
    named = {"programme_code": row["programme_code"]}
    if row.get("provider_code", ALL_PROVIDERS) != ALL_PROVIDERS:
        named["provider_code"] = row["provider_code"]
    events = lineage.rows(trajectory_events.SOURCE, **named)
    if "month" in row:
        events = events.filter(pl.col("occurred_on") <= pl.lit(row["month"]).dt.month_end())
    return lineage.traces("events", trajectory_events.SOURCE, events)
