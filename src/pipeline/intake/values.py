"""How one cell's text becomes a value, per kind. Every function takes trimmed text and gives null where it cannot read.

Here: expressions per kind. Not here: what an unreadable cell means (``parse`` tells it from an empty one).
Source of the forms: contract, section Files, "Values".
"""

from collections.abc import Callable

import polars as pl

from schemas.column import Column, Kind
from schemas.limits import MAX_IDENTIFIER_LENGTH, YEAR_PATTERN
from schemas.vocabulary import MISSING_TEXTS

_EXCEL_EPOCH = pl.date(1899, 12, 30)
_FIRST_DATE = pl.date(1, 1, 1)
DATE_FORMS = ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d")
_DATE_PATTERNS = (r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^[0-9]{8}$")

# Digits are 0 to 9 only: the class of digits also knows those of other scripts, which no parser of numbers reads.
# Thousands are grouped by three; the mark that is not the thousands mark may follow once, with decimals.
_GROUPED_POINT = r"^[+-]?[0-9]{1,3}(\.[0-9]{3}){1,5}(,[0-9]{1,20})?$"
_GROUPED_COMMA = r"^[+-]?[0-9]{1,3}(,[0-9]{3}){1,5}(\.[0-9]{1,20})?$"
_PLAIN = r"^[+-]?([0-9]{1,18}([.,][0-9]{1,20})?|[.,][0-9]{1,20})$"
_AMBIGUOUS = r"^[+−-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
_ONLY_GROUPS = r"^[+-]?[0-9]{1,3}((\.[0-9]{3}){2,5}|(,[0-9]{3}){2,5})$"


def is_missing(text: pl.Expr) -> pl.Expr:
    """The spellings of "no value"."""
    return text.is_in(MISSING_TEXTS)


def date(text: pl.Expr, form: str) -> pl.Expr:
    """A date in one form.

    The pattern is checked too: the date parser alone would take ``2017-1-1x`` or two-digit years.
    """
    pattern = _DATE_PATTERNS[DATE_FORMS.index(form)]
    read = text.str.to_date(form, strict=False, exact=True)
    return pl.when(text.str.contains(pattern) & (read >= _FIRST_DATE)).then(read)


def excel_serial(text: pl.Expr) -> pl.Expr:
    """A date as Excel counts days, from 1927 on; only for workbooks. Four digits are rather a year: not guessed."""
    days = pl.when(text.str.contains(r"^[1-9][0-9]{4}$")).then(text).cast(pl.Int32, strict=False)
    return _EXCEL_EPOCH + pl.duration(days=days)


def birth_year(text: pl.Expr) -> pl.Expr:
    """The year of a date whose month and day may be ``00`` (unknown)."""
    day_first = text.str.extract(r"^(?:0?[0-9]|[12][0-9]|3[01])-(?:0?[0-9]|1[0-2])-([0-9]{4})$", 1)
    iso = text.str.extract(r"^([0-9]{4})-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])$", 1)
    compact = text.str.extract(r"^([0-9]{4})(?:0[0-9]|1[0-2])(?:[0-2][0-9]|3[01])$", 1)
    year = pl.coalesce(day_first, iso, compact).cast(pl.Int16, strict=False)
    return pl.when(year > 0).then(year)


def _sign(text: pl.Expr) -> pl.Expr:
    return text.str.replace("−", "-", literal=True)


def decimal(text: pl.Expr) -> pl.Expr:
    """A number with decimal comma or point, with or without thousands marks. Ambiguous ones (``1.234``) are null."""
    signed = _sign(text)
    normal = (
        pl.when(signed.str.contains(_AMBIGUOUS))
        .then(None)
        .when(signed.str.contains(_PLAIN))
        .then(signed.str.replace(",", ".", literal=True))
        .when(signed.str.contains(_GROUPED_POINT))
        .then(signed.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
        .when(signed.str.contains(_GROUPED_COMMA))
        .then(signed.str.replace_all(",", "", literal=True))
    )
    return normal.cast(pl.Float64, strict=False)


def integer(text: pl.Expr) -> pl.Expr:
    """A count: digits, one kind of thousands mark in groups of three, decimals only when they are zero."""
    signed = _sign(text)
    bare = signed.str.extract(r"^([+-]?[0-9]{1,18})(?:[.,]0+)?$", 1)
    by_point = signed.str.extract(r"^([+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,5})(?:,0+)?$", 1)
    by_comma = signed.str.extract(r"^([+-]?[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})(?:\.0+)?$", 1)
    grouped = pl.coalesce(by_point, by_comma).str.replace_all(r"[.,]", "")
    return pl.coalesce(grouped, bare).cast(pl.Int64, strict=False)


def thousands(text: pl.Expr) -> pl.Expr:
    """A figure printed in thousands with one decimal (CBS), as whole units."""
    plain = pl.when(text.str.contains(r"^-?[0-9]{1,12}(\.[0-9]{1,3})?$")).then(text).cast(pl.Float64, strict=False)
    return (plain * 1000).round().cast(pl.Int64)


def printed(text: pl.Expr) -> pl.Expr:
    """A figure as printed: a number, or a fraction such as 1/3.

    Three digits after a single point are thousands here.
    """
    signed = _sign(text)
    part = signed.str.extract(r"^([0-9]{1,4})/[1-9][0-9]{0,3}$", 1).cast(pl.Float64)
    whole = signed.str.extract(r"^[0-9]{1,4}/([1-9][0-9]{0,3})$", 1).cast(pl.Float64)
    grouped = pl.when(signed.str.contains(_AMBIGUOUS)).then(signed.str.replace_all(r"[.,]", ""))
    return pl.coalesce(part / whole, grouped.cast(pl.Float64, strict=False), decimal(text))


def printed_decimals(text: pl.Expr) -> pl.Expr:
    """How many decimals stand in a printed figure: its precision."""
    signed = _sign(text)
    is_whole = signed.str.contains(_AMBIGUOUS) | signed.str.contains(_ONLY_GROUPS)
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
    """A CBS period: ``2016MM12`` or ``2016JJ00``."""
    return pl.when(text.str.contains(rf"^{YEAR_PATTERN}(MM(0[1-9]|1[0-2])|JJ00)$")).then(text)


def bsn(text: pl.Expr) -> pl.Expr:
    """Eight or nine digits (an eight-digit one lost a leading zero) as a number.

    The 11-test is a rule, not a reading.
    """
    return pl.when(text.str.contains(r"^[0-9]{8,9}$")).then(text).cast(pl.Int64, strict=False)


def identifier(text: pl.Expr) -> pl.Expr:
    """At most 15 printable ASCII characters (BUS 2015, field 7)."""
    return pl.when(text.str.contains(rf"^[\x21-\x7e]{{1,{MAX_IDENTIFIER_LENGTH}}}$")).then(text)


def code(column: Column) -> Callable[[pl.Expr], pl.Expr]:
    """A code as it stands, or the code a word stands for. Never padded: ``4`` is not ``04``."""

    def read(text: pl.Expr) -> pl.Expr:
        if not column.texts:
            return text
        words = {word.upper(): meaning for word, meaning in column.texts}
        return text.str.to_uppercase().replace(words)

    return read


READERS: dict[Kind, Callable[[pl.Expr], pl.Expr]] = {
    Kind.BIRTH_DATE: birth_year,
    Kind.INTEGER: integer,
    Kind.THOUSANDS: thousands,
    Kind.DECIMAL: decimal,
    Kind.PRINTED: printed,
    Kind.MUNICIPALITY: municipality,
    Kind.TEXT: lambda text: text,
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
    Kind.CODE: "VALUE-007",
    Kind.TEXT: "VALUE-007",
}

AMBIGUOUS = _AMBIGUOUS
