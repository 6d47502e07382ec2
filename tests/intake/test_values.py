"""How text becomes a value: every form of the contract, taken and refused, against literal expectations.

Here: one cell at a time. Not here: what an unreadable cell means (``test_parse``).
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake import dates, numbers, values
from schemas.column import Column, Kind, Marks
from schemas.sources.caseload import SCHEME_TEXTS
from schemas.vocabulary import MISSING_TEXTS
from tests.examples import examples

Reader = Callable[[pl.Expr], pl.Expr]


def read(reader: Reader, *texts: str | None) -> list[Any]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(reader(pl.col("text")).alias("value"))["value"].to_list()


def any_date(text: pl.Expr) -> pl.Expr:
    return pl.coalesce([dates.date(text, form) for form in dates.DATE_FORMS])


DATES = {
    "07-02-2017": date(2017, 2, 7),
    "7-2-2017": date(2017, 2, 7),
    "7-02-2017": date(2017, 2, 7),
    "31-12-1999": date(1999, 12, 31),
    "2017-02-07": date(2017, 2, 7),
    "20170207": date(2017, 2, 7),
    "29-02-2016": date(2016, 2, 29),
    "2016-02-29": date(2016, 2, 29),
    "20160229": date(2016, 2, 29),
    "29-02-2000": date(2000, 2, 29),
    "29-02-2017": None,
    "29-02-1900": None,
    "20170229": None,
    "31-02-2017": None,
    "2017-02-31": None,
    "31-04-2017": None,
    "00000000": None,
    "99999999": None,
    "00-02-2017": None,
    "01-00-2017": None,
    "01-13-2017": None,
    "13-31-2017": None,
    "07-02-17": None,
    "7-2-17": None,
    "17-02-07": None,
    "170207": None,
    "2017-2-7": None,
    "07/02/2017": None,
    "07.02.2017": None,
    "2017-02-07x": None,
    "2017-02-07 00:00": None,
    "07 februari 2017": None,
    "01-01-0000": None,
    "00000101": None,
    "2017": None,
    "201702": None,
    "42773": None,
    "٠٧-٠٢-٢٠١٧": None,
    "": None,
}


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_a_date_is_read_in_three_forms_and_only_when_it_exists(text: str, expected: date | None) -> None:
    assert read(any_date, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("42305", date(2015, 10, 28)),
        ("42736", date(2017, 1, 1)),
        ("42429", date(2016, 2, 29)),
        ("10000", date(1927, 5, 18)),
        ("2017", None),
        ("60", None),
        ("0", None),
        ("420000", None),
        ("-5", None),
        ("42305.5", None),
        ("-42305", None),
    ],
)
def test_an_excel_serial_has_five_digits_so_that_a_year_is_never_taken_for_a_day(
    text: str, expected: date | None
) -> None:
    assert read(dates.excel_serial, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31-12-1980", 1980),
        ("1-1-1980", 1980),
        ("00-00-1980", 1980),
        ("00-05-1980", 1980),
        ("1980-05-00", 1980),
        ("1980-00-00", 1980),
        ("19800000", 1980),
        ("19800500", 1980),
        ("19801231", 1980),
        ("32-01-1980", None),
        ("01-13-1980", None),
        ("19801301", None),
        ("19800132", None),
        ("01-01-80", None),
        ("1980", None),
        ("00-00-0000", None),
        ("00000000", None),
        ("onbekend", None),
    ],
)
def test_of_a_birth_date_the_year_is_read_though_day_and_month_are_unknown(text: str, expected: int | None) -> None:
    assert read(dates.birth_year, text) == [expected]


INTEGERS = {
    "0": 0,
    "7": 7,
    "007": 7,
    "496600": 496_600,
    "2.420": 2420,
    "1.234.567": 1_234_567,
    "1,234,567": 1_234_567,
    "1.500.000": 1_500_000,
    "12.345": 12_345,
    "1,000,000": 1_000_000,
    "12,0": 12,
    "12.00": 12,
    "1234.000": 1234,
    "1.500,00": 1500,
    "1,500.0": 1500,
    "0,000": 0,
    "-3": -3,
    "−3": -3,
    "+3": 3,
    "-2.420": -2420,
    "999999999999999999": 999_999_999_999_999_999,
    "1.5": None,
    "1,50": None,
    "0.500": None,
    "0,736": None,
    "2,420": None,
    "45,000": None,
    "45.000": None,
    "-2.000": None,
    "−12,345": None,
    "1.234,567": None,
    "1,234.567": None,
    "12.34.567": None,
    "1.2345": None,
    "1.234,5": None,
    "1..234": None,
    ".5": None,
    "1e3": None,
    "12 345": None,
    "9999999999999999999": None,
    "--3": None,
    "3-": None,
    "€ 3": None,
    "drie": None,
    "١٢": None,
    "": None,
}


@pytest.mark.parametrize(("text", "expected"), INTEGERS.items())
def test_a_count_is_whole_with_one_kind_of_thousands_mark(text: str, expected: int | None) -> None:
    assert read(numbers.integer, text) == [expected]


DECIMALS = {
    "0": 0.0,
    "7": 7.0,
    "24.5": 24.5,
    "24,5": 24.5,
    "1.234,5": 1234.5,
    "1,234.5": 1234.5,
    "12.345.678,25": 12_345_678.25,
    "1.234.567": 1_234_567.0,
    "1,234,567": 1_234_567.0,
    "-3,4": -3.4,
    "−3,4": -3.4,
    "+3,4": 3.4,
    ".5": 0.5,
    ",5": 0.5,
    "-.5": -0.5,
    "0,736": 0.736,
    "0.736": 0.736,
    "1234.567": 1234.567,
    "1.2345": 1.2345,
    "1.234": None,
    "1,234": None,
    "-999.999": None,
    "1.234,5,6": None,
    "1.23,4.5": None,
    "5.": None,
    ".": None,
    "1e3": None,
    "inf": None,
    "NaN": None,
    "3,4 %": None,
    "9" * 400: None,
    "": None,
}


@pytest.mark.parametrize(("text", "expected"), DECIMALS.items(), ids=lambda value: str(value)[:20])
def test_a_decimal_number_is_read_unless_it_can_be_read_in_two_ways(text: str, expected: float | None) -> None:
    assert read(numbers.decimal, text) == [expected]


PRINTED = {
    "−0,74": (-0.74, 2),
    "-0,74": (-0.74, 2),
    "-3,4": (-3.4, 1),
    "-9.6": (-9.6, 1),
    "7": (7.0, 0),
    "7,0": (7.0, 1),
    "12,50": (12.5, 2),
    "1/3": (1 / 3, 0),
    "2/3": (2 / 3, 0),
    "1.234.567": (1_234_567.0, 0),
    "1,234,567.89": (1_234_567.89, 2),
    "1.234,5": (1234.5, 1),
    "0,736": (0.736, 3),
    "0.736": (0.736, 3),
    "1234.567": (1234.567, 3),
    ".5": (0.5, 1),
}


@pytest.mark.parametrize(("text", "expected"), PRINTED.items())
def test_a_printed_figure_keeps_its_precision(text: str, expected: tuple[float, int]) -> None:
    value, decimals = expected
    assert read(numbers.printed, text) == [pytest.approx(value, abs=1e-12)]
    assert read(numbers.printed_decimals, text) == [decimals]


MARKS = {
    Marks.ASKED: {"2.420": None, "2,420": None, "-2.420": None, "45,000": None, "0,125": (0.125, 3)},
    Marks.COUNT: {
        "2.420": (2420.0, 0),
        "−2.420": (-2420.0, 0),
        "2,420": None,
        "45,000": None,
        "45.000": None,
        "12,5": (12.5, 1),
    },
    Marks.DECIMAL: {
        "33.333": (33.333, 3),
        "-3,125": (-3.125, 3),
        "45,000": (45.0, 3),
        "1.234,5": (1234.5, 1),
        "1.234.567": (1_234_567.0, 0),
    },
}


@pytest.mark.parametrize("marks", MARKS)
def test_one_mark_with_three_digits_is_read_by_what_the_number_can_be(marks: Marks) -> None:
    texts = pl.DataFrame({"text": list(MARKS[marks])})

    read = texts.select(
        value=numbers.printed(pl.col("text"), marks), decimals=numbers.printed_decimals(pl.col("text"), marks)
    )

    found = {text: None if row[0] is None else row for text, row in zip(MARKS[marks], read.rows(), strict=True)}
    assert found == MARKS[marks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12.345", None), ("12.0", 12), ("45.000", 45), ("12", 12), ("-3.00", -3), ("1.234.567", None)],
)
def test_a_number_of_the_file_itself_is_that_number(text: str, expected: int | None) -> None:
    assert read(lambda cell: numbers.integer(cell, Marks.DECIMAL), text) == [expected]


@pytest.mark.parametrize("text", ["1/0", "1/3/5", "een derde", "3%", "1.2.3", "0/", "١/3", ""])
def test_what_is_no_figure_is_not_printed_as_one(text: str) -> None:
    assert read(numbers.printed, text) == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("449.0", 449_000),
        ("3212.1", 3_212_100),
        ("0.1", 100),
        ("19.2", 19_200),
        ("7", 7000),
        ("-1.5", -1500),
        ("1.2345", None),
        ("449,0", 449_000),
        ("1.234.5", None),
        ("9" * 30, None),
        ("", None),
    ],
)
def test_thousands_become_whole_units_without_binary_crumbs(text: str, expected: int | None) -> None:
    assert read(numbers.thousands, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GM0899", "GM0899"),
        ("gm0899", "GM0899"),
        ("GM899", "GM0899"),
        ("0899", "GM0899"),
        ("899", "GM0899"),
        ("1954", "GM1954"),
        ("9", None),
        ("99", None),
        ("00899", None),
        ("GM08990", None),
        ("GM 0899", None),
        ("BU0899", None),
        ("Brunssum", None),
        ("٠٨٩٩", None),
    ],
)
def test_three_spellings_of_a_municipality_are_one(text: str, expected: str | None) -> None:
    assert read(values.municipality, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NL01", "NL01"),
        ("LD04", "LD04"),
        ("PV31", "PV31"),
        ("CR39", "CR39"),
        ("A007394", "A007394"),
        ("GM0899", "GM0899"),
        ("GM899", "GM0899"),
        ("899", "GM0899"),
        ("nl01", "NL01"),
        ("NL", None),
        ("Limburg", None),
        ("N01X", None),
    ],
)
def test_a_region_is_a_country_part_province_size_class_or_municipality(text: str, expected: str | None) -> None:
    assert read(values.region, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016MM12", "2016MM12"),
        ("1998MM01", "1998MM01"),
        ("2016JJ00", "2016JJ00"),
        ("2016MM00", None),
        ("2016MM13", None),
        ("2016JJ01", None),
        ("2016KW01", "2016KW01"),
        ("2016KW05", None),
        ("2016 mei", "2016MM05"),
        ("2016-12", None),
        ("1816MM12", None),
        ("20١٦MM01", None),
    ],
)
def test_a_cbs_period_is_a_month_or_a_year(text: str, expected: str | None) -> None:
    assert read(values.period, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123456782", 123_456_782),
        ("000000012", 12),
        ("00000012", 12),
        ("12345678", 12_345_678),
        ("123456789", 123_456_789),
        ("1234567", None),
        ("1234567820", None),
        ("1234.56.782", None),
        ("123 456 782", None),
        ("12345678X", None),
        ("-23456782", None),
    ],
)
def test_a_bsn_has_eight_or_nine_digits(text: str, expected: int | None) -> None:
    assert read(values.bsn, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K-00017", "K-00017"),
        ("123456789012345", "123456789012345"),
        ("0017", "0017"),
        ("1234567890123456", None),
        ("K 17", None),
        ("2,01503E+11", None),
        ("2.01503e11", None),
        ("1E5", "1E5"),
        ("Kéé17", None),
        ("", None),
    ],
)
def test_an_identifier_is_kept_as_it_stands_and_has_at_most_15_ascii_characters(
    text: str, expected: str | None
) -> None:
    assert read(values.identifier, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("01", "01"), ("1", "1"), ("4", "4"), ("04", "04"), ("001", "001"), ("PW", "01"), ("pw", "01"), ("Wwb", "01"),
     ("IOAW", "02"), ("ioaz", "03"), ("BBZ", "14"), ("algemene bijstand", "01"), ("PWX", "PWX"), ("onbekend", None)],
)  # fmt: skip
def test_a_code_is_never_padded_and_a_word_stands_for_its_code(text: str, expected: str | None) -> None:
    column = Column("scheme_code", "statistiekcode", Kind.CODE, "", texts=SCHEME_TEXTS)
    assert read(values.code(column), text) == [expected]


@pytest.mark.parametrize("text", ["4", "04", "pw", "1"])
def test_a_code_without_words_is_kept_as_it_stands(text: str) -> None:
    assert read(values.code(Column("household_code", "leefvorm", Kind.CODE, "")), text) == [text]


MOMENTS = {
    "2012-03-01 00:00:00.000": date(2012, 3, 1),
    "2012-03-01T00:00:00": date(2012, 3, 1),
    "2012-03-01 00:00": date(2012, 3, 1),
    "2012-03-01T00:00:00Z": date(2012, 3, 1),
    "2012-03-01 00:00:00.0000000 +01:00": date(2012, 3, 1),
    "2012-03-01T00:00:00+0200": date(2012, 3, 1),
    "01-03-2012 00:00:00": date(2012, 3, 1),
    "1-3-2012 0:00": date(2012, 3, 1),
    "20120301 00:00:00": date(2012, 3, 1),
    "2012-02-29T23:00:00Z": None,
    "2012-03-01 12:30:00": None,
    "2012-03-01 00:00:00.500": None,
    "2012-03-01T00:00:00+05:30": None,
    "2012-02-30 00:00:00": None,
    "01-03-12 00:00:00": None,
    "2012-03-01 ": None,
}


def test_a_moment_is_a_day_only_at_midnight() -> None:
    found = read(lambda text: any_date(dates.day(text)), *MOMENTS)

    assert dict(zip(MOMENTS, found, strict=True)) == MOMENTS


@pytest.mark.parametrize("serial", ["41333", "-5", "0"])
def test_a_serial_follows_the_date_system_of_its_workbook(serial: str) -> None:
    expected = date(2017, 3, 1) if serial == "41333" else None

    assert read(lambda text: dates.excel_serial(text, is_1904=True), serial) == [expected]


UNSEEN = {
    "RE06\u200b": "RE06",
    "\ufeffRE06\u00a0": "RE06",
    "RE\u200d06": "RE06",
    "\u00a0\u200b": "",
    "\u00ad": "",
    "\u2800 \u202e": "",
    " a b ": "a b",
    "\u00ad3": "\u00ad3",
}


def test_what_cannot_be_seen_is_no_part_of_a_value() -> None:
    assert dict(zip(UNSEEN, read(values.seen, *UNSEEN), strict=True)) == UNSEEN


@pytest.mark.parametrize(
    ("text", "is_name"),
    [("RE06", True), ("Geen Zorgen BV", True), ("1E5", True), ("n.v.t.", False), ("Onbekend", False), ("#N/A", False),
     ("2,01503E+11", False), ("a\nb", False), ("a\x07b", False), ("R\u00adE06", False), ("a\u202eb", False)],
)  # fmt: skip
def test_a_name_names_something_and_can_be_seen(text: str, is_name: bool) -> None:
    assert read(values.name, text) == [text if is_name else None]


@pytest.mark.parametrize("text", ["0000-00-00", "00-00-0000 00:00", "30-12-1899", "1899-12-30T00:00:00.000"])
def test_the_zero_of_a_database_is_no_day(text: str) -> None:
    assert read(dates.is_zero, text, "1899-12-31", "1899-12-30 01:00", "0") == [True, False, False, False]


@pytest.mark.parametrize("text", ["31-12-9999", "99991231", "9999-12-31", "2999-12-31", "9999-12-31 23:59:59.997"])
def test_the_end_of_all_time_is_an_open_end(text: str) -> None:
    assert read(dates.is_open_end, text, "31-12-2017", "01-01-9999") == [True, False, False]


@pytest.mark.parametrize(
    "text",
    ["", ".", "-", "NULL", "null", "Null", "00000000", "99999999", r"\N", r"\n", "(null)", "<null>", "[NULL]",
     "NaN", "nan", "NaT", "nil", "None", "<NA>", "undefined", "(leeg)", "(Leeg)", "(blank)", "'", '""', '=""'],
)  # fmt: skip
def test_the_spellings_of_no_value(text: str) -> None:
    assert text.upper() in MISSING_TEXTS
    assert read(values.is_missing, text) == [True]


@pytest.mark.parametrize(
    "text",
    ["0", "9", "--", "..", "n.v.t.", "0000", "999999999", "onbekend", "NA", "N/A", "N", "\\", "=", "#N/B", "nul"],
)
def test_what_is_no_spelling_of_no_value(text: str) -> None:
    assert read(values.is_missing, text) == [False]


def english(number: int) -> str:
    return f"{number:,}"


def dutch(number: int) -> str:
    return english(number).replace(",", ".")


@examples(20)
@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=20))
def test_any_count_reads_back_from_every_way_to_write_it(counts: list[int]) -> None:
    for write in (str, english, dutch):
        texts = list(map(write, counts))
        is_asked = pl.DataFrame({"text": texts}).select(numbers.is_asked(pl.col("text"), Marks.COUNT))["text"]
        expected = [None if asked else number for asked, number in zip(is_asked, counts, strict=True)]
        assert read(numbers.integer, *texts) == expected
        assert [abs(n) < 10**6 and write is not str for n, asked in zip(counts, is_asked, strict=True) if asked] == [
            True
        ] * is_asked.sum()


@pytest.mark.parametrize("text", ["31-12-1899", "1899-12-31", "18991231", "25-08-0012", "0012-08-25"])
def test_nothing_here_is_of_before_1900(text: str) -> None:
    assert [read(lambda cell, form=form: dates.date(cell, form), text) for form in dates.DATE_FORMS] == [[None]] * 3
    assert read(dates.birth_year, text) == [None]


@examples(25)
@given(st.lists(st.dates(date(1900, 1, 1), date(9999, 12, 31)), min_size=1, max_size=20))
def test_any_date_reads_back_from_every_form(days: list[date]) -> None:
    forms = (
        [f"{day.day:02}-{day.month:02}-{day.year:04}" for day in days],
        [f"{day.day}-{day.month}-{day.year:04}" for day in days],
        [day.isoformat() for day in days],
        [f"{day.year:04}{day.month:02}{day.day:02}" for day in days],
    )
    for texts in forms:
        assert read(any_date, *texts) == days


@examples(25)
@given(st.integers(10_000, 99_999))
def test_any_excel_serial_is_days_since_the_end_of_1899(serial: int) -> None:
    assert read(dates.excel_serial, str(serial)) == [date(1899, 12, 30) + timedelta(days=serial)]


@examples(20)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_any_printed_figure_with_two_decimals_reads_back(figure: Decimal) -> None:
    english_text = f"{figure:,.2f}"
    dutch_text = english_text.translate(str.maketrans(",.", ".,"))
    for text in (english_text, dutch_text, f"{figure:.2f}"):
        assert read(numbers.printed, text) == [pytest.approx(float(figure), abs=1e-6)]
        assert read(numbers.printed_decimals, text) == [2]


READERS: dict[str, Reader] = {kind.value: reader for kind, reader in (values.READERS | numbers.NUMBERS).items()}
READERS |= {
    "seen": values.seen,
    "name": values.name,
    "day": dates.day,
    "date": any_date,
    "excel": dates.excel_serial,
    "decimals": numbers.printed_decimals,
    "code": values.code(Column("c", "c", Kind.CODE, "", texts=SCHEME_TEXTS)),
}
_NUMBER_LIKE = st.text(alphabet="0123456789.,-+−/ eEMJG٣²", max_size=24)


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
@examples(7)
@given(texts=st.lists(st.text(max_size=12) | _NUMBER_LIKE, min_size=1, max_size=30))
def test_no_text_makes_a_reader_raise(reader: Reader, texts: list[str]) -> None:
    assert len(read(reader, *texts)) == len(texts)
