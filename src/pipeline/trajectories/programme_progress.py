"""The curated table ``programme_progress``: clients by standing, with the target. Not here: the counting
(``progress``).
"""

from collections.abc import Iterator

import polars as pl

from pipeline.trajectories.clients_behind import COUNTS, clients_behind, rate_behind, row_behind
from pipeline.trajectories.history import THE_ROW, Figure, History, history
from pipeline.trajectories.horizon import KNOWN_UNTIL
from pipeline.trajectories.people import People, everybody
from pipeline.trajectories.progress import counts_by_month, placements_of, target_reached
from pipeline.trajectories.standing import placed_first
from pipeline.versions.explanation import Behind, Cell, Explained, Lineage, Row, Stated
from pipeline.versions.projection import Known, Projection
from schemas import reference
from schemas.sources import trajectory_events
from schemas.tables.trajectories import PROGRAMME_PROGRESS
from schemas.vocabulary import ALL_PROVIDERS


def project(known: Known) -> pl.DataFrame:
    """The table as known on a day."""
    return programme_progress(known.once(everybody))


def programme_progress(people: People) -> pl.DataFrame:
    """Per programme and provider, and for all providers with each client once; with the target of the programme."""
    counts = counts_by_month(people)
    target = reference.programmes().select(
        "programme_code", target="target_placements", provider_code=pl.lit(ALL_PROVIDERS)
    )
    reached = target_reached(placements_of(people))
    with_target = counts
    for beside in (target, reached, people.last_days):
        with_target = with_target.join(beside, on=["programme_code", "provider_code"], how="left")
    is_past = pl.col("reached_on") <= pl.min_horizontal(pl.col("month").dt.month_end(), KNOWN_UNTIL)
    return PROGRAMME_PROGRESS.shaped(with_target.with_columns(target_reached_on=pl.when(is_past).then("reached_on")))


def _projected(of: History) -> pl.DataFrame:
    return programme_progress(of.people)


def _counts_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    yield from clients_behind(of, Figure(PROGRAMME_PROGRESS, row, column, _projected))


def _row_behind(lineage: Lineage, row: Row, _column: str) -> Iterator[Behind]:
    of = history(lineage, row["programme_code"], row["provider_code"])
    yield from row_behind(of, Figure(PROGRAMME_PROGRESS, row, THE_ROW, _projected))


def _target_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    yield from _row_behind(lineage, row, column)
    if row["provider_code"] == ALL_PROVIDERS:
        yield Stated("reference data", f"target_placements of {row['programme_code']} in programmes.csv")
    else:
        yield Stated("reference data", "one target for the programme; none was set for each of its providers")


def _reached_behind(lineage: Lineage, row: Row, column: str) -> Iterator[Behind]:
    """The placements up to the one that reached the target; before that, how many there were."""
    if row[column] is None and row["target"] is None:
        yield from _target_behind(lineage, row, column)
        return
    if row[column] is None:
        key = tuple(row[name] for name in PROGRAMME_PROGRESS.key)
        yield Cell("not reached", PROGRAMME_PROGRESS, key, "target")
        yield Cell("not reached", PROGRAMME_PROGRESS, key, "placed")
        return
    of = history(lineage, row["programme_code"])
    first = placed_first(of.trajectories, ["programme_code"]).head(row["target"])
    day = of.last_day(ALL_PROVIDERS, row["month"])
    figure = Figure(PROGRAMME_PROGRESS, row, column, _projected)
    yield from of.traces([of.started(first), of.placed(first)], {ALL_PROVIDERS: (row["month"], day)}, figure)


PROJECTION = Projection(
    table=PROGRAMME_PROGRESS,
    inputs=(trajectory_events.SOURCE,),
    project=project,
    explain=(
        Explained(COUNTS, _counts_behind),
        Explained(("placement_rate_pct",), lambda _, row, __: rate_behind(PROGRAMME_PROGRESS, row)),
        Explained(("target",), _target_behind, is_aside=True),
        Explained(("target_reached_on",), _reached_behind),
        Explained(PROGRAMME_PROGRESS.key, _row_behind),
    ),
)
