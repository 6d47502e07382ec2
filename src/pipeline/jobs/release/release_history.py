"""The history of releases, which is part of the log: what was published when, what it changed, who went back to what.

Here: reading and writing that history, and comparing a release with the one before. Not here: which tables a state
gives (``release``), which figures count as changed (``core.restate``).

A release and what it changed are recorded when it is published and never worked out again, so the table
``restatements`` survives the loss of all releases, and a new version of the program that counts differently.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import polars as pl

from pipeline.errors import LogError, UitstroomError
from pipeline.jobs.workspace import Writer
from pipeline.store.log.log import short
from pipeline.store.log.log_schemas import LOG_RESTATEMENTS, PUBLICATIONS
from pipeline.store.releases import releases
from pipeline.versions import attribution, delivery_status
from pipeline.versions.figure_diff import compare, of_final_stocks
from schemas.tables.deliveries import RESTATEMENTS
from schemas.vocabulary import SourceName

Frames = Mapping[str, pl.DataFrame]

PUBLISHED, ROLLED_BACK, BLOCKED, APPROVED = "published", "rolled_back", "blocked", "approved"


@dataclass(frozen=True)
class Publication:
    """A release that was made current, by a run or by a steward."""

    number: int
    event: str
    release: str
    events: int
    """Events of deliveries that the release was made from."""
    seen: int
    """Events of deliveries that were known when it was made current."""
    by: str | None
    why: str | None


@dataclass(frozen=True)
class ReleaseHistory:
    """All events in the life of releases, in order."""

    rows: pl.DataFrame

    @classmethod
    def of(cls, writer: Writer) -> "ReleaseHistory":
        return cls(writer.log.publications.rows().collect().sort("number"))

    @property
    def last(self) -> Publication | None:
        """What should be current: the release last published or gone back to."""
        shown = self.rows.filter(pl.col("event").is_in([PUBLISHED, ROLLED_BACK]))
        if shown.is_empty():
            return None
        row = shown.row(-1, named=True)
        first = shown.filter((pl.col("release") == row["release"]) & (pl.col("event") == PUBLISHED))
        made_from = int(first["events"][0])
        return Publication(
            row["number"], row["event"], row["release"], made_from, row["events"], row["decided_by"], row["why"]
        )

    @property
    def published(self) -> pl.DataFrame:
        """Each release once: release, previous, recorded_at."""
        own = self.rows.filter(pl.col("event") == PUBLISHED)
        return own.unique("release", keep="first", maintain_order=True).select("release", "previous", "recorded_at")

    def has(self, event: str, release: str) -> bool:
        return self.rows.filter((pl.col("event") == event) & (pl.col("release") == release)).height > 0

    def append(  # noqa: PLR0913  each is a column of the event
        self,
        writer: Writer,
        event: str,
        release: str,
        *,
        events: int,
        previous: str | None = None,
        by: str | None = None,
        why: str | None = None,
    ) -> None:
        """Record one event. Numbered, so that of two at the same moment one is refused."""
        number = self.rows.height
        row = {
            "number": number,
            "event": event,
            "release": release,
            "previous": previous,
            "recorded_at": writer.recorded_at,
            "events": events,
            "code_version": writer.code_version,
            "rules_version": writer.rules_version,
            "decided_by": by,
            "why": why,
        }
        table = writer.log.publications
        staged = table.stage(pl.DataFrame([row], schema=PUBLICATIONS), _attempt(f"{event}{number}"))
        if not table.commit(staged, "publications", number):
            raise LogError("Somebody else published or decided at the same moment. Run again.")


def _attempt(subject: str) -> str:
    """A name of its own for every attempt: one that comes second must not touch the files of the first."""
    return f"event-{short(sha256(subject.encode()).hexdigest())}-{os.getpid()}-{time.time_ns()}"


class ReleaseComparison:
    """What the store is told about the releases before the one it is making (``store.releases.files.Recorder``)."""

    def __init__(
        self, writer: Writer, events: pl.DataFrame, frames: Frames, before: Callable[[str, int], Frames]
    ) -> None:
        """``before`` gives the tables of an earlier release, by its id and the number of events it knew."""
        self._station = writer
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
        then = delivery_status.fold(self._events.head(self.previous.events))
        moves = attribution.moved(then, delivery_status.fold(self._events))
        return attribution.attribute(changes, moves, _spoken(self._station, moves))

    def changes_of_final_figures(self) -> pl.DataFrame:
        """Stocks that were final in the release before and are another number now, or gone."""
        if self.previous is None:
            return self._own
        return of_final_stocks(self._own, self._before)

    def restatements(self, release: str) -> pl.DataFrame:
        told = logged(self._station, self._history)
        if self.previous is None or release in self._history.published["release"]:
            return told
        own = self._own.with_columns(
            release=pl.lit(release),
            previous_release=pl.lit(self.previous.release),
            published_at=pl.lit(self._station.recorded_at, pl.Datetime("us", "UTC")),
        )
        return _shaped(pl.concat([told, own.select(told.columns)]))

    def record(self, release: str) -> None:
        if release in self._history.published["release"]:
            return
        table = self._station.log.restatements
        rows = self._own.with_columns(release=pl.lit(release)).select(list(LOG_RESTATEMENTS))
        staged = table.stage(rows, _attempt(release))
        if staged:
            table.commit(staged, f"restatements:{release}", 0)
        previous = self.previous.release if self.previous else None
        # Read again: an approval may have been recorded since.
        now = ReleaseHistory.of(self._station)
        now.append(self._station, PUBLISHED, release, events=self._events.height, previous=previous)


def _spoken(writer: Writer, moves: pl.DataFrame) -> pl.DataFrame:
    parts = [
        attribution.touched(writer.log.sources[str(name)].rows(of_source["delivery"].to_list()), SourceName(str(name)))
        for (name,), of_source in moves.group_by("source", maintain_order=True)
    ]
    return pl.concat([pl.DataFrame(schema=attribution.TOUCHED), *parts])


def logged(writer: Writer, history: ReleaseHistory, until: date | None = None) -> pl.DataFrame:
    """The curated table ``restatements`` of all releases in the log, or those published on ``until`` and before."""
    published = history.published.rename({"previous": "previous_release", "recorded_at": "published_at"})
    if until is not None:
        published = published.filter(pl.col("published_at").dt.date() <= until)
    rows = writer.log.restatements.rows().collect()
    return _shaped(rows.join(published, on="release", how="inner"))


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(each.name).cast(each.dtype) for each in RESTATEMENTS.fields).sort(RESTATEMENTS.key)


def tables_of(release: releases.Release) -> dict[str, pl.DataFrame]:
    """All tables of a release that is on disk."""
    names = [name.removesuffix(".parquet") for name in release.manifest["files"] if name.endswith(".parquet")]
    return {name: releases.read(release, name).collect() for name in names}


def on_disk(writer: Writer, release: str) -> releases.Release | None:
    """A release that still lies in the folder and is whole."""
    try:
        return releases.checked(writer.settings.curated, release)
    except UitstroomError:
        return None
