"""The ways in which a number of eight or nine digits may be written, for every test that plants one."""

from collections.abc import Callable
from urllib.parse import quote

_FULLWIDTH, _ARABIC, _PERSIAN, _DEVANAGARI, _BOLD = "\uff10", "\u0660", "\u06f0", "\u0966", "\U0001d7ce"


def _thirds(number: str, mark: str) -> str:
    nine = number.zfill(9)
    return mark.join((nine[:3], nine[3:6], nine[6:]))


def _official(number: str, mark: str) -> str:
    nine = number.zfill(9)
    return mark.join((nine[:4], nine[4:6], nine[6:]))


def _script(number: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in number)


def _power(number: str, letter: str = "E", mark: str = ".") -> str:
    return f"{number[0]}{mark}{number[1:]}{letter}{len(number) - 1}"


_MARKS = {
    "blank": " ", "no-break space": "\u00a0", "thin space": "\u2009", "narrow space": "\u202f",
    "figure space": "\u2007",
    "ideographic space": "\u3000", "zero width space": "\u200b", "zero width joiner": "\u200d", "word joiner": "\u2060",
    "byte order mark": "\ufeff", "soft hyphen": "\u00ad", "left to right mark": "\u200e", "override": "\u202e",
    "tab": "\t", "line end": "\n", "hangul filler": "\u3164", "dot": ".", "middle dot": "·",
    "dash": "-", "en dash": "–", "em dash": "—", "minus": "−", "no-break hyphen": "\u2011",
    "slash": "/", "backslash": "\\", "underscore": "_",
    "comma": ",", "comma and blank": ", ", "colon": ":", "plus": "+", "apostrophe": "'", "right quote": "’",
    "quotes": '""', "single quotes": "''", "quoted parts": '","', "blank dash blank": " - ", "two blanks": "  ",
    "asterisk": "*", "pipe": "|", "at": "@", "hash": "#", "brackets": ") (",
    "comment": "<!-- -->", "CDATA": "]]><![CDATA[", "no-break space written twice": "\u00c2\u00a0",
    "dash written twice": "â€“", "no-break space of DOS": "┬á",
}  # fmt: skip

_OTHERS: dict[str, Callable[[str], str]] = {
    "plain": lambda number: number,
    "zero in front": lambda number: f"0{number}",
    "zeros in front": lambda number: f"0000{number}",
    "letters around": lambda number: f"x{number}y",
    "called": lambda number: f"BSN{number}",
    "called, with a colon": lambda number: f"bsn: {number}",
    "hexadecimal letters around": lambda number: f"abc{number}def",
    "in brackets": lambda number: f"({number})",
    "among other numbers": lambda number: f"12-{number}-2017",
    "after a date": lambda number: f"2017-02-07_{number}",
    "against a date": lambda number: f"20170207{number}",
    "against a year": lambda number: f"{number.zfill(9)}2017",
    "coded for a workbook": lambda number: "".join(f"_x{ord(digit):04X}_" for digit in number),
    "every digit apart": " ".join,
    "every digit apart by dots": ".".join,
    "official dots": lambda number: _official(number, "."),
    "official blanks": lambda number: _official(number, " "),
    "mixed marks": lambda number: f"{number[:3]}.{number[3:5]} {number[5:6]}-{number[6:]}",
    "fullwidth": lambda number: _script(number, _FULLWIDTH),
    "arabic": lambda number: _script(number, _ARABIC),
    "persian": lambda number: _script(number, _PERSIAN),
    "devanagari": lambda number: _script(number, _DEVANAGARI),
    "mathematical": lambda number: _script(number, _BOLD),
    "superscript": lambda number: "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in number),
    "circled": lambda number: "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(digit)] for digit in number),
    "ideographs": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in number),
    "underlined": lambda number: "".join(f"{digit}\u0332" for digit in number),
    "keycaps": lambda number: "".join(f"{digit}\ufe0f\u20e3" for digit in number),
    "two scripts": lambda number: number[:4] + _script(number[4:], _ARABIC),
    "fullwidth with dashes": lambda number: _thirds(number, "-").translate({48 + n: 0xFF10 + n for n in range(10)}),
    "decimal": lambda number: f"{number}.0",
    "decimals": lambda number: f"{number},00",
    "power": _power,
    "small power": lambda number: _power(number, "e"),
    "power with a sign": lambda number: _power(number, "E+0"),
    "power with a comma": lambda number: _power(number, "E+", ","),
    "power of ten": lambda number: _power(number, " x 10^"),
    "coded digits": lambda number: "".join(f"%{ord(digit):02X}" for digit in number),
    "coded blanks": lambda number: quote(_thirds(number, " ")),
    "coded no-break spaces": lambda number: quote(_thirds(number, "\u00a0")),
    "coded twice": lambda number: quote(quote(_thirds(number, " "))),
    "entities": lambda number: "".join(f"&#{ord(digit)};" for digit in number),
    "named entities": lambda number: _thirds(number, "&nbsp;"),
    "escapes": lambda number: "".join(f"\\u{ord(digit):04x}" for digit in number),
    "quoted": lambda number: f'"{number}"',
    "a list": lambda number: "['{}', '{}', '{}']".format(*_thirds(number, " ").split()),
    "percent before": lambda number: f"10%{number}",
}

INSIDE = (
    "RE01{}", "0899{}", "{}01", "{}001", "T1{}", "20170210143000{}", "0899.{}-01", "20170210x{}001",
)  # fmt: skip
"""A number inside ten digits and more: only the row that it is about tells it from another one."""

FORMS = (*_OTHERS, *(f"{name} between" for name in _MARKS))


def formed(name: str, number: str) -> str:
    """The number as that form has it."""
    return _OTHERS[name](number) if name in _OTHERS else _thirds(number, _MARKS[name.removesuffix(" between")])
