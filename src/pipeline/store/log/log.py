"""All tables of the log of one data folder: one per source; and findings, events of deliveries, publications (what was
published or decided when) and restatements (what each release changed).

Here: which tables there are, the events of deliveries. Not here: staging, committing and reading one of them
(``table``), which rows are events (``pipeline.intake``), in which order things are committed (``pipeline.jobs``).
The table ``deliveries`` is the authority: rows of a delivery count only when it lists the delivery.
"""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipeline.store.log.log_schemas import DELIVERY_EVENTS, LOG_FINDINGS, LOG_RESTATEMENTS, PUBLICATIONS
from pipeline.store.log.table import LogTable, Once, short
from schemas.source import Source
from schemas.text_columns import shown_texts

_FROM_OUTSIDE = ("file_name", "sender", "detail", "decided_by", "why")
"""Texts that somebody outside wrote, or that quote one."""


class Log:
    """All tables of one data folder."""

    def __init__(self, root: Path | str, sources: Iterable[Source], *, table: type[LogTable] = LogTable) -> None:
        """``root``: a folder, or an address of objects. ``table``: what each table is, where it is to be one that
        refuses (``sealed``).
        """
        self.root = root

        def at(name: str) -> Path | str:
            return root / name if isinstance(root, Path) else f"{root}/{name}"

        self.sources = {
            source.name: table(at(source.name), source.event_schema(), by_year=source.by_year) for source in sources
        }
        self.findings = table(at("findings"), LOG_FINDINGS)
        self.deliveries = table(at("deliveries"), DELIVERY_EVENTS)
        self.publications = table(at("publications"), PUBLICATIONS)
        self.restatements = table(at("restatements"), LOG_RESTATEMENTS)

    @property
    def tables(self) -> dict[str, LogTable]:
        """Every table by its name, those that are not there yet as well."""
        own = (self.findings, self.deliveries, self.publications, self.restatements)
        return {**self.sources, **{table.name: table for table in own}}

    def rows(self, source: str, deliveries: Sequence[str]) -> pl.LazyFrame:
        """Rows of some deliveries of a source."""
        return self.sources[source].rows(deliveries)

    def positions(self) -> dict[str, int]:
        """The version of every table: where in the log a release stands.

        Take ``deliveries`` first: it is committed last.
        """
        tables = {"deliveries": self.deliveries, "findings": self.findings, **self.sources}
        return {name: table.version() for name, table in tables.items()}

    def events(self) -> pl.DataFrame:
        """All events in the lives of deliveries, in the order they were recorded."""
        # Covered here too: an earlier version recorded names as they were.
        return (
            self.deliveries.rows()
            .collect()
            .with_columns(shown_texts(pl.col(name)) for name in _FROM_OUTSIDE)
            .sort("recorded_at", "source", "delivery", "processing", "event", "file_name")
        )

    def append_event(self, event: pl.DataFrame, app_id: str, version: int) -> bool:
        """Record what became of a delivery, once."""
        return bool(self.append_events([(event, app_id, version)]))

    def append_events(self, events: Sequence[tuple[pl.DataFrame, str, int]]) -> int:
        """Record what became of deliveries, of each once: the event, and name and version of its transaction. Gives how
        many were not there.
        """
        left = {(app_id, version): event.cast(DELIVERY_EVENTS) for event, app_id, version in events}
        while left:
            new = self.deliveries.without_committed(Once((), [name]) for name in left)
            left = {name: left[name] for part in new for name in part.transactions}
            if left and self._is_appended(left):
                break
        return len(left)

    def _is_appended(self, events: Mapping[tuple[str, int], pl.DataFrame]) -> bool:
        # A name of our own making: that of a transaction may hold the name of a file, with slashes and of any length.
        (first, _), *_others = events
        name = f"event-{short(sha256(first.encode()).hexdigest())}-{os.getpid()}-{time.time_ns()}"
        staged = self.deliveries.stage(pl.concat(events.values()), name)
        try:
            return bool(self.deliveries.commit_together([Once(staged, list(events))]))
        except BaseException:  # whatever ended it: what was staged must not stay behind
            self.deliveries.discard(staged)
            raise


def now() -> datetime:
    """The audit clock, in whole microseconds."""
    return datetime.now(UTC)
