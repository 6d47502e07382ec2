"""The curated table ``trajectories``. Not here: how one stands on the last day known (``as_known``), what the events
come to (``settle``), counts over clients (``progress``).
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import cast

import polars as pl

from pipeline.trajectories.as_known import as_known, settled_on
from pipeline.trajectories.history import Figure, history, named
from pipeline.trajectories.horizon import horizons
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.trajectories.settle import first_uses, jobs_deciding, pause_turns
from pipeline.trajectories.tried import Choice
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import EventKind, TrajectoryStatus


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day, providers in the order of their codes."""
    # Of one number those of the first provider come first already.
    settled = part(known, SETTLED_PART).sort("trajectory_id", maintain_order=True)
    return as_known(settled, horizons(known))


Rows = Callable[[pl.DataFrame, Row], pl.DataFrame]
"""From the events of one trajectory, in order, and its row to those that decide a column."""


def _of(kind: EventKind, most: int | None = 1) -> Rows:
    def chosen(events: pl.DataFrame, _: Row) -> pl.DataFrame:
        of_kind = events.filter(event=kind.value)
        return named(of_kind if most is None else of_kind.head(most), _PARTS[kind])

    return chosen


def _last_told(column: str) -> Rows:
    return lambda events, _: named(events.drop_nulls(column).tail(1), column.removesuffix("_code").replace("_", " "))


def _status(events: pl.DataFrame, row: Row) -> pl.DataFrame:
    """The placement or the end; without them the start, and of a pause its begin."""
    status = row["status"]
    if status == TrajectoryStatus.PLACED:
        return _of(EventKind.PLACED)(events, row)
    if status in (TrajectoryStatus.ENDED, TrajectoryStatus.DROPPED_OUT):
        return _of(EventKind.ENDED)(events, row)
    start = _of(EventKind.STARTED)(events, row)
    if status == TrajectoryStatus.PAUSED:
        return pl.concat([start, named(events.filter(event=EventKind.PAUSED.value).tail(1), "paused")])
    return start if status == TrajectoryStatus.ACTIVE else start.clear()


def _pauses(events: pl.DataFrame, row: Row) -> pl.DataFrame:
    return named(pause_turns(events) if row["days_paused"] else events.clear(), "pause")


def _days(events: pl.DataFrame, row: Row) -> pl.DataFrame:
    start = _of(EventKind.STARTED)(events, row)
    return pl.concat([start, _of(EventKind.ENDED)(events, row)]) if row["started_on"] else start.clear()


_PARTS = {
    EventKind.REFERRED: "referred",
    EventKind.STARTED: "started",
    EventKind.ENDED: "ended",
    EventKind.PLACED: "placed",
    EventKind.EXTENDED: "extended",
}
_PLACEMENT = ("placed_on", "part_time", "hours_per_week", "channel", "subsidised")
_DECIDING: dict[str, Rows] = {
    "target_group": _last_told("target_group"),
    "municipality_code": _last_told("municipality_code"),
    "status": _status,
    "referred_on": _of(EventKind.REFERRED),
    "started_on": _of(EventKind.STARTED),
    **dict.fromkeys(("ended_on", "end_reason"), _of(EventKind.ENDED)),
    "methods": lambda events, _: named(first_uses(events), "method"),
    "methods_text": lambda events, _: named(first_uses(events), "method"),
    **dict.fromkeys(_PLACEMENT, _of(EventKind.PLACED)),
    "placements": _of(EventKind.PLACED, None),
    "durable": lambda events, _: named(jobs_deciding(events), "job"),
    "extensions": _of(EventKind.EXTENDED, None),
    "days_paused": _pauses,
    "days_in_trajectory": _days,
}
_UNTIL = ("status", "placements", "durable", "extensions", "days_paused", "days_in_trajectory")
"""Columns that hang on how far the provider is known."""


def _behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """The events that decide a column; where none does, the first one, by which there is a trajectory at all."""
    provider = row["provider_code"]
    of = history(lineage, row["programme_code"], provider)
    events = of.events.filter(provider_code=provider, trajectory_id=row["trajectory_id"])
    known = of.horizons.filter(provider_code=provider)["known_until"].to_list()
    decide = _DECIDING.get(column)
    chosen = decide(_come(events, known), row) if decide else named(events.clear(), "")
    own = of.settled.filter(provider_code=provider, trajectory_id=row["trajectory_id"])
    settled = own.with_columns(durable_known_on=settled_on(pl.lit(row["durable"], pl.Boolean()))).row(0, named=True)
    needs = chosen.height and known and column in _UNTIL
    yield from of.traces_of(
        Choice(chosen.clear(), chosen if chosen.height else named(events.head(1), "first")),
        {provider: (_until(column, row, settled, known[0]), known[0])} if needs else {},
        Figure(TRAJECTORIES, row, column, lambda of: of.trajectories),
    )


def _until(column: str, row: Row, settled: Row, known: date) -> date:
    """How far the provider has to be known for a column, beside what is chosen."""
    if column == "days_in_trajectory" and (row["ended_on"] is None or row["ended_on"] > known):
        return known
    if column == "days_paused" and any(day is None or day > known for day in settled["pauses_until"] or []):
        return known
    if column == "durable" and row["durable"] is not None:
        return cast(date, settled["durable_known_on"])
    return date.min


def _come(events: pl.DataFrame, known: list[date]) -> pl.DataFrame:
    """Without what is of a day after the last one known, but for an end that is announced."""
    has_come = pl.col("occurred_on") <= (known or [date.max])[0]
    return events.filter(has_come | (pl.col("event") == EventKind.ENDED.value))


PROJECTION = Projection(
    table=TRAJECTORIES,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(Explained(TRAJECTORIES.not_key, _behind),),
)
