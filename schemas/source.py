"""The shape of a source declaration: columns, rules, scope, key.

Here: the small vocabulary in which each module of ``schemas.sources`` describes one kind of file, and how that
description becomes a Pandera schema. Not here: any particular source, and how text is turned into values
(``pipeline.intake.parse``).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from schemas.column import Column, KeyPart, Kind
from schemas.gates import Gates
from schemas.rules.rule import Rule, RuleFamily

if TYPE_CHECKING:
    import pandera.polars as pa  # half a second, so only where rows are validated


class ReadMode(StrEnum):
    """How projections look at what a source reported (``pipeline.jobs.as_of``)."""

    WHOLE = "whole"
    """All rows of the deliveries that count."""
    COUNTED = "counted"
    """Counts per delivery, made once and kept: for sources with many rows per delivery, of which only counts are
    needed.
    """
    BY_PROVIDER = "by_provider"
    """What the rows of one provider come to, made once and kept: for sources whose corrections stay within a provider."""


DELIVERED_ON = "delivered_on"
"""The day of delivery: in the envelope of every event, and beside every row that is judged, for the rules about dates."""

ENVELOPE: dict[str, pl.DataType] = {
    "delivery": pl.String(),
    "row": pl.Int64(),
    "processing": pl.Int16(),
    DELIVERED_ON: pl.Date(),
    "recorded_at": pl.Datetime("us", "UTC"),
    "rules_version": pl.String(),
}
"""What every event carries: which delivery and row reported it, when it was reported, when and under which rules it was
recorded.
"""

_REQUIRED_VALUE = "VALUE-003"
"""The rule about required values, which every source has."""

VALID_YEAR = "valid_year"
"""Partition column of large sources: the year of the time the event is about."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition of a rule, for one column. ``holds`` may be null (nothing to compare): that counts as met."""

    code: str
    column: str
    """The column a finding points at, by its name in events."""
    holds: pl.Expr
    takes_as_absent: bool = False
    """What breaks it is taken as absent; the row goes on."""

    def check(self) -> "pa.Check":
        import pandera.polars as pa

        holds = self.holds.fill_null(value=True)
        return pa.Check(lambda data: data.lazyframe.select(holds), name=self.code, ignore_na=False, title=self.column)


@dataclass(frozen=True)
class Subject:
    """One way in which a row states what it is about: a place, and a provider where the place has several.

    A place is a municipality, a region, a programme, a claim: whatever the key of a curated table may name.
    """

    place: pl.Expr
    provider: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.String()))


