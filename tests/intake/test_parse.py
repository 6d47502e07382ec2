"""A batch of text becomes typed columns; empty, readable and unreadable cells are told apart.

Here: what parsing says about cells. Not here: the forms of values (``test_values``), row rules (``test_validate``).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from pipeline.intake.column_values import Manner, _read, read_cells
from pipeline.intake.parse import Typed, parse
from pipeline.intake.validate import judge
from schemas.catalogue import SOURCES
from schemas.column import Column
from schemas.source import Source
from schemas.vocabulary import MISSING_TEXTS
from tests.examples import examples

CASELOAD = SOURCES["caseload"]
TOTALS = SOURCES["caseload_totals"]
CLAIMS = SOURCES["published_figures"]
MUNICIPAL = SOURCES["municipal_statistics"]

GOOD_BENEFIT = {
    "reference_date": "01-01-2017",
    "municipality_code": "GM0899",
    "benefit_id": "D-1",
    "bsn": "123456782",
    "scheme_code": "01",
    "started_on": "01-03-2015",
}


def text_of(rows: list[dict[str, str | None]], first_row: int = 2) -> tuple[pl.DataFrame, dict[str, str]]:
    """Cells as a reader gives them, and which cell is which column."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = {name: f"c{position}" for position, name in enumerate(names)}
    columns = {cells[name]: pl.Series([row.get(name) for row in rows], dtype=pl.String) for name in names}
    return pl.DataFrame({"row": pl.Series(range(first_row, first_row + len(rows)), dtype=pl.Int64), **columns}), cells


def parsed(source: Source, *rows: dict[str, str | None], **options: Any) -> Any:
    text, cells = text_of(list(rows))
    return parse(text, source, cells, **options)


Cell = tuple[str, str | None]
"""A column and the text in it."""
Read = tuple[Any, list[str]]
"""The value of a cell, and the rules it breaks."""


def read(source: Source, *cells: Cell, **options: Any) -> dict[Cell, Read]:
    """What becomes of each cell; every one stands in a row of its own, all in one frame."""
    result = parsed(source, *({column: text} for column, text in cells), **options)
    broken: dict[int, list[str]] = {row: [] for row in range(2, 2 + len(cells))}
    for row, rule in result.findings.select("row", "rule").iter_rows():
        broken[row].append(rule)
    return {(column, text): (result.frame[column][row - 2], broken[row]) for row, (column, text) in enumerate(cells, 2)}


def all_read(cases: Mapping[tuple[str, str, str], Read], **options: Any) -> None:
    """Every cell (source, column, text) is read as expected; what fails shows all that are not."""
    for name in {name for name, _, _ in cases}:
        expected = {(column, text): what for (source, column, text), what in cases.items() if source == name}
        assert read(SOURCES[name], *expected, **options) == expected


EVERY_SOURCE = pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))


@EVERY_SOURCE
def test_empty_is_never_a_finding(source: Source) -> None:
    texts = [None, "   ", " . ", *MISSING_TEXTS]
    cells = [(column.name, text) for column in source.columns for text in texts]

    found = read(source, *cells)

    assert {cell: what for cell, what in found.items() if what != (None, [])} == {}
    assert len(found) == len(cells) > 0


