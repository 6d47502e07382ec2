"""What the log holds, before anything supersedes anything: read once, asked about many days.

Here: reading each source the way it declares. Not here: what was known on a day (``as_of_state``).
"""

from dataclasses import dataclass

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
    """The events of deliveries, and per source what its rows come to.

    ``rows``: whole rows, or counts of sources that are counted. ``providers``: sources that are read by provider.
    """

    workspace: Workspace
    events: pl.DataFrame
    statuses: StatusByDay
    rows: dict[str, pl.DataFrame]
    providers: dict[str, Providers]
    findings: pl.DataFrame
    steps: KeptResults


def read_log(
    workspace: Workspace, events: pl.DataFrame, progress: Progress, *, afresh: bool = False, keeps: bool = True
) -> LogContents:
    """Read the log as far as these events go, counting only what has not been counted before.

    ``afresh`` makes everything again that could have been kept. Without ``keeps`` nothing new is kept: for a look at
    another state of the log than the newest.
    """
    statuses = StatusByDay(events)
    steps = KeptResults(workspace.settings.curated / ".steps", afresh=afresh, keeps=keeps)
    rows: dict[str, pl.DataFrame] = {}
    providers: dict[str, Providers] = {}
    for name, source in SOURCES.items():
        readings = statuses.readings(name)
        if source.read is ReadMode.COUNTED:
            rows[name] = _counts(workspace, COUNTED[name], readings, steps, progress)
        elif source.read is ReadMode.BY_PROVIDER:
            providers[name] = Providers(workspace.log.sources[name], BY_PROVIDER[name], steps, statuses)
        else:
            rows[name] = _whole(workspace, source, readings)
    findings = workspace.log.findings.rows().collect()
    return LogContents(workspace, events, statuses, rows, providers, findings, steps)


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