@dataclass(frozen=True, eq=False)
class Source:
    """One kind of file: all that the pipeline knows about it. A new source is one such declaration in
    ``schemas.sources``; the catalogue finds it there.
    """

    name: str
    """The folder below ``data/raw`` and the table in the log."""
    title: str
    title_nl: str
    grain: str
    columns: tuple[Column, ...]
    scope: tuple[str, ...]
    """What a redelivery replaces (contract, section Sources, in brackets)."""
    key: tuple[str, ...]
    """What is unique within a delivery."""
    valid_on: str
    """The column that says when the reported thing was true; the log is partitioned by its year where ``by_year``."""
    rules: tuple[Rule, ...] = ()
    """Rules about its rows, in the order in which they are checked."""
    gates: Gates = field(default_factory=Gates)
    keys: tuple[KeyPart, ...] = ()
    by_year: bool = False
    one_of: tuple[tuple[str, ...], ...] = ()
    """Groups of columns of which at least one must be in the header."""
    from_delivery: tuple[str, ...] = ()
    """Columns that stand in the sidecar or the file name, not in the file."""
    left_out: tuple[str, ...] = ()
    """Headers that are known and not needed: no warning, no event."""
    cbs_tables: tuple[str, ...] = ()
    """The tables of CBS StatLine that it consists of: their titles in the portal are names of columns too."""
    derived: Mapping[str, pl.Expr] = field(default_factory=dict)
    """Event columns computed from the parsed ones, such as a CBS period's reference date."""
    derived_descriptions: Mapping[str, str] = field(default_factory=dict)
    identity: Mapping[str, pl.Expr] = field(default_factory=dict)
    """Event columns that are filled after pseudonymisation, from what is there then."""
    key_when: Mapping[str, pl.Expr] = field(default_factory=dict)
    """Key columns that count only under a condition; elsewhere they are taken as null."""
    live_when: pl.Expr | None = None
    """When a row is current on its date, for sources whose rows go on from one date to the next."""
    subjects: tuple[Subject, ...] = ()
    """Where and whom a row is about: which figures a delivery may have changed."""
    municipality: str | None = None
    """The column that says which municipality a row is about, for backfills of some municipalities only."""
    is_stock: bool = False
    """Whether every municipality reports it once a month, so that a month without it is a gap."""
    is_lasting: bool = False
    """Whether a row is true from ``valid_on`` on, and not about that day alone."""
    read: ReadMode = ReadMode.WHOLE
    order: int = 1_000
    """Place in lists and pages; sources with the same number follow each other by name."""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def may_be_absent(self, column: Column) -> bool:
        """Whether a row goes on without the value where that cannot be read: it is optional, and nothing is known by it."""
        named = {*self.scope, *self.key, self.valid_on, *(name for group in self.one_of for name in group)}
        return not (column.required or column.must_be_filled or column.is_about or column.name in named)

    def header_of(self, name: str) -> str:
        """The name a steward knows a column by."""
        column = self.column(name)
        return column.header if column else name

    def schema(self, only: Container[str] | None = None) -> "pa.DataFrameSchema":
        """The Pandera schema of a parsed frame: types of all columns, and every row rule (or those in ``only``) under
        its code.
        """
        import pandera.polars as pa

        checks = [each.check() for each in self.conditions if only is None or each.code in only]
        return pa.DataFrameSchema(self._types(), checks=checks, name=self.name)

    def _types(self) -> "dict[str, pa.Column]":
        import pandera.polars as pa

        columns = {column.name: pa.Column(column.dtype, nullable=True) for column in self.columns}
        columns |= {
            f"{column.name}_decimals": pa.Column(pl.Int16(), nullable=True)
            for column in self.columns
            if column.kind is Kind.PRINTED
        }
        columns |= {name: pa.Column(nullable=True) for name in self.derived}
        columns["row"] = pa.Column(pl.Int64(), nullable=False)
        columns[DELIVERED_ON] = pa.Column(ENVELOPE[DELIVERED_ON], nullable=True)
        return columns

    def joined_schema(self, codes: Container[str]) -> "pa.DataFrameSchema":
        """The same schema with the rules of ``codes`` joined in one check: as strict, and twenty times as fast.

        It cannot say which rule a row breaks; that is asked of the rules themselves.
        """
        import pandera.polars as pa

        holds = [each.holds.fill_null(value=True) for each in self.conditions if each.code in codes]
        together = pa.Check(
            lambda data: data.lazyframe.select(pl.all_horizontal(holds)),
            name="all rules",
            ignore_na=False,
            n_failure_cases=1,
        )
        return pa.DataFrameSchema(self._types(), checks=[together], name=self.name)

    def event_schema(self) -> pl.Schema:
        """Columns of this source's table in the log: the envelope, then the values, identifying ones replaced by keys."""
        values: dict[str, pl.DataType] = {}
        for column in self.columns:
            if column.is_replaced:
                continue
            values[column.name] = column.dtype
            if column.kind is Kind.PRINTED:
                values[f"{column.name}_decimals"] = pl.Int16()
        values |= {name: pl.Boolean() if name.startswith("is_") else pl.Date() for name in self.derived}
        values |= {part.name: pl.String() for part in self.keys}
        return pl.Schema({**ENVELOPE, **values, **({VALID_YEAR: pl.Int32()} if self.by_year else {})})

    @property
    def counted_by(self) -> tuple[str, ...]:
        """The columns by which the gates count its rows."""
        return self.scope if self.gates.counted_by is None else self.gates.counted_by

    @property
    def is_compared(self) -> bool:
        """Whether a delivery replaces, of what its rows are counted by, all that was there."""
        return self.counted_by == self.scope

    @property
    def event_key(self) -> tuple[str, ...]:
        """The key of a row as events hold it, identifying columns replaced by theirs."""
        keyed = {name: part.name for part in self.keys for name in part.sources}
        return tuple(keyed.get(name, name) for name in self.key)

    @property
    def event_scope(self) -> list[str]:
        """The scope of a row as events hold it, likewise."""
        keyed = {name: part.name for part in self.keys for name in part.sources}
        return [keyed.get(name, name) for name in self.scope]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What every row must meet: required values first, then the source's own rules, column by column."""
        filled = (
            Condition(_REQUIRED_VALUE, column.name, pl.col(column.name).is_not_null())
            for column in self.columns
            if column.must_be_filled
        )
        own = (
            Condition(rule.code, column, holds, rule.takes_as_absent)
            for rule in self.rules
            for column, holds in rule.holds.items()
        )
        return (*filled, *own)

    @property
    def family(self) -> RuleFamily | None:
        """Its own rules as one family; ``None`` where it has none."""
        if not self.rules:
            return None
        return RuleFamily(self.rules[0].code.rsplit("-", 1)[0], f"Rows of `{self.name}`", self.rules)