def test_unreadable_is_a_finding_of_its_own() -> None:
    rules = {
        ("caseload", "started_on", "31-02-2017"): "VALUE-001",
        ("caseload", "started_on", "42305"): "VALUE-001",
        ("caseload", "birth_year", "01-13-1980"): "VALUE-020",
        ("caseload", "ended_on", "31-02-2017"): "VALUE-020",
        ("caseload", "benefit_id", "2,01503E+11"): "VALUE-006",
        ("caseload", "end_reason", "n.v.t."): "VALUE-020",
        ("caseload", "partner_bsn", "1234567"): "VALUE-020",
        ("caseload_totals", "benefits", "45,000"): "VALUE-005",
        ("caseload_totals", "inflow", "45,000"): "VALUE-021",
        ("provider_reports", "provider_code", "onbekend"): "VALUE-022",
        ("provider_reports", "target_group", "n.v.t."): "VALUE-022",
        ("trajectory_events", "trajectory_id", "#N/A"): "VALUE-022",
        ("trajectory_events", "event_id", "N/A"): "VALUE-022",
        ("trajectory_events", "sector", "onbekend"): "VALUE-020",
        ("trajectory_events", "hours_per_week", "1.234"): "VALUE-021",
        ("published_figures", "reference_date", "31-02-2017"): "VALUE-001",
        ("published_figures", "value", "1.234"): "VALUE-005",
        ("caseload", "bsn", "1234567"): "VALUE-006",
        ("caseload", "client_number", "1234567890123456"): "VALUE-006",
        ("caseload", "benefit_id", "D 1"): "VALUE-006",
        ("caseload", "municipality_code", "Brunssum"): "VALUE-007",
        ("caseload_totals", "benefits", "12,5"): "VALUE-002",
        ("caseload_totals", "change_pct", "drie"): "VALUE-020",
        ("municipal_statistics", "inflow_pct", "x"): "VALUE-002",
        ("municipal_statistics", "year", "15"): "VALUE-002",
        ("municipal_statistics", "region_code", "Limburg"): "VALUE-007",
        ("national_statistics", "period", "2016MM13"): "VALUE-007",
        ("national_statistics", "benefits", "9" * 30): "VALUE-002",
        ("national_statistics", "benefits", "1.234"): "VALUE-005",
    }

    all_read({case: (None, [rule]) for case, rule in rules.items()})


def test_serials_are_days_only_in_a_workbook() -> None:
    values = {
        ("started_on", "42305"): date(2015, 10, 28),
        ("started_on", "7-2-2017"): date(2017, 2, 7),
        ("birth_year", "29221"): 1980,
        ("birth_year", "00-00-1980"): 1980,
    }
    cases = {("caseload", *cell): (value, []) for cell, value in values.items()}
    # A year in a date column is not a day in 1905.
    all_read(cases | {("caseload", "started_on", "2017"): (None, ["VALUE-001"])}, typed=Typed(is_excel=True))


def test_sentinels_of_a_bsn_are_empty() -> None:
    all_read({("caseload", "bsn", text): (None, []) for text in ("999999999", "000000000", " 000000000 ")})


def test_a_bsn_where_none_belongs_is_found_and_not_kept() -> None:
    cells = (
        ("published_figures", "note", "123456782"),
        ("published_figures", "note", "dossier 123456782, zie brief"),
        ("published_figures", "note", "123456789 en 123456782"),
        ("published_figures", "note", "123456789 123456782"),
        ("published_figures", "note", "bsn:111111110."),
        ("published_figures", "document", "x000000012x"),
        ("caseload", "scheme_code", "123456782"),
        ("caseload", "household_code", "900038937"),
        ("caseload", "end_reason", "111111110"),
        ("caseload", "started_on", "123456782"),
        ("caseload_totals", "benefits", "123456782"),
        ("caseload_totals", "change_pct", "123456782"),
        ("municipal_statistics", "region_code", "123456782"),
        ("municipal_statistics", "age_class", " 123456782 "),
    )

    all_read({cell: (None, ["VALUE-004"]) for cell in cells})


def test_other_numbers_in_text_are_no_bsn() -> None:
    texts = ("123456789", "1234567820", "2017-01-01", "000000000")

    all_read({("published_figures", "note", text): (text, []) for text in texts})


def test_a_bsn_in_its_own_column_is_no_finding() -> None:
    all_read({("caseload", column, "123456782"): (123_456_782, []) for column in ("bsn", "partner_bsn")})


def test_findings_point_at_row_and_column() -> None:
    result = parsed(
        TOTALS, {"benefits": "1", "inflow": "x"}, {"benefits": "y", "inflow": "2"}, {"benefits": None, "inflow": "z"}
    )

    assert sorted(result.findings.rows()) == [
        (2, "inflow", "VALUE-020"),
        (3, "benefits", "VALUE-002"),
        (4, "inflow", "VALUE-020"),
    ]


def test_a_printed_figure_brings_its_decimals_and_an_unreadable_one_brings_none() -> None:
    result = parsed(TOTALS, {"change_pct": "-0,74"}, {"change_pct": "3"}, {"change_pct": "x"}, {"change_pct": None})

    assert result.frame["change_pct_decimals"].to_list() == [2, 0, None, None]


