"""What is declared hangs together: rules, reference lists, aliases, series."""

from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from schemas import reference, sources, tables
from schemas.catalogue import RULES, SOURCES, TABLES
from schemas.source import Source
from schemas.sources.caseload import CASELOAD_SCHEMES, SPECIAL_ASSISTANCE
from schemas.spelling import spelling
from schemas.table import Table
from schemas.vocabulary import OUTFLOW_TO_WORK_REASONS, SERIES_SCHEMES, Series

EVERY_SOURCE = pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))


def declarations(package: ModuleType) -> set[str]:
    """Modules of a package, without importing them: one declaration stands in each."""
    return {file.stem for file in Path(str(package.__file__)).parent.glob("*.py")} - {"__init__"}


def test_every_source_is_found_under_the_name_of_its_module() -> None:
    assert set(SOURCES) == declarations(sources)
    assert [name for name, source in SOURCES.items() if source.name != name] == []


def test_every_table_that_a_module_declares_is_found_once_and_in_its_order() -> None:
    named = [
        table.name
        for module in declarations(tables)
        for table in vars(import_module(f"{tables.__name__}.{module}")).values()
        if isinstance(table, Table)
    ]
    assert sorted(TABLES) == sorted(named)
    assert list(TABLES) == sorted(TABLES, key=lambda name: (TABLES[name].order, name))


def test_every_rule_says_in_both_languages_why_it_is_there_and_what_to_do() -> None:
    said = {
        code: (rule.title, rule.why, rule.fix, rule.title_nl, rule.why_nl, rule.fix_nl) for code, rule in RULES.items()
    }
    assert [code for code, texts in said.items() if not all(texts) or len(set(texts)) < len(texts)] == []


@EVERY_SOURCE
def test_every_condition_has_its_rule_and_looks_only_at_columns_of_its_source(source: Source) -> None:
    names, known = {column.name for column in source.columns}, set(source.schema().columns)
    assert source.conditions
    for each in source.conditions:
        assert (each.code in RULES, each.column in names) == (True, True), each.code
        assert set(each.holds.meta.root_names()) <= known, each.code


@EVERY_SOURCE
def test_scope_key_and_valid_time_stand_in_the_events(source: Source) -> None:
    events = set(source.event_schema())
    assert {*source.scope, *source.event_key, source.valid_on, *source.derived} <= events


@EVERY_SOURCE
def test_no_identifying_number_stands_in_the_events(source: Source) -> None:
    identifying = {column.name for column in source.columns if column.is_identifying and column.name != "birth_year"}
    assert not identifying & set(source.event_schema())
    assert identifying == {name for part in source.keys for name in part.sources}


@EVERY_SOURCE
def test_no_two_columns_of_a_source_have_one_name(source: Source) -> None:
    headers = [spelling(column.header) for column in source.columns] + [spelling(name) for name in source.left_out]
    assert len(set(headers)) == len(headers)
    assert len({column.name for column in source.columns}) == len(source.columns)


def test_an_alias_points_at_a_column_of_the_contract_and_is_no_other_columns_name() -> None:
    wrong = []
    for name, header, alias in reference.aliases().select("source", "header", "alias").iter_rows():
        headers = {column.header for column in SOURCES[name].columns}
        taken = {spelling(other) for other in (*headers, *SOURCES[name].left_out)} - {spelling(header)}
        if header not in headers or spelling(alias) in taken:
            wrong.append((name, header, alias))
    assert wrong == []


def test_no_alias_stands_for_two_columns() -> None:
    meant: dict[tuple[str, str], set[str]] = {}
    for name, header, alias in reference.aliases().select("source", "header", "alias").iter_rows():
        meant.setdefault((name, spelling(alias)), set()).add(header)
    assert {alias: headers for alias, headers in meant.items() if len(headers) > 1} == {}


def overlaps(periods: list[tuple[date | None, date | None]]) -> bool:
    """Whether two of these half-open periods (None is open) share a day, or one of them is empty."""
    closed = sorted((start or date.min, until or date.max) for start, until in periods)
    return any(start >= until for start, until in closed) or any(
        until > start for (_, until), (start, _) in pairwise(closed)
    )


@pytest.mark.parametrize("field", ["end_reason", "household", "scheme", "sex"])
def test_a_code_has_one_meaning_on_a_day(field: str) -> None:
    periods: dict[str, list[tuple[date | None, date | None]]] = {}
    for code, start, until in reference.codes(field).select("code", "valid_from", "valid_until").iter_rows():
        periods.setdefault(code, []).append((start, until))
    assert periods
    assert [code for code, each in periods.items() if overlaps(each)] == []


def test_a_municipality_is_listed_once_a_day_and_its_code_has_the_form_of_cbs() -> None:
    frame = reference.municipalities()
    periods: dict[str, list[tuple[date | None, date | None]]] = {}
    for code, start, until in frame.select("code", "valid_from", "valid_until").iter_rows():
        periods.setdefault(code, []).append((start, until))
    assert [code for code, each in periods.items() if overlaps(each)] == []
    assert frame["code"].str.contains(r"^GM[0-9]{4}$").all()


def test_the_municipalities_of_the_service_are_own_ones() -> None:
    own = reference.municipalities().filter("is_own").select("code", "valid_until").rows()
    assert set(own) >= {("GM0881", date(2019, 1, 1)), ("GM0882", None), ("GM0899", None)}


@pytest.mark.parametrize(
    ("code", "on", "exists"),
    [
        ("GM0881", date(2018, 12, 31), True),
        ("GM0881", date(2019, 1, 1), False),
        ("GM1954", date(2018, 12, 31), False),
        ("GM1954", date(2019, 1, 1), True),
        ("GM0899", date(2022, 1, 1), True),
        ("GM9999", date(2017, 1, 1), False),
        (None, date(2017, 1, 1), None),
        ("GM0899", None, None),
    ],
)
def test_a_municipality_exists_on_a_day(code: str | None, on: date | None, exists: bool | None) -> None:
    frame = pl.DataFrame({"code": [code], "on": [on]}, schema={"code": pl.String, "on": pl.Date})
    found = frame.select(reference.valid_on(reference.municipalities(), "code", "on").alias("found"))
    assert found["found"].to_list() == [exists]


def test_the_series_grow_and_hold_no_special_assistance() -> None:
    assert SERIES_SCHEMES == {
        Series.PW: ("01",),
        Series.PW_IOAW_IOAZ: ("01", "02", "03"),
        Series.ALL: ("01", "02", "03", "14"),
    }
    assert SERIES_SCHEMES[Series.ALL] == CASELOAD_SCHEMES
    assert not set(CASELOAD_SCHEMES) & set(SPECIAL_ASSISTANCE)
    assert {*CASELOAD_SCHEMES, *SPECIAL_ASSISTANCE} == set(reference.codes("scheme")["code"])


def test_reasons_that_count_as_work_are_in_the_code_list() -> None:
    assert OUTFLOW_TO_WORK_REASONS == ("11", "13")
    assert set(OUTFLOW_TO_WORK_REASONS) <= set(reference.codes("end_reason")["code"])


def test_each_cbs_table_is_about_one_year() -> None:
    tables = dict(reference.cbs_tables().select("statistics_table", "year").rows())
    assert tables == {"83450NED": 2015, "83747NED": 2016, "84066NED": 2017}


def test_every_table_and_column_is_described_in_dutch_too() -> None:
    assert [name for name, table in TABLES.items() if not table.grain_nl] == []
    assert [f"{name}.{each.name}" for name, table in TABLES.items() for each in table.fields if not each.nl] == []
