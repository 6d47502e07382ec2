"""All that is known about programmes on one day: the curated tables, and single facts that claims ask for.

Here: gathering. Not here: the fold of trajectories, counts and averages (``trajectories``, ``progress``,
``occupancy``).
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.core import occupancy, progress, trajectory_checks
from pipeline.core.corrections import in_force
from pipeline.core.trajectories import fold
from schemas import reference
from schemas.curated.trajectories import ACTIVATION, PROGRAMME_OCCUPANCY, TRAJECTORIES


@dataclass(frozen=True)
class Programmes:
    """Trajectories and what follows from them; ``horizon`` is the last day of which something can be known."""

    horizon: date | None
    trajectories: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame

    def facts(self) -> "dict[str, ProgrammeFacts]":
        """By programme, those that have a start in the data."""
        started = self.trajectories.filter(pl.col("started_on").is_not_null())
        if self.horizon is None:
            return {}
        return {
            str(code): ProgrammeFacts(str(code), self.horizon, of_programme)
            for (code,), of_programme in started.group_by("programme_code", maintain_order=True)
        }


def project(events: pl.DataFrame, horizon: date | None) -> Programmes:
    """Everything about programmes from winning events. ``horizon`` is the last delivery of events."""
    force = in_force(events)
    trajectories = fold(force.events, horizon)
    return Programmes(
        horizon=horizon,
        trajectories=trajectories,
        tables={
            TRAJECTORIES.name: trajectories,
            "programme_progress": progress.programme_progress(trajectories, horizon),
            "target_group_progress": progress.target_group_progress(trajectories, horizon),
            "method_progress": progress.method_progress(trajectories, horizon),
            "channel_progress": progress.channel_progress(trajectories, horizon),
            PROGRAMME_OCCUPANCY.name: occupancy.programme_occupancy(trajectories, horizon),
            ACTIVATION.name: occupancy.activation(force.events),
        },
        findings=trajectory_checks.trajectory_findings(force, trajectories, horizon),
    )


@dataclass(frozen=True)
class ProgrammeFacts:
    """Single facts about one programme, all providers together and each client once."""

    programme_code: str
    horizon: date
    trajectories: pl.DataFrame
    """Those that have started."""

    def counts_on(self, day: date) -> dict[str, int]:
        """Participants, active, placed, placed in a part-time job and ended otherwise at the end of a day."""
        known = self.trajectories.filter(pl.col("started_on").min().over("client_key") <= day)
        is_open = (pl.col("started_on") <= day) & (pl.col("ended_on").is_null() | (pl.col("ended_on") > day))
        first = known.sort("placed_on", "trajectory_id", nulls_last=True, maintain_order=True)
        clients = first.group_by("client_key").agg(
            is_open=is_open.any(),
            is_placed=(pl.col("placed_on") <= day).fill_null(value=False).any(),
            is_part_time=pl.col("part_time").first().fill_null(value=False),
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
        days = self.trajectories.select((last - first).dt.total_days().clip(lower_bound=0).sum()).item()
        return float(days) / (until - begin).days

    @property
    def first_start(self) -> date | None:
        day = self.trajectories["started_on"].min()
        return day if isinstance(day, date) else None

    @property
    def started(self) -> int:
        return self.trajectories.height

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
        days = progress.target_reached(self.trajectories)["reached_on"]
        return days[0] if len(days) else None

    @property
    def maximum_months(self) -> int | None:
        return self._reference.get("maximum_months")

    @property
    def over_maximum(self) -> int:
        until = pl.coalesce("ended_on", pl.lit(self.horizon))
        return occupancy.with_maximum(self.trajectories).filter(until > pl.col("latest_end")).height
