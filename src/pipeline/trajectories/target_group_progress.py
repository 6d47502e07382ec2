"""The curated table ``target_group_progress``. Not here: the counting (``progress``)."""

from collections.abc import Iterator

import polars as pl

from pipeline.trajectories.clients_behind import COUNTS, Word, clients_behind, rate_behind
from pipeline.trajectories.history import Figure, History, history
from pipeline.trajectories.memberships import in_target_groups, target_groups
from pipeline.trajectories.people import People, everybody
from pipeline.trajectories.progress import counts_by_month
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import TARGET_GROUP_PROGRESS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return target_group_progress(known.once(everybody))


def target_group_progress(people: People) -> pl.DataFrame:
    """Clients by standing per target group, as told by the end of the month; under unknown before one was told."""
    return TARGET_GROUP_PROGRESS.shaped(counts_by_month(people, in_target_groups(people)))


def _projected(of: History) -> pl.DataFrame:
    return target_group_progress(of.people)


def _counts_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    frames = (target_groups(of.settled, of.horizons), in_target_groups(of.people))
    figure = Figure(TARGET_GROUP_PROGRESS, row, column, _projected)
    yield from clients_behind(of, figure, Word("target_group", row["target_group"], *frames))


PROJECTION = Projection(
    table=TARGET_GROUP_PROGRESS,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(
        Explained(COUNTS, _counts_behind),
        Explained(("placement_rate_pct",), lambda _, row, __: rate_behind(TARGET_GROUP_PROGRESS, row)),
    ),
)
