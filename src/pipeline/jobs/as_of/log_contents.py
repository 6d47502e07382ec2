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
from pipeline.versions.projection import Counted
from pipeline.versions.status_by_day import READING, StatusByDay
from schemas.bad_declaration import BadDeclaration
from schemas.sentences import said
from schemas.source import ReadMode, Source

Reading = tuple[str, int, str]
"""Delivery, processing and version of the rules."""
WORTH_TELLING = 20_000
"""Rows of a delivery of which something is kept beside its counts: fewer are read as quickly."""


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
        self._scopes_counted: dict[str, pl.DataFrame | None] = {}

    @cached_property
    def delivered(self) -> frozenset[str]:
        """The sources that any event is about."""
        return frozenset(self.events["source"].unique())

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

    def scopes_counted(self, source: Source) -> pl.DataFrame | None:
        """Delivery, processing and scope of all readings of a source, by its counts; None where these are not at hand:
        to count them is much to do for who asks about a few.
        """
        if source.name not in self._scopes_counted:
            readings = self.statuses.readings(source.name)
            is_at_hand = source.name in self.read or self.steps.has(_step(source), _names(source, readings))
            about = self.rows(source).select("delivery", "processing", *source.scope).unique() if is_at_hand else None
            self._scopes_counted[source.name] = about
        return self._scopes_counted[source.name]

    def _whole(self, source: Source, readings: pl.DataFrame) -> pl.DataFrame:
        rows = self.workspace.log.sources[source.name].rows(readings["delivery"].to_list()).collect()
        return rows.join(readings, on=READING, how="semi")

    def told(self, source: Source, reading: Reading) -> pl.DataFrame | None:
        """What was kept beside the counts of a reading; None where nothing was."""
        counted = COUNTED[source.name]
        return self.steps.peek(_told_step(source), _name(counted, reading), counted.telling_shape)

    def _counts(self, source: Source, readings: pl.DataFrame) -> pl.DataFrame:
        """The counts of all readings of a source: kept ones, and new ones where none was kept or one was damaged."""
        counted, table, step = COUNTED[source.name], self.workspace.log.sources[source.name], _step(source)
        asked = _names(source, readings)
        kept, missing = self.steps.many(step, list(asked), counted.shape)
        made = []
        for number, name in enumerate(missing, 1):
            delivery, processing, rules = asked[name]
            is_read = (pl.col("processing") == processing) & (pl.col("rules_version") == rules)
            rows = table.rows([delivery]).filter(is_read).select(counted.columns).collect()
            made.append(_shaped(counted.count(rows.lazy()), counted.shape, counted))
            if rows.height >= WORTH_TELLING:
                self.steps.keep(
                    _told_step(source), name, _shaped(counted.tell(rows.lazy()), counted.telling_shape, counted)
                )
            self.steps.keep(step, name, made[-1])  # at once: who is ended half-way goes on from here
            self._progress(said("at.counted", count=number, of=len(missing), source=source.name))
        self.steps.hold_there(_told_step(source), asked)
        return pl.concat([kept, *made], rechunk=True)


def _step(source: Source) -> str:
    return f"counts-{source.name}"


def _told_step(source: Source) -> str:
    return f"told-{source.name}"


def _name(counted: Counted, reading: Reading) -> str:
    return fingerprint(step_version(counted.count), step_version(counted.tell), *reading)


def _names(source: Source, readings: pl.DataFrame) -> dict[str, Reading]:
    """What the counts of each reading are kept as."""
    counted = COUNTED[source.name]
    return {_name(counted, reading): reading for reading in readings.select(READING).iter_rows()}


def _shaped(frame: pl.DataFrame, shape: pl.Schema, counted: Counted) -> pl.DataFrame:
    if frame.schema != shape:
        raise BadDeclaration(f"{counted.count.__module__}: counts have {frame.schema}, declared is {shape}")
    return frame
