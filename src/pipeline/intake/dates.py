"""How one cell's text becomes a date: the forms of the contract, days of workbooks, years of birth, open ends.

Every function takes trimmed text and gives null where it cannot read. Not here: other kinds (``values``, ``numbers``),
what an unreadable cell means (``parse``).
"""

import polars as pl

from schemas.limits.files import FIRST_DATE
from schemas.vocabulary import OPEN_ENDS

_EXCEL_EPOCH, _EXCEL_EPOCH_1904 = pl.date(1899, 12, 30), pl.date(1904, 1, 1)
DATE_FORMS = ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d")
_DATE_PATTERNS = (r"^[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", r"^[0-9]{8}$")
# A database that only knows moments writes a day as its midnight. Z and the hours of our own zone name the same day.
_MIDNIGHT = r"[ T]0{1,2}:00(?::00(?:[.,]0{1,9})?)?(?: ?(?:Z|[+-]00:?00|\+0[12]:?00))?$"
_AT_MIDNIGHT = rf"^([0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{8}}){_MIDNIGHT}"
_OPEN_END = rf"^(?:{'|'.join(f'{day:%Y-%m-%d}|{day:%d-%m-%Y}|{day:%Y%m%d}' for day in OPEN_ENDS)})(?:[ T][0-9:.,]*)?$"


def is_zero(text: pl.Expr) -> pl.Expr:
    """The zero of a database, which it shows as a day: nobody's end or start."""
    return text.str.contains(r"^(?:0000-00-00|00-00-0000|1899-12-30|30-12-1899)(?:[ T]00:00(?::00(?:\.0+)?)?)?$")


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
