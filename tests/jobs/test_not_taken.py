"""Nothing below raw is ignored without a word: what is not taken has a receipt, a row and a reason, by name."""

import json

import polars as pl
import pytest

from schemas.catalogue import RULES
from tests.jobs.folder import CBS, Folder, benefit, caseload, conserved, csv, region

GOOD = "caseload/2017-02-07_good.csv"
GOOD_TEXT = caseload(*(benefit(n) for n in range(20)))

NOT_TAKEN = {
    "los.csv": "FILE-050",
    "los.csv.meta.json": "FILE-050",
    "uitleg.docx": "FILE-050",
    "Caseload/x.csv": "FILE-038",
    "caseload/weg.csv.meta.json": "FILE-051",
    "caseload/2017-02-07_GOOD.csv.meta.json": "FILE-051",
    "caseload/README_levering.csv": "FILE-020",
    "caseload/readme.md": "FILE-005",
    "caseload/thumbs.db": "FILE-005",
    "caseload/notes": "FILE-005",
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, dict[str, str]]:
    folder = Folder.at(tmp_path_factory.mktemp("not_taken"))
    folder.put(GOOD, GOOD_TEXT)
    for name in ("caseload/README.md", "caseload/Thumbs.db", "caseload/.x.csv", "caseload/~$good.xlsx"):
        folder.put(name, "not a delivery")
    for name in NOT_TAKEN:
        folder.put(name, f"a;b\n1;{name}\n")
    return folder, {receipt.file_name: receipt.rule for receipt in folder.run().receipts}


def test_everything_that_is_not_taken_has_a_receipt_and_nothing_else_has(night: tuple[Folder, dict[str, str]]) -> None:
    _, rules = night
    assert rules == {GOOD: ""} | NOT_TAKEN


def test_everything_that_is_not_taken_stands_in_the_tables(night: tuple[Folder, dict[str, str]]) -> None:
    folder, _ = night
    deliveries = folder.table("deliveries")
    rows = deliveries.filter(pl.col("status") == "rejected").select("file_name", pl.col("reason").str.slice(0, 8))
    assert dict(rows.iter_rows()) == NOT_TAKEN
    assert conserved(deliveries)
    found = dict(folder.table("findings").group_by("rule").len().iter_rows())
    assert found["FILE-051"] == 2
    assert folder.run().receipts == ()
    assert folder.problems() == ()


def test_a_folder_that_differs_in_case_names_the_source_that_is_meant(night: tuple[Folder, dict[str, str]]) -> None:
    folder, _ = night
    assert "perhaps caseload is meant" in str(folder.delivery("Caseload/x.csv")["reason"])


def test_an_unknown_key_of_a_sidecar_is_a_warning_that_names_it(folder: Folder) -> None:
    keys = {"delivered-on": "2017-02-07", "Delivered_On": "2017-02-07", "licence": "CC0", "900038937": 1}
    folder.put(f"{GOOD}.meta.json", json.dumps(keys))
    folder.put(GOOD, GOOD_TEXT)
    receipt = folder.run().receipt(GOOD)
    assert (receipt.status, dict(receipt.findings)) == ("recorded", {"FILE-052": 3})
    found = folder.table("findings")
    assert sorted(found["column"]) == ["Delivered_On", "delivered-on", "key 3"]
    assert set(found["severity"]) == {"warn"}
    assert RULES["FILE-052"].fix


def test_an_unknown_key_is_told_where_the_file_is_rejected_or_a_copy(folder: Folder) -> None:
    cbs = "municipal_statistics/cbs.csv"
    folder.put(cbs, csv(CBS, [region(899)]))
    folder.put(f"{cbs}.meta.json", '{"reference-year": 2015}')
    folder.put(GOOD, GOOD_TEXT)
    folder.put("caseload/z.csv", GOOD_TEXT)
    folder.put("caseload/z.csv.meta.json", '{"delivered-on": "2017-02-07"}')
    ran = folder.run()
    assert dict(ran.receipt(cbs).findings) == {"FILE-023": 1, "FILE-052": 1}
    assert "unknown keys: delivered-on" in ran.receipt("caseload/z.csv").detail
