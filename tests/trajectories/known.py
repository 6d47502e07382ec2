"""Everything about programmes from winning events, without a log, composed from the functions of the room.

Not here: any rule or count (``pipeline.trajectories``), and the slow way that they are compared with
(``trajectory_reference``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.trajectories.activation import clients_active
from pipeline.trajectories.activity import activity
from pipeline.trajectories.channel_progress import channel_progress
from pipeline.trajectories.method_progress import method_progress
from pipeline.trajectories.programme_facts import ProgrammeFacts, facts_of, started
from pipeline.trajectories.programme_occupancy import programme_occupancy
from pipeline.trajectories.programme_progress import programme_progress
from pipeline.trajectories.provider_digest import ACTIVITY_PART, FINDINGS_PART, SETTLED_PART, digest
from pipeline.trajectories.settle import settle
from pipeline.trajectories.target_group_progress import target_group_progress
from pipeline.trajectories.trajectories import as_known
from pipeline.trajectories.trajectory_findings import too_long, two_providers
from pipeline.versions.relation_findings import one_each
from schemas.tables.trajectories import TRAJECTORIES

_PROGRESS = (programme_progress, target_group_progress, method_progress, channel_progress)

Horizon = date | Mapping[str, date] | None
"""The last day known: of every provider alike, or of each."""


def horizons(of: pl.DataFrame, horizon: Horizon) -> pl.DataFrame:
    """(provider_code, known_until) of the providers in a frame."""
    codes = of["provider_code"].unique().sort().to_list()
    days = [horizon[code] if isinstance(horizon, Mapping) else horizon for code in codes]
    return pl.DataFrame(
        {"provider_code": codes, "known_until": days}, schema={"provider_code": pl.String, "known_until": pl.Date}
    )


def _counting(table: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    return lambda trajectories, horizon: table(trajectories, horizons(trajectories, horizon))


PROGRESS = {table.__name__: _counting(table) for table in _PROGRESS}
"""Tables that count clients by month, from trajectories and the last days known."""

occupancy = _counting(programme_occupancy)


@dataclass(frozen=True)
class Programmes:
    """Trajectories and what follows from them; ``horizons`` are the last days known."""

    horizons: pl.DataFrame
    trajectories: pl.DataFrame
    settled: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame

    def facts(self) -> dict[str, ProgrammeFacts]:
        return facts_of(started(self.settled), self.horizons)


def programmes(events: pl.DataFrame, horizon: Horizon) -> Programmes:
    """From winning events of any providers."""
    parts, last = digest(events), horizons(events, horizon)
    trajectories = as_known(parts[SETTLED_PART], last).sort(TRAJECTORIES.key)
    tables = {table.__name__: table(trajectories, last) for table in _PROGRESS}
    return Programmes(
        horizons=last,
        trajectories=trajectories,
        settled=parts[SETTLED_PART],
        tables={
            "trajectories": trajectories,
            **tables,
            "programme_occupancy": programme_occupancy(trajectories, last),
            "activation": clients_active(parts[ACTIVITY_PART], last),
        },
        findings=one_each([parts[FINDINGS_PART], too_long(trajectories, last), two_providers(trajectories)]),
    )


def settled_as_known(events: pl.DataFrame, horizon: Horizon) -> pl.DataFrame:
    """The table ``trajectories`` from events in force."""
    return as_known(settle(events), horizons(events, horizon))


def activation(events: pl.DataFrame) -> pl.DataFrame:
    """The table ``activation`` from events in force, all of which have come."""
    return clients_active(activity(events), horizons(events, date.max))
