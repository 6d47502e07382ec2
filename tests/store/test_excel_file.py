"""Workbooks: cells as a person sees them, and the layouts that cannot be read."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import Rejected
from pipeline.store.formats.open_table import open_table

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def saved(path: Path, fill: Callable[[Worksheet], object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    book.save(path)
    return path


def written(path: Path, sheet: str, strings: str = "") -> Path:
    """A workbook as Excel writes it: cached formula values and shared strings, which openpyxl does not write."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, _HEAD + text)
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    return [row for batch in open_table(path).batches for row in batch.frame.rows()]


def test_cells_become_text(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["getal", " tekst ", 2015, "datum"])
        sheet.append([1, "007", True, date(2017, 2, 7)])
        sheet.append([1.5, " x ", False, datetime(2017, 2, 7, 12, 30)])
        sheet.append([123456789012345, "2017-02-07", "", None])
        sheet.append([])
        sheet.append([0.0000001, "1.0", 42305, "7-2-2017"])

    path = saved(tmp_path / "X.XLSX", fill)

    assert open_table(path).header == ("getal", "tekst", "2015", "datum")
    assert (open_table(path).is_excel, open_table(path).separator, open_table(path).encoding) == (True, "", "")
    assert rows(path) == [
        (2, "1", "007", "true", "2017-02-07"),
        (3, "1.5", " x ", "false", "2017-02-07 12:30:00"),
        (4, "123456789012345", "2017-02-07", None, None),
        (6, "0.0000001", "1.0", "42305", "7-2-2017"),
    ]


def test_formulas_and_errors(tmp_path: Path) -> None:
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>1+1</f></c></row>'
        '<row r="3"><c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="4"><c r="A4" t="str"><f>""</f><v></v></c><c r="B4" t="str"><f>"x"</f><v>x</v></c></row>'
        '<row r="6"><c r="A6"><f>A2</f><v/></c></row>'
    )
    path = written(tmp_path / "x.xlsx", sheet, "<si><t>a</t></si><si><r><t>b</t></r><r><t>c</t></r></si>")

    assert open_table(path).header == ("a", "bc")
    assert rows(path) == [
        (2, "2", "#FORMULA"),
        (3, "#N/A", "#DIV/0!"),
        (4, None, "x"),
        (6, "#FORMULA", None),
    ]


def test_cells_without_references(tmp_path: Path) -> None:
    sheet = (
        '<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>'
        "<row><c><v>1</v></c><c><f>1+1</f></c></row>"
    )

    assert rows(written(tmp_path / "x.xlsx", sheet)) == [(2, "1", "#FORMULA")]


@pytest.mark.parametrize("first", ['<c r="A1"><f>1+1</f></c>', '<c r="A1" t="str"><f>""</f><v></v></c>', ""])
def test_columns_never_shift_when_a1_has_no_value(tmp_path: Path, first: str) -> None:
    sheet = f'<row r="1">{first}<c r="B1" t="s"><v>0</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>'

    with pytest.raises(Rejected, match="FILE-036"):
        open_table(written(tmp_path / "x.xlsx", sheet, "<si><t>b</t></si>"))


def test_numbers_are_spelled_as_people_see_them(tmp_path: Path) -> None:
    numbers = {"4.0999999999999996": "4.1", "1.0E-2": "0.01", "1.23456789012345E14": "123456789012345"}
    cells = "".join(f'<row r="{r}"><c r="A{r}"><v>{v}</v></c></row>' for r, v in enumerate(numbers, 2))

    path = written(tmp_path / "x.xlsx", f'<row r="1"><c r="A1" t="s"><v>0</v></c></row>{cells}', "<si><t>a</t></si>")

    assert [text for _, text in rows(path)] == list(numbers.values())


