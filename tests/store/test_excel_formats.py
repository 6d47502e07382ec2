"""What a person sees of a number in a workbook, where that is another text than the number."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.store.formats.excel_formats import parsed
from pipeline.store.formats.open_table import open_table

PERCENTAGES = [
    ("0%", 0.034, "3.4%"), ("0.0 %", 0.034, "3.4%"), ("0.00%", 1, "100%"), ("0%", -0.005, "-0.5%"), ("0%", 0, "0%"),
    ("#,##0.0%;-#,##0.0%", 12.5, "1250%"), ("[Red]0%", 0.1, "10%"), ("[<1]0%;0", 0.1, "10%"), ("[<1]0%;0", 5, None),
    ("[>=1]0;0%", 0.1, "10%"), ("[>=1]0;0%", 1, None), ("[=0]0;[<0.5]0.0%;0%", 0.7, "70%"),
    ("[=0]0;[<0.5]0%;0", 0.7, None), ("[Red][<-1]0%;[Blue]0", -2, "-200%"), ("[Red][<-1]0%;[Blue]0", -0.5, None),
    ("0;-0%", 0.1, None), ("0;-0%", -0.1, "-10%"), ('0.0" %"', 3.4, None), (r"0\%", 3, None), ("0.0", 0.034, None),
    ("General", 0.034, None), ("0%", 0.1 + 0.2, "30.000000000000004%"),
]  # fmt: skip
CODES = [
    ("00000", 12, "00012"), ("00000", 0, "00000"), ("00", 1, "01"), ("00", 123, None), ("0", 12, None),
    ("#", 12, None), ("#,##0", 1234, None), ('"T-"0000', 12, "T-0012"), (r"\T0", 7, "T7"), ('"T-"General', 7, "T-7"),
    ("000-000", 1234, "001-234"), ("000-000", 1234567, "1234-567"), ('0"/"0000', 20171, "2/0171"),
    ("0.00E+00", 12345678, "1.23E+07"), ("##0.0E+0", 5, "5.00E+00"), ("00000", -12, None), ("00000", 12.5, None),
    ("[$-413]00000", 12, "00012"), ('[$€-413] 0', 12, "€ 12"), ("_-* 0000_-", 12, "0012"), ("00000;@", 12, "00012"),
    ("0.00", 12, None), ("dd-mm-yyyy", 12, None), ("h:mm", 12, None), ("[h]:mm", 12, None), ("000?", 12, "0012"),
    ('"nummer" 0;"onder nul" 0;"geen"', 0, "geen"), ("# ?/?", 12, None), ("[<100]000;0", 12, "012"),
    ("[<100]000;0", 120, None), ("@", 12, None), ("", 12, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "number", "shown"), PERCENTAGES)
def test_a_percentage_is_shown_a_hundred_times_the_number(code: str, number: float, shown: str | None) -> None:
    by = parsed(code)

    assert (None if by is None else by.percentage(float(number))) == shown


@pytest.mark.parametrize(("code", "number", "shown"), CODES)
def test_a_number_as_a_code(code: str, number: float, shown: str | None) -> None:
    by = parsed(code)

    assert (None if by is None else by.code(float(number))) == shown


def workbook(header: Sequence[str], rows: Sequence[Sequence[tuple[object, str]]]) -> bytes:
    """Cells with their formats."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for at, row in enumerate(rows, 1):
            for column, (value, code) in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(at, column, value, book.add_format({"num_format": code}) if code else None)
    return made.getvalue()


def test_the_number_and_what_is_shown_are_both_told(tmp_path: Path) -> None:
    rows = [[(12, "00000"), (0.034, "0.0%"), (20 / 24, "h:mm")], [(13, ""), (2, "")]]
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(["id", "deel", "tijd"], rows))

    batch, *_others = open_table(path).batches

    assert batch.frame.rows() == [(2, "12", "3.4%", "20:00:00"), (3, "13", "2", None)]
    assert {name: rows.rows() for name, rows in batch.codes.items()} == {"c0": [(2, "00012")]}
