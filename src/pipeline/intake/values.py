"""How one cell's text becomes a value, per kind. Every function takes trimmed text and gives null where it cannot read.

Here: expressions per kind but for dates (``dates``) and numbers (``numbers``). Not here: what an unreadable cell means
(``parse`` tells it from an empty one).
Source of the forms: contract, section Files, "Values".
"""

from collections.abc import Callable

import polars as pl

from pipeline.intake import dates
from schemas.column import Column, Kind
from schemas.limits.files import MAX_IDENTIFIER_LENGTH, YEAR_PATTERN
from schemas.vocabulary import MISSING_TEXTS, NO_NAMES

_ZERO_WIDTH = (
    r"[\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{200b}-\x{200f}\x{2060}-\x{2065}"
    r"\x{206a}-\x{206f}\x{3164}\x{fe00}-\x{fe0f}\x{feff}\x{ffa0}\x{e0000}-\x{e0fff}]"
)
"""Characters without width, wherever they stand. A soft hyphen is none of them: some programs show it as a minus."""
_BLANK = "\u00ad\u2800\u061c" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Shown as nothing or as a blank, and no white space: soft hyphen, blank of braille, turns of the writing direction."""
_NOT_SHOWN = rf"[\x00-\x1f\x7f-\x{{9f}}\x{{2028}}\x{{2029}}{_BLANK}]"
_SHORTENED = r"^[0-9](?:[.,][0-9]+)?[eE][+-][0-9]{1,3}$|^[0-9][.,][0-9]+[eE][0-9]{1,3}$"
"""A long number as a spreadsheet shows it; its last digits are gone."""
_NESTED = r"^(?:\[.*\]|\{.*\})$"
"""A list or an object of JSON or Parquet: several things under one name."""

_MISSING = tuple(
    {form(text): None for form in (str, str.lower, str.capitalize, str.title) for text in MISSING_TEXTS}
    | dict.fromkeys(("NaN", "NaT"))
)


def seen(text: pl.Expr) -> pl.Expr:
    """The text without what cannot be seen: blanks around it, and characters without width."""
    trimmed = text.str.replace_all(_ZERO_WIDTH, "").str.strip_chars()
    return pl.when(trimmed.str.strip_chars(_BLANK).str.strip_chars() != "").then(trimmed).otherwise(pl.lit(""))


def is_missing(text: pl.Expr) -> pl.Expr:
    """The spellings of "no value"."""
    return text.is_in(_MISSING)


def municipality(text: pl.Expr) -> pl.Expr:
    """``GM0899``, ``0899`` and ``899`` are one municipality. A CBS code has four digits."""
    digits = text.str.to_uppercase().str.extract(r"^(?:GM)?([0-9]{3,4})$", 1)
    return pl.lit("GM") + digits.str.zfill(4)


def region(text: pl.Expr) -> pl.Expr:
    """A CBS region: NL01, LD01, PV20, CR01, GM0899, A007394 (a size class) …; a bare number is a municipality."""
    upper = text.str.to_uppercase()
    return pl.coalesce(municipality(text), pl.when(upper.str.contains(r"^[A-Z]{1,2}[0-9]{2,8}$")).then(upper))


def period(text: pl.Expr) -> pl.Expr:
    """A CBS period: ``2016MM12``, ``2016KW04`` or ``2016JJ00``; also by its label, ``2016 december`` or ``2016 4e
    kwartaal``.
    """
    coded = pl.when(text.str.contains(rf"^{YEAR_PATTERN}(MM(0[1-9]|1[0-2])|KW0[1-4]|JJ00)$")).then(text)
    label = text.str.to_lowercase().str.extract(rf"^{YEAR_PATTERN}\s+(\S.*?)\*{{0,2}}$", 1)
    year, part = text.str.slice(0, 4), label.replace_strict(_PERIOD_LABELS, default=None, return_dtype=pl.String)
    return pl.coalesce(coded, year + part)


_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
_PERIOD_LABELS = {
    **{name: f"MM{number:02}" for number, name in enumerate(_MONTHS, 1)},
    **{f"{number}e kwartaal": f"KW{number:02}" for number in range(1, 5)},
}


def bsn(text: pl.Expr) -> pl.Expr:
    """Eight or nine digits (an eight-digit one lost a leading zero) as a number.

    The 11-test is a rule, not a reading.
    """
    return pl.when(text.str.contains(r"^[0-9]{8,9}$")).then(text).cast(pl.Int64, strict=False)


def identifier(text: pl.Expr) -> pl.Expr:
    """At most 15 printable ASCII characters (BUS 2015, field 7), and no number that a spreadsheet shortened."""
    is_whole = text.str.contains(rf"^[\x21-\x7e]{{1,{MAX_IDENTIFIER_LENGTH}}}$") & ~text.str.contains(_SHORTENED)
    return pl.when(is_whole).then(text)


def name(text: pl.Expr) -> pl.Expr:
    """A name, trimmed; null where something stands there that names nothing, or that cannot be seen as it is."""
    is_none = text.str.to_uppercase().is_in(NO_NAMES) | text.str.contains(_SHORTENED) | text.str.contains(_NOT_SHOWN)
    is_none |= text.str.contains(_NESTED)
    return pl.when(~is_none).then(text)


def code(column: Column) -> Callable[[pl.Expr], pl.Expr]:
    """A code as it stands, or the code a word stands for. Never padded: ``4`` is not ``04``."""
    words = {word.upper(): meaning for word, meaning in column.texts}

    def read(text: pl.Expr) -> pl.Expr:
        upper = text.str.to_uppercase()
        is_word = upper.is_in(list(words))
        return pl.when(is_word).then(upper.replace(words)).otherwise(name(upper if words else text))

    return read


def word(column: Column) -> Callable[[pl.Expr], pl.Expr]:
    """What a word stands for; null where it is none of the column's words."""
    words = {each.upper(): meaning for each, meaning in column.texts}

    def read(text: pl.Expr) -> pl.Expr:
        if not words:
            return pl.lit(None, pl.String())
        return text.str.to_uppercase().replace_strict(words, default=None, return_dtype=pl.String)

    return read


READERS: dict[Kind, Callable[[pl.Expr], pl.Expr]] = {
    Kind.BIRTH_DATE: dates.birth_year,
    Kind.MUNICIPALITY: municipality,
    Kind.BSN: bsn,
    Kind.IDENTIFIER: identifier,
    Kind.REGION: region,
    Kind.PERIOD: period,
    Kind.YEAR: lambda text: pl.when(text.str.contains(rf"^{YEAR_PATTERN}$")).then(text).cast(pl.Int16, strict=False),
}

UNREADABLE: dict[Kind, str] = {
    Kind.DATE: "VALUE-001",
    Kind.BIRTH_DATE: "VALUE-001",
    Kind.INTEGER: "VALUE-002",
    Kind.THOUSANDS: "VALUE-002",
    Kind.DECIMAL: "VALUE-002",
    Kind.PRINTED: "VALUE-002",
    Kind.YEAR: "VALUE-002",
    Kind.MUNICIPALITY: "VALUE-007",
    Kind.REGION: "VALUE-007",
    Kind.PERIOD: "VALUE-007",
    Kind.BSN: "VALUE-006",
    Kind.IDENTIFIER: "VALUE-006",
    Kind.CODE: "VALUE-022",
    Kind.TEXT: "VALUE-022",
}
