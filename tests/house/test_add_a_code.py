"""A municipality, a programme, a provider and a code are one row of a CSV: the how-to page, carried out in a copy."""

import csv
import re
from pathlib import Path

import pytest

from schemas import reference
from tests.house.copied_project import PROJECT, copy_to, printed

PAGE = (PROJECT / "docs" / "how-to" / "add-a-code.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"<!-- (row|file|run)(?:: (\S+))? -->\n```\n(.*?)```\n", re.DOTALL)

ROWS = {path: text for kind, path, text in BLOCK.findall(PAGE) if kind == "row"}
FILES = {path: text for kind, path, text in BLOCK.findall(PAGE) if kind == "file"}
COMMANDS = [line for kind, _, text in BLOCK.findall(PAGE) if kind == "run" for line in text.splitlines()]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("code")
    copy_to(root)
    for name, text in FILES.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.system
def test_a_file_with_the_code_fares_better_once_the_rows_are_there(project: Path) -> None:
    before = printed(project, COMMANDS)
    for path, row in ROWS.items():
        with (project / path).open("a", encoding="utf-8") as file:
            file.write(row)
    after = printed(project, COMMANDS)

    assert len(COMMANDS) == before.count("exit 3") == 3
    assert set(re.findall(r"[A-Z]+-\d{3}", before)) == {
        "DELIVERY-011", "TOTALS-001", "CASELOAD-001", "CASELOAD-006", "EVENT-011", "EVENT-014", "EVENT-019",
    }  # fmt: skip
    assert after.count("exit 0") == 3
    assert set(re.findall(r"[A-Z]+-\d{3}", after)) == set()


@pytest.mark.parametrize("path", list(ROWS))
def test_a_row_has_the_columns_of_its_list_and_the_page_explains_each(path: str) -> None:
    header = reference.as_text(Path(path).stem).columns

    (row,) = csv.reader([ROWS[path].strip()])

    assert len(row) == len(header)
    assert [name for name in header if f"`{name}`" not in PAGE] == []


def test_every_list_that_grows_with_the_work_is_on_the_page() -> None:
    on_other_pages = {"aliases", "cbs_tables", "municipal_changes", "municipal_sources", "region_labels"}
    assert {Path(path).stem for path in ROWS} == set(reference.names()) - on_other_pages
