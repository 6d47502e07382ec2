"""What is behind a figure: rows of deliveries, other figures, reference data.

A projection says it column by column (``Explained``), beside the sum and from the same frames and conditions, so that
neither can change without the other. Every answer is *sufficient*: projecting the named rows alone gives the figure.
And it is *necessary*: without one of the rows the figure changes, or another row takes its place.

Here: the shape of an answer, and what an explanation may ask (``Lineage``). Not here: any answer (the projections), the
reading behind the questions and following one answer to the next (``jobs.lineage``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import polars as pl

from schemas.source import Source
from schemas.table import Table

if TYPE_CHECKING:
    from pipeline.versions.named_scopes import KeptScopes
    from pipeline.versions.projection import Known

T = TypeVar("T")

NOT_COUNTED = "not counted: "
"""So begins the part of rows that tell of somebody by whom there is a figure at all, and who does not count in it."""

Row = Mapping[str, Any]
"""One row of a curated table, by column."""


@dataclass(frozen=True)
class Trace:
    """Rows of one delivery, as one part of a figure; no rows where the delivery as a whole is meant."""

    part: str
    source: str
    file_name: str
    delivery: str
    delivered_on: date
    rows: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**self.__dict__, "delivered_on": self.delivered_on.isoformat(), "rows": list(self.rows)}


@dataclass(frozen=True)
class Cell:
    """Another figure that this one is computed from; it can be asked in turn."""

    part: str
    table: Table
    key: tuple[Any, ...]
    """Values of the key of the table, in its order."""
    column: str
    known_on: date | None = None
    """The day as known on which it is meant; None is the day that was asked about."""
    release: str | None = None
    """The release in which it is meant; None is the one that was asked about."""


@dataclass(frozen=True)
class Stated:
    """What no delivery says: reference data, a threshold, a border of time."""

    part: str
    text: str


Behind = Trace | Cell | Stated


class Lineage(Protocol):
    """What an explanation may ask: of the release that is explained, or of a past day."""

    @property
    def day(self) -> date | None:
        """The day as known on which is explained; None is that of the release."""

    @property
    def known(self) -> "Known":
        """The state that the projection of this table was made from, with the inputs that it declares."""

    @property
    def statuses(self) -> pl.DataFrame:
        """One row per source and delivery with its status."""

    @property
    def out_of_use(self) -> pl.DataFrame:
        """Those of them that a steward took back or refused, in their order."""

    def on(self, day: date) -> "Lineage":
        """The same, as known on a past day."""

    def rows(self, source: Source, **where: object) -> pl.DataFrame:
        """The rows of the log that count (delivery, row and the columns of the source), with these values.

        Whole rows also of sources that are read as counts or by provider, and only from the deliveries that decide.
        Values of the scope are looked for first; other values among the rows that count.
        """

    def scanned(self, source: Source, **scope: object) -> pl.LazyFrame:
        """The same with these values of the scope, of a source that is read as counts, and not read yet: whoever needs
        few columns of many rows reads few. In no order.
        """

    def deciding(self, source: Source, **scope: object) -> pl.DataFrame:
        """Which readings of which deliveries these rows are of, without looking at the rows: delivery, processing,
        rules_version, and the scope.
        """

    def told_of(self, source: Source, reading: tuple[str, int, str]) -> pl.DataFrame | None:
        """What was kept of a reading of a source that is read as counts (``Counted.tell``); None where nothing was."""

    def kept(self, reader: T) -> T:
        """The same, or its equal of before: what one has read of a delivery is not read again, whatever the day."""

    def told(self, source: Source, **where: object) -> pl.DataFrame:
        """The rows of every delivery that counts with these values of the scope, also those that a later one replaced:
        with ``rank``, and the day of the delivery (delivered_on, is_day_assumed).
        """

    def kept_scopes(self, source: Source, delivery: str) -> "KeptScopes | None":
        """Places and dates of which a delivery of a stock has rows, with how many, as the log keeps them; None where it
        does not.
        """

    def every_row(self, source: Source, delivery: str) -> pl.LazyFrame:
        """The rows of a delivery, of every reading, whether it counts or not; not read yet."""

    def table(self, table: Table, **where: object) -> pl.DataFrame:
        """Rows of a curated table with these values."""

    def row(self, table: Table, key: Sequence[object]) -> Row | None:
        """One row of a curated table; None where there is none."""

    def decisions(self, source: str, delivery: str) -> pl.DataFrame:
        """What stewards decided about a delivery, in that order: decision, decided_on, decided_by, why."""

    def about(self, part: str, source: Source, **scope: object) -> list[Trace]:
        """Every delivery that counts and is about this scope, as a whole, in the order in which they replaced each
        other: the last one is in force.
        """

    def sharing(self, source: Source, delivery: str) -> pl.DataFrame:
        """Every delivery that counts and is about a scope of this one (delivery, rank, delivered_on and the scope)."""

    def reaching(self, part: str, *sources: Source) -> list[Trace]:
        """The deliveries that show how far these sources are known (``Known.reach``), as a whole."""

    def last_known(self, part: str) -> list[Trace]:
        """Of now: the deliveries because of which all is known until a day and no earlier one (``Known.known_until``),
        as a whole: each came on that day, or was sent again on it (under the name of that file), or a decision about it
        changed what counts.
        """

    def trace(self, part: str, source: str, delivery: str, rows: Sequence[int] = ()) -> Trace:
        """A trace to one delivery of a source."""

    def traces(self, part: str, source: Source, rows: pl.DataFrame) -> list[Trace]:
        """A trace to each delivery that these rows of the log (delivery, row) come from."""


@dataclass(frozen=True)
class Explained:
    """What is behind some columns of a table."""

    columns: tuple[str, ...]
    behind: Callable[[Lineage, Row, str], Iterable[Behind]]
    """From the row and the column that is asked about."""
    is_aside: bool = False
    """Left out where the whole row is asked about: it says little about its figures."""


def every_column(table: Table, behind: Callable[[Lineage, Row], Iterable[Behind]]) -> tuple[Explained, ...]:
    """One answer for all columns of a table."""
    return (Explained(table.not_key, lambda lineage, row, _: behind(lineage, row)),)