def test_empty_columns_and_sheets_do_not_count(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b", ""])
        sheet.append(["1", "2"])
        sheet["E4"].number_format = "0%"
        sheet.merge_cells("G1:H9")
        assert sheet.parent is not None
        sheet.parent.create_sheet("leeg")
        sheet.parent.create_chartsheet("grafiek")

    path = saved(tmp_path / "x.xlsx", fill)

    assert (open_table(path).header, rows(path)) == (("a", "b"), [(2, "1", "2")])


def _nothing(sheet: Worksheet) -> None:
    sheet["B2"].number_format = "0%"


def _header_only(sheet: Worksheet) -> None:
    sheet.append(["a", "b"])


def _two_sheets(sheet: Worksheet) -> None:
    _table(sheet)
    assert sheet.parent is not None
    sheet.parent.create_sheet("Blad 2")["C3"] = "Jansen"


def _table(sheet: Worksheet) -> None:
    sheet.append(["a", "b"])
    sheet.append(["Jansen", "x"])


def _merged_rows(sheet: Worksheet) -> None:
    _table(sheet)
    sheet.append([None, "y"])
    sheet.merge_cells("A2:A3")


def _merged_title(sheet: Worksheet) -> None:
    sheet.append(["Jansen"])
    _table(sheet)
    sheet.merge_cells("A1:B1")


def _title(sheet: Worksheet) -> None:
    sheet.append(["Jansen"])
    _table(sheet)


def _wide_table(sheet: Worksheet) -> None:
    sheet.append(["a", "b", "c"])
    sheet.append(["Jansen", 842.5, date(2017, 2, 1)])


def _titles(sheet: Worksheet) -> None:
    sheet.append(["Overzicht bijstand"])
    sheet.append([])
    _wide_table(sheet)


def _merged_titles(sheet: Worksheet) -> None:
    _titles(sheet)
    sheet.merge_cells("A1:C2")


def _hidden_title(sheet: Worksheet) -> None:
    _titles(sheet)
    sheet.row_dimensions[1].hidden = True


def _five_titles(sheet: Worksheet) -> None:
    for number in range(5):
        sheet.append([f"regel {number}"])
    _wide_table(sheet)


@pytest.mark.parametrize(("fill", "count"), [(_titles, 2), (_merged_titles, 2), (_hidden_title, 2), (_five_titles, 5)])
def test_titles_above_the_header_are_told_and_rows_keep_their_numbers(
    tmp_path: Path, fill: Callable[[Worksheet], None], count: int
) -> None:
    table = open_table(saved(tmp_path / "x.xlsx", fill))
    (batch,) = table.batches

    assert table.header == ("a", "b", "c")
    assert table.remarks == (("FILE-092", f"lines above the header that were taken for a title: {count}"),)
    assert table.title.splitlines()[0] in ("Overzicht bijstand", "regel 0")
    assert batch.frame.rows() == [(count + 2, "Jansen", "842.5", "2017-02-01")]
    assert batch.numbers["c1"].to_list() == batch.moments["c2"].to_list() == [count + 2]


def _six_titles(sheet: Worksheet) -> None:
    sheet.append(["regel"])
    _five_titles(sheet)


def _title_beside(sheet: Worksheet) -> None:
    sheet.append(["Overzicht", None, "2017"])
    _wide_table(sheet)


def _lost_header(sheet: Worksheet) -> None:
    sheet.append(["a"])
    sheet.append(["Jansen", 842, date(2017, 2, 1), 12])


def _merged_into_the_header(sheet: Worksheet) -> None:
    _titles(sheet)
    sheet.merge_cells("A2:A3")


def _lower(sheet: Worksheet) -> None:
    sheet.append([])
    _table(sheet)


def _doubles(sheet: Worksheet) -> None:
    sheet.append(["a", "A"])
    sheet.append(["Jansen", "x"])


def _far_column(sheet: Worksheet) -> None:
    for number in range(1000):
        sheet.append([number, number])
    sheet["XFD1000"] = "Jansen"


def _far_corner(sheet: Worksheet) -> None:
    _table(sheet)
    sheet["XFD1048576"] = "Jansen"


def _unnamed_formula(sheet: Worksheet) -> None:
    _table(sheet)
    sheet["C2"] = "=1+1"


@pytest.mark.parametrize(
    ("fill", "code", "says"),
    [
        (_nothing, "FILE-026", "no sheet"),
        (_header_only, "FILE-009", "no row"),
        (_two_sheets, "FILE-027", "'Sheet', 'Blad 2'"),
        (_merged_rows, "FILE-028", "A2:A3"),
        (_merged_title, "FILE-028", "header must be on row 1"),
        (_title, "FILE-019", "values of column 2; the header must be on row 1"),
        (_six_titles, "FILE-019", "values of column 2"),
        (_title_beside, "FILE-019", "column 2"),
        (_lost_header, "FILE-019", "values of column 2"),
        (_merged_into_the_header, "FILE-028", "A2:A3"),
        (_lower, "FILE-036", "A1"),
        (_doubles, "FILE-018", "columns 1 and 2"),
        (_unnamed_formula, "FILE-019", "column 3"),
        (_far_column, "FILE-072", "stands in XFD1000 of sheet 'Sheet'"),
        (_far_corner, "FILE-072", "stands in XFD1048576 of sheet 'Sheet'"),
    ],
)
def test_layouts_that_cannot_be_read(tmp_path: Path, fill: Callable[[Worksheet], None], code: str, says: str) -> None:
    path = saved(tmp_path / "x.xlsx", fill)

    with pytest.raises(Rejected) as caught:
        open_table(path)

    assert caught.value.rule == code
    assert says in caught.value.detail
    assert "Jansen" not in str(caught.value)


def test_a_long_number_keeps_its_digits_and_no_shared_text_is_guessed(tmp_path: Path) -> None:
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    long = header + '<row r="2"><c r="A2"><v>123456789012345678</v></c></row>'
    none = header + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>'

    assert rows(written(tmp_path / "x.xlsx", long, "<si><t>a</t></si>")) == [(2, "123456789012345678")]
    with pytest.raises(Rejected, match=r"FILE-024"):
        open_table(written(tmp_path / "y.xlsx", none, "<si><t>a</t></si>"))


PIECES = {
    "a character by its number": '<c r="B2"><v>84&#50;</v></c>',
    "a comment": '<c r="B2"><v>84<!-- x -->2</v></c>',
    "a comment before it": '<c r="B2"><v><!-- x -->842</v></c>',
    "an instruction": '<c r="B2"><v>84<?a b?>2</v></c>',
    "CDATA": '<c r="B2"><v><![CDATA[842]]></v></c>',
    "text and CDATA": '<c r="B2"><v>8<![CDATA[42]]></v></c>',
    "the number of a text": '<c r="B2" t="s"><v>1&#48;</v></c>',
    "a number in a style": '<c r="B2" s="0"><f>1</f><v>84&#50;</v></c>',
    "two values": '<c r="B2"><v>8</v><v>42</v></c>',
    "a part in an element": '<c r="B2"><v>8<x>4</x>2</v></c>',
    "all in an element": '<c r="B2"><v><x>842</x></v></c>',
    "a value and a text": '<c r="B2"><v>842</v><is><t>9</t></is></c>',
    "two texts": '<c r="B2" t="inlineStr"><is><t>8</t></is><is><t>42</t></is></c>',
    "a value in place of a text": '<c r="B2" t="inlineStr"><v>842</v></c>',
    "a kind": '<c r="B2" t="&#115;"><v>0</v></c>',
    "attributes of a value": '<c r="B2"><v xml:space="preserve">84&#50;</v></c>',
}


@pytest.mark.parametrize("how", PIECES)
def test_a_value_that_is_written_in_pieces_is_refused(tmp_path: Path, how: str) -> None:
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    sheet = f'{header}<row r="2"><c r="A2"><v>1</v></c>{PIECES[how]}</row>'

    with pytest.raises(Rejected, match=r"FILE-024.*cell B2 is written in pieces"):
        open_table(written(tmp_path / "x.xlsx", sheet, "<si><t>a</t></si><si><t>b</t></si>"))


@pytest.mark.parametrize("most", [1 << 20, 5])
def test_the_text_of_a_formula_is_read_in_whatever_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("pipeline.store.formats.excel_structure._CHUNK", most)
    pieces = ("&#39;s-Gravenhage", "Ren&#233;", "R<![CDATA[&]]>D &amp; x", "R&amp;D<!-- x -->s", "a<?b c?>b", "&#56;42")
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    below = "".join(
        f'<row r="{at}"><c r="A{at}" t="str"><f>B{at}</f><v>{piece}</v></c></row>' for at, piece in enumerate(pieces, 2)
    )

    read = [row[1] for row in rows(written(tmp_path / "x.xlsx", header + below, "<si><t>a</t></si>"))]
    assert read == ["'s-Gravenhage", "René", "R&D & x", "R&Ds", "ab", "842"]


def test_no_value_beside_a_text_is_no_second_value(tmp_path: Path) -> None:
    sheet = (
        '<row r="1"><c r="A1" t="inlineStr"><v></v><is><t>a</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><v /><!-- x --><is><t>84</t></is></c></row>'
    )

    assert rows(written(tmp_path / "x.xlsx", sheet)) == [(2, "84")]


def test_a_cell_in_pieces_is_named_or_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    )
    for most in range(3, 30):
        monkeypatch.setattr("pipeline.store.formats.excel_structure._CHUNK", most)
        below = '<row r="2"><c r="A2"><f>1</f><v>1</v></c><c r="B2"><f>1</f><v>84&#50;</v></c></row>'
        with pytest.raises(Rejected, match=r"FILE-024: cell B2 is written in pieces"):
            open_table(written(tmp_path / "x.xlsx", header + below))
        below = '<row r="2"><c r="A2"><f>1</f><v>1</v></c><c><f>1</f><v>84&#50;</v></c></row>'
        with pytest.raises(Rejected, match=r"FILE-024: a cell is written in pieces"):
            open_table(written(tmp_path / "x.xlsx", header + below))


