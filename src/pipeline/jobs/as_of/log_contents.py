"""What the log holds, before anything supersedes anything: read once, asked about many days.

Here: reading each source the way it declares. Not here: what was known on a day (``as_of_state``).
"""

from functools import cached_property

import polars as pl

from pipeline.jobs.as_of.providers import Providers
from pipeline.jobs.fingerprints import step_version
from pipeline.jobs.projections import BY_PROVIDER, COUNTED
from pipeline.jobs.workspace import Progress, Workspace
from pipeline.store.kept_results import KEPT, KeptResults, fingerprint
from pipeline.versions.status_by_day import READING, StatusByDay
from schemas.bad_declaration import BadDeclaration
from schemas.sentences import said
from schemas.source import ReadMode, Source


class LogContents:
    """The log as far as some events of deliveries go; everything is read when it is first asked for."""

    def __init__(
        self,
        workspace: Workspace,
        events: pl.DataFrame,
        progress: Progress,
        *,
        afresh: bool = False,
        keeps: bool = True,
    ) -> None:
        """Only what has not been counted before is counted.

        ``afresh`` makes everything again that could have been kept. Without ``keeps`` nothing new is kept: for a look
        at another state of the log than the newest.
        """
        self.workspace = workspace
        self.events = events
        self.statuses = StatusByDay(events)
        self.steps = KeptResults(workspace.settings.curated / KEPT, afresh=afresh, keeps=keeps)
        self.providers = {
            name: Providers(workspace.log.sources[name], declared, self.steps, self.statuses)
            for name, declared in BY_PROVIDER.items()
        }
        """Sources that are read by provider."""
        self._progress = progress
        self.read: dict[str, pl.DataFrame] = {}
        """What was asked for so far, by source."""
        self.readings_about: dict[tuple[object, ...], pl.DataFrame] = {}
        """Of a source and values of its scope, where it was asked for: every reading that is about such a scope."""

    @cached_property
    def findings(self) -> pl.DataFrame:
        """All findings of all readings."""
        return self.workspace.log.findings.rows().collect()

    def rows(self, source: Source) -> pl.DataFrame:
        """Whole rows, or counts of a source that is counted."""
        if source.name not in self.read:
            read = self._counts if source.read is ReadMode.COUNTED else self._whole
            self.read[source.name] = read(source, self.statuses.readings(source.name))
        return self.read[source.name]

    def _whole(self, source: Source, readings: pl.DataFrame) -> pl.DataFrame:
        rows = self.workspace.log.sources[source.name].rows(readings["delivery"].to_list()).collect()
        return rows.join(readings, on=READING, how="semi")

    def _counts(self, source: Source, readings: pl.DataFrame) -> pl.DataFrame:
        """The counts of all readings of a source: kept ones, and new ones where none was kept or one was damaged."""
        counted, table, step = COUNTED[source.name], self.workspace.log.sources[source.name], f"counts-{source.name}"
        version = step_version(counted.count)
        asked = {fingerprint(version, *reading): reading for reading in readings.select(READING).iter_rows()}
        kept, missing = self.steps.many(step, list(asked), counted.shape)
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
            self.steps.keep(step, name, counts)  # at once: who is ended half-way goes on from here
            self._progress(said("at.counted", count=number, of=len(missing), source=source.name))
        return pl.concat([kept, *made], rechunk=True)