def test_absent_columns_are_null_with_their_type() -> None:
    frame = parsed(CASELOAD, GOOD_BENEFIT).frame

    assert frame["ended_on"].to_list() == [None]
    assert {column.name: frame.schema[column.name] for column in CASELOAD.columns} == {
        column.name: column.dtype for column in CASELOAD.columns
    }


def test_what_the_delivery_says_fills_a_column_that_the_file_lacks() -> None:
    constants = {"statistics_table": "83450NED", "year": "2015"}

    frame = parsed(MUNICIPAL, {"region_code": "GM0899"}, {"region_code": "NL01"}, constants=constants).frame

    assert frame["year"].to_list() == [2015, 2015]
    assert frame["reference_date"].to_list() == [date(2015, 12, 31)] * 2


@pytest.mark.parametrize(
    ("broken", "unreadable", "silent"),
    [
        ({"bsn": "12345"}, ("bsn", "VALUE-006"), "CASELOAD-012"),
        (
            {"started_on": "31-02-2017", "ended_on": "01-01-2016", "end_reason": "11"},
            ("started_on", "VALUE-001"),
            "VALUE-003",
        ),
        ({"reference_date": "31-02-2017"}, ("reference_date", "VALUE-001"), "CASELOAD-008"),
        ({"household_code": "123456782"}, ("household_code", "VALUE-004"), "CASELOAD-004"),
    ],
)
def test_an_unreadable_value_silences_the_rules_that_need_it(
    broken: dict[str, str], unreadable: tuple[str, str], silent: str
) -> None:
    judged = judge(parsed(CASELOAD, GOOD_BENEFIT | broken), CASELOAD)

    assert judged.findings.select("column", "rule").rows() == [unreadable]
    assert silent not in judged.findings["rule"].to_list()


@pytest.mark.parametrize(
    ("cells", "findings", "is_kept"),
    [
        ({"introduced_on": "ooit"}, [("introduced_on", "VALUE-020")], True),
        ({"ended_on": "31-02-2017"}, [("ended_on", "VALUE-020")], True),
        ({"sex_code": "X"}, [("sex_code", "CASELOAD-005")], True),
        ({"sex_code": "vrouw", "household_code": "Alleenstaande"}, [], True),
        ({"ended_on": "31-12-9999"}, [], True),
        ({"ended_on": "30-12-1899"}, [], True),
        # Without an end, its reason contradicts the row: that is a rule of its own.
        (
            {"ended_on": "31-02-2017", "end_reason": "11"},
            [("ended_on", "VALUE-020"), ("end_reason", "CASELOAD-009")],
            False,
        ),
    ],
)
def test_an_optional_value_that_cannot_be_read_is_absent_and_keeps_no_row_out(
    cells: dict[str, str], findings: list[tuple[str, str]], is_kept: bool
) -> None:
    judged = judge(parsed(CASELOAD, GOOD_BENEFIT | cells, GOOD_BENEFIT), CASELOAD)

    assert judged.findings.select("column", "rule").rows() == findings
    assert judged.good["row"].to_list() == ([2, 3] if is_kept else [3])
    assert [judged.good[column].to_list() for column, _ in findings if is_kept] == [[None, None]] * (
        len(findings) if is_kept else 0
    )


def test_a_unit_decides_how_a_printed_figure_is_read() -> None:
    units = {
        "aantal": (2420.0, 0),
        "procent": (2.42, 3),
        "deel": (2.42, 3),
        "maanden": (None, None),
        None: (None, None),
    }
    result = parsed(CLAIMS, *({"value": "2.420", "unit": unit} for unit in units))

    found = result.frame.select("value", "value_decimals").rows()
    assert dict(zip(units, found, strict=True)) == units
    assert result.findings.rows() == [(5, "value", "VALUE-005"), (6, "value", "VALUE-005")]


def test_a_batch_without_a_row_is_parsed() -> None:
    text, cells = text_of([{"value": "2.420", "unit": "aantal"}])

    assert parse(text.clear(), CLAIMS, cells).frame.is_empty()