def test_pieces_are_found_wherever_the_bytes_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.formats.excel_structure._CHUNK", 7)
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>a &amp; b &#99;<!-- x --></t></is></c></row>'
    runs = '<c r="A3" t="inlineStr"><is><r><t>8</t></r><r><t>42</t></r></is></c>'
    whole = header + f'<row r="2"><c r="A2" t="str"><v>R&amp;D</v></c></row><row r="3">{runs}</row><!-- x -->'

    assert rows(written(tmp_path / "x.xlsx", whole)) == [(2, "R&D"), (3, "842")]
    for how in ("84&#50;", "84<!-- > </ /> -->2", "<![CDATA[842]]>"):
        with pytest.raises(Rejected, match=r"FILE-024.*cell A2 is written in pieces"):
            open_table(written(tmp_path / "y.xlsx", f'{header}<row r="2"><c r="A2"><v>{how}</v></c></row>'))


@pytest.mark.parametrize(
    "below",
    [
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
    ],
)
def test_two_values_for_one_cell_are_refused(tmp_path: Path, below: str) -> None:
    sheet = f'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>{below}'

    with pytest.raises(Rejected, match=r"FILE-024.*cell A2 stands there twice"):
        open_table(written(tmp_path / "x.xlsx", sheet))


def test_archive_without_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "Jansen")

    with pytest.raises(Rejected, match="FILE-024"):
        open_table(path)


