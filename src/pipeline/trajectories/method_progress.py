"""The curated table ``method_progress``. Not here: the counting (``progress``)."""

from collections.abc import Iterator

import polars as pl

from pipeline.trajectories.clients_behind import COUNTS, Word, clients_behind, rate_behind, row_behind
from pipeline.trajectories.history import THE_ROW, Figure, History, history
from pipeline.trajectories.memberships import in_methods, methods
from pipeline.trajectories.people import People, everybody
from pipeline.trajectories.progress import counts_by_month
from pipeline.versions.explanation import Behind, Explained, Lineage, Row
from pipeline.versions.projection import Known, Projection
from schemas.sources import trajectory_events
from schemas.tables.trajectories import METHOD_PROGRESS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return method_progress(known.once(everybody))


def method_progress(people: People) -> pl.DataFrame:
    """Clients by standing per method, each from its first use on; a client with several methods stands under each."""
    return METHOD_PROGRESS.shaped(counts_by_month(people, in_methods(people)))


def _projected(of: History) -> pl.DataFrame:
    return method_progress(of.people)


def _counts_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    yield from clients_behind(of, Figure(METHOD_PROGRESS, row, column, _projected), _word(of, row))


def _row_behind(lineage: Lineage, row: Row, _column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    yield from row_behind(of, Figure(METHOD_PROGRESS, row, THE_ROW, _projected), _word(of, row))


def _word(of: History, row: Row) -> Word:
    frames = (methods(of.settled, of.horizons), in_methods(of.people))
    return Word("method", row["method"], *frames)


PROJECTION = Projection(
    table=METHOD_PROGRESS,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(
        Explained(COUNTS, _counts_behind),
        Explained(("placement_rate_pct",), lambda _, row, __: rate_behind(METHOD_PROGRESS, row)),
        Explained(METHOD_PROGRESS.key, _row_behind),
    ),
)
