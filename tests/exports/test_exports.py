"""Every export holds every value of the release, in types that its readers know."""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from pipeline.exports.content import Content, content
from pipeline.exports.csv_files import STYLES
from pipeline.exports.views import VIEWS
from pipeline.exports.write import FORMATS, CannotExport, export
from schemas.catalogue import TABLES
from tests.store.release_fixtures import FACTS, frames

HOSTILE = ["=1+1", "+31", "-x", "@SUM(A1)", "http://x.nl", "01", 'a";b', "é\nï", "0,5", "'quoted", "2,420"]


def given_content() -> Content:
    tables = frames(len(HOSTILE))
    tables["findings"] = tables["findings"].with_columns(column=pl.Series(HOSTILE))
    kept = {name: frame for name, frame in tables.items() if not TABLES[name].is_per_client}
    return content({**FACTS, "id": "2018-09-21-3f9c0a1b2c3d"}, kept)


@pytest.fixture(scope="module")
def given() -> Content:
    return given_content()


@pytest.fixture(scope="module")
def book(given: Content, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(export(given, "xlsx", tmp_path_factory.mktemp("x") / "out.xlsx"))


def rows(frame: pl.DataFrame, plain: Callable[[Any], Any] = lambda each: each) -> list[tuple[Any, ...]]:
    return [tuple(plain(value) for value in row) for row in frame.rows()]


def as_in_excel(value: Any) -> Any:
    """A workbook has moments only, without a zone, and no empty texts."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=round(value.microsecond, -3))
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, float):
        return float(f"{value:.15g}")
    return None if value == "" else value


def test_a_workbook_has_every_table_with_types_names_and_a_frozen_header(
    given: Content, book: openpyxl.Workbook
) -> None:
    assert book.sheetnames == ["about", "dictionary", *given.tables]
    for name, frame in given.tables.items():
        sheet = book[name]
        header, *lines = sheet.iter_rows(values_only=True)
        assert (list(header), sheet.freeze_panes, name in book.defined_names) == (frame.columns, "A2", True)
        assert [tuple(map(as_in_excel, line)) for line in lines] == rows(frame, as_in_excel), name
    assert given.made is None
    stock = book["caseload_stock"]
    assert (stock["A2"].data_type, stock["D2"].data_type, stock["B2"].is_date) == ("s", "n", True)


def test_no_text_is_a_formula_a_link_or_a_number_in_a_workbook(book: openpyxl.Workbook) -> None:
    cells = [cell for row in book["findings"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value in HOSTILE} == {"s"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert {cell.value for cell in cells} >= set(HOSTILE)


def test_the_dictionary_says_what_every_column_means_counts_and_leads_to(book: openpyxl.Workbook) -> None:
    header, *lines = book["dictionary"].iter_rows(values_only=True)
    known = {(line[0], line[1]): dict(zip(header, line, strict=True)) for line in lines}
    assert set(known) == {(name, field.name) for name in book.sheetnames[2:] for field in TABLES[name].fields}
    assert known["caseload_stock", "change_pct"]["unit"] == "percent"
    assert known["caseload_stock", "municipality_code"]["leads_to"] == "municipalities"
    assert known["caseload_stock", "benefits"]["betekenis"] == "Lopende uitkeringen; een paar is één uitkering"
    notes = "\n".join(str(cell) for line in book["about"].iter_rows(values_only=True) for cell in line)
    assert "2018-09-21-3f9c0a1b2c3d" in notes
    assert "SIMULATED" in notes
    assert "Bron: CBS" in notes


def test_csv_is_what_a_dutch_excel_reads(given: Content, tmp_path: Path) -> None:
    folder = export(given, "csv", tmp_path / "out")

    raw = (folder / "caseload_stock.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfmunicipality_code;reference_date;")
    with (folder / "caseload_stock.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert lines[1]["change_pct"] == "" or "," in lines[1]["change_pct"]
    assert "-2,4390243902439024" in {line["change_pct"] for line in lines}
    assert {line["reference_date"] for line in lines} == {"2017-01-01", "2017-02-01"}
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = {line["column"] for line in csv.DictReader(file, delimiter=";")}
    assert {"'=1+1", "'+31", "'-x", "'@SUM(A1)", "01"} <= texts
    assert not any(text[:1] in "=+-@" for text in texts if text)


def test_plain_csv_gives_every_value_back(given: Content, tmp_path: Path) -> None:
    folder = export(given, "csv", tmp_path / "out", style=STYLES["plain"])

    for name, frame in given.tables.items():
        moments = [column for column, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
        read = pl.read_csv(
            folder / f"{name}.csv",
            schema=pl.Schema({c: pl.String if c in moments else k for c, k in frame.schema.items()}),
        )
        texts = [column for column, kind in frame.schema.items() if kind == pl.String]
        expected = frame.with_columns(pl.col(texts).replace("", None)).drop(moments)
        assert read.drop(moments).with_columns(pl.col(texts).replace("", None)).equals(expected), name


@pytest.mark.parametrize("style", list(STYLES))
def test_the_package_beside_csv_names_every_file_and_how_it_is_written(
    given: Content, tmp_path: Path, style: str
) -> None:
    folder = export(given, "csv", tmp_path / "out", style=STYLES[style])

    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {each["path"] for each in package["resources"]} == {f"{name}.csv" for name in given.tables}
    for each in package["resources"]:
        with (folder / each["path"]).open(encoding=each["encoding"], newline="") as file:
            header = next(csv.reader(file, delimiter=each["dialect"]["delimiter"]))
        assert header == [field["name"] for field in each["schema"]["fields"]]


def test_duckdb_has_types_comments_keys_and_views(given: Content, tmp_path: Path) -> None:
    path = export(given, "duckdb", tmp_path / "out.duckdb")

    with duckdb.connect(str(path), read_only=True) as session:
        session.execute("SET TimeZone = 'UTC'")
        for name, frame in given.tables.items():
            assert pl.DataFrame(session.sql(f'SELECT * FROM "{name}" ORDER BY ALL').to_arrow_table()).equals(
                frame.sort(pl.all(), nulls_last=True)
            ), name
        comments = dict(
            session.execute("SELECT table_name || '.' || column_name, comment FROM duckdb_columns()").fetchall()
        )
        views = {
            name for (name,) in session.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        }
        for name in VIEWS:
            session.execute(f'SELECT * FROM "{name}"').fetchall()
        formats = {str(tags) for (tags,) in session.execute("SELECT tags FROM duckdb_databases()").fetchall()}
    assert any("v1.0.0" in each for each in formats), "readers of before the newest DuckDB can open it"
    assert comments["caseload_stock.benefits"].endswith("[benefits]")
    assert views == set(VIEWS)


def test_sqlite_has_keys_views_and_every_value(given: Content, tmp_path: Path) -> None:
    path = export(given, "sqlite", tmp_path / "out.sqlite")

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return value.isoformat() if isinstance(value, date) else value

    with sqlite3.connect(path) as session:
        for name, frame in given.tables.items():
            columns = ", ".join(f'"{each}"' for each in TABLES[name].key)
            assert session.execute(f'SELECT * FROM "{name}" ORDER BY {columns}').fetchall() == rows(
                frame.sort(TABLES[name].key), plain
            ), name
        for name in VIEWS:
            session.execute(f'SELECT * FROM "{name}"').fetchall()
        meaning = session.execute("SELECT meaning FROM dictionary WHERE \"column\" = 'benefits'").fetchone()
    session.close()
    assert meaning is not None


def test_a_list_becomes_text_unless_its_text_stands_beside_it() -> None:
    found = content({**FACTS, "id": "x"}, frames()).tables["trajectories"]
    assert "methods" not in found.columns
    assert "methods_text" in found.columns
    assert not any(isinstance(kind, pl.List) for kind in found.dtypes)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_same_release_gives_the_same_bytes(given: Content, tmp_path: Path, form: str) -> None:
    places = [export(given, form, tmp_path / name) for name in ("a", "b")]
    files = [sorted(place.rglob("*.*")) if place.is_dir() else [place] for place in places]
    hashes = [[hashlib.sha256(path.read_bytes()).hexdigest() for path in each] for each in files]
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_replaces_the_one_before_and_leaves_nothing_else(given: Content, tmp_path: Path, form: str) -> None:
    for _ in range(2):
        export(given, form, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_place_of_another_kind_is_refused_and_stays(given: Content, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotExport, match="is not a file"):
        export(given, "xlsx", tmp_path / "folder")
    with pytest.raises(CannotExport, match="is not a folder"):
        export(given, "csv", tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_date_before_the_calendar_of_excel_is_text(tmp_path: Path) -> None:
    """Excel counts 29 February 1900, which never was: what lies before it would be another day, or a row of ####."""
    begins = [date(1870, 7, 18), date(1899, 12, 31), date(1900, 2, 28), date(1900, 3, 1), date(2019, 1, 1)]
    names = ["municipality_code", "name", "valid_from", "valid_until", "successor", "change", "is_own"]
    lines = [(f"GM{number:04}", "Naam", day, None, None, None, False) for number, day in enumerate(begins)]
    tables = {"municipalities": pl.DataFrame(lines, schema=TABLES["municipalities"].polars_schema, orient="row")}
    place = export(content({**FACTS, "id": "2018-09-21-3f9c0a1b2c3d"}, tables), "xlsx", tmp_path / "out.xlsx")

    header, *shown = openpyxl.load_workbook(place)["municipalities"].iter_rows(values_only=True)

    assert list(header) == names
    assert [line[2] for line in shown] == [
        "18-07-1870", "31-12-1899", "28-02-1900", datetime(1900, 3, 1), datetime(2019, 1, 1)
    ]  # fmt: skip
