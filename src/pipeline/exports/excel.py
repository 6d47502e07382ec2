"""One workbook: a sheet per table with types, a name and a frozen header, a dictionary, and notes in front.

Texts are texts: nothing that begins with ``=`` is computed, no address becomes a link, ``01`` keeps its zero. The same
content gives the same bytes. Not here: what is in it (``content``).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from pipeline.exports.content import ABOUT, DICTIONARY, Content

_MOST_ROWS = 1_048_575
"""Below the header: what a sheet holds."""
_MOST_LETTERS = 32_000
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}
_EPOCH = datetime(2000, 1, 1)
_FIRST_OF_EXCEL = date(1900, 3, 1)
_LEAST_WIDTH, _MOST_WIDTH, _WIDE_TEXT = 10, 40, 80


def write_workbook(content: Content, path: Path) -> None:
    """Notes, dictionary, and every table."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        made = (content.made or _EPOCH).replace(tzinfo=None)
        book.set_properties({"title": f"uitstroom {content.name}", "created": made})
        formats = {name: book.add_format(each) for name, each in _FORMATS.items()}
        _sheet(book, ABOUT, content.about_frame, formats, width=_WIDE_TEXT)
        _sheet(book, DICTIONARY, content.dictionary, formats)
        for name, frame in content.tables.items():
            for number, part in enumerate(_parts(frame), 1):
                title = name if number == 1 else f"{name[:26]} {number}"
                _sheet(book, title, part, formats)


_FORMATS: dict[str, dict[str, Any]] = {
    "header": {"bold": True, "bg_color": "#E8EEF4", "bottom": 1},
    "date": {"num_format": "dd-mm-yyyy"},
    "moment": {"num_format": "dd-mm-yyyy hh:mm:ss"},
    "number": {"num_format": "#,##0.00"},
    "whole": {"num_format": "0"},
    "text": {"num_format": "@"},
}


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from frame.iter_slices(_MOST_ROWS) if frame.height else [frame]


def _sheet(book: Any, title: str, frame: pl.DataFrame, formats: dict[str, Any], *, width: int = _MOST_WIDTH) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    for column, (name, kind) in enumerate(frame.schema.items()):
        sheet.set_column(column, column, _width(frame, name, width), _format(formats, kind))
        sheet.write_string(0, column, name, formats["header"])
    writers = [_writer(sheet, formats, kind) for kind in frame.dtypes]
    for row, values in enumerate(frame.iter_rows(), 1):
        for column, value in enumerate(values):
            if value is not None:
                writers[column](row, column, value)
    last = xlsxwriter.utility.xl_rowcol_to_cell(frame.height, frame.width - 1, row_abs=True, col_abs=True)
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    book.define_name(title.replace(" ", "_"), f"='{title}'!$A$1:{last}")


def _format(formats: dict[str, Any], kind: pl.DataType) -> Any:
    if isinstance(kind, pl.Datetime):
        return formats["moment"]
    if kind == pl.Date:
        return formats["date"]
    if kind.is_float():
        return formats["number"]
    return formats["whole"] if kind.is_integer() else formats["text"] if kind == pl.String else None


def _writer(sheet: Any, formats: dict[str, Any], kind: pl.DataType) -> Callable[[int, int, Any], Any]:
    style = _format(formats, kind)
    if kind == pl.Boolean:
        return sheet.write_boolean  # type: ignore[no-any-return]
    if kind.is_numeric():
        return lambda row, column, value: sheet.write_number(row, column, value, style)
    if isinstance(kind, pl.Datetime):
        return lambda row, column, value: sheet.write_datetime(row, column, value.replace(tzinfo=None), style)
    if kind == pl.Date:
        return lambda row, column, value: _write_date(sheet, row, column, value, style)
    return lambda row, column, value: sheet.write_string(row, column, _shortened(str(value)), style)


def _write_date(sheet: Any, row: int, column: int, day: date, style: Any) -> None:
    """As a date where Excel has it, else as text: its calendar begins in 1900, two months of it a day off."""
    if day < _FIRST_OF_EXCEL:
        sheet.write_string(row, column, f"{day:%d-%m-%Y}", style)
    else:
        sheet.write_datetime(row, column, day, style)


def _shortened(text: str) -> str:
    """A cell holds 32,767 letters; more would spoil the workbook."""
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}… (shortened; whole in the other formats)"


def _width(frame: pl.DataFrame, name: str, most: int) -> int:
    shown = frame[name].head(200).cast(pl.String, strict=False).str.len_chars().max()
    return max(_LEAST_WIDTH, min(most, max(len(name) + 3, int(str(shown or 0)) + 1)))
