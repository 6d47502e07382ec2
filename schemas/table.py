"""The shape of a curated table's declaration: fields with types, units and descriptions, key, and output rules.

Here: the vocabulary of ``schemas.tables`` and how it becomes a Pandera schema and a column list for readers.
Not here: any particular table, or how its rows come about (the pure rooms of ``pipeline``).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandera.polars as pa  # half a second, so only where rows are validated

CBS_MARK = "Bron: CBS"
"""What the source of a table names where figures of CBS are in it, as its licence asks."""


@dataclass(frozen=True)
class Field:
    """One column of a curated table. ``unit`` names what a number counts; ``""`` where there is nothing to count."""

    name: str
    dtype: pl.DataType
    description: str
    unit: str = ""
    nullable: bool = False
    values: tuple[str, ...] = ()
    """The closed list of values, where there is one."""
    nl: str = ""
    """The description in Dutch."""


@dataclass(frozen=True)
class Invariant:
    """What must hold in every row before a table is published. A null counts as holding."""

    name: str
    holds: pl.Expr


@dataclass(frozen=True)
class Reference:
    """Columns whose values are keys of another table: its ``columns`` are ``key`` there, in the same order."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


class Licence(StrEnum):
    """What a reader may do with a table."""

    OWN = "own"
    """Figures of the service: no licence is given, ask it."""
    CBS = "cbs"
    """Beside those, figures of CBS, under CC BY 4.0 with their source."""
    CLOSED = "closed"
    """About single clients: for who may see them, never to be passed on."""


@dataclass(frozen=True)
class Subject:
    """What a row is about, from its key columns as text: which deliveries may have changed it.

    ``place`` is compared with the places that rows of a source name (``schemas.source.Subject``), ``day`` with the time
    they are about; ``provider`` narrows it down where the place has several.
    """

    place: pl.Expr
    day: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.Date()))
    provider: pl.Expr = field(default_factory=lambda: pl.lit(None, pl.String()))


@dataclass(frozen=True, eq=False)
class Table:
    """One curated table: ``grain`` says what one row is; rows are unique by ``key`` and sorted by it."""

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    source: str
    """Where the figures come from, as a reader should cite them."""
    invariants: tuple[Invariant, ...] = field(default_factory=tuple)
    is_restated: bool = True
    """Whether its figures are compared from release to release; not so for tables about clients or about the log."""
    subject: Subject | None = None
    """What a row is about; needed where figures are compared, so that a cause can be found."""
    names_release: bool = False
    """Whether it names the release it is part of: then it is made last and does not count for the release's id."""
    is_per_client: bool = False
    """Whether a row is about one client: the table lies apart, with rights of its own, and is no open data."""
    grain_nl: str = ""
    """What one row is, in Dutch."""
    order: int = 1_000
    """Place in lists and pages; tables with the same number follow each other by name."""

    @property
    def not_key(self) -> tuple[str, ...]:
        """All columns but those of the key."""
        return tuple(each.name for each in self.fields if each.name not in self.key)

    @property
    def licence(self) -> Licence:
        """What a reader may do with it."""
        if self.is_per_client:
            return Licence.CLOSED
        return Licence.CBS if CBS_MARK in self.source else Licence.OWN

    @property
    def figures(self) -> tuple[str, ...]:
        """The columns that are figures: numbers with a unit."""
        return tuple(each.name for each in self.fields if each.unit and each.dtype.is_numeric())

    def shaped(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The declared columns in the declared types and order, sorted by key."""
        return frame.select(pl.col(each.name).cast(each.dtype) for each in self.fields).sort(self.key)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.fields)

    @property
    def polars_schema(self) -> pl.Schema:
        return pl.Schema({each.name: each.dtype for each in self.fields})

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.polars_schema)

    def schema(self) -> "pa.DataFrameSchema":
        """The Pandera model: exact columns in order, types, nulls, closed lists, invariants, unique key."""
        import pandera.polars as pa

        columns = {
            each.name: pa.Column(
                each.dtype,
                nullable=each.nullable,
                description=each.description,
                checks=[pa.Check.isin(list(each.values))] if each.values else [],
            )
            for each in self.fields
        }
        checks = [_check(invariant) for invariant in self.invariants]
        return pa.DataFrameSchema(
            columns, checks=checks, unique=list(self.key), strict=True, ordered=True, name=self.name
        )

    def joined_schema(self) -> "pa.DataFrameSchema":
        """The same model, for a frame whose names and types are as declared: all that it asks of rows in one check, and
        the unique key. As strict, and six times as fast on a small table.

        It cannot say what a row breaks; that is asked of the model itself.
        """
        import pandera.polars as pa

        asked = [holds for each in self.fields for holds in _asked(each)]
        asked += [each.holds.fill_null(value=True) for each in self.invariants]
        together = pa.Check(
            lambda data: data.lazyframe.select(pl.all_horizontal(asked)),
            name="all that is declared",
            ignore_na=False,
            n_failure_cases=1,
        )
        return pa.DataFrameSchema(checks=[together], unique=list(self.key), name=self.name)


def _asked(field: Field) -> list[pl.Expr]:
    """What Pandera asks of the values of a column: to be there, which a NaN is not, and to stand in its list."""
    value, asked = pl.col(field.name), []
    if not field.nullable:
        asked.append(value.is_not_null())
        asked += [value.is_not_nan().fill_null(value=True)] if field.dtype.is_float() else []
    if field.values:
        asked.append(value.is_in(list(field.values)).fill_null(value=True))
    return asked


def _check(invariant: Invariant) -> "pa.Check":
    import pandera.polars as pa

    holds = invariant.holds.fill_null(value=True)
    return pa.Check(lambda data: data.lazyframe.select(holds), name=invariant.name, ignore_na=False)
