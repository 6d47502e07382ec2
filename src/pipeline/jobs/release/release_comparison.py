"""A release beside the one before it: which figures changed, and which delivery caused it.

A release and what it changed are recorded when it is published and never worked out again, so the table
``restatements`` survives the loss of all releases, and a new version of the program that counts differently.

Not here: which figures count as changed (``versions.figure_diff``), finding the cause (``versions.attribution``).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.jobs.as_of.as_of_state import AsOfState
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.projections import BY_PROVIDER, SOURCES_OF
from pipeline.jobs.release.release_history import PUBLISHED, Publication, ReleaseHistory, attempt_name, naming
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log_schemas import LOG_RESTATEMENTS
from pipeline.versions import attribution, delivery_names, delivery_status
from pipeline.versions.figure_diff import compare, of_final_stocks
from schemas.catalogue import SOURCES
from schemas.glued import LIST_SEPARATOR
from schemas.schema_version import SCHEMA_VERSION
from schemas.tables.calendar import RELEASES
from schemas.tables.deliveries import RESTATEMENTS
from schemas.vocabulary import DeliveryStatus

Frames = Mapping[str, pl.DataFrame]


class ReleaseComparison:
    """What the store has to know of the releases before the one it is making (``store.releases.files.Recorder``)."""

    def __init__(
        self, writer: Writer, events: pl.DataFrame, frames: Frames, before: Callable[[str, int], Frames]
    ) -> None:
        """``before`` gives the tables of an earlier release, by its id and the number of events it knew."""
        self._writer = writer
        self._events = events
        self._history = ReleaseHistory.of(writer)
        previous = self.previous
        self._before = before(previous.release, previous.events) if previous else {}
        self._own = self._compare(frames)

    @property
    def previous(self) -> Publication | None:
        return self._history.last

    def _compare(self, frames: Frames) -> pl.DataFrame:
        if self.previous is None:
            return pl.DataFrame(schema=LOG_RESTATEMENTS).drop("release")
        changes = compare(self._before, frames)
        then = delivery_status.statuses(self._events.head(self.previous.events))
        moves = attribution.sent_again(attribution.moved(then, self._now), self._sent_again(self.previous.events))
        return attribution.attribute(changes, moves, _about(self._writer, moves), SOURCES_OF)

    @cached_property
    def _now(self) -> pl.DataFrame:
        return delivery_status.statuses(self._events)

    def _sent_again(self, known: int) -> pl.DataFrame:
        """(source, delivery, again_on) of what was sent again since so many events, and makes its provider known."""
        shape = {"source": pl.String(), "delivery": pl.String(), "again_on": pl.Date()}
        names = delivery_names.NAME
        is_copy = (pl.col("event") == DeliveryStatus.COPIED) & pl.col("source").is_in(list(BY_PROVIDER))
        new = self._events[known:].filter(is_copy).select(names).unique()
        if new.is_empty():
            return pl.DataFrame(schema=shape)
        state = AsOfState(LogContents(self._writer, self._events, lambda _: None, keeps=False))
        files = [(*delivery, *file) for delivery, file in state.sent_again.items()]
        found = pl.DataFrame(files, schema=[*names, "again_on"], orient="row", schema_overrides={"again_on": pl.Date()})
        return found.cast(dict.fromkeys(names, pl.String())).join(new, on=names, how="semi").select(list(shape))

    def changes_of_final_figures(self) -> pl.DataFrame:
        """Stocks that were final in the release before and are another number now, or gone."""
        if self.previous is None:
            return self._own
        return of_final_stocks(self._own, self._before)

    def naming(self, release: str) -> Mapping[str, pl.DataFrame]:
        """The tables about releases: of one that was published before as they were then, of a new one with itself."""
        earlier = naming(self._writer, self._history.up_to(release))
        if release in self._history.published["release"]:
            return earlier
        self_in = {"release": release, "published_at": self._writer.recorded_at}
        return {
            RESTATEMENTS.name: self._with_own(earlier[RESTATEMENTS.name], release),
            RELEASES.name: _with_itself(earlier[RELEASES.name], self._event | self_in),
        }

    def _with_own(self, earlier: pl.DataFrame, release: str) -> pl.DataFrame:
        if self.previous is None:
            return earlier
        own = self._own.with_columns(
            release=pl.lit(release),
            previous_release=pl.lit(self.previous.release),
            published_at=pl.lit(self._writer.recorded_at, pl.Datetime("us", "UTC")),
        )
        return RESTATEMENTS.shaped(pl.concat([earlier, own.select(earlier.columns)]))

    @property
    def _event(self) -> dict[str, Any]:
        """What the log will hold of this publication, as the table ``releases`` has it."""
        return {
            "previous_release": self.previous.release if self.previous else None,
            "events": self._events.height,
            "known_on": max(self._known.values(), default=None),
            "known_per_source": _glued(self._known),
            "schema_version": SCHEMA_VERSION,
            "code_version": self._writer.code_version,
            "rules_version": self._writer.rules_version,
        }

    @cached_property
    def _known(self) -> dict[str, date]:
        """Per source the day of the youngest delivery that counts."""
        counting = self._now.filter(pl.col("status") == DeliveryStatus.RECORDED)
        return dict(counting.group_by("source").agg(pl.col("delivered_on").max()).sort("source").iter_rows())

    def record(self, release: str) -> None:
        if release in self._history.published["release"]:
            return
        table = self._writer.log.restatements
        rows = self._own.with_columns(release=pl.lit(release)).select(list(LOG_RESTATEMENTS))
        staged = table.stage(rows, attempt_name(release))
        if staged:
            table.commit(staged, f"restatements:{release}", 0)
        previous = self.previous.release if self.previous else None
        # Read again: an approval may have been recorded since.
        now = ReleaseHistory.of(self._writer)
        now.append(
            self._writer,
            PUBLISHED,
            release,
            events=self._events.height,
            previous=previous,
            known_per_source=_glued(self._known),
        )


def _glued(known: Mapping[str, date]) -> str | None:
    return LIST_SEPARATOR.join(f"{source}={day.isoformat()}" for source, day in known.items()) or None


def _with_itself(earlier: pl.DataFrame, own: Mapping[str, Any]) -> pl.DataFrame:
    row = pl.DataFrame([{**own, "number": earlier.height + 1}], schema=earlier.schema)
    return RELEASES.shaped(pl.concat([earlier, row]))


def _about(writer: Writer, moves: pl.DataFrame) -> pl.DataFrame:
    parts = [
        attribution.touched(writer.log.sources[str(name)].rows(of_source["delivery"].to_list()), SOURCES[str(name)])
        for (name,), of_source in moves.group_by("source", maintain_order=True)
    ]
    return pl.concat([pl.DataFrame(schema=attribution.TOUCHED), *parts])
