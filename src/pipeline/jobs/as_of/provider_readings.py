"""Which readings of which deliveries hold what each provider had reported by a day.

Here: the inventory of a source that is read by provider, and lists of readings in the order that counts. Not here: what
their rows come to (``providers``), which deliveries count (``versions.status_by_day``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from pipeline.jobs.fingerprints import step_version
from pipeline.store.kept_results import KeptResults, fingerprint
from pipeline.store.log.table import LogTable
from pipeline.versions.projection import ByProvider
from pipeline.versions.status_by_day import READING, StatusByDay

_READING = pl.format("{}-{}-{}", *READING)
_AGAIN = ("provider_code", "delivery", "again_on", "again_as")


@dataclass(frozen=True)
class Covered:
    """The readings that hold what one provider had reported by a day, the first in rank first."""

    day: date | None
    provider: str
    readings: tuple[str, ...]
    version: str
    """Of the code that digests them."""

    @cached_property
    def name(self) -> str:
        return self.name_of_first(len(self.readings))

    def name_of_first(self, count: int) -> str:
        """The name of what had been reported when there were only so many readings."""
        return fingerprint(self.version, self.provider, *self.readings[:count])


class ProviderReadings:
    """The readings of one source of one log, by provider."""

    def __init__(self, table: LogTable, declared: ByProvider, steps: KeptResults, statuses: StatusByDay) -> None:
        self._table = table
        self._source = declared.source
        self._steps = steps
        self._statuses = statuses
        self._version = step_version(declared.digest)
        self._by_decisions: dict[int, pl.DataFrame] = {}
        self._again_by_decisions: dict[int, pl.DataFrame] = {}
        schema = declared.source.event_schema()
        self._shape = pl.Schema({name: schema[name] for name in READING})

    @cached_property
    def _inventory(self) -> pl.DataFrame:
        """Which reading holds rows of which provider, and the last date of theirs that was past when it came: an end
        that is announced shows nothing before that.
        """
        shape = pl.Schema({**self._shape, "provider_code": pl.String(), "last_on": pl.Date()})
        valid_on = pl.col(self._source.valid_on)
        last_on = valid_on.filter(valid_on <= pl.col("delivered_on")).max().alias("last_on")
        readings = self._statuses.readings(self._source.name)

        def find(missing: pl.DataFrame) -> pl.DataFrame:
            rows = self._table.rows(missing["delivery"].to_list())
            return rows.group_by(*READING, "provider_code").agg(last_on).collect()

        return self._steps.book(
            f"inventory-{self._source.name}-{step_version(ProviderReadings)}", readings, shape, find
        )

    def reach(self, day: date | None) -> pl.DataFrame:
        """(provider_code, known_until) by a day: a dated delivery reaches to its day, or to the last on which it was
        sent again with nothing of that provider in between (``sent_again``); another to its last date until it came.
        """
        ranks = self._statuses.ranks(self._source.name, day)
        dated = self._inventory.drop_nulls("provider_code").join(ranks, on=READING)
        reaches = pl.when("is_day_assumed").then("last_on").otherwise("delivered_on")
        own, again = dated.select("provider_code", until=reaches), self.sent_again(day)
        every = pl.concat([own, again.select("provider_code", until="again_on")]).drop_nulls()
        return every.group_by("provider_code").agg(known_until=pl.col("until").max()).sort("provider_code")

    def sent_again(self, day: date | None) -> pl.DataFrame:
        """(provider_code, delivery, again_on, again_as) by a day: dated deliveries of which the same bytes came again
        under a stated day, before another dated one of that provider did; the last time, and the file.

        Who sends everything and nothing happened sends the same bytes. An old file that is sent once more, after a
        newer one, says nothing.
        """
        every = self._every_time_again(day)
        by_day = every if day is None else every.filter(pl.col("again_on") <= day)
        return by_day.unique(["provider_code", "delivery"], keep="last", maintain_order=True)

    def _every_time_again(self, day: date | None) -> pl.DataFrame:
        """The same of every time and day, after the decisions that had been taken by a day."""
        decisions = self._statuses.decisions(day)
        if decisions not in self._again_by_decisions:
            ranks = self._statuses.all_ranks(self._source.name, day).filter(~pl.col("is_day_assumed"))
            dated = self._inventory.drop_nulls("provider_code").join(ranks, on=READING)
            days = dated.select("provider_code", "delivered_on").unique().sort("provider_code", "delivered_on")
            followed = days.with_columns(next_on=pl.col("delivered_on").shift(-1).over("provider_code"))
            files = self._statuses.stated(self._source.name).rename({"stated_on": "again_on", "file_name": "again_as"})
            again = (
                dated.join(followed, on=["provider_code", "delivered_on"])
                .join(files, on="delivery")
                .filter(pl.col("again_on") > pl.col("delivered_on"))
                .filter(pl.col("next_on").is_null() | (pl.col("again_on") < pl.col("next_on")))
            )
            self._again_by_decisions[decisions] = again.select(*_AGAIN).sort(
                *_AGAIN, descending=[False, False, False, True]
            )
        return self._again_by_decisions[decisions]

    def covered(self, days: Iterable[date | None]) -> tuple[Covered, ...]:
        """What each provider had reported by each day, by day and code; None is now."""
        return tuple(each for day in days for each in self._covered_by(day))

    def _covered_by(self, day: date | None) -> Iterator[Covered]:
        known = self.known(day)
        for provider, readings in known.group_by("provider_code", maintain_order=True).agg("reading").iter_rows():
            yield Covered(day, provider, tuple(readings), self._version)

    def none(self, day: date | None, provider: str) -> Covered:
        """What a provider had reported that had reported nothing."""
        return Covered(day, provider, (), self._version)

    def known(self, day: date | None) -> pl.DataFrame:
        """(provider_code, delivered_on, reading) by a day."""
        every = self._readings(day)
        return every if day is None else every.filter(pl.col("delivered_on") <= day)

    def rows(self, provider: str, readings: Sequence[str], columns: Iterable[str]) -> pl.DataFrame:
        """Rows of one provider in some readings, with the place of the reading as ``rank``; in the order in which they
        lie in files, which says nothing: putting a million in another takes longer than reading them.
        """
        split = [reading.split("-", 2) for reading in readings]
        order = pl.DataFrame(
            [(delivery, int(processing), rules, rank) for rank, (delivery, processing, rules) in enumerate(split)],
            schema={**self._shape, "rank": pl.UInt32()},
            orient="row",
        )
        rows = self._table.rows(order["delivery"].to_list()).filter(pl.col("provider_code") == provider)
        if order.height == 1:  # what is new on most nights: nothing to look up for each row
            is_read = (pl.col(name) == order[name][0] for name in READING)
            wanted = rows.filter(is_read).select("delivery", *columns, rank=pl.lit(0, pl.UInt32()))
        else:
            wanted = rows.select(*READING, *columns).join(order.lazy(), on=READING).drop(READING[1:])
        return wanted.collect()

    def _readings(self, day: date | None) -> pl.DataFrame:
        """What each provider reports in all, first in rank first, after the decisions that had been taken by a day."""
        decisions = self._statuses.decisions(day)
        if decisions not in self._by_decisions:
            ranks = self._statuses.all_ranks(self._source.name, day)
            named = self._inventory.drop_nulls("provider_code").join(ranks, on=READING).sort("provider_code", "rank")
            self._by_decisions[decisions] = named.select("provider_code", "delivered_on", _READING.alias("reading"))
        return self._by_decisions[decisions]


def delivery_of(reading: str) -> pl.Expr:
    return pl.col(reading).str.split("-").list.first().alias("delivery")
