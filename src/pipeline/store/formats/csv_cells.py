"""From a block of records to cells as text, with the rows that do not fit the header set apart.

Here: the fast way, and what a block needs that is not clean; both give the same cells. Not here: cutting into blocks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from pipeline.errors import Rejected
from pipeline.store.formats.csv_blocks import Block, Quoting, is_quoted
from pipeline.store.formats.csv_records import next_record, quoted_start, swallows
from pipeline.store.formats.surroundings import is_source_line
from pipeline.store.formats.text_table import TextBatch, column_names, misshapen_rows, numbered

TOO_SHORT, TOO_LONG, SWALLOWED = "FILE-030", "FILE-031", "FILE-070"

_ARROW_BLOCK = 1 << 19
"""Half a MiB per thread was fastest: it stays in the cache of a core."""

_WHITE = " \t\v\f\r\n"


@dataclass(frozen=True)
class Shape:
    """What every row must look like."""

    separator: str
    width: int
    named: int
    """How many of its columns have a name."""
    is_1252: bool


def read_blocks(blocks: Iterable[Block], shape: Shape, row: int) -> Iterator[TextBatch]:
    """Cells of blocks of which the first begins with the record of number ``row``; they are read one by one."""
    for found in blocks:
        block = _tidied(found, shape, row) if found.quoting is Quoting.STRAY else found
        if shape.is_1252 and not (text := bytes(block.data)).isascii():
            block = replace(block, data=memoryview(text.decode("cp1252").encode()))
        # Only a quoted line end can hide a row, so only then is every record looked at.
        frame = None if block.is_multiline else _read_arrow(block.data, block, shape, _ARROW_BLOCK)
        if frame is None:
            cells = _read_by_shape(block, shape, row)
        else:
            rows = pl.int_range(row, row + frame.height, eager=True)
            filled, sources = numbered(frame, rows, shape.named)
            cells = Cells(TextBatch(filled, source_lines=sources), frame.height)
        yield cells.batch
        row += cells.rows


@dataclass(frozen=True)
class Cells:
    """A block that was read: ``rows`` counts every row, also blank ones, so that the next row number is known."""

    batch: TextBatch
    rows: int


def _tidied(block: Block, shape: Shape, first_row: int) -> Block:
    """The same cells with orderly quotes: each record that has a quote is read from the left and written anew."""
    text, pieces, position = bytes(block.data), list[bytes](), 0
    while (start := quoted_start(text, position, len(text))) >= 0:
        pieces.append(text[position:start])
        record = next_record(text, shape.separator, start)
        if record is None:
            before = _as_orderly(pieces)
            row = first_row + (_read_by_shape(before, shape, first_row).rows if before.data else 0)
            raise Rejected("FILE-017", f"the quote opened on row {row} is not closed")
        cells, position = record
        doubled = (b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells)
        pieces.append(shape.separator.encode().join(doubled) + b"\n")
    return _as_orderly([*pieces, text[position:]])


def _as_orderly(pieces: list[bytes]) -> Block:
    return Block(memoryview(b"".join(pieces)), Quoting.ORDERLY, is_multiline=True)


def _read_arrow(data: memoryview | bytes, block: Block, shape: Shape, arrow_block: int) -> pl.DataFrame | None:
    """Cells; None when some row has another width than the header, or is longer than ``arrow_block``."""
    names = column_names(shape.width)
    has_quotes = block.quoting is not Quoting.NONE
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(data)),
            read_options=csv.ReadOptions(column_names=names, block_size=arrow_block),
            parse_options=csv.ParseOptions(
                delimiter=shape.separator,
                quote_char='"' if has_quotes else False,
                double_quote=has_quotes,
                newlines_in_values=block.is_multiline,
                ignore_empty_lines=False,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        # Its message quotes the row, so nothing may be raised from here: which rows are at fault is found by counting.
        return None
    frame = pl.from_arrow(table, rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    return frame


@dataclass(frozen=True)
class _Records:
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    cells: NDArray[np.intp]
    inner_ends: NDArray[np.intp]
    """Line ends inside quotes."""
    inner_separators: NDArray[np.intp]


def _records(block: Block, separator: str) -> _Records:
    """Where each record starts and ends, how many cells it has, and what stands inside its quotes."""
    view = np.frombuffer(block.data, np.uint8)
    is_lf = view == 10
    is_end = is_lf | (view == 13)
    is_end[:-1] &= ~((view[:-1] == 13) & is_lf[1:])  # of "\r\n" only the last ends the record
    every_end, separators = np.flatnonzero(is_end), np.flatnonzero(view == ord(separator))
    if block.quoting is Quoting.ORDERLY:
        quotes = np.flatnonzero(view == 34)
        inside, is_inside = is_quoted(every_end, quotes), is_quoted(separators, quotes)
    else:
        inside, is_inside = np.zeros(len(every_end), np.bool_), np.zeros(len(separators), np.bool_)
    ends = every_end[~inside] + 1
    if not len(ends) or ends[-1] < len(view):
        ends = np.append(ends, len(view))
    starts = np.concatenate(([0], ends[:-1]))

    def within(positions: NDArray[np.intp]) -> NDArray[np.intp]:
        return np.asarray(np.searchsorted(positions, ends) - np.searchsorted(positions, starts))

    return _Records(
        starts, ends, within(separators[~is_inside]) + 1, within(every_end[inside]), within(separators[is_inside])
    )


def _read_by_shape(block: Block, shape: Shape, first_row: int) -> Cells:
    """Cells of the records that are rows; the others by number, each of their lines as a row of its own."""
    data, found = block.data, _records(block, shape.separator)
    fits = found.cells == shape.width
    for i in np.flatnonzero(fits & (found.inner_ends > 0) & (found.inner_separators > 0)).tolist():
        fits[i] = not swallows(bytes(data[found.starts[i] : found.ends[i]]), shape.separator, shape.width)
    # A record that is no row may have hidden some: whoever sent it meant each of its lines as one.
    lines = np.where(fits, 1, found.inner_ends + 1)
    numbers = first_row + np.cumsum(lines) - lines
    misfits, sources = list[tuple[int, str]](), list[int]()
    for i in np.flatnonzero(~fits).tolist():
        record, row = bytes(data[found.starts[i] : found.ends[i]]), int(numbers[i])
        if is_source_line(record, shape.separator):
            sources.append(row)
        else:
            misfits += _misfits(record, row, _reason(int(found.cells[i]), shape), shape.separator)
    frame = _read_fitting(_kept_bytes(data, found, fits), block, shape, first_row)
    filled, others = numbered(frame, pl.Series(numbers[fits], dtype=pl.Int64), shape.named)
    batch = TextBatch(
        filled,
        misshapen_rows([row for row, _ in misfits], [rule for _, rule in misfits]),
        source_lines=tuple(sorted([*sources, *others])),
    )
    return Cells(batch, int(lines.sum()))


def _reason(cells: int, shape: Shape) -> str:
    if cells == shape.width:
        return SWALLOWED
    return TOO_SHORT if cells < shape.width else TOO_LONG


def _misfits(record: bytes, row: int, rule: str, separator: str) -> list[tuple[int, str]]:
    """The rows that a record stands for which is none: its lines that hold something."""
    if _is_blank(record, separator):
        return []
    lines = record.splitlines()
    if len(lines) == 1:
        return [(row, rule)]
    filled = [at for at, line in enumerate(lines) if not _holds_nothing(line, separator)]
    return [(row + at, SWALLOWED) for at in filled or [0]]


def _read_fitting(kept: bytes, block: Block, shape: Shape, first_row: int) -> pl.DataFrame:
    if not kept:
        return pl.DataFrame(schema=dict.fromkeys(column_names(shape.width), pl.String))
    for arrow_block in (_ARROW_BLOCK, len(kept) + 1):  # a row longer than a block needs one large block
        frame = _read_arrow(kept, block, shape, arrow_block)
        if frame is not None:
            return frame
    raise Rejected("FILE-010", f"the text around row {first_row} cannot be read as a table")


def _is_blank(record: bytes, separator: str) -> bool:
    """Whether no cell holds anything: such a line is not a row, however many separators it has."""
    if not _holds_nothing(record, separator):
        return False
    cells = next_record(record, separator, 0)
    return cells is not None and not b"".join(cells[0]).strip(_WHITE.encode())


def _holds_nothing(line: bytes, separator: str) -> bool:
    return not line.strip((_WHITE + separator + '"').encode())


def _kept_bytes(data: memoryview, found: _Records, fits: NDArray[np.bool_]) -> bytes:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], fits.view(np.int8), [0]))))
    runs = zip(edges[0::2], edges[1::2], strict=True)
    return b"".join(bytes(data[found.starts[first] : found.ends[last - 1]]) for first, last in runs)
