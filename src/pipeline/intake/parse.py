"""Text to typed columns, telling "empty" from "present and unreadable".

Here: one batch of text cells becomes a typed frame and the findings of unreadable cells. Not here: the forms a
value may have (``values``), rules about values that could be read (``validate``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake import values
from pipeline.intake.findings import no_findings
from schemas.column import Column, Kind, Marks
from schemas.limits import CBS_COUNT_STEP, MAX_COUNT
from schemas.person_number import LEAST_NUMBER, MOST_NUMBER, holds_numbers, may_hold_number, passes_eleven_test
from schemas.source import Source

_ZERO_DECIMALS = r"^(-?[0-9]+)\.0+$"
_ONE_BY_ONE = (Kind.BSN, Kind.IDENTIFIER)
"""Kinds with nearly as many values as rows. All others are read once per distinct text, which is four times as fast."""

_SEARCHED = (Kind.TEXT, Kind.CODE, Kind.REGION, Kind.THOUSANDS)
"""Kinds whose text is searched for the number of a person also where it was read."""
_BSN_SENTINELS = ("999999999", "000000000")


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


@dataclass(frozen=True)
class _Manner:
    """How the texts of one column are read."""

    column: Column
    may_be_absent: bool = False
    """What cannot be read is taken as absent."""
    marks: Marks = Marks.ASKED
    is_excel: bool = False
    is_1904: bool = False


@dataclass(frozen=True)
class _Reading:
    values: pl.Series
    decimals: pl.Series | None
    rules: pl.Series | None
    """The rule an unreadable cell breaks, null where the cell was read or is empty; None when all were."""


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
    for column in source.columns:
        cell = _cell(text, column, cells, constants or {})
        if cell is None:
            columns.extend(_absent(column, text.height))
            continue
        manner = _Manner(column, source.may_be_absent(column), column.marks, typed.is_excel, typed.is_1904)
        marks = _marks(text, source, column, cells, typed)
        cell = _whole(cell, text["row"], typed.numbers.get(cells.get(column.name, "")), column)
        reading = _read_cells(cell, manner) if marks is None else _read_by_marks(cell, manner, marks)
        columns.append(reading.values.alias(column.name))
        if reading.decimals is not None:
            columns.append(reading.decimals.alias(f"{column.name}_decimals"))
        if reading.rules is not None:
            findings.append(_findings(text["row"], reading.rules, column))
    frame = pl.DataFrame(columns).with_columns(**source.derived)
    return Parsed(frame, pl.concat(findings))


def _whole(cell: pl.Series, row: pl.Series, numbers: pl.Series | None, column: Column) -> pl.Series:
    """The cells with what the file holds as a number without a fraction as whole digits: 1.0 is the id 1, as 1 is.

    A text stays as it stands, and so do the decimals of a column of numbers.
    """
    if numbers is None or column.kind in values.NUMBERS or cell.is_empty():
        return cell
    return cell.str.replace(_ZERO_DECIMALS, "$1").zip_with(row.is_in(numbers.implode()), cell)


def _marks(
    text: pl.DataFrame, source: Source, column: Column, cells: Mapping[str, str], typed: Typed
) -> pl.Series | None:
    """What one mark with three digits means in each cell, where that differs within the column: in a number of the file
    itself, and under its unit.
    """
    unit, rows = source.column(column.unit), typed.numbers.get(cells.get(column.name, ""))
    has_unit = unit is not None and unit.name in cells
    if column.kind not in values.NUMBERS or (rows is None and not has_unit) or text.is_empty():
        return None
    marks = pl.repeat(column.marks.value, text.height, dtype=pl.String, eager=True)
    if unit is not None and has_unit:
        of_unit = {name: each.value for name, each in column.unit_marks}
        units = _read_cells(text[cells[unit.name]], _Manner(unit)).values
        marks = units.replace_strict(of_unit, default=column.marks.value, return_dtype=pl.String)
    if rows is not None:
        is_number = text["row"].is_in(rows.implode())
        marks = pl.repeat(Marks.DECIMAL.value, text.height, dtype=pl.String, eager=True).zip_with(is_number, marks)
    return marks


def _read_by_marks(cell: pl.Series, manner: _Manner, marks: pl.Series) -> _Reading:
    """Every cell in the manner of its own marks; in those of others it is left out."""
    nothing = pl.repeat(None, len(cell), dtype=pl.String, eager=True)
    parts = {each: marks == each for each in marks.unique(maintain_order=True)}
    readings = {
        each: _read_cells(cell.zip_with(part, nothing), replace(manner, marks=Marks(each)))
        for each, part in parts.items()
    }

    def merged(series: Callable[[_Reading], pl.Series | None]) -> pl.Series | None:
        found = {each: series(reading) for each, reading in readings.items()}
        whole: pl.Series | None = None
        for each, part in found.items():
            whole = whole if part is None else part if whole is None else part.zip_with(parts[each], whole)
        return whole

    whole = merged(lambda reading: reading.values)
    assert whole is not None
    return _Reading(whole, merged(lambda reading: reading.decimals), merged(lambda reading: reading.rules))


def _cell(
    text: pl.DataFrame, column: Column, cells: Mapping[str, str], constants: Mapping[str, str]
) -> pl.Series | None:
    if column.name in cells:
        return text[cells[column.name]]
    if column.name in constants:
        return pl.repeat(constants[column.name], text.height, dtype=pl.String, eager=True)
    return None


def _absent(column: Column, height: int) -> list[pl.Series]:
    absent = [pl.repeat(None, height, dtype=column.dtype, eager=True).alias(column.name)]
    if column.kind is Kind.PRINTED:
        absent.append(pl.repeat(None, height, dtype=pl.Int16(), eager=True).alias(f"{column.name}_decimals"))
    return absent


def _read_cells(cell: pl.Series, manner: _Manner) -> _Reading:
    if manner.column.kind in _ONE_BY_ONE:
        return _read(cell, manner)
    encoded = pc.dictionary_encode(cell.to_arrow())
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    distinct = _read(pl.Series(encoded.dictionary, dtype=pl.String), manner)
    index = pl.Series(encoded.indices)
    return _Reading(
        _take(distinct.values, index),
        None if distinct.decimals is None else _take(distinct.decimals, index),
        None if distinct.rules is None else _take(distinct.rules, index),
    )


def _take(distinct: pl.Series, index: pl.Series) -> pl.Series:
    if distinct.is_empty() or distinct.null_count() == len(distinct):
        return pl.repeat(None, len(index), dtype=distinct.dtype, eager=True)
    return distinct.gather(index)


def _read(text: pl.Series, manner: _Manner) -> _Reading:
    column = manner.column
    # Step by step, so that each step is computed once: an expression used twice in one step may be computed twice.
    stepwise = text.alias("text").to_frame().lazy()
    # Text of ASCII alone has nothing that cannot be seen but blanks, and to know that is cheap.
    is_ascii = text.str.len_bytes().sum() == text.str.len_chars().sum()
    stepwise = stepwise.with_columns(pl.col("text").str.strip_chars() if is_ascii else values.seen(pl.col("text")))
    for step in _steps(manner):
        stepwise = stepwise.with_columns(step)
    # The streaming engine takes longer to begin than a few hundred distinct texts take to be read.
    frame = stepwise.collect(engine="in-memory")
    if frame.is_empty():
        return _Reading(frame["value"], frame["decimals"] if column.kind is Kind.PRINTED else None, None)
    if frame["may_hold_person"][0]:
        frame = frame.with_columns(is_misplaced=_is_misplaced_bsn(column))
        frame = frame.with_columns(
            value=pl.when(~pl.col("is_misplaced")).then("value"), has_unreadable=pl.lit(value=True)
        )
    return _Reading(
        frame["value"],
        frame["decimals"] if column.kind is Kind.PRINTED else None,
        frame.select(_rule(manner)).to_series() if frame["has_unreadable"][0] else None,
    )


@cache
def _steps(manner: _Manner) -> tuple[list[pl.Expr], ...]:
    """All that is asked of every text: whether it is empty, its value, and whether a closer look is needed."""
    text, value, column = pl.col("text"), pl.col("value"), manner.column
    empty = values.is_missing(text) | text.is_null()
    if column.missing:
        empty |= text.is_in(column.missing)
    if column.kind is Kind.BSN:
        empty |= text.is_in(_BSN_SENTINELS)
    if column.may_be_open:
        empty |= values.is_open_end(text)
    read = pl.when(~pl.col("is_empty")).then(_value(text, manner)).cast(column.dtype)
    decimals = values.printed_decimals(text, manner.marks) if column.kind is Kind.PRINTED else pl.lit(None)
    person = pl.lit(value=False) if column.kind in _ONE_BY_ONE else may_hold_number(text).any()
    if column.kind in values.NUMBERS:
        person |= (value.abs() >= LEAST_NUMBER).any()
    return (
        [empty.alias("is_empty")],
        [read.alias("value")],
        [
            pl.when(value.is_not_null()).then(decimals).cast(pl.Int16).alias("decimals"),
            (value.is_null() & ~pl.col("is_empty")).any().alias("has_unreadable"),
            person.fill_null(value=False).alias("may_hold_person"),
            pl.lit(value=False).alias("is_misplaced"),
        ],
    )


def _rule(manner: _Manner) -> pl.Expr:
    kind = manner.column.kind
    is_asked = values.is_asked(pl.col("text"), manner.marks) if kind in values.NUMBERS else pl.lit(value=False)
    return (
        pl.when(pl.col("is_empty") | pl.col("value").is_not_null())
        .then(None)
        .when(pl.col("is_misplaced"))
        .then(pl.lit("VALUE-004"))
        .when(is_asked)
        .then(pl.lit("VALUE-021" if manner.may_be_absent else "VALUE-005"))
        .otherwise(pl.lit("VALUE-020" if manner.may_be_absent else values.UNREADABLE[kind]))
        .cast(pl.String)
    )


def _value(text: pl.Expr, manner: _Manner) -> pl.Expr:
    column, kind = manner.column, manner.column.kind
    if kind in values.NUMBERS:
        return values.NUMBERS[kind](text, manner.marks)
    if kind is Kind.CODE:
        return values.code(column)(text)
    if kind is Kind.TEXT:
        return text if column.is_prose else values.name(text)
    if kind not in (Kind.DATE, Kind.BIRTH_DATE):
        read = values.READERS[kind](text)
        return pl.coalesce(read, values.word(column)(text)) if kind is Kind.REGION else read
    days, serials = values.day(text), values.excel_serial(text, is_1904=manner.is_1904)
    if kind is Kind.BIRTH_DATE:
        years = [values.birth_year(days), serials.dt.year().cast(pl.Int16)]
        return pl.coalesce(years if manner.is_excel else years[:1])
    forms = [*(values.date(days, form) for form in values.DATE_FORMS), serials]
    return pl.coalesce(forms if manner.is_excel else forms[:-1])


def _is_misplaced_bsn(column: Column) -> pl.Expr:
    """Whether the number of a person stands where none belongs.

    Text is searched, and so is whatever could not be read. A number is looked at as it was read, so that marks, a sign
    or a zero decimal hide nothing; with a fraction or more digits its text is searched too.
    """
    text, value = pl.col("text"), pl.col("value")
    is_searched = value.is_null() if column.kind not in _SEARCHED else pl.lit(value=True)
    if column.kind in values.NUMBERS:
        is_searched |= (value.abs() > MOST_NUMBER) | (value != value.floor())
    found = pl.when(is_searched).then(text).map_batches(holds_numbers, return_dtype=pl.Boolean)
    if column.kind in values.NUMBERS:
        found |= _is_bsn(value)
    return found.fill_null(value=False) & ~pl.col("is_empty")


def _is_bsn(value: pl.Expr) -> pl.Expr:
    """A number that may be that of a person. One of eight digits that is rounded to tens is a count: CBS has such."""
    whole = pl.when(value.abs() <= MOST_NUMBER).then(value.abs().cast(pl.Int64))
    is_count = (whole <= MAX_COUNT) & (whole % CBS_COUNT_STEP == 0)
    return (whole >= LEAST_NUMBER) & ~is_count & passes_eleven_test(whole)


def _findings(row: pl.Series, rules: pl.Series, column: Column) -> pl.DataFrame:
    return (
        pl.DataFrame({"row": row, "rule": rules})
        .filter(pl.col("rule").is_not_null())
        .select("row", pl.lit(column.name).alias("column"), "rule")
    )
