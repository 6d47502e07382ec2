"""Files and values read slowly, in plain Python: csv, json, openpyxl and DuckDB, one cell at a time.

Here: nothing of the reader that is judged; only the declarations (columns, code lists, words) are the same. A cell is a
text, and whether the file held it as a number with decimals.
"""

import csv
import io
import json
import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from schemas.column import Column, Kind
from schemas.vocabulary import NO_NAMES

Cell = tuple[str | None, bool]
BLANK = ' \t\v\f\r\n"'


@dataclass
class Table:
    """What a slow reader finds."""

    header: list[str]
    rows: dict[int, list[Cell]] = field(default_factory=dict)
    misshapen: set[int] = field(default_factory=set)
    sources: set[int] = field(default_factory=set)
    """Lines that name CBS as the source."""
    lines: int = 0
    """Rows of a sheet, or lines of JSON that hold something; not of separated text: a line may be part of a row."""
    codes: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and place what a sheet shows in place of a number, where that is another name."""
    moments: set[tuple[int, int]] = field(default_factory=set)
    """By row and place the cells that are days or times themselves."""
    first_day: date | None = None
    """What a day number counts from; only in workbooks."""


def decoded(data: bytes) -> str:
    try:
        return data.decode().lstrip("\ufeff") if data.startswith(BOM_UTF8) else data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_csv(data: bytes) -> Table:
    text = decoded(data)
    lines = list(io.StringIO(text, newline=""))
    first = next(i for i, line in enumerate(lines) if line.strip(" \t\v\f\r\n"))
    first += _titles(lines[first:])
    bare = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", "".join(lines[first:])))[0]
    separator = max(";\t|,", key=bare.count)
    reader = csv.reader(lines[first:], delimiter=separator)
    header = [name.strip() for name in next(reader)]
    wide = len(header)
    while header and not header[-1]:
        header.pop()
    table, number, start = Table(header), first + 2, reader.line_num
    nothing = BLANK + separator
    for record in reader:
        here, start = lines[first + start : first + reader.line_num], reader.line_num
        if _names_cbs(record[0] if record else "", record[1:]):
            table.sources.add(number)
            number += len(here) if len(record) != wide else 1
            continue
        over_lines = [cell for cell in record if "\n" in cell or "\r" in cell]
        is_swallowed = len(here) > 1 and sum(cell.count(separator) for cell in over_lines) >= max(1, wide // 2)
        if len(record) == wide and not is_swallowed:
            if any(record):
                table.rows[number] = [(cell or None, False) for cell in record[: len(header)]]
            number += 1
            continue
        if "".join(record).strip(" \t\v\f\r\n"):
            filled = [i for i, line in enumerate(here) if line.strip(nothing)] if len(here) > 1 else [0]
            table.misshapen |= {number + i for i in filled or [0]}
        number += len(here)
    return table


def _names_cbs(first: str, others: Iterable[str]) -> bool:
    """Whether a row is that line: one cell, alone."""
    words = " ".join(first.lower().split())
    for mark in ("bron", "source"):
        if words.startswith(mark) and words[len(mark) :].lstrip().startswith(":"):
            owner = words[len(mark) :].lstrip()[1:].lstrip()
            return owner.startswith(("cbs", *_CBS)) and not any(cell.strip() for cell in others)
    for sign in ("©", "(c)"):
        words = words.removeprefix(sign).lstrip()
    return words.startswith(_CBS) and not any(cell.strip() for cell in others)


_CBS = ("centraal bureau voor de statistiek", "statistics netherlands")


def _titles(lines: list[str]) -> int:
    """How many lines of one cell stand above the first of several."""
    for number, line in enumerate(lines[:6]):
        cells = 1 + max(re.sub(r'"[^"]*"', "", line).count(separator) for separator in ";\t|,")
        if cells > 1 or line.count('"') % 2:
            return number if cells > 2 and not _is_row(line) else 0
    return 0


def _is_row(line: str) -> bool:
    """Whether as many of its cells begin and go on as numbers as do not."""
    separator = max(";\t|,", key=re.sub(r'"[^"]*"', "", line).count)
    cells = [cell.strip('" \t\r\n') for cell in line.split(separator)]
    values = [c for c in cells if c.lstrip("+-")[:1].isdecimal() and not set(c.lstrip("+-")) - set("0123456789.,/-")]
    years = [c for c in values if len(c) == 4 and c[:2] in ("19", "20") and c.isdecimal()]
    return 2 * (len(values) - len(years)) >= sum(cell != "" for cell in cells)


class _Spelled(float):
    text: str


def _spelled(text: str) -> _Spelled:
    number = _Spelled(text)
    number.text = format(Decimal(text), "f")
    return number


def read_jsonl(data: bytes) -> Table:
    text = decoded(data)
    lines, names, found = re.split(r"\r\n|\n|\r", text), dict[str, None](), dict[int, dict[str, Any]]()
    table = Table([])
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t\v\f\r\n"):
            continue
        try:
            pairs = json.loads(line, object_pairs_hook=list, parse_float=_spelled, parse_constant=_refused)
            if not isinstance(pairs, list) or not line.lstrip().startswith("{") or len(dict(pairs)) < len(pairs):
                raise ValueError
            line.encode()
            json.dumps(dict(pairs), ensure_ascii=False).encode()
        except (ValueError, TypeError):
            table.misshapen.add(number)
            continue
        found[number] = dict(pairs)
        names.update(dict.fromkeys(found[number]))
    table.header = [name.strip() for name in names]
    for number, values in found.items():
        cells = [_json_cell(values.get(name)) for name in names]
        _add(table, number, cells)
    table.lines = len(table.misshapen) + len(table.rows)  # a line of nulls is no row
    return table


def _add(table: Table, number: int, cells: list[Cell]) -> None:
    """A row, where it holds something and is not the line that names the source."""
    first, *others = (text or "" for text, _ in cells)
    if others and _names_cbs(first, others):
        table.sources.add(number)
    elif any(text is not None for text, _ in cells):
        table.rows[number] = cells


def _refused(_: str) -> float:
    raise ValueError


def _json_cell(value: Any) -> Cell:
    if value is None or value == "":
        return None, False
    if isinstance(value, _Spelled):
        return value.text, True
    if isinstance(value, bool):
        return str(value).lower(), False
    return str(value), False


def read_excel(path: Path) -> Table:
    sheet = openpyxl.load_workbook(path).active
    shown = openpyxl.load_workbook(path, data_only=True)
    cached = shown.active
    is_1904 = shown.epoch.year == 1904
    rows = list(sheet.iter_rows())
    above = _rows_above(rows)
    header = [str(cell.value or "").strip() for cell in rows[above]]
    while header and not header[-1]:
        header.pop()
    table = Table(header, first_day=date(1904, 1, 1) if is_1904 else date(1899, 12, 30))
    for number, row in enumerate(rows[above + 1 :], above + 2):
        cells = row[: len(header)]
        table.moments |= {(number, at) for at, cell in enumerate(cells) if isinstance(cell.value, date | time)}
        table.codes |= {(number, at): text for at, cell in enumerate(cells) if (text := _shown_as(cell))}
        _add(table, number, [_excel_cell(cell, cached[cell.coordinate].value) for cell in cells])
    table.lines = len(table.rows)
    return table


def _rows_above(rows: list[Any]) -> int:
    """How many rows with nothing beside their first cell stand above one with three names or more."""
    for number, row in enumerate(rows[:6]):
        texts = ["" if cell.value is None else str(cell.value).strip() for cell in row]
        if sum(text != "" for text in texts) > 2:
            return 0 if _is_row("\t".join(texts)) else number
        if any(texts[1:]):
            return 0
    return 0


def _shown_as(cell: Any) -> str:
    """The two formats for codes that ``mutations`` uses."""
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float) or cell.value != int(cell.value):
        return ""
    if cell.value < 0 or cell.number_format not in ("00000", '"T-"000'):
        return ""
    return f"{int(cell.value):05}" if cell.number_format == "00000" else f"T-{int(cell.value):03}"


UNKNOWN = "\0"
"""A cell about which openpyxl has an opinion of its own: a number that is no day in a cell that shows days."""


def _excel_cell(cell: Any, shown: Any) -> Cell:
    value = cell.value
    if isinstance(value, time) or (isinstance(value, datetime) and value.year < 1905) or (cell.data_type == "e"):
        return UNKNOWN, False
    if value is None or value == "":
        return None, False
    if cell.data_type == "f":
        return "#FORMULA" if shown is None else str(shown), False
    if isinstance(value, str):  # our reader shows such a text as its day, too
        value = re.sub(r"^(\d{4}-\d\d-\d\d)[ T]00:00:00(\.0+)?$", r"\1", value)
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00"), False
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in cell.number_format:
        return re.sub(r"(\.[0-9]*?)0+$", r"\1", f"{Decimal(repr(value)) * 100:f}").rstrip(".") + "%", False
    text = plain(value) if is_number else str(value).lower() if isinstance(value, bool) else str(value)
    return text, is_number and not float(value).is_integer()


def plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else format(Decimal(repr(value)), "f")


def read_parquet(path: Path) -> Table:
    found = duckdb.sql(f"select * from read_parquet('{path}')")
    table = Table([name.strip() for name in found.columns])
    for number, row in enumerate(found.fetchall(), 1):
        _add(table, number, [_parquet_cell(value) for value in row])
    table.lines = len(table.rows)
    return table


def _parquet_cell(value: Any) -> Cell:
    if value is None or value == "":
        return None, False
    return (plain(value), True) if isinstance(value, float) else (str(value), False)


# Values: what a cell means, or that it means nothing that can be read.

EMPTY, BAD = "empty", "bad"
_MISSING = {
    *("", ".", "-", "null", "00000000", "99999999"),
    *("\\n", "(null)", "<null>", "[null]", "nan", "nat", "nil", "none", "<na>", "undefined", "(leeg)", "(blank)"),
    *("'", '""', '=""'),
}
_UNSEEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0}
_TURNS = {0x00AD, 0x2800, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def _is_without_width(char: str) -> bool:
    code = ord(char)
    ranges = (
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x2060, 0x2065),
        (0x206A, 0x206F),
        (0xFE00, 0xFE0F),
        (0xE0000, 0xE0FFF),
    )
    return code in _UNSEEN or any(low <= code <= high for low, high in ranges)


def _is_blank(char: str) -> bool:
    return char in "\t\n\v\f\r \x85" or unicodedata.category(char) in ("Zs", "Zl", "Zp")


def seen(text: str) -> str:
    kept = [char for char in text if not _is_without_width(char)]
    while kept and _is_blank(kept[0]):
        kept.pop(0)
    while kept and _is_blank(kept[-1]):
        kept.pop()
    return "" if all(_is_blank(c) or ord(c) in _TURNS for c in kept) else "".join(kept)


def value_of(column: Column, cell: Cell, unit: str | None, first_day: date | None) -> tuple[str, Any]:
    """("empty", None), ("bad", None) or ("value", what it is)."""
    text = seen(cell[0] or "")
    if cell[1] and column.kind not in (Kind.INTEGER, Kind.DECIMAL, Kind.PRINTED):
        text = re.sub(r"^(-?[0-9]+)\.0+$", r"\1", text)  # a typed 45.0 is the name 45, as a typed 45 is
    if text.lower() in _MISSING or (column.kind is Kind.BSN and text in ("999999999", "000000000")):
        return EMPTY, None
    if column.may_be_open and re.fullmatch(
        r"(9999-12-31|31-12-9999|99991231|2999-12-31|31-12-2999|29991231)([ T][0-9:.,]*)?", text
    ):
        return EMPTY, None
    found = _READ[column.kind](column, text, cell[1], unit, first_day)
    return (BAD, None) if found is None else ("value", found)


def _day(text: str, first_day: date | None) -> date | None:
    time = re.fullmatch(r"(.*?)[ T]0?0:00(:00([.,]0{1,9})?)?( ?(Z|[+-]00:?00|\+0[12]:?00))?", text)
    text = time[1] if time else text
    forms = {r"\d{1,2}-\d{1,2}-\d{4}": "%d-%m-%Y", r"\d{4}-\d\d-\d\d": "%Y-%m-%d", r"\d{8}": "%Y%m%d"}
    for pattern, form in forms.items():
        if re.fullmatch(pattern, text, re.ASCII):
            try:
                day = datetime.strptime(text, form).date()
            except ValueError:
                return None
            return day if day.year >= 1900 else None
    if first_day and not time and re.fullmatch(r"[1-9]\d{4}", text, re.ASCII):
        return first_day + timedelta(int(text))
    return None


def _date(_: Column, text: str, __: bool, ___: str | None, first_day: date | None) -> Any:
    return _day(text, first_day)


def _birth(_: Column, text: str, __: bool, ___: str | None, first_day: date | None) -> Any:
    day = re.sub(r"[ T]0?0:00(:00([.,]0{1,9})?)?( ?(Z|[+-]00:?00|\+0[12]:?00))?$", "", text)
    for pattern in (
        r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",
    ):
        match = re.fullmatch(pattern, day, re.ASCII)
        if match:
            fits = int(match["d"]) <= 31 and int(match["m"]) <= 12 and int(match["y"]) >= 1900
            return int(match["y"]) if fits else None
    serial = _day(text, first_day) if re.fullmatch(r"\d{5}", text, re.ASCII) else None
    return serial.year if serial else None


def number_of(text: str, marks: str) -> Decimal | None:
    """``marks``: what one mark with three digits is: "decimal", "count" or "asked"."""
    match = re.fullmatch(r"([+−-]?)([0-9.,]*)", text)
    if not match or not re.search(r"[0-9]", text):
        return None
    sign, body = match.groups()
    used = [char for char in body if char in ".,"]
    if len(used) == 1 and re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", body):
        if marks == "asked" or (marks == "count" and (used[0] == "," or body.endswith("000"))):
            return None
        body = body.replace(".", "") if marks == "count" else body
    elif len(used) > 1:
        last = used[-1] if used[-1] != used[0] else ""
        whole, _, rest = body.rpartition(last) if last else (body, "", "")
        groups = whole.split(used[0])
        if (
            len(set(used[: -1 if last else None])) > 1
            or not 1 <= len(groups[0]) <= 3
            or any(len(g) != 3 for g in groups[1:])
        ):
            return None
        if last and not rest:
            return None
        body = "".join(groups) + (f".{rest}" if last else "")
    body = body.replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?|\.[0-9]+", body):
        return None
    return Decimal(("-" if sign in ("-", "−") else "") + body)


def _marks(column: Column, is_typed: bool, unit: str | None) -> str:
    if is_typed:
        return "decimal"
    return dict(column.unit_marks).get(unit or "", column.marks).value


def _count(column: Column, text: str, is_typed: bool, unit: str | None, __: date | None) -> Any:
    found = number_of(text, _marks(column, is_typed, unit))
    if found is None or found != int(found) or text.lstrip("+-−")[:1] in (".", ","):
        return None
    return int(found)


def _decimal(column: Column, text: str, is_typed: bool, unit: str | None, _: date | None) -> Any:
    found = number_of(text, _marks(column, is_typed, unit))
    return None if found is None else float(found)


def _printed(column: Column, text: str, is_typed: bool, unit: str | None, day: date | None) -> Any:
    part = re.fullmatch(r"(\d{1,4})/([1-9]\d{0,3})", text, re.ASCII)
    return int(part[1]) / int(part[2]) if part else _decimal(column, text, is_typed, unit, day)


def _pattern(pattern: str, made: Any = str) -> Any:
    def read(_: Column, text: str, __: bool, ___: str | None, ____: date | None) -> Any:
        match = re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)
        return None if match is None else made(match[1].upper())

    return read


def _region(column: Column, text: str, is_typed: bool, unit: str | None, day: date | None) -> Any:
    own = _READ[Kind.MUNICIPALITY](column, text, is_typed, unit, day)
    return own or (text.upper() if re.fullmatch(r"[A-Za-z]{1,2}[0-9]{2,8}", text) else None)


_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?[eE][+-][0-9]{1,3}|[0-9][.,][0-9]+[eE][0-9]{1,3}")


def _identifier(_: Column, text: str, __: bool, ___: str | None, ____: date | None) -> Any:
    return text if re.fullmatch(r"[!-~]{1,15}", text) and not _SHORTENED.fullmatch(text) else None


def _name(column: Column, text: str, _: bool, __: str | None, ___: date | None) -> Any:
    if column.is_prose:
        return text
    is_hidden = any(ord(c) in _TURNS or unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text)
    return None if is_hidden or text.upper() in NO_NAMES or _SHORTENED.fullmatch(text) else text


def _code(column: Column, text: str, is_typed: bool, unit: str | None, day: date | None) -> Any:
    words = {word.upper(): code for word, code in column.texts}
    if text.upper() in words:
        return words[text.upper()]
    return _name(column, text.upper() if words else text, is_typed, unit, day)


_READ: dict[Kind, Any] = {
    Kind.DATE: _date,
    Kind.BIRTH_DATE: _birth,
    Kind.INTEGER: _count,
    Kind.DECIMAL: _decimal,
    Kind.PRINTED: _printed,
    Kind.CODE: _code,
    Kind.TEXT: _name,
    Kind.IDENTIFIER: _identifier,
    Kind.MUNICIPALITY: _pattern(r"(?:GM)?([0-9]{3,4})", lambda digits: f"GM{int(digits):04}"),
    Kind.REGION: _region,
    Kind.BSN: _pattern(r"([0-9]{8,9})", int),
    Kind.YEAR: _pattern(r"((?:19|20)[0-9]{2})", int),
    Kind.PERIOD: _pattern(r"((?:19|20)[0-9]{2}(?:MM(?:0[1-9]|1[0-2])|JJ00))"),
}
