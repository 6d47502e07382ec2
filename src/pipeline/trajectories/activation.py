"""The curated table ``activation``: clients per programme, month and activity. Not here: these (``activity``)."""

from collections.abc import Iterator

import polars as pl

from pipeline.trajectories.activity import done
from pipeline.trajectories.corrections import in_force
from pipeline.trajectories.horizon import KNOWN_UNTIL, horizons, with_horizon
from pipeline.trajectories.provider_digest import ACTIVITY_PART, part
from pipeline.trajectories.steps import in_order
from pipeline.versions.explanation import Behind, Explained, Lineage, Row, Trace
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import ACTIVATION


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return clients_active(part(known, ACTIVITY_PART), horizons(known))


def clients_active(active: pl.DataFrame, horizons: pl.DataFrame) -> pl.DataFrame:
    """Clients per programme, month and activity, from ``ACTIVITY`` of all providers: each client once."""
    has_come = with_horizon(active, horizons).filter(pl.col("occurred_on") <= pl.col(KNOWN_UNTIL))
    counted = has_come.group_by(ACTIVATION.key).agg(clients=pl.col("client_key").n_unique())
    return ACTIVATION.shaped(counted)


def _clients_behind(lineage: Lineage, row: Row, _: str) -> Iterator[Behind]:
    """Of each client the first event of the month."""
    yield from _traces(lineage, row, _first_of_each(lineage, row))


def _row_behind(lineage: Lineage, row: Row, _: str) -> Iterator[Behind]:
    """The first of them, by whom there is a row."""
    yield from _traces(lineage, row, _first_of_each(lineage, row).head(1))


def _first_of_each(lineage: Lineage, row: Row) -> pl.DataFrame:
    won = lineage.rows(trajectory_events.SOURCE)
    active = done(in_order(in_force(won).events)).filter([pl.col(name) == row[name] for name in ACTIVATION.key])
    has_come = with_horizon(active, horizons(lineage.known)).filter(pl.col("occurred_on") <= pl.col(KNOWN_UNTIL))
    first = has_come.sort("occurred_on", "provider_code", "event_id", "trajectory_id")
    return first.unique("client_key", keep="first", maintain_order=True)


def _traces(lineage: Lineage, row: Row, events: pl.DataFrame) -> list[Trace]:
    return lineage.traces(row["activity"].replace("_", " "), trajectory_events.SOURCE, events)


PROJECTION = Projection(
    table=ACTIVATION,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(Explained(("clients",), _clients_behind), Explained(ACTIVATION.key, _row_behind)),
)
