"""Findings of single files: rule, column, how often and in which rows, of recorded files too; never a value."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.nightly import Night
from pipeline.steward.file_findings import MOST_RANGES, counted
from pipeline.steward.held_reports import held_now
from pipeline.steward.reports import night_report
from tests.jobs.folder import Folder, benefit, caseload

RECORDED, HELD = "caseload/2017-02-07_good.csv", "caseload/2017-03-07_bad.csv"
NO_SUCH_DAY = "31-02-2017"


def rows(day: str, bad: set[int], size: int = 60) -> str:
    return caseload(
        *(benefit(n, peildatum=day, **({"ingangsdatum": NO_SUCH_DAY} if n in bad else {})) for n in range(size))
    )


def found(rows: list[int], column: str = "bsn", rule: str = "CASELOAD-010", name: str = "a.csv") -> pl.DataFrame:
    count = len(rows)
    return pl.DataFrame(
        {"source": ["caseload"] * count, "delivery": ["d" * 64] * count, "row": rows, "column": [column] * count,
         "rule": [rule] * count, "file_name": [name] * count},
        schema_overrides={"row": pl.Int64},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([5], "5"),
        ([5, 2, 3, 4], "2-5"),
        ([2, 3, 9, 5, 4], "2-5, 9"),
        ([7, 7, 8], "7-8"),
        ([0], ""),
        (list(range(2, 200_000)), "2-199999"),
    ],
)
def test_rows_are_told_in_ranges(numbers: list[int], text: str) -> None:
    (row,) = counted(found(numbers))
    assert (row["rows"], row["count"]) == (text, len(numbers))


def test_of_many_ranges_the_rest_is_counted() -> None:
    (row,) = counted(found(list(range(2, 2 + 2 * 50, 2))))
    assert str(row["rows"]).startswith("2, 4, 6, ")
    assert str(row["rows"]).endswith(f"en nog {50 - MOST_RANGES} reeksen")


def test_columns_rules_and_files_do_not_mix() -> None:
    both = pl.concat([found([2, 3]), found([4], column="geslacht"), found([5], rule="VALUE-001"), found([6], name="b")])
    assert [(row["file_name"], row["rule"], row["column"], row["rows"]) for row in counted(both)] == [
        ("a.csv", "CASELOAD-010", "bsn", "2-3"),
        ("a.csv", "CASELOAD-010", "geslacht", "4"),
        ("a.csv", "VALUE-001", "bsn", "5"),
        ("b", "CASELOAD-010", "bsn", "6"),
    ]


def test_a_night_tells_the_rows_of_recorded_and_held_files_and_no_value(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.put(RECORDED, rows("01-02-2017", {3}))
    folder.put(HELD, rows("01-03-2017", {10, 11, 12, 20}))
    ran = folder.run()

    report = night_report(Night(ran.receipts, ran.published), with_pictures=False, workspace=folder.writer())

    told = {(row["file_name"], row["rule"]): row for row in report.tables["file_findings"]}
    assert (told[RECORDED, "VALUE-001"]["rows"], told[RECORDED, "VALUE-001"]["column"]) == ("5", "ingangsdatum")
    assert (told[HELD, "VALUE-001"]["rows"], told[HELD, "VALUE-001"]["count"]) == ("12-14, 22", 4)
    assert f"| `{HELD}` | [VALUE-001](/regels#value-001) | `ingangsdatum` | 4 | 12-14, 22 |" in report.markdown
    assert NO_SUCH_DAY not in report.markdown + str(report.tables)
    (held,) = held_now(folder.writer().log)
    assert f"| `{HELD}` | [VALUE-001](/regels#value-001) | `ingangsdatum` | 4 | 12-14, 22 |" in held.markdown
