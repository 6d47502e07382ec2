"""Deliveries that were judged and wait to become part of the log together: three commits for all, not three for each.

Each becomes part of it at most once, and whole: findings first, rows next, and last the event that makes them count.
Killed in between, the next run does the steps again. Here: what waits, and how long at most. Not here: what is
recorded of a delivery (``commit``), a commit (``store.log.table``).
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self

import polars as pl

from pipeline.store.log.log import Log
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.log.table import Once, StagedFile

MOST_TOGETHER = 64
"""Deliveries at a time: with these a commit costs each next to nothing."""
_MOST_BYTES = 32 << 20
"""Staged: what took long to read is not to be read again after a night that was killed."""
_MOST_SECONDS = 2.0
"""That the first of them waits, as far as the next one comes."""

_Transaction = tuple[str, int]


class Waiting:
    """What waits for the tables of one log; used by the one who judges. Where the block of it fails, nothing of what
    was staged stays behind.
    """

    def __init__(self, log: Log, most: int = 1) -> None:
        """``most``: deliveries at a time."""
        self._log = log
        self._most = most
        self._parts: dict[str, list[Once]] = defaultdict(list)
        """By table."""
        self._events: list[tuple[pl.DataFrame, str, int]] = []
        self._deliveries: set[str] = set()
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._drop()

    @property
    def is_empty(self) -> bool:
        return not self._events

    def add(
        self,
        event: dict[str, Any],
        app_id: str,
        *,
        findings: Sequence[StagedFile] = (),
        rows: Sequence[StagedFile] = (),
        parts_id: str = "",
    ) -> None:
        """A delivery that was judged. ``app_id`` is that of its event, ``parts_id`` that of its findings and rows; the
        version of all is the number of its processing.
        """
        version = int(event["processing"])
        if app_id in {name for _, name, _ in self._events} or event["delivery"] in self._deliveries:
            self.settle()  # of one delivery one thing after the other
        if self.is_empty:
            self._since = time.monotonic()
        for table, staged in ((self._log.findings.name, findings), (event["source"], rows)):
            if staged:
                self._parts[table].append(Once(staged, [(parts_id, version)]))
        self._events.append((pl.DataFrame([event], schema=DELIVERY_EVENTS), app_id, version))
        self._deliveries.add(event["delivery"])
        if self._is_due:
            self.settle()

    @property
    def _is_due(self) -> bool:
        staged = sum(file.added.size for parts in self._parts.values() for part in parts for file in part.staged)
        is_late = time.monotonic() - self._since > _MOST_SECONDS
        return len(self._events) >= self._most or staged > _MOST_BYTES or is_late

    def at_once(self) -> None:
        """From here on nothing waits."""
        self._most = 1
        self.settle()

    def settle(self) -> None:
        """Make all of it part of the log."""
        tables = self._log.tables
        for name in sorted(self._parts, key=lambda name: name != self._log.findings.name):
            tables[name].commit_together(self._parts[name])
        if self._events:
            self._log.append_events(self._events)
        self._forget()

    def _drop(self) -> None:
        tables = self._log.tables
        for name, parts in self._parts.items():
            tables[name].discard(file for part in parts for file in part.staged)
        self._forget()

    def _forget(self) -> None:
        self._parts.clear()
        self._events.clear()
        self._deliveries.clear()

    def rows(self, source: str, deliveries: Sequence[str]) -> pl.LazyFrame:
        """Rows of some deliveries in the log, of those that wait too: these become part of it first."""
        if not self._deliveries.isdisjoint(deliveries):
            self.settle()
        return self._log.rows(source, deliveries)