def test_a_number_of_the_file_itself_is_that_number_beside_texts() -> None:
    text, cells = text_of(
        [{"benefits": "12.345"}, {"benefits": "12.345"}, {"benefits": "45.000"}, {"benefits": "45.000"}]
    )
    numbers = Typed({cells["benefits"]: pl.Series([2, 4])})

    result = parse(text, TOTALS, cells, typed=numbers)

    assert result.frame["benefits"].to_list() == [None, 12_345, 45, None]
    assert result.findings.rows() == [(2, "benefits", "VALUE-002"), (5, "benefits", "VALUE-005")]


def test_an_unreadable_value_silences_its_own_row_only() -> None:
    without_bsn = {name: text for name, text in GOOD_BENEFIT.items() if name != "bsn"}

    judged = judge(parsed(CASELOAD, GOOD_BENEFIT | {"bsn": "12345"}, without_bsn), CASELOAD)

    assert judged.findings.rows() == [(2, "bsn", "VALUE-006"), (3, "bsn", "CASELOAD-012")]


_POOL = [
    None,
    "",
    " ",
    ".",
    "-",
    "NULL",
    "00000000",
    "01-02-2017",
    "1-2-2017",
    "2017-02-01",
    "20170201",
    "31-02-2017",
    "42305",
    "2.420",
    "2,420",
    "12",
    "-3",
    "−0,74",
    "1/3",
    "1.234,5",
    "24.5",
    "GM0899",
    "899",
    "NL01",
    "A007394",
    "2016MM12",
    "2016JJ00",
    "123456782",
    "999999999",
    "123456789",
    "K-17",
    "PW",
    "01",
    "4",
    "tekst",
    "zie 111111110",
]
COLUMNS = [column for source in SOURCES.values() for column in source.columns]
_CELLS = st.lists(st.sampled_from(_POOL) | st.text(max_size=8), min_size=1, max_size=12)


@examples(40)
@given(column=st.sampled_from(COLUMNS), texts=_CELLS, is_excel=st.booleans())
def test_reading_each_distinct_text_once_gives_what_reading_each_cell_gives(
    column: Column, texts: list[str | None], is_excel: bool
) -> None:
    cells = pl.Series("c0", texts, dtype=pl.String)

    once, each = (
        read_cells(cells, Manner(column, is_excel=is_excel)),
        _read(cells, Manner(column, is_excel=is_excel)),
    )

    for found, expected in ((once.values, each.values), (once.decimals, each.decimals), (once.rules, each.rules)):
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert_series_equal(found, expected, check_names=False)


@EVERY_SOURCE
@examples(3)
@given(data=st.data())
def test_any_text_is_parsed_and_judged_and_cutting_into_batches_changes_nothing(
    source: Source, data: st.DataObject
) -> None:
    height = data.draw(st.integers(1, 8))
    cell = st.sampled_from(_POOL) | st.text(max_size=8)
    row = st.fixed_dictionaries({column.name: cell for column in source.columns})
    rows = data.draw(st.lists(row, min_size=height, max_size=height))
    cut = data.draw(st.integers(0, height))
    text, cells = text_of(rows)

    whole = judge(parse(text, source, cells), source)
    parts = [judge(parse(part, source, cells), source) for part in (text[:cut], text[cut:]) if part.height]

    assert_frame_equal(whole.good, pl.concat([part.good for part in parts]))
    found = pl.concat([part.findings for part in parts])
    assert sorted(whole.findings.rows()) == sorted(found.rows())
    quarantined = set(text["row"]) - set(whole.good["row"])
    assert quarantined <= set(whole.findings["row"])


def test_an_id_that_is_a_number_is_one_id_however_it_is_written() -> None:
    source = SOURCES["trajectory_events"]
    text = pl.DataFrame({"row": [1, 2, 3, 4], "c0": ["1", "1.0", "1.00", "1.0"], "c1": ["7", "7.0", "7.0", "7.0"]})
    typed = Typed({"c0": pl.Series([2, 3]), "c1": pl.Series([2])})

    parsed = parse(text, source, {"client_number": "c0", "trajectory_id": "c1"}, typed=typed).frame

    assert parsed["client_number"].to_list() == ["1", "1", "1", "1.0"]  # the last is a text, and stays as it stands
    assert parsed["trajectory_id"].to_list() == ["7", "7", "7.0", "7.0"]
