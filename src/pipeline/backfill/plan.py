"""A backfill plan as data: what was asked, what would be done, what would change, and on which log that rests.

Here: the parts of a plan and its identity. Not here: how a plan comes about (``jobs.backfill``), as JSON
(``plan_json``), its file (``pipeline.store.plans``), what may be asked (``request``).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from pipeline.backfill.planned_delivery import DONE_BY_MONTH, PlannedDelivery
from pipeline.backfill.request import Request
from schemas.catalogue import TABLES

ID_LENGTH = 16
_PERIODS = ("reference_date", "month", "year", "period")
"""Key columns that hold the period a figure is about."""


@dataclass(frozen=True)
class PlannedMonth:
    """What is done together: file names in the order in which they are recorded, and their rows."""

    month: str
    files: tuple[str, ...]
    rows_add: int
    rows_supersede: int
    rows_quarantine: int


@dataclass(frozen=True)
class Figure:
    """One figure that changes. ``kind``: added, changed or removed."""

    table: str
    key: str
    column: str
    kind: str
    value_before: float | None
    value_after: float | None


@dataclass(frozen=True)
class Touched:
    """One table with figures that change, and the periods these are about."""

    table: str
    figures: int
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """A month that a source does not cover; ``also_in`` names the source that does, where there is one."""

    source: str
    municipality_code: str
    month: str
    also_in: str | None = None


@dataclass(frozen=True)
class Position:
    """Where in the log a plan stands, by content: compaction does not move it."""

    events: int
    tables: Mapping[str, int]
    """Version of each Delta table; reported, not compared."""
    sources: Mapping[str, Mapping[str, Any]]
    """Events and last recorded_at of each source; reported, not compared."""
    keys: tuple[str, ...]
    """One short hash per event."""


@dataclass(frozen=True)
class Plan:
    """All that a backfill would do and change. ``id`` follows from the content, without the clock."""

    request: Request
    made_at: str
    made_by: str
    rules_version: str
    code_version: str
    position: Position
    deliveries: tuple[PlannedDelivery, ...]
    figures: tuple[Figure, ...]
    figures_after: Mapping[str, str]
    """Per curated table a sha256 of all its figures as rehearsed."""
    gaps: tuple[Gap, ...] = ()
    """What no delivery covers, also when the plan has been applied."""
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def id(self) -> str:
        content = {name: value for name, value in asdict(self).items() if name not in ("made_at", "made_by")}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]

    @property
    def done_by_month(self) -> tuple[PlannedDelivery, ...]:
        """Deliveries that something is done about, in the order in which it is done."""
        return tuple(each for each in self.deliveries if each.action in DONE_BY_MONTH)

    @property
    def months(self) -> tuple[PlannedMonth, ...]:
        return tuple(
            _month(month, tuple(group)) for month, group in groupby(self.done_by_month, lambda each: each.month)
        )

    @property
    def touched(self) -> tuple[Touched, ...]:
        return touched(self.figures)


def _month(month: str, deliveries: tuple[PlannedDelivery, ...]) -> PlannedMonth:
    return PlannedMonth(
        month,
        tuple(each.file_name for each in deliveries),
        sum(each.rows_add for each in deliveries),
        sum(each.rows_supersede for each in deliveries),
        sum(each.rows_quarantine for each in deliveries),
    )


def touched(figures: Iterable[Figure]) -> tuple[Touched, ...]:
    """Tables and periods of some figures."""
    ordered = sorted(figures, key=lambda each: each.table)
    grouped = {table: list(group) for table, group in groupby(ordered, lambda each: each.table)}
    return tuple(
        Touched(table, len(group), tuple(sorted({period for each in group for period in _period(each)})))
        for table, group in grouped.items()
    )


def _period(figure: Figure) -> list[str]:
    key = TABLES[figure.table].key if figure.table in TABLES else ()
    parts = figure.key.split("|")
    return [part for name, part in zip(key, parts, strict=False) if name in _PERIODS]
