"""The shape every format is read into: a header and batches of text. Not here: how any format is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from pipeline.errors import Rejected
from pipeline.store.formats.surroundings import source_lines


def misshapen_rows(rows: Sequence[int], rules: Sequence[str]) -> pl.DataFrame:
    """Rows that do not fit the header, with the rule that explains how."""
    return pl.DataFrame({"row": rows, "rule": rules}, schema={"row": pl.Int64, "rule": pl.String})


@dataclass(frozen=True)
class TextBatch:
    """Some rows as text. ``row`` is the number a person sees in the file; a row without any value is not a row."""

    frame: pl.DataFrame
    misshapen: pl.DataFrame = field(default_factory=partial(misshapen_rows, (), ()))
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
    """Per column, the rows in which the file itself holds a number with decimals and not a text: a point in it is never
    a thousands mark.
    """
    source_lines: tuple[int, ...] = ()
    """Numbers of lines that name the source of the table, and are no row."""
    codes: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Per column, the rows (row, text) in which a number is shown as another text, such as 00012: a code is what is
    shown.
    """
    moments: Mapping[str, pl.Series] = field(default_factory=dict)
    """Per column, the rows in which a workbook holds a day or a time and not a text."""

    @property
    def has_rows(self) -> bool:
        """A row, or a misshapen one."""
        return not (self.frame.is_empty() and self.misshapen.is_empty())

    @property
    def is_empty(self) -> bool:
        """Nothing that anybody has to know of."""
        return not self.has_rows and not self.source_lines


@dataclass(frozen=True)
class TextTable:
    """A file as text. ``batches`` is read while it is iterated, once, and may still raise ``Rejected``."""

    header: tuple[str, ...]
    encoding: str
    separator: str
    is_excel: bool
    batches: Iterator[TextBatch]
    is_1904: bool = False
    """A workbook that counts its days from 1904."""
    remarks: tuple[tuple[str, str], ...] = ()
    """What a receipt says of it, each with its rule."""
    title: str = ""
    """What stands above the header."""


def column_names(width: int) -> list[str]:
    """Positional names of the cells: ``c0``, ``c1``, …"""
    return [f"c{i}" for i in range(width)]


def numbered(cells: pl.DataFrame, rows: pl.Series, width: int) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """Cells below the ``width`` named columns with their row numbers, without lines that hold no value; and apart from
    them the numbers of those that name the source, which are no row either.
    """
    _require_no_value(cells.select(cells.columns[width:]), width)
    values = cells.columns[:width]
    frame = cells.select(rows.cast(pl.Int64).alias("row"), *values)
    if any(frame.get_column(name).null_count() == 0 for name in values):
        filled = frame
    else:
        filled = frame.filter(~pl.all_horizontal(pl.col(values).is_null()))
    printed = source_lines(filled)
    return (filled.filter(~pl.col("row").is_in(printed)) if printed else filled), tuple(printed)


def _require_no_value(unnamed: pl.DataFrame, width: int) -> None:
    """Separators that end every line make empty columns; values need a name."""
    for position, column in enumerate(unnamed.get_columns(), width + 1):
        if column.null_count() < unnamed.height:
            raise Rejected("FILE-019", f"no name above the values of column {position}; the header must be on row 1")
