"""How files are spoilt: every way is a function of a random source, so that a seed makes the same file again.

Here: mutations of text as bytes and of cells before they are written. Not here: what should come of it (``reference``).
"""

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.differential.samples import Sample

CELLS = (
    "12.345", "45,000", "45.000", "2,420", "1.234", "12,0", "1.234,5", "1,234.5", "1e3", "2,01503E+11", "-5", "0",
    "60", "42305", "2958466",
    "\u200b", "\u00a0", "\ufeff", "\u00ad", "null", "NULL", "n.v.t.", "onbekend", "#N/A", "NaN", "-", ".", "--", "TRUE",
    "2012-03-01 00:00:00.000", "2012-03-01T00:00:00Z", "2012-03-01 12:30", "01-03-2012 0:00", "31-12-9999",
    "99991231", "9999-12-31", "2999-12-31",
    "31-02-2017", "01-03-0017", "01-03-17", "12/31/2016", "20170230", "00-00-1980", "M", "V", "man", "vrouw",
    "alleenstaande", "aangaan relatie",
    "RE06\u200b", "R\u200bE06", "RE\u00ad06", "1/3", "−0,74", "33.333", "7 %", "1 234", "1\u00a0234", "a\u2028b",
    "\u202e321", "'01", "=1+1",
    "١٢", "0899 ", "GM 0899", "1", "4", "04", "", " ", "0,125", "123.456.789", "+3", "3-", "(3)", "1.2.3", "..",
    "1,5", "Ja", "J",
)  # fmt: skip
STRAY = ('"', '""', ' "', '" ', '"x', 'x"', '";', ';"', '"\n', '"\r\n', "'", '"""')


def cell_changed(table: Sample, rng: random.Random) -> Sample:
    rows = [list(row) for row in table.rows]
    for _ in range(rng.randint(1, 4)):
        rows[rng.randrange(len(rows))][rng.randrange(len(table.header))] = rng.choice(CELLS)
    return replace(table, rows=tuple(map(tuple, rows)))


def column_changed(table: Sample, rng: random.Random) -> Sample:
    at, pool = rng.randrange(len(table.header)), rng.sample(CELLS, 3)
    return replace(table, rows=tuple((*row[:at], rng.choice(pool), *row[at + 1 :]) for row in table.rows))


def columns_swapped(table: Sample, rng: random.Random) -> Sample:
    order = list(range(len(table.header)))
    a, b = rng.sample(order, 2)
    order[a], order[b] = order[b], order[a]
    header = table.header if rng.random() < 0.5 else tuple(table.header[i] for i in order)
    return replace(table, header=header, rows=tuple(tuple(row[i] for i in order) for row in table.rows))


def rows_doubled(table: Sample, rng: random.Random) -> Sample:
    rows = list(table.rows)
    rows.insert(rng.randrange(len(rows)), rng.choice(rows))
    return replace(table, rows=tuple(rows))


def unchanged(table: Sample, _: random.Random) -> Sample:
    return table


TABLES: tuple[Callable[[Sample, random.Random], Sample], ...] = (
    unchanged, cell_changed, cell_changed, cell_changed, column_changed, columns_swapped, rows_doubled,
)  # fmt: skip


def _at(data: bytes, rng: random.Random) -> int:
    return rng.randrange(len(data))


def two_stray_quotes(data: bytes, rng: random.Random) -> bytes:
    for _ in range(2):
        at = _beside(data, rng)
        data = data[:at] + b'"' + data[at:]
    return data


def _beside(data: bytes, rng: random.Random) -> int:
    """A place right after or before a separator or line end, where a quote does most."""
    edges = [i for i, byte in enumerate(data) if byte in b";,\t|\n"]
    return rng.choice(edges) + rng.randint(0, 1) if edges else _at(data, rng)


def stray(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 5)):
        at = rng.choice((_beside, _at))(data, rng)
        data = data[:at] + rng.choice(STRAY).encode() + data[at:]
    return data


