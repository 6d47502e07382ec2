"""The recipes of docs/how-to/read.md, run from the page, and what each tool sees of types, meanings and keys.

Here: polars, pandas, pyarrow and DuckDB on one published release. Not here: readers beside a writer
(``tests/store/test_release_faults.py``), and tools that are not installed (R, Power BI, Excel).
"""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.store.releases.releases import Release, current
from schemas.catalogue import TABLES
from schemas.table import Table
from tests.store.release_fixtures import FACTS, frames, publish

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "read.md"
BLOCKS = {
    title: (language, code)
    for language, title, code in re.findall(
        r'^```(\w+) title="([^"]+)"\n(.*?)^```$', PAGE.read_text("utf-8"), re.S | re.M
    )
}
RUN = {"duckdb sql", "duckdb", "polars", "pandas", "pyarrow", "csv"}

# The type of a column as each tool names it, per declared type.
NAMES: dict[str, dict[str, str]] = {
    "duckdb": {
        "String": "VARCHAR",
        "Int64": "BIGINT",
        "Float64": "DOUBLE",
        "Boolean": "BOOLEAN",
        "Date": "DATE",
        "Datetime(time_unit='us', time_zone='UTC')": "TIMESTAMP WITH TIME ZONE",
        "List(String)": "VARCHAR[]",
    },
    "pyarrow": {
        "String": "large_string",
        "Int64": "int64",
        "Float64": "double",
        "Boolean": "bool",
        "Date": "date32[day]",
        "Datetime(time_unit='us', time_zone='UTC')": "timestamp[us, tz=UTC]",
        "List(String)": "large_list<element: large_string>",
    },
}
NAMES["pandas"] = {declared: f"{name}[pyarrow]" for declared, name in NAMES["pyarrow"].items()}

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``data/curated`` holds two releases, so that ``current`` is a choice."""
    folder = tmp_path_factory.mktemp("home")
    publish(folder / "data" / "curated", frames(2), facts=FACTS)
    publish(folder / "data" / "curated", frames(5), facts=FACTS)
    return folder


@pytest.fixture
def release(home: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    monkeypatch.chdir(home)
    monkeypatch.delenv("UITSTROOM_CURATED", raising=False)
    found = current(home / "data" / "curated")
    assert found is not None
    return found


def run(title: str) -> dict[str, Any]:
    """Run one Python block of the page as it stands there."""
    language, code = BLOCKS[title]
    assert language == "python"
    names: dict[str, Any] = {"__name__": title}
    exec(compile(code, f"{PAGE.name}: {title}", "exec"), names)
    return names


def tabled(title: str) -> Callable[[str], Any]:
    function: Callable[[str], Any] = run(title)["table"]
    return function


def declared(table: Table, tool: str) -> dict[str, str]:
    return {each.name: NAMES[tool][str(each.dtype)] for each in table.fields}


def test_every_block_in_a_language_we_have_is_run() -> None:
    runnable = {title for title, (language, _) in BLOCKS.items() if language in {"python", "sql"}}
    assert runnable - {"spark"} == RUN, "Spark is run by tests/exports/test_other_tools.py"
    assert {language for language, _ in BLOCKS.values()} == {"python", "sql", "bash", "r", "m"}
    assert "**Not run:** the first block for R" in PAGE.read_text("utf-8")
    assert PAGE.read_text("utf-8").count("```") == 2 * (len(BLOCKS) + 1), "a block without a title is not run"


@pytest.mark.parametrize("title", sorted(RUN - {"duckdb sql"}))
def test_recipes_resolve_once_and_read_the_current_release(title: str, release: Release) -> None:
    assert run(title)["release"] == release.path


def test_recipes_take_a_resolved_folder(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    old = next(path for path in release.path.parent.iterdir() if path != release.path)
    monkeypatch.setenv("UITSTROOM_CURATED", str(old))

    assert tabled("polars")("findings").height == 2


@every_table
def test_polars(table: Table, release: Release) -> None:
    found = tabled("polars")(table.name)

    assert found.schema == table.polars_schema
    assert found.equals(frames(5)[table.name].sort(table.key))
    assert not found.select(table.key).is_duplicated().any()


@every_table
def test_pyarrow(table: Table, release: Release) -> None:
    found = tabled("pyarrow")(table.name)

    assert {field.name: str(field.type) for field in found.schema} == declared(table, "pyarrow")
    assert [field.nullable for field in found.schema] == [each.nullable for each in table.fields]
    for field, each in zip(found.schema, table.fields, strict=True):
        assert (field.metadata[b"description"], field.metadata[b"unit"]) == (
            each.description.encode(),
            each.unit.encode(),
        )
    assert found.schema.metadata[b"title"].decode() == table.title
    assert b"pandas" not in found.schema.metadata
    assert found.group_by(list(table.key)).aggregate([]).num_rows == found.num_rows


@every_table
def test_pandas(table: Table, release: Release) -> None:
    found = tabled("pandas")(table.name)

    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == declared(table, "pandas")
    assert not found.duplicated(list(table.key)).any()


def test_pandas_without_arrow_types_is_as_bad_as_the_page_says(release: Release) -> None:
    import pandas as pd

    found = pd.read_parquet(release.path / "caseload_stock.parquet")

    assert (str(found["persons"].dtype), str(found["reference_date"].dtype)) == ("float64", "object")
    assert (str(found["benefits"].dtype), str(found["series"].dtype)) == ("int64", "str")


@every_table
def test_duckdb(table: Table, release: Release) -> None:
    found = tabled("duckdb")(table.name)

    assert dict(zip(found.columns, map(str, found.dtypes), strict=True)) == declared(table, "duckdb")
    ((rows,),) = found.aggregate("count(*)").fetchall()
    ((keys,),) = found.project(", ".join(f'"{name}"' for name in table.key)).distinct().aggregate("count(*)").fetchall()
    assert rows == keys == frames(5)[table.name].height


@every_table
def test_duckdb_sees_what_columns_mean(table: Table, release: Release) -> None:
    file = str(release.path / f"{table.name}.parquet")

    found = {
        key.decode(): value.decode()
        for key, value in duckdb.execute("SELECT key, value FROM parquet_kv_metadata(?)", [file]).fetchall()
    }

    for each in table.fields:
        assert found[f"description:{each.name}"] == each.description
        assert found.get(f"unit:{each.name}", "") == each.unit
    assert json.loads(found["key"]) == list(table.key)
    assert (found["uitstroom:table"], found["grain"], found["source"]) == (table.name, table.grain, table.source)


def test_the_sql_of_the_page(release: Release) -> None:
    with duckdb.connect() as session:
        results = [session.execute(each).fetchall() for each in session.extract_statements(BLOCKS["duckdb sql"][1])]
        (folder,) = session.execute("SELECT getvariable('release')").fetchone() or ("",)

    _, stock, described, meanings = results
    assert Path(folder).resolve() == release.path
    assert [row[1:] for row in stock] == [(123, None), (120, -3)]
    assert {row[0]: row[1] for row in described} == declared(TABLES["caseload_stock"], "duckdb")
    assert {key.removeprefix("description:"): text for key, text in meanings} == {
        each.name: each.description for each in TABLES["caseload_stock"].fields
    }


def test_the_results_the_recipes_promise(release: Release) -> None:
    assert run("polars")["both"].height == frames(5)["caseload_stock"].height
    assert run("pandas")["stock"].index.is_unique
    assert len(run("duckdb")["lowest"]) == 1
    arrow = run("pyarrow")
    assert arrow["meaning"]["benefits"].startswith("Benefits in stock")
    assert arrow["grain"] == TABLES["caseload_stock"].grain


def test_the_csv_copy_keeps_dates_numbers_and_leading_zeros(release: Release) -> None:
    export: Path = run("csv")["export"]

    assert {path.stem for path in export.iterdir()} == set(TABLES)
    with (export / "outflow_reasons.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert (rows[0]["end_reason"], rows[0]["reference_date"]) == ("02", "2017-02-01")
    assert rows[-1]["end_reason_label"] == "Uitstroom naar werk, Café 't Hoekje"


def test_list_columns_are_lists_in_every_tool(tmp_path: Path) -> None:
    from pipeline.store.releases.files import write_table
    from schemas.table import Field

    fields = (Field("id", pl.String(), "Number"), Field("methods", pl.List(pl.String()), "Methods", nullable=True))
    table = Table("some", "Some", "one", ("id",), fields, "events")
    path = tmp_path / "some.parquet"
    write_table(pl.DataFrame({"id": ["a", "b"], "methods": [["x", "y"], None]}), table, path)

    assert duckdb.read_parquet(str(path)).fetchall() == [("a", ["x", "y"]), ("b", None)]
    assert pl.read_parquet(path).schema == table.polars_schema
    assert pq.read_table(path).schema.field("methods").type == pa.large_list(pa.field("element", pa.large_string()))
