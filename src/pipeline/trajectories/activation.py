"""The curated table ``activation``: clients per programme, month and activity. Not here: these (``activity``)."""

import polars as pl

from pipeline.trajectories.events_behind import events_of_programme
from pipeline.trajectories.horizon import KNOWN_UNTIL, horizons, with_horizon
from pipeline.trajectories.provider_digest import ACTIVITY_PART, part
from pipeline.versions.explanation import every_column
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import ACTIVATION


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return clients_active(part(known, ACTIVITY_PART), horizons(known))


def clients_active(active: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Clients per programme, month and activity, from ``ACTIVITY`` of all providers: each client once."""
    has_come = with_horizon(active, horizons).filter(pl.col("first_on") <= pl.col(KNOWN_UNTIL))
    counted = has_come.group_by(ACTIVATION.key).agg(clients=pl.col("client_key").n_unique())
    return ACTIVATION.shaped(counted)


PROJECTION = Projection(
    table=ACTIVATION,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=every_column(ACTIVATION, events_of_programme),
)
