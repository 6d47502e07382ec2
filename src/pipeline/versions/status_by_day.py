"""The state of all deliveries as known on any day, asked about many days at the cost of a few.

A past day differs from today in what had been delivered and in what had been decided. The first is a filter; only for
the second the events have to be folded again, once for every number of decisions.
"""

from datetime import date, timedelta
from functools import cached_property

import polars as pl

from pipeline.versions import delivery_names, delivery_status
from schemas.vocabulary import Decision, DeliveryStatus

READING = ["delivery", "processing", "rules_version"]
"""What makes a row of the log count: a run killed before its event may have left rows judged by other rules."""


class StatusByDay:
    """Folds of one list of events."""

    def __init__(self, events: pl.DataFrame) -> None:
        self.events = events
        self._is_decision = events["event"].is_in(list(Decision))
        self._decided_on = events["decided_on"].filter(self._is_decision)
        self._folds: dict[int, pl.DataFrame] = {}
        self._ranks: dict[tuple[int, str], pl.DataFrame] = {}
        self._stated: dict[str, pl.DataFrame] = {}

    def on(self, day: date | None) -> pl.DataFrame:
        """The same as ``delivery_status.statuses(events, day)``."""
        folded = self._fold(day)
        return folded if day is None else folded.filter(pl.col("delivered_on") <= day)

    def other_names(self, day: date | None) -> pl.DataFrame:
        """The same as ``delivery_names.other_names``, of what was delivered under that name by a day."""
        named = delivery_names.other_names(self._events_after_decisions(day), self.on(day))
        return named if day is None else named.filter(pl.col("delivered_on") <= day)

    def decisions(self, day: date | None) -> int:
        """How many decisions had been taken by a day; days with the same number differ in deliveries only."""
        return len(self._decided_on) if day is None else int((self._decided_on <= day).sum())

    @cached_property
    def last_changed(self) -> tuple[date | None, list[tuple[str, str]]]:
        """The last day on which a decision changed what counts, with the deliveries (source, delivery) of which it did.

        On the day before the same deliveries give other figures, so that nothing may be said to be known then.
        A refusal of what waited changes nothing. Only what was ever decided about is folded, from the last day back.
        """
        about = self.events.filter(self._is_decision).select("source", "delivery").unique()
        events = self.events.join(about, on=["source", "delivery"], how="semi", maintain_order="left")
        after = _counting(delivery_status.statuses(events))
        for day in self._decided_on.drop_nulls().unique().sort(descending=True):
            before = _counting(delivery_status.statuses(delivery_status.as_decided(events, day - timedelta(days=1))))
            if changed := {(str(source), str(delivery)) for source, delivery, *_ in before ^ after}:
                return day, sorted(changed)
            after = before
        return None, []

    def _fold(self, day: date | None) -> pl.DataFrame:
        # Decisions are left out from the last day on, so their number shows which they are.
        decisions = self.decisions(day)
        if decisions not in self._folds:
            self._folds[decisions] = delivery_status.statuses(self._events_after_decisions(day))
        return self._folds[decisions]

    def _events_after_decisions(self, day: date | None) -> pl.DataFrame:
        return self.events if day is None else delivery_status.as_decided(self.events, day)

    def all_ranks(self, source: str, day: date | None) -> pl.DataFrame:
        """Deliveries of a source that count after the decisions of a day, whenever they were delivered, in the order in
        which they replace each other: the earlier delivered first.
        """
        name = self.decisions(day), source
        if name not in self._ranks:
            self._ranks[name] = delivery_status.recorded(self._fold(day), source)
        return self._ranks[name]

    def ranks(self, source: str, day: date | None) -> pl.DataFrame:
        """Deliveries of a source that count on a day, in the order in which they replace each other."""
        ranks = self.all_ranks(source, day)
        return ranks if day is None else ranks.filter(pl.col("delivered_on") <= day)

    def stated(self, source: str) -> pl.DataFrame:
        """(delivery, stated_on, file_name), by day and name: every file as which the bytes of a delivery of a source
        came, where somebody stated its day. No decision changes what came.
        """
        if source not in self._stated:
            came = delivery_names.every_file(self.events.filter(pl.col("source") == source))
            dated = came.filter(~pl.col("is_assumed")).rename({"delivered_on": "stated_on"})
            self._stated[source] = dated.select("delivery", "stated_on", "file_name")
        return self._stated[source]

    def readings(self, source: str) -> pl.DataFrame:
        """Readings of deliveries that count on some day: also those that a steward has taken back since."""
        return delivery_status.recorded(self._undecided, source).select(READING)

    @cached_property
    def _undecided(self) -> pl.DataFrame:
        if self._decided_on.is_empty():
            return self._fold(None)
        return delivery_status.statuses(self.events.filter(~self._is_decision))


def _counting(folded: pl.DataFrame) -> set[tuple[object, ...]]:
    """Which readings count, and as of which day."""
    recorded = folded.filter(pl.col("status") == DeliveryStatus.RECORDED)
    return set(recorded.select("source", *READING, "delivered_on", "is_day_assumed").iter_rows())
