"""Reads ``.xlsx``: the one sheet with data, its values from fastexcel, errors and bare formulas from its marks."""

import io
import zipfile
from array import array
from collections.abc import Iterator

import fastexcel
import numpy as np
import polars as pl

from pipeline.errors import Rejected
from pipeline.store.byte_source import ByteSource
from pipeline.store.formats.cell_text import plain_number, without_midnight
from pipeline.store.formats.excel_pieces import UNNAMED
from pipeline.store.formats.excel_structure import COLUMNS, SheetStructure, counts_from_1904, read_structure
from pipeline.store.formats.header import named_width
from pipeline.store.formats.surroundings import title_rows, titles_told
from pipeline.store.formats.text_table import TextBatch, TextTable, column_names, numbered
from schemas.limits.files import FREE_EXPANSION_BYTES, MAX_EXPANSION, MAX_WORKBOOK_BYTES
from schemas.spelling import shown

_IS_ENCRYPTED = 0x1
_SECONDS_A_DAY = 24 * 60 * 60
_CODES = pl.Schema({"column": pl.Int64(), "row": pl.Int64(), "text": pl.String()})
_SHOWN_AS_DATE = r"^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2} "


def open_excel(source: ByteSource) -> TextTable:
    """The table in ``source``: a workbook is read as a whole."""
    source.require_content()
    content = source.rewind().read(source.size)
    source.check_unchanged()
    sheet, is_1904 = _only_sheet(content)
    if not sheet.has_a1:
        raise Rejected("FILE-036", "cell A1 has no value; the header must be on row 1 from column A")
    if sheet.twice:
        raise Rejected(
            "FILE-024", f"cell {sheet.twice} stands there twice, or out of order; open it in Excel and save it again"
        )
    if sheet.in_pieces == UNNAMED:
        raise Rejected(
            "FILE-024", "a cell is written in pieces, of which one would be read; open it in Excel and save it again"
        )
    if sheet.in_pieces:
        raise Rejected(
            "FILE-024",
            f"cell {sheet.in_pieces} is written in pieces, of which one would be read; "
            "open it in Excel and save it again",
        )
    if stray := sheet.stray:
        cells, name = " and ".join(stray), shown(sheet.name)
        raise Rejected("FILE-072", f"far outside the table something stands in {cells} of sheet '{name}'; remove it")
    values = _values(content, sheet.name)
    table = _with_texts(values, _numbers_as_they_are(values, sheet) | sheet.texts).select(without_midnight(pl.all()))
    titles = title_rows(table)
    _require_unmerged(sheet, table.width, titles)
    header = [(name or "").strip() for name in table.row(titles)]
    width = named_width(header)
    return TextTable(
        header=tuple(header[:width]),
        encoding="",
        separator="",
        is_excel=True,
        batches=_batches(table[titles + 1 :], titles + 2, width, sheet),
        is_1904=is_1904,
        title="\n".join(text for text in table["c0"].head(titles) if text),
        remarks=(*titles_told(titles), *_hidden(sheet, width, titles)),
    )


def _hidden(sheet: SheetStructure, width: int, header: int) -> Iterator[tuple[str, str]]:
    """What of the table a person does not see: it is read all the same."""
    if sheet.is_hidden:
        yield "FILE-088", "the only sheet with values is hidden, and was read"
    rows = [row + 1 for row in sheet.hidden_rows if row > header]
    first, last = min(rows, default=0), max(rows, default=0)
    if rows:
        yield "FILE-088", f"rows that are hidden were read too: {len(rows)} between row {first} and row {last}"
    columns = sum(max(min(last, width - 1) - first + 1, 0) for first, last in sheet.hidden_columns)
    if columns:
        yield "FILE-088", f"columns that are hidden were read too: {columns}"


def _batches(cells: pl.DataFrame, first_row: int, width: int, sheet: SheetStructure) -> Iterator[TextBatch]:
    rows = pl.int_range(first_row, cells.height + first_row, dtype=pl.Int64, eager=True)
    filled, sources = numbered(cells, rows, width)
    numbers, moments = _by_column(sheet.decimals), _by_column(sheet.moments)
    yield TextBatch(filled, numbers=numbers, source_lines=sources, codes=_codes(sheet), moments=moments)


