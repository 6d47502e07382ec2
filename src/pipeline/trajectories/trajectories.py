"""The curated table ``trajectories``. Not here: how one stands on the last day known (``as_known``), what the events
come to (``settle``), counts over clients (``progress``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

import polars as pl

from pipeline.trajectories.as_known import as_known, due, followed_by, settled_on
from pipeline.trajectories.history import Figure, History, history, named, not_yet
from pipeline.trajectories.horizon import KNOWN_UNTIL, horizons
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.trajectories.settle import first_uses, jobs_deciding, pause_turns
from pipeline.trajectories.tried import Choice
from pipeline.versions.explanation import Behind, Explained, Lineage, Row, Stated
from pipeline.versions.projection import Known, Projection
from schemas.limits.figures import DURABLE_MONTHS
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
    if column == "durable" and row["durable"] is None and row["placed_on"] is not None:
        yield from _too_early(of, row, events, known[0])
        return
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


@dataclass(frozen=True)
class _TooEarly:
    """That it is not known yet whether a placement lasts: for the same reason, on the same day."""

    row: Row
    jobs: Row
    """Settled, with ``due`` and ``followed_by``."""
    until: date
    """How far the provider is known."""

    @property
    def is_before_due(self) -> bool:
        return bool(self.jobs["due"] > self.until)

    @property
    def why(self) -> str:
        if self.is_before_due:
            due, months = self.jobs["due"], DURABLE_MONTHS
            return f"placed on {self.row['placed_on']}: whether the job lasts {months} months is known from {due} on"
        ended, last = self.jobs["job_until"], self.jobs["followed_by"]
        return f"the job ended on {ended}, and until {last} another one would follow it in time"

    def is_given_by(self, history: History) -> bool:
        of = {name: self.row[name] for name in TRAJECTORIES.key}
        stands, jobs = history.trajectories.filter(**of), history.settled.filter(**of)
        known = history.horizons.filter(provider_code=self.row["provider_code"])[KNOWN_UNTIL].to_list()
        is_same = known == [self.until] and stands.select("durable", "placed_on").rows() == [
            (None, self.row["placed_on"])
        ]
        return is_same and (self.is_before_due or jobs["job_until"].to_list() == [self.jobs["job_until"]])


def _too_early(of: History, row: Row, events: pl.DataFrame, until: date) -> Iterator[Behind]:
    """The placement, and the end of a job that another may still follow; and what shows how far the provider is known,
    which is not far enough.
    """
    provider = row["provider_code"]
    own = of.settled.filter(**{name: row[name] for name in TRAJECTORIES.key})
    wanted = _TooEarly(row, own.with_columns(due=due(), followed_by=followed_by()).row(0, named=True), until)
    placed = _of(EventKind.PLACED)(events, row)
    choice = Choice(placed, not_yet(named(jobs_deciding(events), "job"), [placed]))
    yield from of.traces_of(choice, {provider: (until, until)}, wanted)
    yield Stated("too early", f"{provider} is known until {until}; {wanted.why}")


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
