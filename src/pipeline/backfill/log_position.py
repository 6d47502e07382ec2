"""Whether the log still stands where a plan was made. Here: events as short hashes, and what moved, in words.

By content, not by Delta version: compaction and checkpoints change versions and nothing else.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import polars as pl

from pipeline.backfill.plan import Plan, Position
from schemas.sentences import Sentence, said
from schemas.spelling import shown
from schemas.vocabulary import Decision, DeliveryStatus

_IDENTITY = ("source", "delivery", "processing", "event", "file_name", "recorded_at")
_KEY_LENGTH = 16
_NAMED = 10


def position(events: pl.DataFrame, tables: Mapping[str, int]) -> Position:
    """Where the log stands that holds these events."""
    sources: dict[str, Mapping[str, Any]] = {
        source: {"events": count, "last_recorded_at": last.isoformat()}
        for source, count, last in events.group_by("source")
        .agg(pl.len(), pl.col("recorded_at").max())
        .sort("source")
        .iter_rows()
    }
    return Position(events.height, dict(tables), sources, tuple(sorted(_keys(events))))


def _what(event: str) -> StrEnum | str:
    known: dict[str, StrEnum] = {each.value: each for each in (*DeliveryStatus, *Decision)}
    return known.get(event, event)


def _keys(events: pl.DataFrame) -> list[str]:
    texts = events.select(pl.concat_str([pl.col(name).cast(pl.String) for name in _IDENTITY], separator="|"))
    return [hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH] for text in texts.to_series()]


def new_events(events: pl.DataFrame, known: Position) -> pl.DataFrame:
    """Events that were not there at a position."""
    return events.filter(~pl.Series(_keys(events), dtype=pl.String).is_in(list(known.keys)))


def made_by(events: pl.DataFrame, plan_id: str) -> pl.DataFrame:
    """Events that were recorded while a plan was applied."""
    return events.filter(pl.col("plan") == plan_id)


def moves(events: pl.DataFrame, plan: Plan) -> tuple[Sentence, ...]:
    """What happened to the log since a plan was made, apart from the plan itself; empty when nothing did."""
    moved = new_events(events, plan.position).filter(pl.col("plan").ne_missing(plan.id))
    gone = plan.position.events - (events.height - new_events(events, plan.position).height)
    lines = [
        said("plan.event-since", file=shown(name), what=_what(what), day=when.date(), time=f"{when:%H:%M}")
        for name, what, when in moved.sort("recorded_at", "file_name")
        .select("file_name", "event", "recorded_at")
        .rows()
    ]
    more = [said("plan.more-events", count=len(lines) - _NAMED)] if len(lines) > _NAMED else []
    lost = [said("plan.events-gone", count=gone)] if gone else []
    return (*lines[:_NAMED], *more, *lost)
