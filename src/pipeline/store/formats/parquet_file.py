"""Reads Parquet, with every value spelled as text. The first row is row 1, since there is no header line."""

import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.cell_text import nested, plain_number, without_midnight
from pipeline.store.formats.header import named_width
from pipeline.store.formats.text_table import TextBatch, TextTable, column_names, numbered
from schemas.limits.files import MAX_EXPANDED_BYTES
from schemas.spelling import shown_name

_ROWS, _BLOCK = 1 << 16, 4 << 20
FAR = "outside the calendar"
"""Text of a date or a moment that no year from 1 to 9999 has: it stays in its row, and cannot be read there."""
_CALENDAR = (date(1, 1, 1) - date(1970, 1, 1)).days, (date(9999, 12, 31) - date(1970, 1, 1)).days
_PER_DAY = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view, pa.types.is_fixed_size_binary)
_OFFSET = re.compile(r"[+-]\d{2}:?\d{2}")
"""A time zone that is a number of hours from UTC and has no name."""
_ONE_BEHIND_ANOTHER = b"PAR1PAR1"
# Arrow's own messages can quote what it found in the file, so none is passed on.
_BROKEN = (pa.ArrowException, OSError, ValueError, MemoryError)


def open_parquet(source: ByteSource) -> TextTable:
    """The table in ``source``."""
    source.require_content()
    try:
        file = pq.ParquetFile(source.path, page_checksum_verification=True)
        file.schema_arrow  # noqa: B018  types are looked at here
    except pa.ArrowNotImplementedError:
        raise Rejected(
            "FILE-029", "a column has a type that is not read, such as integers of more than 64 bits; export it as text"
        ) from None
    except _BROKEN:
        raise _unreadable() from None
    _require_one(source)
    names = [name.strip() for name in file.schema_arrow.names]
    _require_readable(file, names)
    return TextTable(tuple(names), encoding="", separator="", is_excel=False, batches=_batches(file))


def _unreadable() -> Rejected:
    return Rejected("FILE-029", "it is cut off, damaged, encrypted, or not Parquet; send it again")


def _require_readable(file: pq.ParquetFile, names: list[str]) -> None:
    if named_width(names) < len(names):
        raise Rejected("FILE-019", f"no name above column {len(names)}")
    for position, field in enumerate(file.schema_arrow, 1):
        if any(is_bytes(_plain(field.type)) for is_bytes in _BYTES):
            raise Rejected("FILE-037", f"{shown_name(field.name, position)} holds binary values; export it as text")
        if isinstance(field.type, pa.TimestampType) and not _is_zone(field.type.tz):
            name = shown_name(field.name, position)
            raise Rejected("FILE-029", f"{name} has moments of a time zone that is not known; export them in UTC")
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    if sum(group.num_rows for group in groups) != file.metadata.num_rows:
        raise Rejected("FILE-029", "its parts hold another number of rows than it says it has; export it again")
    if sum(group.total_byte_size for group in groups) > MAX_EXPANDED_BYTES:
        raise Rejected("FILE-016", "it unpacks to more than 8 GiB; send it in parts")


def _require_one(source: ByteSource) -> None:
    """Of files that were joined into one, the end of the last names its own rows alone."""
    source.rewind()
    rest = b""
    while block := source.read(_BLOCK):
        if _ONE_BEHIND_ANOTHER in rest + block:
            raise Rejected("FILE-029", "two Parquet files stand in it, one behind the other; send each by itself")
        rest = block[-len(_ONE_BEHIND_ANOTHER) :]


def _is_zone(zone: str | None) -> bool:
    if zone is None or _OFFSET.fullmatch(zone):
        return True
    try:
        pl.Series([None], dtype=pl.Datetime("us")).dt.replace_time_zone(zone)
    except pl.exceptions.ComputeError:
        return False
    return True


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of the values themselves: of a dictionary those in it, of an extension what it is stored as."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _batches(file: pq.ParquetFile) -> Iterator[TextBatch]:
    row = 1
    try:
        batches = file.iter_batches(batch_size=_ROWS)
        while (batch := _next(batches)) is not None:
            cells = pl.DataFrame(
                [_texts(batch.column(i), name) for i, name in enumerate(column_names(batch.num_columns))]
            )
            rows = pl.int_range(row, row + batch.num_rows, dtype=pl.Int64, eager=True)
            numbers = {name: rows for i, name in enumerate(cells.columns) if _has_decimals(batch.column(i).type)}
            filled, sources = numbered(cells, rows, cells.width)
            yield TextBatch(filled, numbers=numbers, source_lines=sources)
            row += batch.num_rows
    finally:
        file.close()


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    try:
        batch = next(batches, None)
        if batch is not None:
            batch.validate(full=True)  # text that is not UTF-8 would be trusted further on
    except _BROKEN:
        raise _unreadable() from None
    return batch


def _short(value: float | None) -> float | None:
    return None if value is None else float(str(np.float32(value)))


def _has_decimals(kind: pa.DataType) -> bool:
    kind = _plain(kind)
    return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _texts(column: pa.Array, name: str) -> pl.Series:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if pa.types.is_null(column.type) or pa.types.is_decimal256(column.type):
        column = column.cast(pa.string())
    if isinstance(column.type, pa.TimestampType) and _OFFSET.fullmatch(column.type.tz or ""):
        column = pc.local_timestamp(column)
    if pa.types.is_nested(column.type):
        return pl.Series(name, [_nested(value) for value in column], pl.String)
    series = pl.Series(name, column)
    kind = series.dtype
    if kind.is_temporal() and (far := _is_far(series)).any():
        near = series.to_frame().select(pl.when(~far).then(pl.col(name))).to_series()
        texts = _spelled(near).zip_with(~far, pl.repeat(FAR, len(series), dtype=pl.String, eager=True))
    else:
        texts = _spelled(series)
    return texts.to_frame().select(pl.when(pl.col(name) != "").then(pl.col(name))).to_series()


def _nested(value: pa.Scalar) -> str | None:
    try:
        return nested(value.as_py()) if value.is_valid else None
    except (ValueError, OverflowError, LookupError, pa.ArrowException):  # a moment that no calendar or clock has
        return FAR


def _is_far(series: pl.Series) -> pl.Series:
    """Whether a date or a moment lies outside the years 1 to 9999, of which there is no text."""
    kind, days = series.dtype, series.to_physical().cast(pl.Int64)
    if isinstance(kind, pl.Datetime):
        days = days // _PER_DAY[kind.time_unit]
    elif kind != pl.Date:
        return pl.repeat(False, len(series), dtype=pl.Boolean, eager=True)
    return (~days.is_between(*_CALENDAR)).fill_null(value=False)


def _spelled(series: pl.Series) -> pl.Series:
    name, kind = series.name, series.dtype
    if kind.is_float():
        # A float of 32 bits is spelled with the digits that it holds, not with those of its double.
        spelled = series.to_list() if kind == pl.Float64 else map(_short, series.to_list())
        return pl.Series(name, [None if v is None else plain_number(v) for v in spelled], pl.String)
    if kind == pl.Datetime:
        moment = pl.col(name).dt.to_string("%Y-%m-%d %H:%M:%S%.f")
        return series.to_frame().select(without_midnight(moment)).to_series()
    if kind == pl.Duration:  # of no column that is known, and polars has no text for it
        return pl.Series(name, [None if v is None else str(v) for v in series.to_list()], pl.String)
    return series.cast(pl.String)
