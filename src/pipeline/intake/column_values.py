"""The cells of one column to values, and the rule that an unreadable one breaks; misplaced numbers of persons, too.

Here: one column, read in its manner, each distinct text once. Not here: the columns of a batch (``parse``), the forms a
value may have (``values``, ``dates``, ``numbers``).
"""

from dataclasses import dataclass
from functools import cache

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake import dates, numbers, values
from schemas.column import Column, Kind, Marks
from schemas.limits.files import CBS_COUNT_STEP, MAX_COUNT
from schemas.number_columns import holds_numbers, may_hold_number, passes_eleven_test
from schemas.person_number import LEAST_NUMBER, MOST_NUMBER

_ONE_BY_ONE = (Kind.BSN, Kind.IDENTIFIER)
"""Kinds with nearly as many values as rows. All others are read once per distinct text, which is four times as fast."""

NAMES = (Kind.TEXT, Kind.CODE, Kind.IDENTIFIER)
"""Kinds of which every character counts: 00012 and 12 are two. All others read both alike."""
_SEARCHED = (Kind.TEXT, Kind.CODE, Kind.REGION, Kind.THOUSANDS)
"""Kinds whose text is searched for the number of a person also where it was read."""
_BSN_SENTINELS = ("999999999", "000000000")


@dataclass(frozen=True)
class Manner:
    """How the texts of one column are read."""

    column: Column
    may_be_absent: bool = False
    """What cannot be read is taken as absent."""
    marks: Marks = Marks.ASKED
    is_excel: bool = False
    is_1904: bool = False


@dataclass(frozen=True)
class Reading:
    values: pl.Series
    decimals: pl.Series | None
    rules: pl.Series | None
    """The rule an unreadable cell breaks, null where the cell was read or is empty; None when all were."""
    may_hold_person: bool = False
    """Whether some text has digits enough for the number of a person."""


def read_cells(cell: pl.Series, manner: Manner) -> Reading:
    if manner.column.kind in _ONE_BY_ONE:
        return _read(cell, manner)
    encoded = pc.dictionary_encode(cell.to_arrow())
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    distinct = _read(pl.Series(encoded.dictionary, dtype=pl.String), manner)
    index = pl.Series(encoded.indices)
    return Reading(
        distinct.values.gather(index),
        None if distinct.decimals is None else distinct.decimals.gather(index),
        None if distinct.rules is None else distinct.rules.gather(index),
        distinct.may_hold_person,
    )


def _read(text: pl.Series, manner: Manner) -> Reading:
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
        return Reading(frame["value"], frame["decimals"] if column.kind is Kind.PRINTED else None, None)
    if frame["may_hold_person"][0]:
        frame = frame.with_columns(is_misplaced=_is_misplaced_bsn(column))
        frame = frame.with_columns(
            value=pl.when(~pl.col("is_misplaced")).then("value"), has_unreadable=pl.lit(value=True)
        )
    return Reading(
        frame["value"],
        frame["decimals"] if column.kind is Kind.PRINTED else None,
        frame.select(_rule(manner)).to_series() if frame["has_unreadable"][0] else None,
        frame["may_hold_person"][0],
    )


@cache
def _steps(manner: Manner) -> tuple[list[pl.Expr], ...]:
    """All that is asked of every text: whether it is empty, its value, and whether a closer look is needed."""
    text, value, column = pl.col("text"), pl.col("value"), manner.column
    empty = values.is_missing(text) | text.is_null()
    if column.missing:
        empty |= text.is_in(column.missing)
    if column.kind is Kind.BSN:
        empty |= text.is_in(_BSN_SENTINELS)
    if column.may_be_open:
        empty |= dates.is_open_end(text)
    if column.kind is Kind.DATE and manner.may_be_absent:
        empty |= dates.is_zero(text)
    read = pl.when(~pl.col("is_empty")).then(_value(text, manner)).cast(column.dtype)
    decimals = numbers.printed_decimals(text, manner.marks) if column.kind is Kind.PRINTED else pl.lit(None)
    person = pl.lit(value=False) if column.kind in _ONE_BY_ONE else may_hold_number(text).any()
    if column.kind in numbers.NUMBERS:
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


def _rule(manner: Manner) -> pl.Expr:
    kind = manner.column.kind
    is_asked = numbers.is_asked(pl.col("text"), manner.marks) if kind in numbers.NUMBERS else pl.lit(value=False)
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


def _value(text: pl.Expr, manner: Manner) -> pl.Expr:
    column, kind = manner.column, manner.column.kind
    if kind in numbers.NUMBERS:
        return numbers.NUMBERS[kind](text, manner.marks)
    if kind in NAMES:
        return _name(text, column)
    if kind not in (Kind.DATE, Kind.BIRTH_DATE):
        read = values.READERS[kind](text)
        return pl.coalesce(read, values.word(column)(text)) if kind is Kind.REGION else read
    days, serials = dates.day(text), dates.excel_serial(text, is_1904=manner.is_1904)
    if kind is Kind.BIRTH_DATE:
        years = [dates.birth_year(days), serials.dt.year().cast(pl.Int16)]
        return pl.coalesce(years if manner.is_excel else years[:1])
    forms = [*(dates.date(days, form) for form in dates.DATE_FORMS), serials]
    return pl.coalesce(forms if manner.is_excel else forms[:-1])


def _name(text: pl.Expr, column: Column) -> pl.Expr:
    if column.kind is Kind.CODE:
        return values.code(column)(text)
    if column.kind is Kind.IDENTIFIER:
        return values.identifier(text)
    return text if column.is_prose else values.name(text)


def _is_misplaced_bsn(column: Column) -> pl.Expr:
    """Whether the number of a person stands where none belongs.

    Text is searched, and so is whatever could not be read. A number is looked at as it was read, so that marks, a sign
    or a zero decimal hide nothing; with a fraction or more digits its text is searched too.
    """
    text, value = pl.col("text"), pl.col("value")
    is_searched = value.is_null() if column.kind not in _SEARCHED else pl.lit(value=True)
    if column.kind in numbers.NUMBERS:
        is_searched |= (value.abs() > MOST_NUMBER) | (value != value.floor())
    found = pl.when(is_searched).then(text).map_batches(holds_numbers, return_dtype=pl.Boolean)
    if column.kind in numbers.NUMBERS:
        found |= _is_bsn(value)
    return found.fill_null(value=False) & ~pl.col("is_empty")


def _is_bsn(value: pl.Expr) -> pl.Expr:
    """A number that may be that of a person. One of eight digits that is rounded to tens is a count: CBS has such."""
    whole = pl.when(value.abs() <= MOST_NUMBER).then(value.abs().cast(pl.Int64))
    is_count = (whole <= MAX_COUNT) & (whole % CBS_COUNT_STEP == 0)
    return (whole >= LEAST_NUMBER) & ~is_count & passes_eleven_test(whole)
