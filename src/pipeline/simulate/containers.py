"""From text columns to the bytes of a file: CSV in an encoding, gzip, workbook.

The same columns give the same bytes: no clock, no file name and no operating system gets into them.
"""

import gzip
import io
import zipfile
from collections.abc import Sequence

import polars as pl

from pipeline.simulate.delivery import DATE_COLUMNS
from pipeline.simulate.styles import FileStyle

# The earliest moment a zip archive can hold; any fixed one will do.
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNSAFE = ("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Style 1 is the built-in short date (number format 14): that is what makes a number a date in Excel.
_FIXED_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEETML}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEETML}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEETML}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="bestand" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def to_bytes(text: pl.DataFrame, style: FileStyle) -> bytes:
    """The file as it is delivered."""
    titles = {name: name.replace("_", " ").capitalize() if style.has_spaced_headers else name for name in text.columns}
    text = text.rename(titles)
    if style.container == "xlsx":
        return _workbook(text, date_columns=[titles[name] for name in DATE_COLUMNS])
    content = _csv(text, style)
    return gzip.compress(content, compresslevel=6, mtime=0) if style.container == "csv.gz" else content


def _csv(text: pl.DataFrame, style: FileStyle) -> bytes:
    buffer = io.BytesIO()
    text.write_csv(
        buffer,
        separator=style.separator,
        line_terminator=style.newline,
        quote_style="always" if style.is_quoted else "necessary",
    )
    content = buffer.getvalue()
    return content if style.encoding == "utf-8" else content.decode("utf-8").encode(style.encoding)


def _workbook(text: pl.DataFrame, *, date_columns: Sequence[str]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        for name, xml in (_FIXED_PARTS | {"xl/worksheets/sheet1.xml": _sheet(text, date_columns)}).items():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_MOMENT)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            parts.writestr(entry, _XML + xml)
    return archive.getvalue()


def _sheet(text: pl.DataFrame, date_columns: Sequence[str]) -> str:
    """All cells, built as one text column: the header has row number 1, the first benefit row number 2."""
    number = (pl.row_index() + 2).cast(pl.String)
    cells = [
        _cell(name, chr(ord("A") + place), number, is_date=name in date_columns)
        for place, name in enumerate(text.columns)
    ]
    rows = text.select(row=pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>")))["row"]
    titles = "".join(
        f'<c r="{chr(ord("A") + place)}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for place, name in enumerate(text.columns)
    )
    body = f'<row r="1">{titles}</row>{"".join(rows.to_list())}'
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'


def _cell(name: str, letter: str, number: pl.Expr, *, is_date: bool) -> pl.Expr:
    value = pl.col(name)
    for unsafe, safe in _UNSAFE:
        value = value.str.replace_all(unsafe, safe, literal=True)
    start, middle, end = (
        (f'<c r="{letter}', '" s="1"><v>', "</v></c>")
        if is_date
        else (f'<c r="{letter}', '" t="inlineStr"><is><t>', "</t></is></c>")
    )
    # A cell without a value is left out, as Excel does.
    return pl.concat_str(pl.lit(start), number, pl.lit(middle), value, pl.lit(end)).fill_null("")
