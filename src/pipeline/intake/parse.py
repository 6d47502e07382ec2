"""Text to typed columns, telling "empty" from "present and unreadable".

Here: one batch of text cells becomes a typed frame and the findings of unreadable cells. Not here: reading the cells of
a column (``column_values``), rules about values that could be read (``validate``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from pipeline.intake import numbers
from pipeline.intake.column_values import NAMES, Manner, Reading, read_cells
from pipeline.intake.findings import no_findings
from pipeline.intake.garbled import garbled
from pipeline.intake.own_numbers import without_own_numbers
from schemas.column import Column, Kind, Marks
from schemas.source import Source
from schemas.vocabulary import A_MOMENT

_ZERO_DECIMALS = r"^(-?[0-9]+)\.0+$"


@dataclass(frozen=True)
class Parsed:
    """``frame``: "row" and one typed column per source column, absent ones null. ``findings``: row, column, rule."""

    frame: pl.DataFrame
    findings: pl.DataFrame


@dataclass(frozen=True)
class Typed:
    """What the format knows of its cells beside their texts."""

    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
    """Per cell column, the rows in which the file holds a number with decimals and not a text."""
    is_excel: bool = False
    is_1904: bool = False
    """A workbook that counts its days from 1904."""
    codes: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Per cell column, the rows (row, text) in which a number is shown as another text."""
    moments: Mapping[str, pl.Series] = field(default_factory=dict)
    """Per cell column, the rows in which the file holds a day or a time and not a text."""


def parse(
    text: pl.DataFrame,
    source: Source,
    cells: Mapping[str, str],
    *,
    constants: Mapping[str, str] | None = None,
    typed: Typed | None = None,
) -> Parsed:
    """Read one batch.

    ``text`` has "row" and the cell columns that ``cells`` names; ``constants`` come from the delivery itself.
    """
    typed = typed or Typed()
    columns: list[pl.Series] = [text["row"]]
    findings = [no_findings()]
    digits: list[str] = []
    stated = {name: pl.repeat(value, text.height, eager=True) for name, value in (constants or {}).items()}
    given = stated | {name: text[cell] for name, cell in cells.items()}
    for column in source.columns:
        cell = given.get(column.name)
        if cell is None:
            columns.extend(_absent(column, text.height))
            continue
        manner = Manner(column, source.may_be_absent(column), column.marks, typed.is_excel, typed.is_1904)
        marks = _marks(text, source, column, cells, typed)
        numbered = typed.numbers.get(cells.get(column.name, ""))
        if numbered is not None and column.kind not in numbers.NUMBERS:
            cell = _whole(cell, text["row"].is_in(numbered.implode()))
        codes = typed.codes.get(cells.get(column.name, ""))
        if codes is not None and column.kind in NAMES:
            cell = _as_shown(cell, text["row"], codes)
        moments = typed.moments.get(cells.get(column.name, ""))
        if moments is not None and column.kind in NAMES and not column.is_prose:
            is_moment = text["row"].is_in(moments.implode())
            cell = pl.repeat(A_MOMENT, len(cell), dtype=pl.String, eager=True).zip_with(is_moment, cell)
        reading = read_cells(cell, manner) if marks is None else _read_by_marks(cell, manner, marks)
        columns.append(reading.values.alias(column.name))
        if reading.may_hold_person:
            digits.append(column.name)
        if reading.decimals is not None:
            columns.append(reading.decimals.alias(f"{column.name}_decimals"))
        if reading.rules is not None:
            findings.append(_findings(text["row"], reading.rules, column))
        if column.kind is Kind.TEXT and (odd := garbled(text["row"], reading.values, column.name)) is not None:
            findings.append(odd)
    frame, own = without_own_numbers(pl.DataFrame(columns), source, digits)
    return Parsed(frame.with_columns(**source.derived), pl.concat([*findings, own]))


def _as_shown(cell: pl.Series, row: pl.Series, codes: pl.DataFrame) -> pl.Series:
    """The cells with the text that the file shows in place of its number, as its CSV would hold it."""
    shown = pl.DataFrame({"row": row, "cell": cell}).join(codes, on="row", how="left", maintain_order="left")
    return shown.select(pl.coalesce("text", "cell")).to_series()


def _whole(cell: pl.Series, is_number: pl.Series) -> pl.Series:
    """The cells with what the file holds as a number without a fraction as whole digits: 1.0 is the id 1, as 1 is.

    A text stays as it stands, and so do the decimals of a column of numbers.
    """
    return cell.str.replace(_ZERO_DECIMALS, "$1").zip_with(is_number, cell)


def _marks(
    text: pl.DataFrame, source: Source, column: Column, cells: Mapping[str, str], typed: Typed
) -> pl.Series | None:
    """What one mark with three digits means in each cell, where that differs within the column: in a number of the file
    itself, and under its unit.
    """
    unit, rows = source.column(column.unit), typed.numbers.get(cells.get(column.name, ""))
    has_unit = unit is not None and unit.name in cells
    if column.kind not in numbers.NUMBERS or (rows is None and not has_unit) or text.is_empty():
        return None
    marks = pl.repeat(column.marks.value, text.height, dtype=pl.String, eager=True)
    if unit is not None and has_unit:
        of_unit = {name: each.value for name, each in column.unit_marks}
        units = read_cells(text[cells[unit.name]], Manner(unit)).values
        marks = units.replace_strict(of_unit, default=column.marks.value, return_dtype=pl.String)
    if rows is not None:
        is_number = text["row"].is_in(rows.implode())
        marks = pl.repeat(Marks.DECIMAL.value, text.height, dtype=pl.String, eager=True).zip_with(is_number, marks)
    return marks


def _read_by_marks(cell: pl.Series, manner: Manner, marks: pl.Series) -> Reading:
    """Every cell in the manner of its own marks; in those of others it is left out."""
    nothing = pl.repeat(None, len(cell), dtype=pl.String, eager=True)
    parts = {each: marks == each for each in marks.unique(maintain_order=True)}
    readings = {
        each: read_cells(cell.zip_with(part, nothing), replace(manner, marks=Marks(each)))
        for each, part in parts.items()
    }

    def merged(series: Callable[[Reading], pl.Series | None]) -> pl.Series | None:
        found = {each: series(reading) for each, reading in readings.items()}
        whole: pl.Series | None = None
        for each, part in found.items():
            whole = whole if part is None else part if whole is None else part.zip_with(parts[each], whole)
        return whole

    whole = merged(lambda reading: reading.values)
    assert whole is not None
    return Reading(whole, merged(lambda reading: reading.decimals), merged(lambda reading: reading.rules))


def _absent(column: Column, height: int) -> list[pl.Series]:
    absent = [pl.repeat(None, height, dtype=column.dtype, eager=True).alias(column.name)]
    if column.kind is Kind.PRINTED:
        absent.append(pl.repeat(None, height, dtype=pl.Int16(), eager=True).alias(f"{column.name}_decimals"))
    return absent


def _findings(row: pl.Series, rules: pl.Series, column: Column) -> pl.DataFrame:
    return (
        pl.DataFrame({"row": row, "rule": rules})
        .filter(pl.col("rule").is_not_null())
        .select("row", pl.lit(column.name).alias("column"), "rule")
    )
