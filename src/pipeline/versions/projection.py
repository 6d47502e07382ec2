"""How a curated table comes about: one declaration a table, in the module that computes it.

Here: the shape of that declaration, and what a projection may ask (``Known``). Not here: what an explanation may ask
and answer (``explanation``), any table (``caseload``, ``trajectories``, ``checks``, ``versions``), and the reading
behind the questions (``jobs.as_of``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

import polars as pl

from pipeline.versions.explanation import Behind, Explained, Lineage, Row, Trace
from schemas.bad_declaration import BadDeclaration
from schemas.source import Source
from schemas.table import Table

T = TypeVar("T")


class Known(Protocol):
    """All that was known on one day, superseded and ready to be projected.

    A projection sees the sources and tables that it declares as inputs; asking for another one is a mistake of ours and
    raises ``UndeclaredInput``.
    """

    @property
    def day(self) -> date | None:
        """The day; None is now."""

    @property
    def latest(self) -> date | None:
        """The last day on which anything had been delivered."""

    @property
    def known_until(self) -> date | None:
        """The day; of now the last one on which anything had been delivered, or was sent again and shows how far a
        provider is known, or a decision changed what counts: as known on an earlier day figures may be others.
        """

    @property
    def statuses(self) -> pl.DataFrame:
        """One row per source and delivery with its status (``delivery_status.statuses``)."""

    @property
    def other_names(self) -> pl.DataFrame:
        """Further file names of deliveries, in the shape of ``statuses`` (``delivery_names.other_names``)."""

    @property
    def log_findings(self) -> pl.DataFrame:
        """Findings of all readings of all deliveries, as the log keeps them."""

    @property
    def versions(self) -> pl.DataFrame:
        """(delivery, version_of_scope) of every delivery that counts."""

    @property
    def twins(self) -> pl.DataFrame:
        """(source, delivery) of deliveries that count and share a scope with another one of the same day."""

    def rows(self, source: Source) -> pl.DataFrame:
        """The rows that count: of each scope those of the winning delivery. Counts, where it is read as counts."""

    def redelivered(self, source: Source) -> pl.DataFrame:
        """Scopes about which more than one delivery counts."""

    def reach(self, *sources: Source) -> date | None:
        """The last day that is known from one of these sources: no delivery shows more than the last date it is about,
        or than the day on which it was delivered.
        """

    def reach_by_provider(self, source: Source) -> pl.DataFrame:
        """(provider_code, known_until): how far each provider is known by its own deliveries. One that is dated reaches
        to the day of delivery, or to the last on which it was sent again (``sent_again``), another to the last date it
        is about.
        """

    def sent_again(self, source: Source) -> pl.DataFrame:
        """(provider_code, delivery, again_on, again_as): dated deliveries of which the same bytes came again under a
        stated day, before another dated one of that provider did; the last time, and the name of that file.
        """

    def table(self, table: Table) -> pl.DataFrame:
        """Another curated table as known on the same day."""

    def once(self, step: "Callable[[Known], T]") -> T:
        """The result of a step that several tables share, computed once."""

    def on(self, day: date) -> "Known":
        """The same, as known on an earlier day."""

    def providers(self, source: Source) -> Sequence[Mapping[str, pl.DataFrame]]:
        """What each provider's rows come to (``ByProvider``), in the order of their codes."""

    def provider_part(self, source: Source, select: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """``select`` of the main part of every provider, put together. Cheaper than ``providers`` on many days."""

    def beside_providers(self, source: Source, asked: pl.DataFrame, judge: "Judge") -> pl.DataFrame:
        """``judge`` for the rows of ``asked`` of one day and provider beside that provider's main part as known then.

        ``asked`` has provider_code and delivered_on, which is that day.
        """

    def look_up(self, lookup: "Lookup", asked: pl.DataFrame) -> pl.DataFrame:
        """Rows of ``asked`` for which something was found in the rows behind the counts of a source, with the delivery
        and what was found there.
        """


@dataclass(frozen=True)
class Judge:
    """A comparison per provider, with the shape of what it gives."""

    judge: Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
    shape: pl.Schema


@dataclass(frozen=True)
class Counted:
    """How one delivery of a source with ``ReadMode.COUNTED`` is counted: all that projections need of it.

    It depends on the rows of that delivery alone, so it is made once and kept.
    """

    source: Source
    columns: tuple[str, ...]
    """What is looked at of its rows."""
    shape: pl.Schema
    count: Callable[[pl.LazyFrame], pl.DataFrame]
    telling_shape: pl.Schema
    tell: Callable[[pl.LazyFrame], pl.DataFrame]
    """The few rows by which figures can be explained without the others: kept beside the counts of a long delivery."""


@dataclass(frozen=True)
class ByProvider:
    """What the rows of one provider come to, for a source with ``ReadMode.BY_PROVIDER``."""

    source: Source
    columns: tuple[str, ...]
    """Columns of the log that are looked at, scope included."""
    parts: Mapping[str, pl.Schema]
    digest: Callable[[pl.DataFrame], Mapping[str, pl.DataFrame]]
    """From the rows that count to the parts."""
    main: str
    """The part that other days are asked for."""
    digest_main: Callable[[pl.DataFrame], pl.DataFrame]
    """From the rows that count to the main part alone."""


@dataclass(frozen=True)
class Lookup:
    """A question that takes the rows behind the counts of a source, answered per scope and kept.

    ``find`` gets the rows of some deliveries and the keys asked about, and gives those for which there is an answer,
    once each, with it.
    """

    source: Source
    keys: tuple[str, ...]
    """What is asked about besides the scope."""
    found: pl.Schema
    """What is told of what was found; none of it is missing."""
    find: Callable[[pl.LazyFrame, pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Comparison:
    """Something that was reported twice, judged by one rule: some rows of ``reconciliation``."""

    rule: str
    inputs: tuple[Source | Table, ...]
    compare: Callable[[Known], pl.DataFrame]
    explain: Callable[[Lineage, Row, str], Iterable[Behind]]
    """From a row and a column of ``reconciliation`` to what is behind it."""


@dataclass(frozen=True)
class RelationCheck:
    """What one or more rules find across deliveries and sources: some rows of ``relation_findings``."""

    rules: tuple[str, ...]
    inputs: tuple[Source | Table, ...]
    find: Callable[[Known], pl.DataFrame]
    explain: Callable[[Lineage, str], Iterable[Behind]]
    """From the subject of a finding to what it is about."""


@dataclass(frozen=True)
class Projection:
    """A curated table, what it rests on, and how it is computed and explained."""

    table: Table
    inputs: tuple[Source | Table, ...]
    project: Callable[[Known], pl.DataFrame] | None
    """None for the table that names its own release: the history of releases makes it."""
    explain: tuple[Explained, ...]
    """What is behind each column but those of the key, beside the sum that makes it. Of the whole key what shows that
    there is such a row, where no column names just that.
    """
    row_shown_by: str = ""
    """The column behind which it stands that there is such a row at all, where the key says nothing of it; without one
    the column explained first.
    """
    beside_row: Callable[[Lineage, Row, Sequence[Trace]], Iterable[Trace]] | None = None
    """What it takes beside the rows that are behind every column, all together, to give the whole row: what one column
    needs can tell something else to another.
    """
    looks_at_what_waits: bool = False
    """Whether deliveries that do not count decide too: then nothing is kept of what it comes to."""
    looks_at_latest: bool = False
    """Whether the last day on which anything came decides too, also what was rejected or is about something else; or
    that on which a decision last changed what counts.
    """

    @property
    def shows_row(self) -> str:
        """The column that is asked about where somebody asks about a value of the key."""
        if any(name in self.table.key for each in self.explain for name in each.columns):
            return self.table.key[0]
        return self.row_shown_by or self.explain[0].columns[0]


class UndeclaredInput(BadDeclaration):
    """A projection asked for a source or table that it does not declare as an input."""
