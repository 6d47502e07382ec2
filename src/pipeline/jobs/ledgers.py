"""The state of all deliveries as known on any day, asked about many days at the cost of a few.

A past day differs from today in what had been delivered and in what had been decided. The first is a filter; only for
the second the events have to be folded again, once for every number of decisions.
"""

from datetime import date

import polars as pl

from pipeline.core import ledger
from schemas.vocabulary import Decision

READING = ["delivery", "processing", "rules_version"]
"""What makes a row of the log count: a run killed before its event may have left rows judged by other rules."""


class Ledgers:
    """Folds of one list of events."""

    def __init__(self, events: pl.DataFrame) -> None:
        self.events = events
        self._is_decision = events["event"].is_in(list(Decision))
        self._folds: dict[int, pl.DataFrame] = {}

    def on(self, day: date | None) -> pl.DataFrame:
        """The same as ``ledger.fold(events, day)``."""
        if day is None:
            return self._fold(self.events)
        was_decided = (self.events["decided_on"] <= day).fill_null(value=False)
        folded = self._fold(self.events.filter(~self._is_decision | was_decided))
        return folded.filter(pl.col("delivered_on") <= day)

    def _fold(self, events: pl.DataFrame) -> pl.DataFrame:
        # Decisions are left out from the last day on, so their number says which they are.
        if events.height not in self._folds:
            self._folds[events.height] = ledger.fold(events)
        return self._folds[events.height]

    def ranks(self, source: str, day: date | None) -> pl.DataFrame:
        """Deliveries of a source that count on a day, in the order in which they replace each other."""
        return ledger.recorded(self.on(day), source)

    def readings(self, source: str) -> pl.DataFrame:
        """Readings of deliveries that count on some day: also those that a steward has taken back since."""
        return ledger.recorded(self._fold(self.events.filter(~self._is_decision)), source).select(READING)
