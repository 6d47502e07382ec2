"""How one cell's text becomes a number, and when it can be read in two ways and is asked instead.

Every function takes trimmed text and gives null where it cannot read. Not here: other kinds (``values``, ``dates``),
the number of a person (``schemas.person_number``).
"""

from collections.abc import Callable

import polars as pl

from schemas.column import Kind, Marks

# Digits are 0 to 9 only: the class of digits also knows those of other scripts, which no parser of numbers reads.
# Thousands are grouped by three; the mark that is not the thousands mark may follow once, with decimals.
_GROUPED_POINT = r"^[+-]?[0-9]{1,3}(\.[0-9]{3}){1,5}(,[0-9]{1,20})?$"
_GROUPED_COMMA = r"^[+-]?[0-9]{1,3}(,[0-9]{3}){1,5}(\.[0-9]{1,20})?$"
_PLAIN = r"^[+-]?([0-9]{1,18}([.,][0-9]{1,20})?|[.,][0-9]{1,20})$"
_ONE_MARK = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
_ONLY_GROUPS = r"^[+-]?[0-9]{1,3}((\.[0-9]{3}){2,5}|(,[0-9]{3}){2,5})$"


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


NUMBERS: dict[Kind, Callable[[pl.Expr, Marks], pl.Expr]] = {
    Kind.INTEGER: integer,
    Kind.THOUSANDS: thousands,
    Kind.DECIMAL: decimal,
    Kind.PRINTED: printed,
}
