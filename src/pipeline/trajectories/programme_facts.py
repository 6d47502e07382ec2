"""Single facts about a programme that published figures are compared with: all providers together, each client once.

Not here: the curated tables about programmes (``programme_progress`` and its neighbours).
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.trajectories import maximum_duration, progress, standing
from pipeline.trajectories.horizon import (
    KNOWN_UNTIL,
    horizons,
    last_days_of_programmes,
    with_horizon,
    without_what_is_to_come,
)
from pipeline.trajectories.settle import SETTLED
from pipeline.versions.projection import Known
from schemas import reference
from schemas.sources import trajectory_events

_FACTS = (
    "trajectory_id", "provider_code", "client_key", "programme_code", "target_group", "started_on", "ended_on",
    "placed_on", "part_time", "channel",
)  # fmt: skip
STARTED = pl.Schema({name: SETTLED[name] for name in _FACTS})
"""What single facts are made of."""


def programme_facts(known: Known) -> "dict[str, ProgrammeFacts]":
    """By programme, those that have a start in what was known."""
    every = known.provider_part(trajectory_events.SOURCE, started)
    # Of one number those of the first provider come first already.
    return facts_of(every.sort("trajectory_id", maintain_order=True), horizons(known))


def started(trajectories: pl.DataFrame) -> pl.DataFrame:
    """``STARTED`` of the settled trajectories that have a start, in the order in which they are settled."""
    return trajectories.filter(pl.col("started_on").is_not_null()).select(_FACTS)


def facts_of(started: pl.DataFrame, horizons: pl.DataFrame) -> "dict[str, ProgrammeFacts]":
    """By programme, from ``STARTED`` and the last days known of providers."""
    last = dict(last_days_of_programmes(started, horizons).iter_rows())
    known = without_what_is_to_come(with_horizon(started, horizons)).drop_nulls("started_on")
    return {
        str(code): ProgrammeFacts(str(code), last[code], of_programme)
        for (code,), of_programme in known.group_by("programme_code", maintain_order=True)
        if code in last
    }


@dataclass(frozen=True)
class ProgrammeFacts:
    """Single facts about one programme, all providers together and each client once."""

    programme_code: str
    horizon: date
    """The last day of which anything is known of it, from whichever provider."""
    trajectories: pl.DataFrame
    """Those that have started, with the last day known of their own provider."""

    def counts_on(self, day: date) -> dict[str, int]:
        """Participants, active, placed, placed in a part-time job and ended otherwise at the end of a day."""
        known = self.trajectories.filter(pl.col("started_on") <= day)
        first = standing.placed_first(known.filter(pl.col("placed_on") <= day), ["programme_code"])
        jobs = first.select("client_key", is_placed=pl.lit(value=True), is_part_time="part_time")
        is_open = (pl.col("ended_on").is_null() | (pl.col("ended_on") > day)).any()
        clients = (
            known.group_by("client_key")
            .agg(is_open=is_open)
            .join(jobs, on="client_key", how="left")
            .with_columns(pl.col("is_placed", "is_part_time").fill_null(value=False))
        )
        placed = pl.col("is_placed")
        row = clients.select(
            participants=pl.len(),
            active=(pl.col("is_open") & ~placed).sum(),
            placed=placed.sum(),
            placed_part_time=(placed & pl.col("is_part_time")).sum(),
            ended_otherwise=(~pl.col("is_open") & ~placed).sum(),
        ).row(0, named=True)
        return {name: int(value) for name, value in row.items()}

    def placed_between(self, begin: date, until: date) -> int:
        """Clients whose first placement lies in the half-open period."""
        first = progress.client_placements(self.trajectories)
        return first.filter((pl.col("day") >= begin) & (pl.col("day") < until)).height

    def average_between(self, begin: date, until: date) -> float:
        """Open trajectories, averaged over the days of the half-open period."""
        first = pl.max_horizontal("started_on", pl.lit(begin))
        last = pl.min_horizontal(pl.col("ended_on").fill_null(until), pl.lit(until))
        days = self._stays.select((last - first).dt.total_days().clip(lower_bound=0).sum()).item()
        return float(days) / (until - begin).days

    @property
    def _stays(self) -> pl.DataFrame:
        return standing.stays(self.trajectories)

    @property
    def first_start(self) -> date | None:
        day = self.trajectories["started_on"].min()
        return day if isinstance(day, date) else None

    @property
    def started(self) -> int:
        return self._stays.height

    @property
    def providers(self) -> int:
        return self.trajectories["provider_code"].n_unique()

    @property
    def target_groups(self) -> int:
        """Groups of the programme's own list that occur."""
        own = reference.programme_words("target_group").filter(programme_code=self.programme_code)["code"]
        found = self.trajectories["target_group"].drop_nulls().unique()
        return int(found.is_in(own.implode()).sum()) if len(own) else len(found)

    @property
    def _reference(self) -> dict[str, int | None]:
        rows = reference.programmes().filter(programme_code=self.programme_code)
        return rows.row(0, named=True) if rows.height else {}

    @property
    def target(self) -> int | None:
        return self._reference.get("target_placements")

    @property
    def target_reached_on(self) -> date | None:
        days = progress.target_reached(progress.client_placements(self.trajectories))["reached_on"]
        return days[0] if len(days) else None

    @property
    def maximum_months(self) -> int | None:
        return self._reference.get("maximum_months")

    @property
    def over_maximum(self) -> int:
        known = with_horizon(self._stays, self.trajectories.select("provider_code", KNOWN_UNTIL).unique())
        until = pl.min_horizontal(pl.coalesce("ended_on", KNOWN_UNTIL), KNOWN_UNTIL)
        return maximum_duration.with_maximum(known).filter(until > pl.col("latest_end")).height
