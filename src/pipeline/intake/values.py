"""How one cell's text becomes a value, per kind. Every function takes trimmed text and gives null where it cannot read.

Here: expressions per kind. Not here: what an unreadable cell means (``parse`` tells it from an empty one).
Source of the forms: contract, section Files, "Values".
"""

from collections.abc import Callable

import polars as pl

from schemas.column import Column, Kind, Marks
from schemas.limits import FIRST_DATE, MAX_IDENTIFIER_LENGTH, YEAR_PATTERN
from schemas.vocabulary import MISSING_TEXTS, NO_NAMES, OPEN_ENDS

_EXCEL_EPOCH, _EXCEL_EPOCH_1904 = pl.date(1899, 12, 30), pl.date(1904, 1, 1)
DATE_FORMS = ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d")
_DATE_PATTERNS = (r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^[0-9]{8}$")

# Digits are 0 to 9 only: the class of digits also knows those of other scripts, which no parser of numbers reads.
# Thousands are grouped by three; the mark that is not the thousands mark may follow once, with decimals.
_GROUPED_POINT = r"^[+-]?[0-9]{1,3}(\.[0-9]{3}){1,5}(,[0-9]{1,20})?$"
_GROUPED_COMMA = r"^[+-]?[0-9]{1,3}(,[0-9]{3}){1,5}(\.[0-9]{1,20})?$"
_PLAIN = r"^[+-]?([0-9]{1,18}([.,][0-9]{1,20})?|[.,][0-9]{1,20})$"
_ONE_MARK = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
_ONLY_GROUPS = r"^[+-]?[0-9]{1,3}((\.[0-9]{3}){2,5}|(,[0-9]{3}){2,5})$"
# A database that only knows moments writes a day as its midnight. Z and the hours of our own zone name the same day.
_MIDNIGHT = r"[ T]0{1,2}:00(?::00(?:[.,]0{1,9})?)?(?: ?(?:Z|[+-]00:?00|\+0[12]:?00))?$"
_AT_MIDNIGHT = rf"^([0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{8}}){_MIDNIGHT}"
_OPEN_END = rf"^(?:{'|'.join(f'{day:%Y-%m-%d}|{day:%d-%m-%Y}|{day:%Y%m%d}' for day in OPEN_ENDS)})(?:[ T][0-9:.,]*)?$"

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

_MISSING = (*MISSING_TEXTS, *(text.lower() for text in MISSING_TEXTS), *(text.capitalize() for text in MISSING_TEXTS))


def seen(text: pl.Expr) -> pl.Expr:
    """The text without what cannot be seen: blanks around it, and characters without width."""
    trimmed = text.str.replace_all(_ZERO_WIDTH, "").str.strip_chars()
    return pl.when(trimmed.str.strip_chars(_BLANK).str.strip_chars() != "").then(trimmed).otherwise(pl.lit(""))


def is_missing(text: pl.Expr) -> pl.Expr:
    """The spellings of "no value"."""
    return text.is_in(_MISSING)


def is_open_end(text: pl.Expr) -> pl.Expr:
    """A day that stands for "no end yet", in any form, with or without a time of that day."""
    return text.str.contains(_OPEN_END)


def date(text: pl.Expr, form: str) -> pl.Expr:
    """A date in one form.

    The pattern is checked too: the date parser alone would take ``2017-1-1x`` or two-digit years.
    """
    pattern = _DATE_PATTERNS[DATE_FORMS.index(form)]
    read = text.str.to_date(form, strict=False, exact=True)
    return pl.when(text.str.contains(pattern) & (read >= FIRST_DATE)).then(read)


def day(text: pl.Expr) -> pl.Expr:
    """The day of a moment at midnight; any other text as it is. Another time of the day is no day."""
    return text.str.replace(_AT_MIDNIGHT, "$1")


def excel_serial(text: pl.Expr, *, is_1904: bool = False) -> pl.Expr:
    """A date as a workbook counts days, from 1927 on, or 1931 where it counts from 1904; only for workbooks.

    Four digits are rather a year: not guessed.
    """
    days = pl.when(text.str.contains(r"^[1-9][0-9]{4}$")).then(text).cast(pl.Int32, strict=False)
    return (_EXCEL_EPOCH_1904 if is_1904 else _EXCEL_EPOCH) + pl.duration(days=days)


def birth_year(text: pl.Expr) -> pl.Expr:
    """The year of a date whose month and day may be ``00`` (unknown)."""
    day_first = text.str.extract(r"^(?:0?[0-9]|[12][0-9]|3[01])-(?:0?[0-9]|1[0-2])-([0-9]{4})$", 1)
    iso = text.str.extract(r"^([0-9]{4})-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])$", 1)
    compact = text.str.extract(r"^([0-9]{4})(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01])$", 1)
    year = pl.coalesce(day_first, iso, compact).cast(pl.Int16, strict=False)
    return pl.when(year >= FIRST_DATE.year).then(year)


def _sign(text: pl.Expr) -> pl.Expr:
    return text.str.replace("−", "-", literal=True)


def is_asked(text: pl.Expr, marks: Marks) -> pl.Expr:
    """Whether a number can be read in two ways, by its one mark with three digits behind it."""
    is_open = _sign(text).str.contains(_ONE_MARK)
    if marks is Marks.COUNT:
        return is_open & (text.str.contains(",", literal=True) | text.str.ends_with("000"))
    return is_open & (marks is Marks.ASKED)


def _is_grouped(signed: pl.Expr, marks: Marks) -> pl.Expr:
    return signed.str.contains(_ONE_MARK) & ~is_asked(signed, marks) & (marks is Marks.COUNT)


def decimal(text: pl.Expr, marks: Marks = Marks.ASKED) -> pl.Expr:
    """A number with decimal comma or point, with or without thousands marks; null where it must be asked."""
    signed = _sign(text)
    normal = (
        pl.when(is_asked(signed, marks))
        .then(None)
        .when(_is_grouped(signed, marks))
        .then(signed.str.replace(".", "", literal=True))
        .when(signed.str.contains(_PLAIN))
        .then(signed.str.replace(",", ".", literal=True))
        .when(signed.str.contains(_GROUPED_POINT))
        .then(signed.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(signed.str.contains(_GROUPED_COMMA))
        .then(signed.str.replace_all(",", "", literal=True))
    )
    return normal.cast(pl.Float64, strict=False)


def integer(text: pl.Expr, marks: Marks = Marks.COUNT) -> pl.Expr:
    """A count: digits, one kind of thousands mark in groups of three, decimals only when they are zero."""
    signed = _sign(text)
    bare = signed.str.extract(r"^([+-]?[0-9]{1,18})(?:[.,]0+)?$", 1)
    by_point = signed.str.extract(r"^([+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,5})(?:,0+)?$", 1)
    by_comma = signed.str.extract(r"^([+-]?[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})(?:\.0+)?$", 1)
    grouped = pl.coalesce(by_point, by_comma).str.replace_all(r"[.,]", "")
    read = bare if marks is Marks.DECIMAL else pl.coalesce(grouped, bare)
    return pl.when(~is_asked(signed, marks)).then(read).cast(pl.Int64, strict=False)


def thousands(text: pl.Expr, marks: Marks = Marks.ASKED) -> pl.Expr:
    """A figure printed in thousands with one decimal (CBS), as whole units."""
    is_read = text.str.contains(r"^-?[0-9]{1,12}([.,][0-9]{1,3})?$") & ~is_asked(text, marks)
    plain = pl.when(is_read).then(text.str.replace(",", ".", literal=True)).cast(pl.Float64, strict=False)
    return (plain * 1000).round().cast(pl.Int64)


def printed(text: pl.Expr, marks: Marks = Marks.ASKED) -> pl.Expr:
    """A figure as printed: a number, or a fraction such as 1/3."""
    signed = _sign(text)
    part = signed.str.extract(r"^([0-9]{1,4})/[1-9][0-9]{0,3}$", 1).cast(pl.Float64)
    whole = signed.str.extract(r"^[0-9]{1,4}/([1-9][0-9]{0,3})$", 1).cast(pl.Float64)
    return pl.coalesce(part / whole, decimal(text, marks))


def printed_decimals(text: pl.Expr, marks: Marks = Marks.ASKED) -> pl.Expr:
    """How many decimals stand in a printed figure: its precision."""
    signed = _sign(text)
    is_whole = _is_grouped(signed, marks) | signed.str.contains(_ONLY_GROUPS)
    decimals = signed.str.extract(r"[.,]([0-9]+)$", 1).str.len_chars().fill_null(0)
    return pl.when(is_whole).then(0).otherwise(decimals).cast(pl.Int16)


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


NUMBERS: dict[Kind, Callable[[pl.Expr, Marks], pl.Expr]] = {
    Kind.INTEGER: integer,
    Kind.THOUSANDS: thousands,
    Kind.DECIMAL: decimal,
    Kind.PRINTED: printed,
}

READERS: dict[Kind, Callable[[pl.Expr], pl.Expr]] = {
    Kind.BIRTH_DATE: birth_year,
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
