"""How a text reads when only its digits matter: digits of every script are 0 to 9, what cannot be seen is not there.

Here: from a text to its plain readings, with the place of every character. Not here: what digits mean
(``person_number``).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from schemas.utf8_twice import WRITTEN_TWICE, once

Placed = tuple[str, int, int]
"""A character, and the part of the text that it was read from."""

_WRITTEN_OUT = {
    digit: str(value)
    for digits in ("零一二三四五六七八九", "〇壹貳參肆伍陸柒捌玖", "〇弌贰叁肆伍陆柒捌玖")
    for value, digit in enumerate(digits)
}
_INVISIBLE = ("Cf", "Mn", "Me")
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"
_TAGGED = {chr(0xE0030 + value): str(value) for value in range(10)}
"""Digits that cannot be seen at all, as in tags of flags: a name that is written with them still says them."""
_INLINE = "a|b|big|code|em|font|i|mark|nobr|s|small|span|strong|sub|sup|tt|u|wbr"
_FORUM = "b|i|u|s|url|color|size|font|email|sub|sup"
"""Tags within a line. All others, more than one of them in a row, are the border of a cell or a paragraph."""
_HIDDEN = r"<!--[^<]{0,300}?-->|<\?[^<>]{0,300}\?>|<!\[CDATA\["
"""What a page does not show: comments, instructions, the begin of a part that is taken as it stands."""
_CODED = re.compile(
    r"%u[0-9A-Fa-f]{4}|(?:%[0-9A-Fa-f]{2})+|(?:=[0-9A-F]{2}){3,}|_[xX][0-9A-Fa-f]{4}_"
    r"|&#(?:0{0,40}[0-9]{2,7}|[xX]0{0,40}[0-9A-Fa-f]{2,6});?|&[A-Za-z][0-9A-Za-z]{1,7};"
    r"|\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"
    r"|\\[ux]\{0{0,6}[0-9A-Fa-f]{1,5}\}|\\U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}|\\N\{U\+0{0,4}[0-9A-Fa-f]{2,5}\}"
    r"|\\x[0-9A-Fa-f]{2}|(?:\\[0-3][0-7]{2}){3,}|(?:\\(?:6[0-7]|7[01])){3,}|\\0{2,4}3[0-9] ?|U\+0{0,4}3[0-9]"
    r"|\\[nrt](?=(?:\\[nrt]){0,8}[^0-9A-Za-z]{0,6}[0-9])|\x1b\[[0-9;]{0,20}[A-Za-z]"
    rf"|(?:</?(?i:{_INLINE})(?:\s[^<>]{{0,300}})?/?>|{_HIDDEN})+(?!<)|\[/?(?i:{_FORUM})(?:=[^\[\]]{{0,80}})?\]"
    rf"|(?:(?:</?[A-Za-z][^<>]{{0,300}}>|{_HIDDEN})\s?){{1,200}}"
)
"""Addresses, mails, pages, workbooks, the strings of programs; and the tags of pages, forums and terminals."""
_CODED_BEYOND_ASCII = re.compile(rf"{_CODED.pattern}|{WRITTEN_TWICE}")
_CODE_MARKS = frozenset("%=&_\\<[+")
_TURNED = re.compile("[\u202e\u2067\u202b]")
"""What follows is shown from the right to the left."""
_ROUNDS = 3
"""How often a text may have been coded: ``%2520`` is a blank that was coded twice."""

_NEWER = {
    chr(zero + value): str(value)
    for zero in (
        0x10D40, 0x116D0, 0x116DA, 0x11BF0, 0x11DE0, 0x11F50, 0x16130, 0x16D70, 0x1CCF0, 0x1E4F0, 0x1E5F1,
    )
    for value in range(10)
}  # fmt: skip
"""Digits of scripts that came into Unicode (15 to 17) after the version that Python 3.11 knows."""

_DIGIT = rf"\p{{N}}{''.join((*_WRITTEN_OUT, *_TAGGED, *_NEWER))}"


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
        if self.places is None:
            return start, end
        ends = self.places[start], self.places[end - 1]
        return min(ends)[0], max(ends)[1]


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
    if _TURNED.search(text):
        found += [Reading(each.plain[::-1], each.places and each.places[::-1]) for each in found]
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
    digit = _TAGGED.get(character) or _NEWER.get(character) or _WRITTEN_OUT.get(character) or _value(character)
    if digit is not None:
        return digit
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    is_letter = character.isalpha() and category != "Lm"
    return "x" if is_letter else "€" if character == "€" else " "


def _value(character: str) -> str | None:
    """A character that stands for a number of one digit, also one that is no digit by its name, such as a tally."""
    value = unicodedata.numeric(character, -1)
    return str(int(value)) if value in range(10) and unicodedata.category(character).startswith("N") else None


def _decoded(placed: list[Placed]) -> list[Placed]:
    text = "".join(character for character, _, _ in placed)
    found: list[Placed] = []
    at = 0
    for coded in (_CODED if text.isascii() else _CODED_BEYOND_ASCII).finditer(text):
        found += placed[at : coded.start()]
        start, end = placed[coded.start()][1], placed[coded.end() - 1][2]
        found += [(character, start, end) for character in _meant(coded[0])]
        at = coded.end()
    return found + placed[at:]


def _meant(coded: str) -> str:
    """What a coded part stands for: by the mark that it begins with, and for a backslash the letter behind that."""
    mark = coded[0] if coded[0] != "\\" else coded[:2] if coded[1] in _ESCAPES else "\\"
    return _MEANINGS.get(mark, once)(coded)


def _halves(coded: str) -> str:
    """One character, or one in two halves."""
    return bytes.fromhex(coded.replace("\\u", "")).decode("utf-16-be", errors="replace")


def _of_point(coded: str) -> str:
    """The character of a code point, whatever stands around its hexadecimal digits."""
    return chr(int(re.sub(r"^(?:\\N\{U\+|\\[uUx]\{?|U\+|%u|_[xX]|\\)|[}_ ]$", "", coded), 16))


def _octal(coded: str) -> str:
    return "".join(chr(int(each, 8)) for each in coded[1:].split("\\"))


def _percent(coded: str) -> str:
    return _of_point(coded) if coded[1] == "u" else unquote(coded, errors="replace")


def _mailed(coded: str) -> str:
    return bytes.fromhex(coded.replace("=", "")).decode(errors="replace")


_WITHIN = re.compile(rf"(?:</?(?:{_INLINE})(?:\s[^<>]*)?/?>|{_HIDDEN})+", re.IGNORECASE)
_ESCAPES = "uUxNnrt"
_MEANINGS: dict[str, Callable[[str], str]] = {
    "&": unescape,
    "%": _percent,
    "=": _mailed,
    "_": _of_point,
    "U": _of_point,
    "<": lambda coded: "x" if coded.count("<") > 1 and not _WITHIN.fullmatch(coded) else " ",
    "[": lambda _: " ",
    "\x1b": lambda _: "",
    "\\u": lambda coded: _of_point(coded) if "{" in coded else _halves(coded),
    **dict.fromkeys(("\\U", "\\x", "\\N"), _of_point),
    **dict.fromkeys(("\\n", "\\r", "\\t"), lambda _: " "),
    "\\": lambda coded: _of_point(coded) if coded.startswith("\\00") else _octal(coded),
}
