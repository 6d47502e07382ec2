"""What the events of the providers come to, provider by provider, kept from night to night.

A correction stays within its provider and so does a redelivery, so what a provider told can be projected by itself, and
need not be again until that provider tells something new. Then the events that were in force are read from one cell,
and only the new deliveries from the log.

Here: which readings of which deliveries a provider's events come from on a day, and the cells of the providers. Not
here: what takes more than one provider or the passing of time to know (``pipeline.trajectories.programmes``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import polars as pl

from pipeline.store.log.log import LogTable
from pipeline.store.step_cache import StepCache, fingerprint
from pipeline.trajectories.corrections import in_force
from pipeline.trajectories.programmes import OF_PROVIDER, OF_PROVIDER_VERSION, of_provider
from pipeline.trajectories.trajectories import NEEDED, SETTLED, settle
from pipeline.versions.status_by_day import READING, StatusByDay
from pipeline.versions.supersede import superseded
from schemas.sources.trajectory_events import SOURCE
from schemas.vocabulary import SourceName

_EVENTS = pl.Schema({**{name: SOURCE.event_schema()[name] for name in NEEDED}, "version": pl.Int64()})
_VERSIONS = OF_PROVIDER["versions"]
_READING = pl.format("{}-{}-{}", *READING)
_INVENTORY = pl.Schema({**{name: SOURCE.event_schema()[name] for name in READING}, "provider_code": pl.String()})


@dataclass(frozen=True)
class Told:
    """The readings that hold what one provider had told by a day, the first in rank first."""

    day: date | None
    provider: str
    readings: tuple[str, ...]

    @cached_property
    def name(self) -> str:
        return self.name_of_first(len(self.readings))

    def name_of_first(self, count: int) -> str:
        """The name of what had been told when there were only so many readings."""
        return fingerprint(OF_PROVIDER_VERSION, self.provider, *self.readings[:count])


@dataclass(frozen=True)
class _InForce:
    """The rows that no later delivery replaced, and what that makes of the deliveries."""

    readings: tuple[str, ...]
    rows: pl.DataFrame
    versions: pl.DataFrame


class Providers:
    """The providers of one log, as one run looks at them."""

    def __init__(self, table: LogTable, cells: StepCache, ledgers: StatusByDay) -> None:
        self._table = table
        self._cells = cells
        self._ledgers = ledgers
        self._told_after: dict[int, pl.DataFrame] = {}

    @cached_property
    def _inventory(self) -> pl.DataFrame:
        """Which reading holds events of which provider."""
        readings = self._ledgers.readings(SourceName.TRAJECTORY_EVENTS)
        return self._cells.book("inventory", readings, _INVENTORY, self._providers_in)

    def _providers_in(self, readings: pl.DataFrame) -> pl.DataFrame:
        rows = self._table.rows(readings["delivery"].to_list())
        return rows.select(_INVENTORY.names()).unique().collect()

    def told(self, days: Iterable[date | None]) -> tuple[Told, ...]:
        """What each provider had told by each day, by day and code; None is today."""
        return tuple(told for day in days for told in self._told_by(day))

    def _told_by(self, day: date | None) -> Iterator[Told]:
        tales = self._tales(day)
        told = tales if day is None else tales.filter(pl.col("delivered_on") <= day)
        for provider, readings in told.group_by("provider_code", maintain_order=True).agg("reading").iter_rows():
            yield Told(day, provider, tuple(readings))

    def _tales(self, day: date | None) -> pl.DataFrame:
        """What each provider tells in all, first in rank first, after the decisions that had been taken by a day."""
        decisions = self._ledgers.decisions(day)
        if decisions not in self._told_after:
            ranks = self._ledgers.all_ranks(SourceName.TRAJECTORY_EVENTS, day)
            texts = self._inventory.drop_nulls("provider_code").join(ranks, on=READING).sort("provider_code", "rank")
            self._told_after[decisions] = texts.select("provider_code", "delivered_on", _READING.alias("reading"))
        return self._told_after[decisions]

    def known(self, told: Told) -> dict[str, pl.DataFrame]:
        """``OF_PROVIDER``."""
        self._cells.hold("events", told.name)
        return self._cells.frames("provider", told.name, OF_PROVIDER, lambda: self._project(told))

    def _project(self, told: Told) -> dict[str, pl.DataFrame]:
        force = self._in_force(told, self._kept_before(told))
        self._cells.keep("events", told.name, force.rows)
        return of_provider(force.rows, force.versions)

    def trajectories(self, wanted: Sequence[Told]) -> Iterator[tuple[Told, pl.DataFrame]]:
        """Settled trajectories of past days, each provider's in turn and the shortest tale first."""
        ordered = sorted(set(wanted), key=lambda told: (told.provider, len(told.readings), told.readings))
        for _, of_one in groupby(ordered, key=lambda told: told.provider):
            last: _InForce | None = None
            for _, same in groupby(of_one, key=lambda told: told.name):
                alike = list(same)
                kept = self._cells.peek("provider", f"{alike[0].name}.trajectories", SETTLED)
                if kept is None:
                    last = self._in_force(alike[0], last)
                    kept = settle(in_force(last.rows).events)
                yield from ((told, kept) for told in alike)

    def _kept_before(self, told: Told) -> _InForce | None:
        """The longest tale that this one begins with and that was kept."""
        for count in range(len(told.readings) - 1, 0, -1):
            name = told.name_of_first(count)
            rows = self._cells.peek("events", name, _EVENTS)
            versions = self._cells.peek("provider", f"{name}.versions", _VERSIONS)
            if rows is not None and versions is not None:
                return _InForce(told.readings[:count], rows, versions)
        return None

    def _in_force(self, told: Told, before: _InForce | None) -> _InForce:
        """The events of ``told``, from those in force before where it begins with the same readings."""
        if before is None or told.readings[: len(before.readings)] != before.readings:
            before = _InForce((), pl.DataFrame(schema=_EVENTS), pl.DataFrame(schema=_VERSIONS))
        added = self._read(told.provider, told.readings[len(before.readings) :])
        rows, versions = superseded(before.rows, added, SOURCE.scope)
        return _InForce(told.readings, rows, pl.concat([before.versions, versions]).sort("delivery"))

    def _read(self, provider: str, readings: Sequence[str]) -> pl.DataFrame:
        """Rows of one provider in some readings, with the place of the reading as ``rank``."""
        split = [reading.split("-", 2) for reading in readings]
        order = pl.DataFrame(
            [(delivery, int(processing), rules, rank) for rank, (delivery, processing, rules) in enumerate(split)],
            schema={**{name: _INVENTORY[name] for name in READING}, "rank": pl.UInt32()},
            orient="row",
        )
        rows = self._table.rows(order["delivery"].to_list()).filter(pl.col("provider_code") == provider)
        wanted = (
            rows.select(*READING, "row", *NEEDED).join(order.lazy(), on=READING).drop("processing", "rules_version")
        )
        return wanted.collect().sort("rank", "row")
