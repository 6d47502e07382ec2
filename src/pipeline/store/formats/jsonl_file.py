"""Reads JSON Lines: one object per line, whose names are the columns.

The lines are read twice: once for the names, which may differ per line, once for the cells. The first line is row 1,
since there is no header line. Numbers keep the spelling of the file.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.cell_text import nested, without_exponent
from pipeline.store.formats.csv_blocks import BLOCK_SIZE
from pipeline.store.formats.header import named_width
from pipeline.store.formats.text_scan import scan_text
from pipeline.store.formats.text_table import TextBatch, TextTable, column_names, misshapen_rows, numbered
from schemas.limits.files import MAX_COLUMNS

NOT_AN_OBJECT, NAMED_TWICE, TWO_OBJECTS = "FILE-032", "FILE-085", "FILE-086"
NOT_A_NUMBER, HALF_A_CHARACTER = "FILE-090", "FILE-091"
_NO_OBJECTS: Mapping[str, str] = {
    NOT_AN_OBJECT: "no line holds one JSON object; ask for JSON Lines, without a list around the objects",
    NAMED_TWICE: "in every object a name stands twice; ask for each name once per object",
    TWO_OBJECTS: "several objects stand on every line; ask for one object per line",
    NOT_A_NUMBER: "NaN or Infinity stands in every object, which JSON does not know; ask for null instead",
}
"""What a file is told of which no line can be read, by what most lines break."""
_A_COMMA_BEHIND = "a comma stands behind every object; ask for one object per line and nothing behind it"
_OVER_LINES = "an object or a list runs over several lines; ask for JSON Lines: each object on one line, no list around"
_NO_JSON = "its lines are separated text and no JSON; name it .csv, or ask for JSON Lines: one object per line"
_FIRST_LINES = 20
"""By so many it is seen what a file without any object is."""
_UTF8_BOM = b"\xef\xbb\xbf"


class _Decimal(float):
    """A number with a fraction that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = without_exponent(text)
        return number


class _NamedTwice(ValueError):
    """A name stands twice in an object: which of the two values holds is not known."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _NamedTwice
    return found


class _NotANumber(ValueError):
    """NaN and Infinity, which readers of JSON take or refuse."""


def _not_a_number(_: str) -> float:
    raise _NotANumber


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_Decimal, parse_constant=_not_a_number)


def open_jsonl(source: ByteSource, *, block_size: int = BLOCK_SIZE) -> TextTable:
    """The table in ``source``."""
    encoding = scan_text(source)
    codec = "cp1252" if encoding == "windows-1252" else "utf-8"
    header = _names(source, codec, block_size)
    return TextTable(
        header=tuple(name.strip() for name in header),
        encoding=encoding,
        separator="",
        is_excel=False,
        batches=(_batch(block, codec, header) for block in _blocks(source, block_size)),
    )


@dataclass(frozen=True)
class _Lines:
    """Consecutive lines; ``first_row`` is the number of the first."""

    first_row: int
    lines: list[bytes]


def _blocks(source: ByteSource, block_size: int) -> Iterator[_Lines]:
    source.rewind()
    rest, row = b"", 1
    while block := source.read(block_size):
        text = rest + block
        # "\r" at the very end may be half of "\r\n", so it waits as well.
        cut = max(text.rfind(b"\n"), text.rfind(b"\r", 0, len(text) - 1)) + 1
        lines, rest = text[:cut].splitlines(), text[cut:]
        if row == 1 and lines:
            lines[0] = _without_marks(lines[0])
        if lines:
            yield _Lines(row, lines)
        row += len(lines)
    if rest:
        yield _Lines(row, [_without_marks(rest) if row == 1 else rest])


def _without_marks(line: bytes) -> bytes:
    """The first line without its byte order mark, or several where a program put one before another's."""
    while line.startswith(_UTF8_BOM):
        line = line.removeprefix(_UTF8_BOM)
    return line