def _by_column(cells: "array[int]") -> dict[str, pl.Series]:
    """Per column, the rows of these cells."""
    at = np.asarray(cells, dtype=np.int64)
    columns = at % COLUMNS
    return {f"c{column}": pl.Series(at[columns == column] // COLUMNS + 1) for column in np.unique(columns).tolist()}


def _codes(sheet: SheetStructure) -> dict[str, pl.DataFrame]:
    """Per column, the rows with a number that is shown as another text, and that text."""
    at = np.asarray(sheet.codes, dtype=np.int64)
    marked = pl.DataFrame({"column": at % COLUMNS, "row": at // COLUMNS + 1, "text": sheet.code_texts}, _CODES)
    columns = marked.partition_by("column", as_dict=True, include_key=False)
    return {f"c{column}": rows for (column,), rows in columns.items()}


def _numbers_as_they_are(cells: pl.DataFrame, sheet: SheetStructure) -> dict[tuple[int, int], str]:
    """Numbers that the reader of values shows as something else: as a day, or rounded to a whole one."""
    return _no_days(cells, sheet) | {at: plain_number(number) for at, number in sheet.nearly_whole.items()}


def _no_days(cells: pl.DataFrame, sheet: SheetStructure) -> dict[tuple[int, int], str]:
    """Numbers that count no day, as the numbers that they are, where the reader shows a date or nothing; a part of a
    day, which a sheet shows as 20:00, as a time.
    """
    at, numbers = np.asarray(sheet.no_days, dtype=np.int64), np.asarray(sheet.no_day_numbers)
    rows, columns, found = at // COLUMNS, at % COLUMNS, dict[tuple[int, int], str]()
    for column in np.unique(columns).tolist():
        texts = cells.get_column(f"c{column}") if column < cells.width else pl.Series([], dtype=pl.String)
        marked = pl.DataFrame({"row": rows[columns == column], "number": numbers[columns == column]})
        shown = texts.gather(marked["row"].clip(0, len(texts)), null_on_oob=True).alias("text")
        wrong = marked.filter(shown.is_null() | shown.str.contains(_SHOWN_AS_DATE))
        found |= {(row, column): _time(number) or plain_number(number) for row, number in wrong.rows()}
    return found


def _time(number: float) -> str:
    """A part of a day as a time; nothing of any other number."""
    seconds = round(number * _SECONDS_A_DAY)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if 0 < number < 1 else ""


def _only_sheet(content: bytes) -> tuple[SheetStructure, bool]:
    """The sheet with data, and whether the workbook counts its days from 1904."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_plain(archive, len(content))
            sheets = [sheet for sheet in read_structure(archive) if sheet.is_filled]
            is_1904 = counts_from_1904(archive)
    except (Rejected, MemoryError):  # too little memory shows nothing about the workbook
        raise
    except Exception:  # a broken one fails in the ways of zipfile, zlib, expat and of whoever trusts what it names;
        raise _unreadable() from None  # no file may end the night, and the texts of these errors may hold cell values
    if not sheets:
        raise Rejected("FILE-026", "no sheet holds a value; ask the sender for the workbook again")
    if len(sheets) > 1:
        names = shown(", ".join(f"'{shown(sheet.name)}'" for sheet in sheets[:10]))
        raise Rejected("FILE-027", f"these sheets hold values: {names}; save the one that is meant by itself")
    return sheets[0], is_1904


def _require_plain(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    if len({part.filename for part in parts}) < len(parts):
        raise Rejected("FILE-024", "a part of it stands there twice; open it in Excel and save it again")
    if min((part.header_offset for part in parts), default=0) > 0:
        raise Rejected(
            "FILE-024", "something stands before the workbook in it, such as another one; send each by itself"
        )
    if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
        raise Rejected("FILE-025", "it is encrypted; save it as .xlsx without a password")
    if sum(part.file_size for part in parts) > min(MAX_WORKBOOK_BYTES, max(FREE_EXPANSION_BYTES, size * MAX_EXPANSION)):
        most = f"{MAX_EXPANSION} times its size or {MAX_WORKBOOK_BYTES >> 30} GiB"
        raise Rejected("FILE-016", f"it unpacks to more than {most}; send it as CSV")
    # Reads every part up to the size it claims, so that none can be larger than was just counted.
    if archive.testzip() is not None:
        raise _unreadable()


def _unreadable() -> Rejected:
    return Rejected("FILE-024", "it is not a whole Excel workbook; open it in Excel and save it again as .xlsx")


def _values(content: bytes, sheet: str) -> pl.DataFrame:
    try:
        frame = fastexcel.read_excel(content).load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    except MemoryError:
        raise
    except Exception:  # whatever else the reader reports of a broken one: its texts too may hold cell values
        raise _unreadable() from None
    except BaseException as error:
        # A panic of the reader is no Exception, and its class is exported nowhere. A wish to stop goes on.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable() from None
    frame.columns = column_names(frame.width)
    return frame.select(pl.when(pl.all() != "").then(pl.all()))


def _with_texts(cells: pl.DataFrame, marked: dict[tuple[int, int], str]) -> pl.DataFrame:
    """Cells with the texts of the marks in place, grown where only such cells stand."""
    if not marked:
        return cells
    width = max(cells.width, *(column + 1 for _, column in marked))
    height = max(cells.height, *(row + 1 for row, _ in marked))
    columns = [c.extend_constant(None, height - cells.height).to_list() for c in cells.get_columns()]
    columns += [[None] * height for _ in range(width - cells.width)]
    for (row, column), text in marked.items():
        columns[column][row] = text
    return pl.DataFrame(columns, schema=dict.fromkeys(column_names(width), pl.String), orient="col")


def _require_unmerged(sheet: SheetStructure, width: int, titles: int) -> None:
    if merged := sheet.merged_within(width, titles):
        raise Rejected(
            "FILE-028", f"merged cells: {', '.join(merged[:10])}; undo the merge; the header must be on row 1, unmerged"
        )
