"""Reads separated text (``.csv``, ``.txt``, ``.tsv``, packed or not): header and separator, then blocks of cells."""

import re
from codecs import BOM_UTF8
from dataclasses import dataclass

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.csv_blocks import BLOCK_SIZE, blocks
from pipeline.store.formats.csv_cells import Shape, read_blocks
from pipeline.store.formats.csv_records import next_record, swallows
from pipeline.store.formats.header import named_width
from pipeline.store.formats.surroundings import has_index, titles_above, titles_told
from pipeline.store.formats.text_scan import scan_text
from pipeline.store.formats.text_table import TextTable
from schemas.limits.files import MAX_LINE_BYTES

SEPARATORS = (";", "\t", "|", ",")
"""In order of preference when the header has equally many of two: a comma also occurs inside names."""

INDEX = "index"
"""The name of a first column without one that counts the rows."""

_HEAD = 2 * MAX_LINE_BYTES
_BLANK_LINE = re.compile(rb"[ \t\v\f]*(?:\r\n|\n|\r)")
_SEPARATOR_HINT = re.compile(rb'"?sep=([;,\t|])"?[ \t]*(?:\r\n|\n|\r)', re.IGNORECASE)
_QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')


@dataclass(frozen=True)
class _Head:
    names: tuple[str, ...]
    separator: str
    offset: int
    first_row: int
    title: str
    titles: int


def open_csv(source: ByteSource, *, block_size: int = BLOCK_SIZE) -> TextTable:
    """The table in ``source``."""
    encoding = scan_text(source)
    head = _read_head(source, encoding)
    width = named_width(head.names)
    shape = Shape(head.separator, len(head.names), width, encoding == "windows-1252")
    found = blocks(source.rewind(head.offset), head.separator, block_size=block_size)
    return TextTable(
        header=head.names[:width],
        encoding=encoding,
        separator=head.separator if len(head.names) > 1 else "",
        is_excel=False,
        title=head.title,
        remarks=titles_told(head.titles),
        batches=read_blocks(found, shape, head.first_row),
    )


def _read_head(source: ByteSource, encoding: str) -> _Head:
    """The header: the first line that is not blank; a ``sep=`` line as spreadsheets write it may stand above, and
    titles as portals print them.
    """
    text = source.rewind().read(_HEAD)
    position, row, separator = _after_marks(text), 1, ""
    while (match := _BLANK_LINE.match(text, position)) or (match := _SEPARATOR_HINT.match(text, position)):
        separator = match[1].decode() if match.re is _SEPARATOR_HINT else separator
        position, row = match.end(), row + 1
    titles = titles_above(text, position, SEPARATORS)
    title = text[position : titles[-1]] if titles else b""
    position, row = (titles[-1] if titles else position), row + len(titles)
    separator = separator or _find_separator(text, position)
    if position == len(text):
        raise Rejected("FILE-008", "there is no header and no row; ask the sender for the export again")
    record = next_record(text, separator, position)
    if record is None:
        raise Rejected("FILE-017", f"the quote opened on row {row} is not closed")
    cells, offset = record
    _require_no_row_in(cells, text, separator, position, offset)
    below = next_record(text, separator, offset)
    if below is not None and has_index(cells, below[0]):
        cells[0] = INDEX.encode()
    codec = "cp1252" if encoding == "windows-1252" else "utf-8"
    names = tuple(cell.decode(codec).strip() for cell in cells)
    return _Head(names, separator, offset, row + 1, title.decode(codec), len(titles))


def _after_marks(text: bytes) -> int:
    """Where the text begins: behind its byte order mark, or several where a program put one before another's."""
    position = 0
    while text.startswith(BOM_UTF8, position):
        position += len(BOM_UTF8)
    return position


def _require_no_row_in(names: list[bytes], text: bytes, separator: str, start: int, end: int) -> None:
    """A name over several lines is one; with a stray quote in the header it would be the rows below."""
    if not any(b"\n" in name or b"\r" in name for name in names):
        return
    below = next_record(text, separator, end)
    is_alike = below is not None and len(below[0]) == len(names)
    if not is_alike or swallows(text[start:end], separator, len(names)):
        raise Rejected("FILE-017", "a quote opened in the header is closed in a row below it")


def _find_separator(text: bytes, position: int) -> str:
    """The separator that occurs most in the first line, outside quotes."""
    line = _QUOTED.sub(b"", text[position:]).split(b"\n", 1)[0]
    bare = line.strip(b"\r").split(b"\r", 1)[0]
    return max(SEPARATORS, key=lambda separator: bare.count(separator.encode()))
