"""What explanations ask (``versions.explanation.Lineage``), answered from the log as it was when a release was made.

Here: reading rows, figures and deliveries, of that moment or of a past day. Not here: which rows a figure rests
on (each projection declares that itself), the answer as a whole (``explain``).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, cast

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.declared_inputs import DeclaredInputs
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.as_of.rows_behind import counting_rows, counting_scan, deciding, sharing, told_rows
from pipeline.jobs.projections import PROJECTIONS
from pipeline.jobs.release import release_history
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.store.releases import releases
from pipeline.store.releases.releases import Release
from pipeline.versions.delivery_status import as_decided, decisions_about
from pipeline.versions.explanation import Trace
from pipeline.versions.named_scopes import KeptScopes, kept_scopes
from pipeline.versions.projection import Known, Projection
from schemas.source import Source
from schemas.table import Table
from schemas.vocabulary import DeliveryStatus

T = TypeVar("T")


class LogLineage:
    """One state of the log, and the release that was made from it; without one, figures are projected."""

    def __init__(
        self,
        state: AsOfState,
        projection: Projection,
        release: Release | None = None,
        kept: dict[object, object] | None = None,
        apart: str | None = None,
    ) -> None:
        self._state = state
        self._projection = projection
        self._release = release
        self._kept: dict[object, object] = {} if kept is None else kept
        self._apart = apart

    @property
    def day(self) -> date | None:
        return self._state.day

    @property
    def contents(self) -> LogContents:
        """The log that is asked, as far as it has been read."""
        return self._state.contents

    @property
    def known(self) -> Known:
        return cast(Known, DeclaredInputs(self._state, self._projection))

    @property
    def statuses(self) -> pl.DataFrame:
        return self._state.statuses

    @cached_property
    def out_of_use(self) -> pl.DataFrame:
        out = pl.col("status").is_in([DeliveryStatus.RETRACTED.value, DeliveryStatus.REFUSED.value])
        return self.statuses.filter(out).sort("delivered_on", "delivery")

    def of(self, table: Table) -> "LogLineage":
        """The same for another table."""
        return LogLineage(self._state, PROJECTIONS[table.name], self._release, self._kept, self._apart)

    def on(self, day: date) -> "LogLineage":
        return LogLineage(self._state.on(day), self._projection, kept=self._kept, apart=self._apart)

    @property
    def apart(self) -> str | None:
        """The release that was asked for (``in_release``), on disk or not; None is the one that is explained."""
        return self._apart

    def in_release(self, release: str) -> "LogLineage":
        """The log as it was when another release was first published; its figures from its files while it is there."""
        workspace = self._state.contents.workspace
        published = ReleaseHistory.of(workspace).rows.filter(event=release_history.PUBLISHED, release=release)
        known = int(published["events"].head(1).sum())
        at_hand = self._state.contents.events
        events = at_hand if at_hand.height >= known else workspace.log.events()
        contents = LogContents(workspace, events.head(known), lambda _: None, keeps=False)
        before = release_history.on_disk(workspace, release)
        return LogLineage(AsOfState(contents), self._projection, before, self._kept, release)

    def rows(self, source: Source, **where: object) -> pl.DataFrame:
        return counting_rows(self._state, source, where)

    def scanned(self, source: Source, **scope: object) -> pl.LazyFrame:
        return counting_scan(self._state, source, scope)

    def deciding(self, source: Source, **scope: object) -> pl.DataFrame:
        return deciding(self._state, source, scope)

    def told_of(self, source: Source, reading: tuple[str, int, str]) -> pl.DataFrame | None:
        asked = "told", source.name, *reading
        if asked not in self._kept:
            self._kept[asked] = self._state.contents.told(source, reading)
        return cast(pl.DataFrame | None, self._kept[asked])

    def kept(self, reader: T) -> T:
        return cast(T, self._kept.setdefault(reader, reader))

    def told(self, source: Source, **where: object) -> pl.DataFrame:
        return told_rows(self._state, source, where)

    def kept_scopes(self, source: Source, delivery: str) -> KeptScopes | None:
        asked = "scopes", source.name, delivery, self.day, self._apart
        if asked not in self._kept:
            found = self.statuses.filter(source=source.name, delivery=delivery)
            self._kept[asked] = None if found.is_empty() else kept_scopes(source, found["scopes"][0])
        return cast(KeptScopes | None, self._kept[asked])

    def every_row(self, source: Source, delivery: str) -> pl.LazyFrame:
        asked = "rows", source.name, delivery
        if asked not in self._kept:  # to look where they lie asks the log each time
            self._kept[asked] = self._state.contents.workspace.log.sources[source.name].rows([delivery])
        return cast(pl.LazyFrame, self._kept[asked])

    def scan(self, table: Table) -> pl.LazyFrame:
        """A curated table, from the files of the release or projected."""
        if self._release is not None:
            return releases.read(self._release, table.name)
        if table.names_release:
            return release_history.naming(self._state.contents.workspace, self._history)[table.name].lazy()
        return self._state.table(table.name).lazy()

    @property
    def _history(self) -> ReleaseHistory:
        """What had been published in this state."""
        whole = ReleaseHistory.of(self._state.contents.workspace)
        published = whole if self._apart is None else whole.up_to(self._apart)
        return published if self.day is None else published.until(self.day)

    def table(self, table: Table, **where: object) -> pl.DataFrame:
        wanted = [pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items()]
        return self.scan(table).filter(pl.all_horizontal(pl.lit(value=True), *wanted)).collect()

    def row(self, table: Table, key: Sequence[object]) -> dict[str, Any] | None:
        wanted = [pl.col(name).eq_missing(pl.lit(value)) for name, value in zip(table.key, key, strict=True)]
        found = self._at_hand(table).filter(pl.all_horizontal(wanted)).collect()
        return None if found.is_empty() else found.row(0, named=True)

    def _at_hand(self, table: Table) -> pl.LazyFrame:
        """A table of which one row is wanted: of whom a second one is asked, more are asked; it is read as a whole."""
        if self._release is None:
            return self.scan(table)  # projected: it is at hand
        asked = "table", self._release.id, table.name
        if asked not in self._kept:
            self._kept[asked] = None
            return self.scan(table)
        if self._kept[asked] is None:
            self._kept[asked] = self.scan(table).collect().lazy()
        return cast(pl.LazyFrame, self._kept[asked])

    def decisions(self, source: str, delivery: str) -> pl.DataFrame:
        events = self._state.contents.events
        known = events if self.day is None else as_decided(events, self.day)
        return decisions_about(known, source, delivery)

    def about(self, part: str, source: Source, **scope: object) -> list[Trace]:
        wanted = [pl.col(name).eq_missing(pl.lit(value)) for name, value in scope.items()]
        found = self._state.scopes(source.name).filter(wanted).sort("rank")["delivery"].unique(maintain_order=True)
        return [self.trace(part, source.name, delivery) for delivery in found]

    def sharing(self, source: Source, delivery: str) -> pl.DataFrame:
        return sharing(self._state, source, delivery)

    def reaching(self, part: str, *sources: Source) -> list[Trace]:
        last = self._state.reach([source.name for source in sources])
        return [
            self.trace(part, source.name, delivery)
            for source in sources
            for delivery in self._state.reaches(source.name).filter(day=last)["delivery"].sort()
        ]

    def last_known(self, part: str) -> list[Trace]:
        return [self._of_last_day(part, source, delivery) for source, delivery in self._state.last_known]

    def _of_last_day(self, part: str, source: str, delivery: str) -> Trace:
        """Under the name of the file of that day, where the delivery was sent again on it."""
        own = self.trace(part, source, delivery)
        file_name, day = self._state.sent_again.get((source, delivery), (own.file_name, own.delivered_on))
        return replace(own, file_name=file_name, delivered_on=day) if day == self._state.known_until else own

    def trace(self, part: str, source: str, delivery: str, rows: Sequence[int] = ()) -> Trace:
        file_name, delivered_on = self._state.file_names[source, delivery]
        return Trace(part, source, file_name, delivery, delivered_on, tuple(rows))

    def traces(self, part: str, source: Source, rows: pl.DataFrame) -> list[Trace]:
        days = self.statuses.filter(pl.col("source") == source.name).select("delivery", day="delivered_on")
        numbers = rows.select("delivery", "row").unique().join(days, on="delivery").sort("day", "delivery", "row")
        groups = numbers.group_by("delivery", maintain_order=True).agg("row")
        return [self.trace(part, source.name, delivery, found) for delivery, found in groups.iter_rows()]