def quotes_gone(data: bytes, rng: random.Random) -> bytes:
    places = [i for i, byte in enumerate(data) if byte == 34]
    for at in sorted(rng.sample(places, min(len(places), rng.randint(1, 3))), reverse=True):
        data = data[:at] + data[at + 1 :]
    return data


def truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: max(1, _at(data, rng))]


def middle_gone(data: bytes, rng: random.Random) -> bytes:
    a, b = sorted((_at(data, rng), _at(data, rng)))
    return data[:a] + data[b:] if data[:a] + data[b:] else data


def line_ends(data: bytes, rng: random.Random) -> bytes:
    end = rng.choice((b"\r", b"\r\n", b"\n", b"\n\n", b"\r\r\n", b"\n\r"))
    return data.replace(b"\r\n", b"\n").replace(b"\n", end)


def mixed_line_ends(data: bytes, rng: random.Random) -> bytes:
    return b"".join(line + rng.choice((b"\r", b"\r\n", b"\n")) for line in data.splitlines())


def strange_line_end(data: bytes, rng: random.Random) -> bytes:
    at = _at(data, rng)
    return (
        data[:at]
        + rng.choice(("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r", "\n", "\x1a")).encode()
        + data[at:]
    )


def separators_changed(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at] = lines[at].replace(
        rng.choice((b";", b",", b"\t", b"|")), rng.choice((b";", b",", b"\t", b"|", b"")), rng.randint(1, 99)
    )
    return b"\n".join(lines)


def lines_joined(data: bytes, rng: random.Random) -> bytes:
    ends = [i for i, byte in enumerate(data) if byte == 10]
    at = rng.choice(ends) if ends else 0
    return data[:at] + data[at + 1 :] if len(data) > 1 else data


def line_doubled(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))
    return b"".join(lines)


BESIDE = (
    "Bron: CBS", '"Bron: CBS"', '  Bron :  CBS, Den Haag ', "Source: Statistics Netherlands",
    "© Centraal Bureau voor de Statistiek, Den Haag/Heerlen", "Bron: CBS;;;", "Bron: CBS,,,,", "Bron: CBS;x",
    "Bron: eigen registratie", "Bron", "Totaal", "Totaal;;12", "Let op: voorlopige cijfers", "(1) afgerond", "--",
    "Einde van het bestand", "\x1a",
)  # fmt: skip
"""What people and portals write around a table."""


