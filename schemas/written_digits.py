"""How a text reads when only its digits matter: digits of every script are 0 to 9, what cannot be seen is not there.

Here: from a text to its plain readings, with the place of every character. Not here: what digits mean
(``person_number``).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

Placed = tuple[str, int, int]
"""A character, and the part of the text that it was read from."""

_WRITTEN_OUT = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")} | {"〇": "0"}
_INVISIBLE = ("Cf", "Mn", "Me")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_TAGGED = {chr(0xE0030 + value): str(value) for value in range(10)}
"""Digits that cannot be seen at all, as in tags of flags: a name that is written with them still says them."""
_CODED = re.compile(
    r"%u[0-9A-Fa-f]{4}|(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2}){4,}|&#?[0-9A-Za-z]{2,8};|_[xX][0-9A-Fa-f]{4}_"
    r"|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"
    r"|\\u\{0{0,3}[0-9A-Fa-f]{1,5}\}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
    r"|\\x[0-9A-Fa-f]{2}|(?:\\[0-3][0-7]{2}){3,}"
)
"""Addresses, mails, pages, workbooks, and the strings of programs."""
_CODE_MARKS = frozenset("%=&_\\")
_ROUNDS = 3
"""How often a text may have been coded: ``%2520`` is a blank that was coded twice."""

_DIGIT = rf"\p{{N}}{''.join((*_WRITTEN_OUT, *_TAGGED))}"


def digits_pattern(least: int) -> str:
    """A pattern for a column of texts: at least so many digits of any script, whatever stands between them."""
    return rf"(?:[{_DIGIT}][^{_DIGIT}]*){{{least}}}"


@dataclass(frozen=True)
class Reading:
    """``plain``: ASCII, one character for each of ``places``; ``places`` is None where they are those of the text."""

    plain: str
    places: tuple[tuple[int, int], ...] | None = None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The part of the text behind a part of the reading."""
        return (start, end) if self.places is None else (self.places[start][0], self.places[end - 1][1])


def readings(text: str) -> list[Reading]:
    """The text as it stands and, where parts of it are coded (``_CODED``), as it reads without."""
    if text.isascii() and (_CODE_MARKS.isdisjoint(text) or _CODED.search(text) is None):
        return [Reading(text)]
    placed: list[Placed] = [(character, at, at + 1) for at, character in enumerate(text)]
    found = [_plain(placed)]
    for _ in range(_ROUNDS):
        decoded = _decoded(placed)
        if decoded == placed:
            break
        placed = decoded
        found.append(_plain(placed))
    return found


def _plain(placed: list[Placed]) -> Reading:
    read = [(each, start, end) for character, start, end in placed for each in _read(character)]
    return Reading("".join(each for each, _, _ in read), tuple((start, end) for _, start, end in read))


@lru_cache(maxsize=4096)
def _read(character: str) -> str:
    """One character as ASCII: its digit or letter, a blank for a mark of any kind, nothing for what cannot be seen."""
    if character.isascii():
        return character
    if character in _BLANK_LETTERS:
        return ""
    return "".join(_read_one(each) for each in unicodedata.normalize("NFKC", character))


def _read_one(character: str) -> str:
    if character.isascii():
        return character
    digit = _TAGGED.get(character) or unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    is_letter = character.isalpha() and category != "Lm"
    return _WRITTEN_OUT.get(character) or ("x" if is_letter else "€" if character == "€" else " ")


def _decoded(placed: list[Placed]) -> list[Placed]:
    text = "".join(character for character, _, _ in placed)
    found: list[Placed] = []
    at = 0
    for coded in _CODED.finditer(text):
        found += placed[at : coded.start()]
        start, end = placed[coded.start()][1], placed[coded.end() - 1][2]
        found += [(character, start, end) for character in _meant(coded[0])]
        at = coded.end()
    return found + placed[at:]


def _meant(coded: str) -> str:
    if coded.startswith("&"):
        return unescape(coded)
    if coded.startswith("%") and coded[1] != "u":
        return unquote(coded, errors="replace")
    if coded.startswith("="):
        return bytes.fromhex(coded.replace("=", "")).decode(errors="replace")
    if coded[1].isdecimal():
        return "".join(chr(int(each, 8)) for each in coded[1:].split("\\"))
    if coded.count("\\u") == 2:  # one character in two halves
        halves = bytes.fromhex(coded.replace("\\u", ""))
        return halves.decode("utf-16-be", errors="replace")
    return chr(int(coded[2:].strip("{}_"), 16))
