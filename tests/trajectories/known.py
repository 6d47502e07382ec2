"""Everything about programmes from winning events, without a log, composed from the functions of the room.

Not here: any rule or count (``pipeline.trajectories``), and the slow way that they are compared with
(``trajectory_reference``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from pipeline.trajectories.activation import clients_active
from pipeline.trajectories.as_known import as_known
from pipeline.trajectories.channel_progress import channel_progress
from pipeline.trajectories.method_progress import method_progress
from pipeline.trajectories.people import people
from pipeline.trajectories.programme_facts import ProgrammeFacts, facts_of, started
from pipeline.trajectories.programme_occupancy import programme_occupancy
from pipeline.trajectories.programme_progress import programme_progress
from pipeline.trajectories.provider_digest import ACTIVITY_PART, FINDINGS_PART, SETTLED_PART, digest
from pipeline.trajectories.settle import settle
from pipeline.trajectories.target_group_progress import target_group_progress
from pipeline.trajectories.trajectory_findings import too_long, two_providers
from pipeline.versions.finding_rows import one_each
from schemas.tables.trajectories import TRAJECTORIES

PROGRESS = ("programme_progress", "target_group_progress", "method_progress", "channel_progress")
"""Tables that count clients by month."""

Horizon = date | Mapping[str, date] | None
"""The last day known: of every provider alike, or of each."""


def horizons(of: pl.DataFrame, horizon: Horizon) -> pl.DataFrame:
    """(provider_code, known_until) of the providers in a frame."""
    codes = of["provider_code"].unique().sort().to_list()
    days = [horizon[code] if isinstance(horizon, Mapping) else horizon for code in codes]
    return pl.DataFrame(
        {"provider_code": codes, "known_until": days}, schema={"provider_code": pl.String, "known_until": pl.Date}
    )


@dataclass(frozen=True)
class Programmes:
    """Trajectories and what follows from them, made when it is asked for; ``horizons`` are the last days known."""

    horizons: pl.DataFrame
    parts: Mapping[str, pl.DataFrame]

    @cached_property
    def trajectories(self) -> pl.DataFrame:
        return as_known(self.settled, self.horizons).sort(TRAJECTORIES.key)

    @property
    def settled(self) -> pl.DataFrame:
        return self.parts[SETTLED_PART]

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        everybody = people(self.settled, self.horizons)
        return {
            "trajectories": self.trajectories,
            "programme_progress": programme_progress(everybody),
            "target_group_progress": target_group_progress(everybody),
            "method_progress": method_progress(everybody),
            "channel_progress": channel_progress(everybody),
            "programme_occupancy": programme_occupancy(everybody),
            "activation": clients_active(self.parts[ACTIVITY_PART], self.horizons),
        }

    @cached_property
    def findings(self) -> pl.DataFrame:
        late = too_long(self.trajectories, self.horizons)
        return one_each([self.parts[FINDINGS_PART], late, two_providers(self.trajectories)])

    def facts(self) -> dict[str, ProgrammeFacts]:
        return facts_of(started(self.settled), self.horizons)


def programmes(events: pl.DataFrame, horizon: Horizon) -> Programmes:
    """From winning events of any providers."""
    return Programmes(horizons(events, horizon), digest(events))


def settled_as_known(events: pl.DataFrame, horizon: Horizon) -> pl.DataFrame:
    """The table ``trajectories`` from events in force."""
    return as_known(settle(events), horizons(events, horizon))
