"""All that was known on one day, ready to be projected (``versions.projection.Known``).

Here: superseding, the curated tables of that day, each computed when it is asked for and only from what it declares.
Not here: reading the log (``log_contents``), any figure (the projections), publishing (``jobs.release``).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, cast

import polars as pl

from pipeline.jobs.as_of.declared_inputs import DeclaredInputs, Input
from pipeline.jobs.as_of.log_contents import LogContents
from pipeline.jobs.fingerprints import table_version
from pipeline.jobs.projections import KEPT_TABLES, PROJECTIONS, RESTS_ON_LATEST, SOURCES_OF
from pipeline.store.kept_results import fingerprint
from pipeline.versions import supersede
from pipeline.versions.projection import Known, Projection
from pipeline.versions.status_by_day import READING
from schemas.catalogue import SOURCES


class AsOfState:
    """The state of one day; None is now. Everything is computed at most once."""

    def __init__(self, contents: LogContents, day: date | None = None) -> None:
        self.contents = contents
        self.day = day
        self.statuses = contents.statuses.on(day)
        self.rows: dict[str, pl.DataFrame] = {}
        """Per source the rows that count, or their counts; found when a projection first asks."""
        self.steps: dict[Callable[..., Any], tuple[Any, frozenset[Input]]] = {}
        """Per step that several tables share its result, and what it looked at."""
        self._readings: dict[str, str] = {}
        self._scopes: dict[str, pl.DataFrame] = {}
        self._tables: dict[str, pl.DataFrame] = {}
        self._days: dict[date, AsOfState] = {}

    @property
    def latest(self) -> date | None:
        return _last_day(self.statuses)

    @cached_property
    def known_until(self) -> date | None:
        """The day; of now the last one of a delivery, of one that was sent again, or of a decision that changed what
        counts.
        """
        again = (day for _, day in self.sent_again.values())
        last = (self.latest, self.contents.statuses.last_changed[0], *again)
        return self.day or max((each for each in last if each is not None), default=None)

    @cached_property
    def sent_again(self) -> dict[tuple[str, str], tuple[str, date]]:
        """Per source and delivery the last file with the same bytes by which a provider is known, and its day."""
        found: dict[tuple[str, str], tuple[str, date]] = {}
        for source, providers in self.contents.providers.items():
            again = providers.readings.sent_again(self.day).sort("again_on", maintain_order=True)
            for delivery, file_name, day in again.select("delivery", "again_as", "again_on").iter_rows():
                found[source, delivery] = file_name, day
        return found

    @property
    def last_known(self) -> list[tuple[str, str]]:
        """Of now: deliveries (source, delivery) because of which all is known until that day and no earlier one."""
        decided_on, decided = self.contents.statuses.last_changed
        came = self.statuses.filter(pl.col("delivered_on") == self.known_until).select("source", "delivery")
        again = (each for each, (_, day) in self.sent_again.items() if day == self.known_until)
        return sorted({*came.iter_rows(), *again, *(decided if decided_on == self.known_until else ())})

    @cached_property
    def file_names(self) -> dict[tuple[str, str], tuple[str, date]]:
        """Per source and delivery the name of its file and the day on which it came."""
        names = self.statuses.select("source", "delivery", "file_name", "delivered_on")
        return {(source, delivery): (file_name, day) for source, delivery, file_name, day in names.iter_rows()}

    def on(self, day: date) -> "AsOfState":
        if day not in self._days:
            self._days[day] = AsOfState(self.contents, day)
        return self._days[day]

    def scopes(self, name: str) -> pl.DataFrame:
        """What each delivery of a source is about: delivery, rank and scope; or the versions that follow from it."""
        if name not in self._scopes:
            self._scopes[name] = self._found_scopes(name)
        return self._scopes[name]

    def _found_scopes(self, name: str) -> pl.DataFrame:
        if name in self.contents.providers:
            return self.contents.providers[name].versions(self.day)
        reading = ["delivery", "processing"]
        ranks = self.contents.statuses.ranks(name, self.day).select(*reading, "rank")
        about = self.contents.rows(SOURCES[name]).select(*reading, *SOURCES[name].scope).unique()
        return about.join(ranks, on=reading, how="inner").drop("processing")

    @property
    def versions(self) -> pl.DataFrame:
        """(delivery, version_of_scope) of every delivery that counts."""
        return pl.concat([supersede.versions(self.scopes(name)) for name in SOURCES])

    @property
    def twins(self) -> pl.DataFrame:
        """(source, delivery) of deliveries that count and share a scope with another one of the same day."""
        return pl.concat([self._twins(name).select(pl.lit(name).alias("source"), "delivery") for name in SOURCES])

    def _twins(self, name: str) -> pl.DataFrame:
        if name in self.contents.providers:
            return self.contents.providers[name].twins(self.day)
        days = self.contents.statuses.ranks(name, self.day).select("delivery", "delivered_on")
        return supersede.twins(self.scopes(name), days)

    def reach(self, names: Sequence[str]) -> date | None:
        """The last day known: neither a wrong day of delivery alone moves it, nor a wrong date in a row alone."""
        days = [self._reach(name) for name in names]
        return max((day for day in days if day is not None), default=None)

    def _reach(self, name: str) -> date | None:
        day = self.reaches(name)["day"].max()
        return day if isinstance(day, date) else None

    def reaches(self, name: str) -> pl.DataFrame:
        """(delivery, day) of the deliveries that count: no more is known from one than the last date it is about, or
        the day on which it came.
        """
        reading = ["delivery", "processing"]
        last = self.contents.rows(SOURCES[name]).group_by(reading).agg(last_on=pl.col(SOURCES[name].valid_on).max())
        ranks = self.contents.statuses.ranks(name, self.day).join(last, on=reading, how="left")
        return ranks.select("delivery", day=pl.min_horizontal("delivered_on", "last_on"))

    def table(self, name: str) -> pl.DataFrame:
        """A curated table as known on this day: the declared projection, with the inputs that it declares."""
        if name not in self._tables:
            projection = PROJECTIONS[name]
            if projection.project is None:
                raise LookupError(f"{name} is made by the history of releases, not from a state")
            make = partial(projection.project, cast(Known, DeclaredInputs(self, projection)))
            self._tables[name] = self._kept(projection)(make)
        return self._tables[name]

    def _kept(self, projection: Projection) -> Callable[[Callable[[], pl.DataFrame]], pl.DataFrame]:
        """What a table comes to changes when another delivery counts for it, or counts otherwise, or its words are
        others, and not before: until then what was made once is found again. Where nothing was ever delivered that it
        rests on it has no rows, and is neither made nor kept.
        """
        table, steps = projection.table, self.contents.steps
        if table.name not in KEPT_TABLES:
            return lambda make: make()
        if SOURCES_OF[table.name].isdisjoint(self.contents.delivered):
            return lambda _: table.empty()
        latest = (self.latest, self.known_until) if table.name in RESTS_ON_LATEST else None
        name = fingerprint(
            table_version(table.name), self.day, latest, *map(self._counting, sorted(SOURCES_OF[table.name]))
        )
        if self.day is None:
            return partial(steps.standing, f"{table.name}-now", name, table.polars_schema)
        return partial(steps.frame, table.name, name, table.polars_schema)

    def _counting(self, source: str) -> str:
        """Stands for the readings of a source that count, in their order, and for the days on which they came again."""
        if source not in self._readings:
            ranks = self.contents.statuses.ranks(source, self.day)
            own = ranks.select(*READING, "delivered_on", "is_day_assumed")
            self._readings[source] = fingerprint(*own.iter_rows(), *self._days_of_files(source))
        return self._readings[source]

    def _days_of_files(self, source: str) -> Iterator[tuple[object, ...]]:
        """Of a source by which providers are known until a day: when the same bytes came. Also of what has been taken
        back since, for a table may look at a day before.
        """
        if source in self.contents.providers:
            statuses = self.contents.statuses
            files = statuses.stated(source).join(statuses.readings(source), on="delivery", how="semi")
            by_day = files if self.day is None else files.filter(pl.col("stated_on") <= self.day)
            yield from by_day.select("delivery", "stated_on").unique().sort("delivery", "stated_on").iter_rows()


def _last_day(frame: pl.DataFrame) -> date | None:
    day = frame["delivered_on"].max()
    return day if isinstance(day, date) else None