def test_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", _table)
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(Rejected, match="FILE-024"):
        open_table(path)


def test_workbook_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", " " * (32 << 20))

    with pytest.raises(Rejected, match="FILE-016"):
        open_table(path)


def test_expanding_entities_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x.xlsx", "<row/>")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(Rejected, match="FILE-024"):
        open_table(path)


def test_passworded_archive_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "x.xlsx", _table)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1  # flag in the archive's directory
    path.write_bytes(content)

    with pytest.raises(Rejected, match="FILE-025"):
        open_table(path)


class _Ended(BaseException):
    """As Prefect ends a run that was cancelled."""


@pytest.mark.parametrize("ending", [_Ended, KeyboardInterrupt, MemoryError])
def test_what_is_no_fault_of_the_workbook_is_not_told_as_one(
    ending: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "whole.xlsx", lambda sheet: sheet.append(["naam"]) or sheet.append(["waarde"]))

    def stop(_content: bytes) -> None:
        raise ending

    monkeypatch.setattr("fastexcel.read_excel", stop)
    with pytest.raises(ending):
        open_table(path)


def _days(number: float | int, *, is_1904: bool = False) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b"])
        sheet.append([number, number])
        sheet["A2"].number_format = "dd-mm-yyyy"
        assert sheet.parent is not None
        if is_1904:
            sheet.parent.epoch = CALENDAR_MAC_1904

    return fill