def _parse(line: bytes, codec: str) -> dict[str, object] | str:
    """Object of a line; where it is not one, the rule that it breaks."""
    try:
        found = _DECODER.decode(line.decode(codec))
    except _NamedTwice:
        return NAMED_TWICE
    except _NotANumber:
        return NOT_A_NUMBER
    except json.JSONDecodeError as error:
        return TWO_OBJECTS if _is_followed(error) else NOT_AN_OBJECT
    except (ValueError, RecursionError):
        return NOT_AN_OBJECT
    return found if isinstance(found, dict) else NOT_AN_OBJECT


def _is_followed(error: json.JSONDecodeError) -> bool:
    """Whether a whole object stands there, and another one begins behind it."""
    return (
        error.msg == "Extra data"
        and error.doc.lstrip()[:1] == "{"
        and error.doc[error.pos :].lstrip(" ,;\t")[:1] == "{"
    )


def _names(source: ByteSource, codec: str, block_size: int) -> tuple[str, ...]:
    names: dict[str, None] = {}
    broken, objects, first = Counter[str](), 0, list[bytes]()
    for block in _blocks(source, block_size):
        for line in block.lines:
            if not line.strip():
                continue
            found = _parse(line, codec)
            if isinstance(found, str):
                broken[found] += 1
            else:
                objects += 1
                names.update(dict.fromkeys(found))
        if len(names) > MAX_COLUMNS:
            break
        first += [line for line in block.lines if line.strip()][: _FIRST_LINES - len(first)]
    if not objects:
        most = broken.most_common(1)[0][0]
        what = _what_it_is([line.decode(codec) for line in first]) if most == NOT_AN_OBJECT else None
        raise Rejected("FILE-033", what or _NO_OBJECTS[most])
    header = tuple(names)
    if not header:
        raise Rejected("FILE-009", "every object is empty; ask the sender whether the selection was meant to be empty")
    if named_width([name.strip() for name in header]) < len(header):
        raise Rejected("FILE-019", "an object has a value without a name")
    return header


def _what_it_is(lines: list[str]) -> str | None:
    """What a file of which no line is an object looks like, by its first lines; None where that is not plain."""
    texts = [line.strip() for line in lines]
    behind = [text.rstrip(",;") for text in texts if text.endswith((",", ";"))]
    if any(not isinstance(_parse(text.encode(), "utf-8"), str) for text in behind):
        return _A_COMMA_BEHIND
    if texts[0] in ("{", "[", "[{") or (texts[0].startswith("{") and not texts[0].endswith(("}", "},"))):
        return _OVER_LINES
    is_separated = len(texts) > 1 and any(all(mark in text for text in texts) for mark in ";,\t|")
    return _NO_JSON if is_separated and texts[0][:1] not in "{[" else None


def _batch(block: _Lines, codec: str, header: tuple[str, ...]) -> TextBatch:
    rows, misshapen = list[int](), dict[int, str]()
    cells: list[list[str | None]] = [[] for _ in header]
    names = column_names(len(header))
    numbers = dict[str, list[int]]()
    for row, line in enumerate(block.lines, block.first_row):
        if not line.strip():
            continue
        found = _parse(line, codec)
        texts = found if isinstance(found, str) else _texts(found, header)
        if isinstance(found, str) or isinstance(texts, str):
            misshapen[row] = str(texts)
            continue
        rows.append(row)
        for column, text in zip(cells, texts, strict=True):
            column.append(text)
        for name, header_name in zip(names, header, strict=True):
            if isinstance(found.get(header_name), _Decimal):
                numbers.setdefault(name, []).append(row)
    frame = pl.DataFrame(dict(zip(names, cells, strict=True)), schema=dict.fromkeys(names, pl.String))
    filled, sources = numbered(frame, pl.Series(rows, dtype=pl.Int64), len(header))
    return TextBatch(
        filled,
        misshapen_rows([*misshapen], [*misshapen.values()]),
        {name: pl.Series(where, dtype=pl.Int64) for name, where in numbers.items()},
        sources,
    )


def _texts(found: dict[str, object], header: tuple[str, ...]) -> list[str | None] | str:
    """The cells of an object, or the rule that one of them breaks."""
    texts = [_text(found.get(name)) for name in header]
    try:
        for text in texts:
            if text is not None:
                text.encode()
    except UnicodeEncodeError:
        return HALF_A_CHARACTER
    return texts


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Decimal):
        return value.text
    return str(value) if isinstance(value, int) else nested(value)
