"""What the log holds, before anything supersedes anything: read once, asked about many days.

Here: reading each source the way it declares. Not here: what was known on a day (``as_of_state``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipeline.jobs.as_of.providers import Providers
from pipeline.jobs.fingerprints import step_version
from pipeline.jobs.projections import BY_PROVIDER, COUNTED
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.store.kept_results import KeptResults, fingerprint
from pipeline.versions.projection import Counted
from pipeline.versions.status_by_day import READING, StatusByDay
from schemas.bad_declaration import BadDeclaration
from schemas.catalogue import SOURCES
from schemas.source import ReadMode, Source


@dataclass(frozen=True)
class LogContents:
    """The events of deliveries, and per source what its rows come to."""

    workspace: Workspace
    events: pl.DataFrame
    statuses: StatusByDay
    rows: Mapping[str, pl.DataFrame]
    """Whole rows, or counts of sources that are counted; read when they are first asked for."""
    providers: Mapping[str, Providers]
    """Sources that are read by provider."""
    steps: KeptResults

    @cached_property
    def findings(self) -> pl.DataFrame:
        """All findings of all readings."""
        return self.workspace.log.findings.rows().collect()


class _WhenAsked(dict[str, pl.DataFrame]):
    """Frames by name, each made when it is first asked for."""

    def __init__(self, make: Callable[[str], pl.DataFrame]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> pl.DataFrame:
        self[name] = self._make(name)
        return self[name]


def read_log(
    workspace: Workspace, events: pl.DataFrame, progress: Progress, *, afresh: bool = False, keeps: bool = True
) -> LogContents:
    """The log as far as these events go; only what has not been counted before is counted.

    ``afresh`` makes everything again that could have been kept. Without ``keeps`` nothing new is kept: for a look at
    another state of the log than the newest.
    """
    statuses = StatusByDay(events)
    steps = KeptResults(workspace.settings.curated / ".steps", afresh=afresh, keeps=keeps)
    providers = {
        name: Providers(workspace.log.sources[name], declared, steps, statuses)
        for name, declared in BY_PROVIDER.items()
    }

    def rows_of(name: str) -> pl.DataFrame:
        readings = statuses.readings(name)
        if SOURCES[name].read is ReadMode.COUNTED:
            return _counts(workspace, COUNTED[name], readings, steps, progress)
        return _whole(workspace, SOURCES[name], readings)

    return LogContents(workspace, events, statuses, _WhenAsked(rows_of), providers, steps)


def _whole(workspace: Workspace, source: Source, readings: pl.DataFrame) -> pl.DataFrame:
    rows = workspace.log.sources[source.name].rows(readings["delivery"].to_list()).collect()
    return rows.join(readings, on=READING, how="semi")


def _counts(
    workspace: Workspace, counted: Counted, readings: pl.DataFrame, steps: KeptResults, progress: Progress
) -> pl.DataFrame:
    """The counts of all readings of a source: kept ones, and new ones where none was kept or one was damaged."""
    version = step_version(counted.count)
    asked = {fingerprint(version, *reading): reading for reading in readings.select(READING).iter_rows()}
    step, table = f"counts-{counted.source.name}", workspace.log.sources[counted.source.name]
    kept, missing = steps.many(step, list(asked), counted.shape)
    made = []
    for number, name in enumerate(missing, 1):
        delivery, processing, rules = asked[name]
        is_read = (pl.col("processing") == processing) & (pl.col("rules_version") == rules)
        counts = counted.count(table.rows([delivery]).filter(is_read))
        if counts.schema != counted.shape:
            raise BadDeclaration(
                f"{counted.count.__module__}: counts have {counts.schema}, declared is {counted.shape}"
            )
        made.append(counts)
        steps.keep(step, name, counts)  # at once: who is ended half-way goes on from here
        progress(f"counted {number} of {len(missing)} deliveries of {counted.source.name}")
    return pl.concat([kept, *made], rechunk=True)
