"""Tools of others read a release and its exports: R, LibreOffice, Spark, frictionless. Each is asked for what it sees.

None of them belongs to the project: a test whose tool is not here is skipped and names it. Spark and frictionless are
looked for in the Python environment that ``UITSTROOM_TOOLS`` names, else on the path. Not here: DuckDB, pandas, pyarrow
and polars (``tests/test_readers.py``).
"""

import csv
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.exports.content import Content
from pipeline.exports.write import export
from tests.exports.test_exports import given_content
from tests.jobs.folder import CLAIMS, Folder, benefit, caseload, claim
from tests.jobs.folder import csv as csv_text
from tests.store.release_fixtures import FACTS, frames, publish
from tests.test_readers import BLOCKS

pytestmark = pytest.mark.system

TOOLS = "UITSTROOM_TOOLS"
PATIENCE = 1200


def program(name: str) -> str:
    """Where a tool is, or why its test is skipped."""
    environment = os.environ.get(TOOLS)
    path = shutil.which(name, path=f"{environment}/bin" if environment else None) or shutil.which(name)
    return path or pytest.skip(f"needs {name} (on the path, or in a Python environment named in {TOOLS})")


def run(*words: str, at: Path) -> str:
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(words, cwd=at, env=theirs, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows_told(printed: str) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r"^rows (\w+) (\d+)", printed, re.M)}


@pytest.fixture(scope="module")
def given() -> Content:
    return given_content()


def test_r_reads_the_database_and_the_csv_files(given: Content, tmp_path: Path) -> None:
    rscript = program("Rscript")
    if subprocess.run([rscript, "-e", "library(RSQLite)"], capture_output=True, check=False).returncode:
        pytest.skip("needs R's package RSQLite (on Debian: apt install r-cran-rsqlite)")
    export(given, "sqlite", tmp_path / "uitstroom.sqlite")
    export(given, "csv", tmp_path / "uitstroom")
    language, block = BLOCKS["r, exports"]
    assert language == "r"
    (tmp_path / "read.R").write_text(
        f"{block}\nfor (name in dbListTables(con)) cat('rows', name, nrow(dbReadTable(con, name)), '\\n')\n"
        "cat('sum', sum(stock$benefits), class(flow$opening), sum(flow$opening), '\\n')\n",
        encoding="utf-8",
    )
    told = run(rscript, "--vanilla", "read.R", at=tmp_path)

    counted = rows_told(told)
    heights = {name: frame.height for name, frame in given.tables.items()}
    assert {name: counted[name] for name in heights} == heights
    stock, flow = given.tables["caseload_stock"], given.tables["caseload_flow"]
    assert f"sum {stock['benefits'].sum()} integer {flow['opening'].sum()}" in told


def test_libreoffice_opens_the_workbook(given: Content, tmp_path: Path) -> None:
    office = program("soffice")
    export(given, "xlsx", tmp_path / "out.xlsx")
    every_sheet = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    run(office, home, "--headless", "--convert-to", every_sheet, "out.xlsx", at=tmp_path)

    for name, frame in given.tables.items():
        with (tmp_path / f"out-{name}.csv").open(encoding="utf-8", newline="") as sheet:
            header, *lines = csv.reader(sheet, delimiter=";")
        assert (header, len(lines)) == (frame.columns, frame.height), name
    with (tmp_path / "out-findings.csv").open(encoding="utf-8", newline="") as sheet:
        shown = [line["column"] for line in csv.DictReader(sheet, delimiter=";")]
    assert shown == given.tables["findings"]["column"].to_list()  # no formula was worked out


def test_frictionless_finds_a_valid_package(tmp_path: Path) -> None:
    validate = program("frictionless")
    folder = Folder.at(tmp_path)
    for month in ("01", "02"):
        rows = [benefit(number, peildatum=f"01-{month}-2017") for number in range(3)]
        folder.put(f"caseload/2017-{month}-07.csv", caseload(*rows))
    folder.put("published_figures/2017-03-01.csv", csv_text(CLAIMS, [claim(1)]))
    release = folder.run().published.release.path
    told = json.loads(run(validate, "validate", "datapackage.json", "--json", at=release))
    assert told["valid"]
    assert not told["errors"]
    assert len(told["tasks"]) == len(json.loads((release / "datapackage.json").read_bytes())["resources"])


def test_spark_reads_every_table(tmp_path: Path) -> None:
    program("java")
    spark = program("spark-submit")
    tables = frames(5)
    publish(tmp_path / "data" / "curated", tables, facts=FACTS)
    language, block = BLOCKS["spark"]
    assert language == "python"
    (tmp_path / "read.py").write_text(
        f"{block}\nfor file in sorted(release.glob('*.parquet')):\n"
        "    print('rows', file.stem, len(spark.read.parquet(str(file.absolute())).collect()))\n",
        encoding="utf-8",
    )
    told = run(str(Path(spark).with_name("python")), "read.py", at=tmp_path)

    counted = rows_told(told)
    assert {name: counted[name] for name in tables} == {name: frame.height for name, frame in tables.items()}
