"""Everything about programmes from winning events, without a log, composed from the functions of the room.

Not here: any rule or count (``pipeline.trajectories``), and the slow way that they are compared with
(``trajectory_reference``).
"""

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

PROGRESS = {
    "programme_progress": programme_progress,
    "target_group_progress": target_group_progress,
    "method_progress": method_progress,
    "channel_progress": channel_progress,
}
"""Tables that count clients by month, from trajectories and the last day known."""


@dataclass(frozen=True)
class Programmes:
    """Trajectories and what follows from them; ``horizon`` is the last day of which something can be known."""

    horizon: date | None
    trajectories: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    findings: pl.DataFrame

    def facts(self) -> dict[str, ProgrammeFacts]:
        return facts_of(started(self.trajectories), self.horizon)


def programmes(events: pl.DataFrame, horizon: date | None) -> Programmes:
    """From winning events of any providers. ``horizon`` is the last delivery of events."""
    parts = digest(events)
    trajectories = as_known(parts[SETTLED_PART], horizon).sort(TRAJECTORIES.key)
    tables = {name: table(trajectories, horizon) for name, table in PROGRESS.items()}
    return Programmes(
        horizon=horizon,
        trajectories=trajectories,
        tables={
            "trajectories": trajectories,
            **tables,
            "programme_occupancy": programme_occupancy(trajectories, horizon),
            "activation": clients_active(parts[ACTIVITY_PART]),
        },
        findings=one_each([parts[FINDINGS_PART], too_long(trajectories, horizon), two_providers(trajectories)]),
    )


def settled_as_known(events: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    """The table ``trajectories`` from events in force."""
    return as_known(settle(events), horizon)


def activation(events: pl.DataFrame) -> pl.DataFrame:
    """The table ``activation`` from events in force."""
    return clients_active(activity(events))
