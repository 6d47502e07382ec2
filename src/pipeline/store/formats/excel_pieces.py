"""Values that a sheet's XML writes in pieces: with a comment, CDATA or a character by its number inside.

A parser puts the pieces together, the reader of values takes one of them. Here: finding them in the bytes. Not here:
everything else about a sheet (``excel_structure``).
"""

import re

UNNAMED = "?"
"""In place of the name of a cell that has none."""

_MARKS = b"&#", b"<!", b"<?"
"""Without one of these nothing is in pieces."""
_ENTITY = rb"&(?:amp|lt|gt|quot|apos);"
_CELL_OR_PIECES = re.compile(
    rb"(<(?:[\w.-]+:)?(?:c|row)(?=[\s>/])[^<>]*)"
    rb"|<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?<!/)>[^<&]*(?:" + _ENTITY + rb"[^<&]*)*(?:&#|<[!?])"
)
_CELL_REF = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3}\d{1,7})[\"']")
_IS_TEXT = re.compile(rb"\st\s*=\s*[\"']str[\"']")
_BEGINS = b"<c ", b"<c>", b":c ", b":c>"
_LONGEST_CELL = 4 << 20
"""Bytes: far more than a cell may hold, with all that may stand before it in its row without a value."""


class Pieces:
    """Follows the bytes of one sheet."""

    def __init__(self) -> None:
        self.cell = ""
        """The first cell of which the value or an attribute is in pieces; ``UNNAMED`` where it has no name."""
        self.holds_texts = False
        """Whether texts of formulas are in pieces: these can be put together, since they have no style."""
        self._open = b""
        self._tag = b""

    def feed(self, chunk: bytes) -> None:
        """To be told of every chunk before its cells are looked at: the cell at hand may go on in it."""
        there = self._open + chunk
        if any(mark in there for mark in _MARKS):
            self._look(there)
        begun = max(there.rfind(begin) for begin in _BEGINS)
        start = there.rfind(b"<", 0, begun + 1) if begun >= 0 else there.rfind(b"</")
        self._open = there[max(start, len(there) - _LONGEST_CELL, 0) :]

    def _look(self, there: bytes) -> None:
        for found in _CELL_OR_PIECES.finditer(there):
            if found[1] is None or b"&#" in found[1]:
                self._mark(found[1] or self._tag)
            self._tag = found[1] or self._tag

    def _mark(self, tag: bytes) -> None:
        if _IS_TEXT.search(tag) and b"&#" not in tag:
            self.holds_texts = True
        else:
            named = _CELL_REF.search(tag)
            self.cell = self.cell or (named[1].decode() if named else UNNAMED)
