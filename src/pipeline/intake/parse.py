"""Text to typed columns, telling "empty" from "present and unreadable".

Here: one batch of text cells becomes a typed frame and the findings of unreadable cells. Not here: the forms a
value may have (``values``), rules about values that could be read (``validate``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake import values
from pipeline.intake.findings import no_findings
from schemas.column import Column, Kind
from schemas.limits import CBS_COUNT_STEP, MAX_COUNT
from schemas.person_number import LEAST_NUMBER, MOST_NUMBER, holds_numbers, may_hold_number, passes_eleven_test
from schemas.source import Source

_ONE_BY_ONE = (Kind.BSN, Kind.IDENTIFIER)
"""Kinds with nearly as many values as rows. All others are read once per distinct text, which is four times as fast."""

_SEARCHED = (Kind.TEXT, Kind.CODE, Kind.REGION, Kind.THOUSANDS)
"""Kinds whose text is searched for the number of a person also where it was read."""
_NUMBERS = (Kind.INTEGER, Kind.THOUSANDS, Kind.DECIMAL, Kind.PRINTED)
_BSN_SENTINELS = ("999999999", "000000000")


@dataclass(frozen=True)
class Parsed:
    """``frame``: "row" and one typed column per source column, absent ones null. ``findings``: row, column, rule."""

    frame: pl.DataFrame
    findings: pl.DataFrame


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
    is_excel: bool = False,
) -> Parsed:
    """Read one batch.

    ``text`` has "row" and the cell columns that ``cells`` names; ``constants`` come from the delivery itself.
    """
    columns: list[pl.Series] = [text["row"]]
    findings = [no_findings()]
    for column in source.columns:
        cell = _cell(text, column, cells, constants or {})
        if cell is None:
            columns.extend(_absent(column, text.height))
            continue
        reading = _read_cells(cell, column, is_excel=is_excel)
        columns.append(reading.values.alias(column.name))
        if reading.decimals is not None:
            columns.append(reading.decimals.alias(f"{column.name}_decimals"))
        if reading.rules is not None:
            findings.append(_findings(text["row"], reading.rules, column))
    frame = pl.DataFrame(columns).with_columns(**source.derived)
    return Parsed(frame, pl.concat(findings))


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


def _read_cells(cell: pl.Series, column: Column, *, is_excel: bool) -> _Reading:
    if column.kind in _ONE_BY_ONE:
        return _read(cell, column, is_excel=is_excel)
    encoded = pc.dictionary_encode(cell.to_arrow())
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    distinct = _read(pl.Series(encoded.dictionary, dtype=pl.String), column, is_excel=is_excel)
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


def _read(text: pl.Series, column: Column, *, is_excel: bool) -> _Reading:
    # Step by step, so that each step is computed once: an expression used twice in one step may be computed twice.
    stepwise = text.alias("text").to_frame().lazy()
    for step in _steps(column, is_excel=is_excel):
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
        frame.select(_rule(column)).to_series() if frame["has_unreadable"][0] else None,
    )


@cache
def _steps(column: Column, *, is_excel: bool) -> tuple[list[pl.Expr], ...]:
    """All that is asked of every text: whether it is empty, its value, and whether a closer look is needed."""
    text, value = pl.col("text"), pl.col("value")
    empty = values.is_missing(text) | text.is_null()
    if column.kind is Kind.BSN:
        empty |= text.is_in(_BSN_SENTINELS)
    read = pl.when(~pl.col("is_empty")).then(_value(text, column, is_excel=is_excel)).cast(column.dtype)
    decimals = values.printed_decimals(text) if column.kind is Kind.PRINTED else pl.lit(None)
    person = pl.lit(value=False) if column.kind in _ONE_BY_ONE else may_hold_number(text).any()
    if column.kind in _NUMBERS:
        person |= (value.abs() >= LEAST_NUMBER).any()
    return (
        [text.str.strip_chars()],
        [empty.alias("is_empty")],
        [read.alias("value")],
        [
            pl.when(value.is_not_null()).then(decimals).cast(pl.Int16).alias("decimals"),
            (value.is_null() & ~pl.col("is_empty")).any().alias("has_unreadable"),
            person.fill_null(value=False).alias("may_hold_person"),
            pl.lit(value=False).alias("is_misplaced"),
        ],
    )


def _rule(column: Column) -> pl.Expr:
    return (
        pl.when(pl.col("is_empty") | pl.col("value").is_not_null())
        .then(None)
        .when(pl.col("is_misplaced"))
        .then(pl.lit("VALUE-004"))
        .when(pl.col("text").str.contains(values.AMBIGUOUS) & (column.kind is Kind.DECIMAL))
        .then(pl.lit("VALUE-005"))
        .otherwise(pl.lit(values.UNREADABLE[column.kind]))
        .cast(pl.String)
    )


def _value(text: pl.Expr, column: Column, *, is_excel: bool) -> pl.Expr:
    if column.kind is Kind.CODE:
        return values.code(column)(text)
    if column.kind is Kind.BIRTH_DATE and is_excel:
        return pl.coalesce(values.birth_year(text), values.excel_serial(text).dt.year().cast(pl.Int16))
    if column.kind is not Kind.DATE:
        return values.READERS[column.kind](text)
    forms = [values.date(text, form) for form in values.DATE_FORMS]
    if is_excel:
        forms.append(values.excel_serial(text))
    return pl.coalesce(forms)


def _is_misplaced_bsn(column: Column) -> pl.Expr:
    """Whether the number of a person stands where none belongs.

    Text is searched, and so is whatever could not be read. A number is looked at as it was read, so that marks, a sign
    or a zero decimal hide nothing; with a fraction its text is searched too.
    """
    text, value = pl.col("text"), pl.col("value")
    is_searched = value.is_null() if column.kind not in _SEARCHED else pl.lit(value=True)
    if column.kind in (Kind.DECIMAL, Kind.PRINTED):
        is_searched |= value != value.floor()
    found = pl.when(is_searched).then(text).map_batches(holds_numbers, return_dtype=pl.Boolean)
    if column.kind in _NUMBERS:
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
