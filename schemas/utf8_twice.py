"""Marks whose bytes in UTF-8 were read in the code page of a program, and written in UTF-8 again: ``â€“`` is a dash.

Here: the form of such a mark, and the mark. Not here: what stands between digits (``written_digits``), cells whose text
looks garbled (``pipeline.intake.garbled``).
"""

import re

_PAGES = ("cp1252", "latin-1", "mac-roman", "cp850", "cp437")
_OF_TWO, _OF_THREE = (0xC2, 0xC3), (0xE2, 0xE3, 0xEF)
"""First bytes of the blanks, dashes and other marks of Unicode; with 0xC3 a mark can be told that went wrong twice."""
_FURTHER = range(0x80, 0xC0)
_NO_BREAK, _LOST = "\u00a0", "Â "
"""A no-break space of which a program made an ordinary one afterwards."""


def _byte_of(page: str) -> dict[str, int]:
    """The byte behind every character of a code page; where the page has none, as browsers do, its own number."""
    return {
        bytes([byte]).decode(page) if page != "cp1252" or byte not in _NOT_IN_WINDOWS else chr(byte): byte
        for byte in (*_OF_TWO, *_OF_THREE, *_FURTHER)
    }


_NOT_IN_WINDOWS = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_BYTES = [_byte_of(page) for page in _PAGES]


def _of(bytes_of_page: dict[str, int], wanted: tuple[int, ...] | range) -> str:
    return f"[{re.escape(''.join(each for each, byte in bytes_of_page.items() if byte in wanted))}]"


def _form(page: dict[str, int]) -> str:
    further = _of(page, _FURTHER)
    return f"{_of(page, _OF_TWO)}{further}|{_of(page, _OF_THREE)}{further}{{2}}"


WRITTEN_TWICE = "|".join((*map(_form, _BYTES), _LOST))
"""The pattern of one such mark."""


def once(text: str) -> str:
    """The mark; the text as it stands where it is none."""
    if text == _LOST:
        return _NO_BREAK
    for page in _BYTES:
        if all(each in page for each in text):
            try:
                return bytes(map(page.__getitem__, text)).decode()
            except UnicodeDecodeError:
                continue
    return text