@pytest.mark.parametrize(
    ("number", "is_1904", "shown"),
    [
        (42305, False, "2015-10-28"),
        (42305, True, "2019-10-29"),
        (-5, False, "-5"),
        (-5, True, "-5"),
        (0, False, "0"),
        (60, False, "60"),
        (0.5, False, "12:00:00"),
        (2958466, False, "2958466"),
        (1000000000, False, "1000000000"),
    ],
)
def test_a_number_that_counts_no_day_is_shown_as_the_number(
    tmp_path: Path, number: float, is_1904: bool, shown: str
) -> None:
    path = saved(tmp_path / "x.xlsx", _days(number, is_1904=is_1904))

    assert rows(path) == [(2, shown, str(number))]
    assert open_table(path).is_1904 is is_1904


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (841.9999999999999, "841.9999999999999"), (842.0000000001, "842.0000000001"), (1e-12, "0.000000000001"),
        (842.0, "842"), (0.1 + 0.2, "0.3"), (33.333333333333336, "33.333333333"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_is_not_shown_as_one(tmp_path: Path, number: float, text: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a"])
        sheet.append([number])

    assert rows(saved(tmp_path / "x.xlsx", fill)) == [(2, text)]


def test_numbers_with_decimals_are_told_from_texts(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["a", "b"])
        for cells in ((12.345, "12.345"), (12, 1.5), ("12,345", 45.0)):
            sheet.append(cells)

    batch = next(open_table(saved(tmp_path / "x.xlsx", fill)).batches)

    assert {name: found.to_list() for name, found in batch.numbers.items()} == {"c0": [2], "c1": [3]}


def test_what_a_filter_hides_is_read_and_told(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (["peildatum", "aantal", "x"], *([str(n), n, n] for n in range(5))):
            sheet.append(row)
        for row in (3, 5):
            sheet.row_dimensions[row].hidden = True
        sheet.row_dimensions[90].hidden = True  # without a value
        sheet.column_dimensions["B"].hidden = True

    table = open_table(saved(tmp_path / "a.xlsx", fill))

    assert table.remarks == (
        ("FILE-088", "rows that are hidden were read too: 2 between row 3 and row 5"),
        ("FILE-088", "columns that are hidden were read too: 1"),
    )
    assert sum(batch.frame.height for batch in table.batches) == 5


def test_workbooks_that_were_joined_are_refused_since_only_the_last_would_be_read(tmp_path: Path) -> None:
    parts = [saved(tmp_path / f"{n}.xlsx", lambda sheet: sheet.append(["a"])).read_bytes() for n in range(2)]
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"".join(parts))

    with pytest.raises(Rejected, match="before the workbook") as refusal:
        open_table(path)

    assert refusal.value.rule == "FILE-024"
