"""One record of separated text at a time, from the left: slow, and right for any use of quotes.

As in spreadsheets and Python's csv module, a quote inside an unquoted cell is a character. Not here: the
fast ways, which only work when quotes are orderly (``csv_blocks``, ``csv_cells``).
"""

import re
from collections.abc import Iterator
from functools import cache


@cache
def _cell_pattern(separator: str) -> re.Pattern[bytes]:
    """One cell with what ends it. Groups: quoted content, what follows its quote, unquoted content, the end."""
    sep = re.escape(separator.encode())
    return re.compile(
        rb'(?:"([^"]*+(?:""[^"]*+)*+)"([^' + sep + rb"\r\n]*+)|"
        rb"([^\"" + sep + rb"\r\n][^" + sep + rb"\r\n]*+)?+)"
        rb"(" + sep + rb"|\r\n|\n|\r|\Z)"
    )


def _matches(data: bytes | bytearray, separator: str, position: int, end: int) -> Iterator[re.Match[bytes] | None]:
    pattern = _cell_pattern(separator)
    while True:
        match = pattern.match(data, position, end)
        yield match
        if match is None or match[4] != separator.encode():
            return
        position = match.end()


def next_record(data: bytes, separator: str, position: int) -> tuple[list[bytes], int] | None:
    """Cells of the record at ``position`` and where it ends; None when a quote in it is not closed."""
    cells, end = list[bytes](), position
    for match in _matches(data, separator, position, len(data)):
        if match is None or _closes_late(match):
            return None
        quoted, tail, plain, _ = match.groups()
        cells.append(plain or b"" if quoted is None else quoted.replace(b'""', b'"') + tail)
        end = match.end()
    return cells, end


def _closes_late(match: re.Match[bytes]) -> bool:
    """Text right after a quote that closes lines further on: that quote was meant to open the next value."""
    quoted, tail = match[1], match[2]
    return bool(tail) and (b"\n" in quoted or b"\r" in quoted)


def swallows(record: bytes, separator: str, width: int) -> bool:
    """Whether the quoted cells that hold line ends hold rows as well: half a row's worth of separators, or more.

    Two stray quotes make one cell of all that stands between them; where the record still has the width of the header,
    what was swallowed has a whole row's worth for every line. Half of it allows for rows that were cut off.
    """
    found = next_record(record, separator, 0)
    cells = [] if found is None else [cell for cell in found[0] if b"\n" in cell or b"\r" in cell]
    return sum(cell.count(separator.encode()) for cell in cells) >= max(1, width // 2)


def record_end(data: bytearray, separator: str, position: int, end: int) -> int:
    """Where the record at ``position`` ends; 0 when that is not before ``end``, or not certain."""
    *_, last = _matches(data, separator, position, end)
    if last is None or not last[4]:
        return 0
    # "\r" at the very end may be half of "\r\n".
    return 0 if last[4] == b"\r" and last.end() == end else last.end()


def quoted_start(data: bytes | bytearray, position: int, end: int) -> int:
    """Start of the first record with a quote, given that a record starts at ``position``; -1 when none has."""
    quote = data.find(b'"', position, end)
    if quote < 0:
        return -1
    return max(position, data.rfind(b"\n", position, quote) + 1, data.rfind(b"\r", position, quote) + 1)
