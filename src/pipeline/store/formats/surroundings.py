"""What a portal prints around a table: titles above the header, the source below the rows, an index in front of them.

Here: telling these from header and rows; each only where it can be nothing else. Not here: reading the header
(``csv_file``), the rows themselves (``csv_cells``).
"""

import re

import polars as pl

MOST_TITLES = 5
_LEAST_COLUMNS = 3
_QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')
_SOURCE = re.compile(
    rb'["\s]*(?:(?:bron|source)\s*:\s*(?:cbs|centraal\s+bureau\s+voor\s+de\s+statistiek|statistics\s+netherlands)'
    rb"|(?:\xc2\xa9|\xa9|\xef\xbf\xbd|\(c\))?\s*(?:centraal\s+bureau\s+voor\s+de\s+statistiek|statistics\s+netherlands))",
    re.IGNORECASE,
)
_VALUE = re.compile(rb"[+-]?(?!(?:19|20)[0-9]{2}$)[0-9][0-9.,/-]*")
"""A number or a date; a year may be the name of a column."""
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")


def titles_above(text: bytes, start: int, separators: tuple[str, ...]) -> list[int]:
    """Where each line of titles ends: lines of one cell above a header of several. Empty where there is none."""
    ends: list[int] = []
    position = start
    for _ in range(MOST_TITLES + 1):
        match = _LINE.match(text, position)
        line = match[0] if match else b""
        if _cells(line, separators) >= _LEAST_COLUMNS:
            return [] if _is_row(line, separators) else ends
        if not line or _cells(line, separators) > 1 or line.count(b'"') % 2:
            return []
        position += len(line)
        ends.append(position)
    return []


def title_rows(cells: pl.DataFrame) -> int:
    """The same of a sheet: how many rows of one cell, in the first column, or of none stand above a header of several.
    Such a sheet has no other reading: below a header of one cell no other column has a name.
    """
    for number, row in enumerate(cells.head(MOST_TITLES + 1).iter_rows()):
        filled = {place: text.strip() for place, text in enumerate(row) if text and text.strip()}
        if len(filled) >= _LEAST_COLUMNS:
            return 0 if _are_values([text.encode() for text in filled.values()]) else number
        if filled.keys() - {0}:
            return 0
    return 0


def titles_told(count: int) -> tuple[tuple[str, str], ...]:
    """What a receipt says of lines above the header; nothing where there is none."""
    said = ("FILE-092", f"lines above the header that were taken for a title: {count}")
    return (said,) if count else ()


def _cells(line: bytes, separators: tuple[str, ...]) -> int:
    bare = _QUOTED.sub(b"", line)
    return 1 + max(bare.count(separator.encode()) for separator in separators)


def _is_row(line: bytes, separators: tuple[str, ...]) -> bool:
    """Whether half of the cells are numbers or dates: the line above it is a header that lost its separators."""
    separator = max(separators, key=lambda each: _QUOTED.sub(b"", line).count(each.encode()))
    cells = [cell.strip(b'" \t\r\n') for cell in line.split(separator.encode())]
    return _are_values([cell for cell in cells if cell])


def _are_values(cells: list[bytes]) -> bool:
    return 2 * sum(_VALUE.fullmatch(cell) is not None for cell in cells) >= len(cells)


def is_source_line(record: bytes, separator: str) -> bool:
    """Whether a record is the line that names CBS as the source: one cell, alone in its row."""
    return _SOURCE.match(record) is not None and not record.partition(separator.encode())[2].strip(
        f'{separator}" \t\r\n'.encode()
    )


def source_lines(frame: pl.DataFrame) -> list[int]:
    """Numbers of rows that are that line, filled up with empty cells as spreadsheets do."""
    first, *others = frame.columns[1:]
    if not others or any(frame.get_column(name).null_count() == 0 for name in others):
        return []
    alone = frame.filter(pl.all_horizontal(pl.col(others).is_null())).select("row", first)
    return [row for row, text in alone.iter_rows() if text is not None and _SOURCE.match(text.encode())]


def has_index(names: list[bytes], first_row: list[bytes]) -> bool:
    """Whether the first column, alone without a name, counts the rows as pandas and R write it."""
    is_unnamed = len(names) >= _LEAST_COLUMNS and not names[0].strip() and all(name.strip() for name in names[1:])
    return is_unnamed and len(first_row) == len(names) and first_row[0].strip() in (b"0", b"1")
