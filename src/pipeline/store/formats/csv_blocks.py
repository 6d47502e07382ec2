"""Cuts separated text into blocks that end where a record ends, and finds how their quotes behave.

Here: where records begin and end. Not here: cells (``csv_cells``), whether the bytes are text (``text_scan``).
Clean blocks are surveyed with a few passes of compiled code; only a block with stray quotes is walked record by record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.csv_records import quoted_start, record_end
from schemas.limits.files import MAX_RECORD_BYTES

BLOCK_SIZE = 10 << 20

_QUOTE, _LF, _CR = 34, 10, 13


class Quoting(Enum):
    """How quotes occur in a block."""

    NONE = auto()
    ORDERLY = auto()
    """Every quote opens or closes a whole cell, or is doubled: then counting them shows what is inside."""
    STRAY = auto()
    """Some quote stands in the middle of a cell, or one is never closed: only reading from the left can tell."""


@dataclass(frozen=True)
class Survey:
    """Where a stretch of bytes can be cut (0: nowhere), and how its quotes behave up to there."""

    cut: int
    quoting: Quoting
    is_multiline: bool = False


@dataclass(frozen=True)
class Block:
    """Whole records. ``data`` is only valid until the next block is asked for."""

    data: memoryview
    quoting: Quoting
    is_multiline: bool


def blocks(source: ByteSource, separator: str, *, block_size: int = BLOCK_SIZE) -> Iterator[Block]:
    """Blocks of whole records from where ``source`` stands."""
    buffer, have = bytearray(block_size), 0
    while True:
        end = have + source.fill(memoryview(buffer)[have:])
        is_last = end < len(buffer)
        survey = _survey(buffer, end, separator, is_last=is_last)
        if not survey.cut and not is_last and len(buffer) < MAX_RECORD_BYTES:
            buffer, have = buffer + bytearray(len(buffer)), end
            continue
        if not survey.cut and end:
            # Reading it names the row where a quote stays open; otherwise one record is as long as a file.
            yield Block(memoryview(buffer)[:end], Quoting.STRAY, is_multiline=True)
            raise Rejected("FILE-017", f"a quoted value runs on for more than {MAX_RECORD_BYTES >> 20} MiB")
        if survey.cut:
            yield Block(memoryview(buffer)[: survey.cut], survey.quoting, survey.is_multiline)
        if is_last and survey.cut == end:
            return
        rest = bytes(memoryview(buffer)[survey.cut : end])
        buffer[: len(rest)] = rest
        have = len(rest)


def _survey(buffer: bytearray, end: int, separator: str, *, is_last: bool) -> Survey:
    if buffer.find(b'"', 0, end) < 0:
        return Survey(end if is_last else _last_line_end(buffer, end), Quoting.NONE)
    view = np.frombuffer(buffer, np.uint8, end)
    quotes = np.flatnonzero(view == _QUOTE)
    if not _is_orderly(view, quotes, ord(separator)) or (is_last and len(quotes) % 2):
        return Survey(end if is_last else _walk(buffer, end, separator), Quoting.STRAY)
    ends = np.flatnonzero((view == _LF) | (view == _CR))
    is_inside = is_quoted(ends, quotes)
    cut = end if is_last else _last_cut(view, ends[~is_inside])
    return Survey(cut, Quoting.ORDERLY, bool(is_inside[ends < cut].any()))


def _last_line_end(buffer: bytearray, end: int) -> int:
    found = buffer.rfind(b"\n", 0, end)
    # A "\r" at the very end may be half of "\r\n".
    return (found if found >= 0 else buffer.rfind(b"\r", 0, end - 1)) + 1


def _last_cut(view: NDArray[np.uint8], ends: NDArray[np.intp]) -> int:
    if len(ends) and ends[-1] == len(view) - 1 and view[-1] == _CR:
        ends = ends[:-1]
    return int(ends[-1]) + 1 if len(ends) else 0


def is_quoted(positions: NDArray[np.intp], quotes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each position lies inside quotes, for orderly quotes."""
    return np.asarray(np.searchsorted(quotes, positions) % 2, dtype=np.bool_)


def _is_orderly(view: NDArray[np.uint8], quotes: NDArray[np.intp], separator: int) -> bool:
    """Every odd quote follows, and every even quote precedes, a cell's edge or another quote."""
    is_edge = np.zeros(256, np.bool_)
    is_edge[[separator, _LF, _CR, _QUOTE]] = True
    before, after = quotes[0::2] - 1, quotes[1::2] + 1
    before, after = before[before >= 0], after[after < len(view)]
    return bool(is_edge[view[before]].all() and is_edge[view[after]].all())


def _walk(buffer: bytearray, end: int, separator: str) -> int:
    """End of the last whole record. Only records with a quote are read from the left."""
    cut = 0
    while (start := quoted_start(buffer, cut, end)) >= 0:
        stop = record_end(buffer, separator, start, end)
        if not stop:
            return start
        cut = stop
    return max(cut, _last_line_end(buffer, end))
