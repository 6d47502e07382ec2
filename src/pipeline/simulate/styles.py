"""The ways in which a caseload file may look: separator, encoding, dates, codes, container.

Declares styles and turns values into text in that style; writing bytes is in `containers`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

Dates = Literal["dd-mm-jjjj", "d-m-jjjj", "jjjj-mm-dd", "jjjjmmdd", "serial"]
Codes = Literal["GM0899", "0899", "899"]
Container = Literal["csv", "csv.gz", "xlsx"]

_STRFTIME = {"dd-mm-jjjj": "%d-%m-%Y", "d-m-jjjj": "%-d-%-m-%Y", "jjjj-mm-dd": "%Y-%m-%d", "jjjjmmdd": "%Y%m%d"}
_EXCEL_EPOCH = date(1899, 12, 30)
SCHEME_TEXTS = {"01": "PW", "02": "IOAW", "03": "IOAZ", "14": "BBZ"}


@dataclass(frozen=True)
class FileStyle:
    """How one file is written. The defaults are the plainest file there is."""

    dates: Dates = "dd-mm-jjjj"
    codes: Codes = "GM0899"
    separator: str = ";"
    encoding: str = "utf-8"
    container: Container = "csv"
    newline: str = "\n"
    is_quoted: bool = False
    has_scheme_texts: bool = False
    has_spaced_headers: bool = False
    no_end: str | None = None
    extra_column: tuple[str, str] | None = None

    @property
    def summary(self) -> str:
        form = self.container if self.container != "csv" else f"{self.encoding}, '{self.separator}'"
        return f"{form}, dates {self.dates}, municipalities as {self.codes}"


def date_text(column: pl.Expr, style: Dates) -> pl.Expr:
    if style == "serial":
        return (column - pl.lit(_EXCEL_EPOCH)).dt.total_days().cast(pl.String)
    return column.dt.strftime(_STRFTIME[style])


def written_date(year: int, month: int, day: int, style: Dates) -> str:
    """One date as text in the style, also when it does not exist in the calendar."""
    if style == "jjjjmmdd":
        return f"{year}{month:02}{day:02}"
    if style == "jjjj-mm-dd":
        return f"{year}-{month:02}-{day:02}"
    return f"{day}-{month}-{year}" if style == "d-m-jjjj" else f"{day:02}-{month:02}-{year}"


def birth_text(number: pl.Expr, style: Dates) -> pl.Expr:
    """A date of birth (jjjjmmdd, with 00 for what is unknown) as text; Excel has no date for unknown parts."""
    text = number.cast(pl.String)
    year, month, day = text.str.slice(0, 4), text.str.slice(4, 2), text.str.slice(6, 2)
    if style == "jjjjmmdd":
        return text
    if style == "jjjj-mm-dd":
        return pl.concat_str(year, month, day, separator="-")
    return pl.concat_str(day, month, year, separator="-")


def municipality_text(code: pl.Expr, style: Codes) -> pl.Expr:
    if style == "GM0899":
        return code
    return code.str.slice(2) if style == "0899" else code.str.slice(2).str.strip_chars_start("0")
