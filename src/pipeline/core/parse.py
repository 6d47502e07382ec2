"""Text to typed columns, telling "empty" from "present and unreadable".

Here: one batch of text cells becomes a typed frame and the findings of unreadable cells. Not here: the forms a
value may have (``values``), rules about values that could be read (``validate``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.core import values
from pipeline.core.findings import no_findings
from schemas.source import Column, Kind, Source
from schemas.sources.caseload import eleven_test

_ONE_BY_ONE = (Kind.BSN, Kind.IDENTIFIER)
"""Kinds with nearly as many values as rows. All others are read once per distinct text, which is four times as fast."""

_BSN_SENTINELS = ("999999999", "000000000")
_LARGEST_COUNT = 99_999_999
"""Counts above this are not read as counts when they could be a citizen service number."""


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
    cell = pl.col("text")
    empty = values.is_missing(cell) | cell.is_null()
    if column.kind is Kind.BSN:
        empty |= cell.is_in(_BSN_SENTINELS)
    trimmed = pl.DataFrame({"text": text.str.strip_chars()})
    frame = trimmed.select("text", empty=empty, value=pl.when(~empty).then(_value(column, is_excel=is_excel)))
    if column.kind not in _ONE_BY_ONE:
        frame = frame.with_columns(value=pl.when(~_is_misplaced_bsn(column)).then("value"))
    decimals = None
    if column.kind is Kind.PRINTED:
        decimals = frame.select(pl.when(pl.col("value").is_not_null()).then(values.printed_decimals(cell))).to_series()
    has_unreadable = frame.select((pl.col("value").is_null() & ~pl.col("empty")).any()).item()
    rules = frame.select(_rule(column)).to_series().cast(pl.String) if has_unreadable else None
    return _Reading(frame["value"].cast(column.dtype), decimals, rules)


def _rule(column: Column) -> pl.Expr:
    return (
        pl.when(pl.col("empty") | pl.col("value").is_not_null())
        .then(None)
        .when(_is_misplaced_bsn(column))
        .then(pl.lit("VALUE-004"))
        .when(pl.col("text").str.contains(values.AMBIGUOUS) & (column.kind is Kind.DECIMAL))
        .then(pl.lit("VALUE-005"))
        .otherwise(pl.lit(values.UNREADABLE[column.kind]))
    )


def _value(column: Column, *, is_excel: bool) -> pl.Expr:
    cell = pl.col("text")
    if column.kind is Kind.CODE:
        return values.code(column)(cell)
    if column.kind is not Kind.DATE:
        return values.READERS[column.kind](cell)
    forms = [values.date(cell, form) for form in values.DATE_FORMS]
    if is_excel:
        forms.append(values.excel_serial(cell))
    return pl.coalesce(forms)


def _is_misplaced_bsn(column: Column) -> pl.Expr:
    """A nine-digit number that passes the 11-test in a column that is not for it.

    Free text is searched, codes are compared whole.
    """
    if column.kind in _ONE_BY_ONE:
        return pl.lit(value=False)
    pattern = r"(?:^|\D)(\d{9})(?:\D|$)" if column.kind is Kind.TEXT else r"^(\d{9})$"
    number = pl.col("text").str.extract(pattern, 1).cast(pl.Int64, strict=False)
    passes = _passes_eleven_test(number)
    if column.kind in (Kind.INTEGER, Kind.THOUSANDS):
        passes &= number > _LARGEST_COUNT
    return (passes & ~pl.col("empty")).fill_null(value=False)


def _passes_eleven_test(number: pl.Expr) -> pl.Expr:
    # The rule is written about a column; here the number is cut out of a text first.
    return number.map_batches(
        lambda found: found.to_frame("n").select(eleven_test("n")).to_series(), return_dtype=pl.Boolean
    )


def _findings(row: pl.Series, rules: pl.Series, column: Column) -> pl.DataFrame:
    return (
        pl.DataFrame({"row": row, "rule": rules})
        .filter(pl.col("rule").is_not_null())
        .select("row", pl.lit(column.name).alias("column"), "rule")
    )