def line_added(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = rng.choice((rng.randint(0, len(lines)), len(lines), len(lines)))
    text, end = rng.choice(BESIDE).encode(), rng.choice((b"\n", b"\r\n"))
    before = b"".join(lines[:at])
    between = b"" if not before or before.endswith((b"\n", b"\r")) else end
    return b"".join((before, between, text, end, *lines[at:]))


def bom(data: bytes, _: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data


def in_1252(data: bytes, _: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode("cp1252", "replace")


def byte_changed(data: bytes, rng: random.Random) -> bytes:
    at = _at(data, rng)
    return data[:at] + bytes([rng.choice((32, 34, 59, 10, 13, 44, 0xA0, 0xAD, 0xE9, 0, 39))]) + data[at + 1 :]


def same(data: bytes, _: random.Random) -> bytes:
    return data


BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    same, two_stray_quotes, two_stray_quotes, two_stray_quotes, stray, stray, quotes_gone, truncated, middle_gone,
    line_ends,
    mixed_line_ends, strange_line_end, separators_changed, lines_joined, line_doubled, bom, in_1252, byte_changed,
)  # fmt: skip


def as_csv(table: Sample, rng: random.Random) -> bytes:
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if table.quotes_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=table.separator, lineterminator=rng.choice(("\n", "\r\n")), quoting=quoting)
    writer.writerows([table.header, *table.rows])
    return out.getvalue().encode("utf-8", "replace")


def typed(text: str, rng: random.Random) -> object:
    """The text, or the number or nothing that a program would hold in its place."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text or None
    if (
        not number.is_finite()
        or not text.isascii()
        or rng.random() < 0.3
        or (text[0] == "0" and len(text) > 1 and text[1] != ".")
    ):
        return text
    return int(number) if number == int(number) and "." not in text else float(number)


def as_jsonl(table: Sample, rng: random.Random) -> bytes:
    lines = [
        json.dumps(dict(zip(table.header, (typed(c, rng) for c in row), strict=True)), ensure_ascii=rng.random() < 0.5)
        for row in table.rows
    ]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


SHOWN = ("0%", "0.0%", "00000", '"T-"000', "#,##0", "0.00")
"""Formats in which a sheet may show another text than the number."""


ABOVE: tuple[tuple[str, ...], ...] = (
    ("Overzicht bijstand",), ("Overzicht", ""), ("Overzicht", "peildatum 1-2-2017", ""), ("2017",), ("842",),
    ("x", "", "", "", ""), ("x", "", "", "", "", ""),
)  # fmt: skip
"""Titles above the header of a sheet, row by row."""


def write_excel(path: Path, table: Sample, rng: random.Random) -> None:
    book = openpyxl.Workbook()
    if rng.random() < 0.3:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(table.header)
    for number, row in enumerate(table.rows, 2):
        for at, text in enumerate(row, 1):
            cell = sheet.cell(number, at)
            cell.value, cell.number_format = _excel_cell(text, rng)
            if isinstance(cell.value, str) and rng.random() < 0.98 and cell.data_type == "f":
                cell.data_type = "s"
    hidden = rng.randint(2, len(table.rows) + 1) if rng.random() < 0.2 else 0
    is_merged = rng.random() < 0.1
    above = rng.choice(ABOVE) if rng.random() < 0.2 else ()
    if above:
        sheet.insert_rows(1, len(above))
    for number, text in enumerate(above, 1):
        sheet.cell(number, 1).value = text or None
    if hidden:
        sheet.row_dimensions[hidden + len(above)].hidden = True
    if is_merged:
        first = 2 + len(above)
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=1, end_column=1)
    if above and rng.random() < 0.3:
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(table.header))
    book.save(path)


def _excel_cell(text: str, rng: random.Random) -> tuple[object, str]:
    clean = "".join(c for c in text.replace("\r\n", "\n") if c in "\t\n" or ord(c) > 31)
    for form in ("%d-%m-%Y", "%Y-%m-%d", "%Y%m%d"):
        try:
            day = datetime.strptime(clean, form)
        except ValueError:
            continue
        if 1904 < day.year < 2100 and rng.random() < 0.6:
            serial = (day - datetime(1899, 12, 30)).days
            return rng.choice(((day, "dd-mm-yyyy"), (serial, "General"), (serial, "dd-mm-yyyy")))
    if rng.random() < 0.03:
        return rng.choice((-5, 0, 60, 1e9, 0.5, 2958466, 42305.5)), rng.choice(("dd-mm-yyyy", "General"))
    value = typed(clean, rng)
    is_number = isinstance(value, int | float)
    return value, rng.choice(SHOWN) if is_number and rng.random() < 0.05 else "General"


def write_parquet(path: Path, table: Sample, rng: random.Random) -> None:
    columns = {}
    for at, name in enumerate(table.header):
        texts = [row[at] or None for row in table.rows]
        values = [None if text is None else typed(text, random.Random(1)) for text in texts]
        is_number = all(value is None or isinstance(value, int | float) for value in values) and any(
            v is not None for v in values
        )
        columns[name] = (
            pa.array([None if v is None else float(v) for v in values])
            if is_number and rng.random() < 0.5
            else pa.array(texts, pa.string())
        )
    pq.write_table(pa.table(columns), path)
