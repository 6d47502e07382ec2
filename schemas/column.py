"""The shape of one column of a file: how its text is read, whom it identifies, what replaces it in the log.

Not here: a file as a whole (``schemas.source``), and how text becomes a value (``pipeline.intake.parse``).
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Identifies(StrEnum):
    """Whose number a column holds. The value is the first byte that is enciphered with the number, so that a client
    number is never mistaken for a BSN.
    """

    PERSON = "B"
    CLIENT_NUMBER = "C"
    DOSSIER = "D"


class Kind(StrEnum):
    """How the text of a cell is read (contract, section Files, "Values")."""

    DATE = "date"
    BIRTH_DATE = "birth_date"
    """A date whose month and day may be ``00``; only the year is kept."""
    INTEGER = "integer"
    THOUSANDS = "thousands"
    """A decimal number printed in thousands; kept as whole units."""
    DECIMAL = "decimal"
    PRINTED = "printed"
    """A number whose printed decimals are its precision; yields ``<name>`` and ``<name>_decimals``."""
    CODE = "code"
    MUNICIPALITY = "municipality"
    TEXT = "text"
    BSN = "bsn"
    IDENTIFIER = "identifier"
    """A number of a person or dossier that the sender gave out: at most 15 printable ASCII characters, replaced by a
    key.
    """
    REGION = "region"
    PERIOD = "period"
    """A CBS period such as ``2016MM12``."""
    YEAR = "year"


class Marks(StrEnum):
    """What one mark with three digits behind it is in a number: 1.234 is one thousand and more, or one and a quarter."""

    ASKED = "asked"
    """Either; so it is a finding."""
    COUNT = "count"
    """Thousands, as a count has no decimals: 2.420. But 12.000 is twelve as well, and 2,420 is written with the mark of
    decimals: these are asked.
    """
    DECIMAL = "decimal"
    """Decimals, as a percentage has no thousands, and a number that the file knows as one is that number."""


DTYPES: dict[Kind, pl.DataType] = {
    Kind.DATE: pl.Date(),
    Kind.BIRTH_DATE: pl.Int16(),
    Kind.INTEGER: pl.Int64(),
    Kind.THOUSANDS: pl.Int64(),
    Kind.DECIMAL: pl.Float64(),
    Kind.PRINTED: pl.Float64(),
    Kind.CODE: pl.String(),
    Kind.MUNICIPALITY: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.BSN: pl.Int64(),
    Kind.IDENTIFIER: pl.String(),
    Kind.REGION: pl.String(),
    Kind.PERIOD: pl.String(),
    Kind.YEAR: pl.Int16(),
}


@dataclass(frozen=True)
class Column:
    """One column of a file. ``header`` is its name in the contract, ``name`` its name in events and code."""

    name: str
    header: str
    kind: Kind
    description: str
    required: bool = False
    """The column must be in the header and every row must fill it."""
    filled: bool | None = None
    """Whether every row must fill it, where that differs from ``required`` (CBS prints "." in required columns)."""
    texts: tuple[tuple[str, str], ...] = ()
    """Words that stand for a code (``PW`` for ``01``) or a region, matched without regard to case."""
    missing: tuple[str, ...] = ()
    """Spellings of "no value" that only this column has, beside ``MISSING_TEXTS``."""
    identifies: Identifies | None = None
    """Whose number it is, for the kinds that a pseudonym replaces; a BSN is always a person's."""
    marks: Marks = Marks.ASKED
    """What one mark with three digits behind it is in its texts; a count reads them as counts."""
    unit: str = ""
    """The column with the unit of its numbers, where that decides it for each row."""
    unit_marks: tuple[tuple[str, Marks], ...] = ()
    """What such a mark is under each unit."""
    is_prose: bool = False
    """Words in sentences, which may hold anything. Other texts are names: something is known or counted by them."""
    is_about: bool = False
    """It says what the row is about: a value that cannot be read is never taken as absent, though it may be empty."""
    is_missed: bool = False
    """Without it rows say something else than they do with it: a benefit that ended goes on. A column of nearly its name
    holds the delivery (DELIVERY-022), and so do many cells that cannot be read (DELIVERY-030).
    """
    name_stems: tuple[str, ...] = ()
    """What a header holds that says the same in other words, in its bare spelling (``spelling``). Where the column is
    absent, one that holds it is taken for it, and asked.
    """
    may_be_open: bool = False
    """A day at the end of all time stands for "no end yet" (``OPEN_ENDS``)."""

    def __post_init__(self) -> None:
        if self.kind is Kind.BSN:
            object.__setattr__(self, "identifies", Identifies.PERSON)
        if self.kind is Kind.INTEGER:
            object.__setattr__(self, "marks", Marks.COUNT)
        if self.is_replaced and self.identifies is None:
            raise ValueError(f"column {self.name} is an identifier: say whose number it is (identifies=…)")

    @property
    def is_replaced(self) -> bool:
        """Whether the log holds a pseudonym in its place."""
        return self.kind in (Kind.BSN, Kind.IDENTIFIER)

    @property
    def must_be_filled(self) -> bool:
        return self.required if self.filled is None else self.filled

    @property
    def is_identifying(self) -> bool:
        return self.kind in (Kind.BSN, Kind.IDENTIFIER, Kind.BIRTH_DATE)

    @property
    def dtype(self) -> pl.DataType:
        return DTYPES[self.kind]


@dataclass(frozen=True)
class KeyPart:
    """One derived column that events carry in place of identifying ones."""

    name: str
    sources: tuple[str, ...]
    """Columns tried in order; the first that is filled gives the key."""
    description: str
