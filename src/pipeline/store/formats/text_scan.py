"""The first pass over a text file: is it text, in which encoding, with lines of a sane length.

Here: verdicts over the whole content, in bounded memory, without a Python loop per line. Not here: cells.
"""

import codecs

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from schemas.limits.files import CONTROL_BYTES_ONE_IN, MAX_LINE_BYTES

SCAN_BLOCK = 4 << 20

_UTF8_BOM = codecs.BOM_UTF8
_SAMPLE = 1 << 16
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\v\f\r\x1a")
_UNDEFINED_IN_1252 = b"\x81\x8d\x8f\x90\x9d"


def scan_text(source: ByteSource, *, block_size: int = SCAN_BLOCK) -> str:
    """Encoding of the whole content: ``utf-8``, ``utf-8-sig`` or ``windows-1252``. Refuses what is not text."""
    encoding, lines = _EncodingWatch(), _LineWatch()
    source.rewind()
    first = source.read(max(block_size, 4))
    _require_text(first)
    block, blank = first, True
    while block:
        if 0 in block:
            raise Rejected("FILE-011", "there are NUL bytes in it; send it again, or export it as UTF-8")
        blank = blank and (block.isspace() or block == _UTF8_BOM or block.removeprefix(_UTF8_BOM).isspace())
        lines.feed(block)
        encoding.feed(block)
        block = source.read(block_size)
    if blank:
        raise Rejected("FILE-008", "there is no content; ask the sender for the export again")
    verdict = encoding.verdict()
    return "utf-8-sig" if verdict == "utf-8" and first.startswith(_UTF8_BOM) else verdict


def _require_text(first: bytes) -> None:
    sample = first[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // CONTROL_BYTES_ONE_IN:
        raise Rejected("FILE-010", "the content is binary")


class _LineWatch:
    """Notices a line beyond the limit by jumping from line end to line end, at most one limit further each time."""

    def __init__(self) -> None:
        self._open = 0

    def feed(self, block: bytes) -> None:
        start = -self._open
        while len(block) - start > MAX_LINE_BYTES:
            found = _last_break(block, max(start, 0), start + MAX_LINE_BYTES + 1)
            if found < 0:
                raise Rejected("FILE-014", "a line is longer than 1 MiB; ask for the export with line ends")
            start = found + 1
        found = _last_break(block, max(start, 0), len(block))
        self._open = len(block) - (found + 1 if found >= 0 else start)


def _last_break(block: bytes, start: int, end: int) -> int:
    found = block.rfind(b"\n", start, max(end, 0))
    return found if found >= 0 else block.rfind(b"\r", start, max(end, 0))


class _EncodingWatch:
    """UTF-8 until proven otherwise; then Windows-1252, unless multi-byte UTF-8 occurs as well."""

    def __init__(self) -> None:
        self._strict = codecs.getincrementaldecoder("utf-8")("strict")
        self._lenient = codecs.getincrementaldecoder("utf-8")("ignore")
        self._pending = b""
        self._is_utf8 = True
        self._has_multibyte = False
        self._has_undefined = False

    def feed(self, block: bytes) -> None:
        if block.isascii() and not self._pending:
            return
        if self._is_utf8:
            self._try_utf8(block)
        else:
            self._seek_multibyte(block)
        # Only non-ASCII blocks can hold these; whether they matter is known at the end.
        self._has_undefined = self._has_undefined or any(code in block for code in _UNDEFINED_IN_1252)

    def _try_utf8(self, block: bytes) -> None:
        try:
            text = self._strict.decode(block)
        except UnicodeDecodeError:
            self._is_utf8 = False
        if not self._is_utf8:
            self._seek_multibyte(self._pending + block)
            self._pending = b"\x80"  # from here on every block is looked at
            return
        self._has_multibyte = self._has_multibyte or not text.isascii()
        self._pending = self._strict.getstate()[0]

    def _seek_multibyte(self, block: bytes) -> None:
        self._has_multibyte = self._has_multibyte or not self._lenient.decode(block).isascii()
        if self._has_multibyte:
            raise Rejected("FILE-012", "part of it is UTF-8 and part is not; export the whole file as UTF-8")

    def verdict(self) -> str:
        if self._is_utf8 and not self._pending:
            return "utf-8"
        if self._has_multibyte:
            raise Rejected("FILE-012", "part of it is UTF-8 and part is not; export the whole file as UTF-8")
        if self._has_undefined:
            raise Rejected("FILE-013", "it is not UTF-8 and has bytes unknown to Windows-1252; export it as UTF-8")
        return "windows-1252"
