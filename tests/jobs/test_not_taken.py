"""Nothing below raw is ignored without a word: what is not taken has a receipt, a row and a reason, by name."""

import json
from dataclasses import replace

import polars as pl
import pytest

from pipeline.errors import Unstable
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.ingest.reading import Desk
from pipeline.jobs.lineage.explain import explain_figure
from pipeline.jobs.nightly import Night, still_not_taken
from pipeline.steward.reports import night_report
from pipeline.steward.terminal_summary import MOST_ALIKE, summary
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import RawFile
from schemas.catalogue import RULES
from schemas.vocabulary import Decision
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


@pytest.fixture
def folder(unpublished: Folder) -> Folder:
    return unpublished


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, dict[str, str]]:
    folder = Folder.at(tmp_path_factory.mktemp("not_taken"), publishes=False)
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
    keys = {"deliverd_on": "2017-02-07", "Geleverd_Op": "2017-02-07", "licence": "CC0", "900038937": 1}
    folder.put(f"{GOOD}.meta.json", json.dumps(keys))
    folder.put(GOOD, GOOD_TEXT)
    receipt = folder.run().receipt(GOOD)
    assert (receipt.status, dict(receipt.findings)) == ("recorded", {"FILE-052": 3})
    found = folder.table("findings")
    assert sorted(found["column"]) == ["Geleverd_Op", "deliverd_on", "key 3"]
    assert set(found["severity"]) == {"warn"}
    assert RULES["FILE-052"].fix


def test_an_unknown_key_is_told_where_the_file_is_rejected_or_a_copy(folder: Folder) -> None:
    cbs = "municipal_statistics/cbs.csv"
    folder.put(cbs, csv(CBS, [region(899)]))
    folder.put(f"{cbs}.meta.json", '{"jaar": 2015}')
    folder.put(GOOD, GOOD_TEXT)
    folder.put("caseload/z.csv", GOOD_TEXT)
    folder.put("caseload/z.csv.meta.json", '{"geleverd_op": "2017-02-07"}')
    ran = folder.run()
    assert dict(ran.receipt(cbs).findings) == {"FILE-023": 1, "FILE-052": 1, "FILE-082": 1}
    assert "unknown keys: geleverd_op" in ran.receipt("caseload/z.csv").detail


def test_rejected_twins_have_a_row_each_and_so_have_held_ones(folder: Folder) -> None:
    folder = replace(folder, publishes=True)
    for name in ("caseload/a.csv", "caseload/b.csv", "provider_reports/a.csv"):
        folder.put(name, "a;b\n1;2\n")
    folder.run()
    deliveries = folder.table("deliveries")
    rows = deliveries.select("file_name", "status", pl.col("reason").str.slice(0, 8)).rows()
    assert rows == [
        (name, "rejected", "FILE-020") for name in ("caseload/a.csv", "caseload/b.csv", "provider_reports/a.csv")
    ]
    assert deliveries["delivery"].n_unique() == 1
    assert folder.run().receipts == ()
    traces = explain_figure(folder.writer(), "deliveries", (deliveries["delivery"][0], "caseload/b.csv")).traces
    assert [(trace.source, trace.file_name) for trace in traces] == [("caseload", "caseload/b.csv")]


def test_a_delivery_first_put_in_the_wrong_folder_can_be_taken_back(folder: Folder) -> None:
    folder.put("caseload_totals/x.csv", GOOD_TEXT)
    folder.run()
    folder.put("caseload/x.csv", GOOD_TEXT)
    delivery = folder.run().receipt("caseload/x.csv").delivery
    decided = decide(folder.writer(), Decision.RETRACTED, delivery, by="A. Steward", why="wrong month")
    assert decided.file_name == "caseload/x.csv"


def test_a_held_delivery_is_accepted_while_a_copy_of_it_is_there(folder: Folder) -> None:
    bad = caseload(*(benefit(n, ingangsdatum="x") for n in range(20)), *(benefit(n) for n in range(20, 40)))
    held = folder.put("caseload/a.csv", bad)
    folder.put("caseload/b.csv", bad)
    delivery = folder.run().receipt("caseload/a.csv").delivery
    held.unlink()
    decide(folder.writer(), Decision.ACCEPTED, delivery, by="A. Steward", why="known fault")
    assert folder.run().receipt("caseload/b.csv").rows_recorded == 20


def test_a_file_that_is_being_written_stands_in_the_tables_until_it_is_taken(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.put(GOOD, GOOD_TEXT)
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "look", _being_written)
        assert [receipt.rule for receipt in (*folder.run().receipts, *folder.run().receipts)] == ["FILE-055"] * 2
        assert folder.table("deliveries").select("file_name", "status").rows() == [(GOOD, "unstable")]
    folder.run()
    assert folder.table("deliveries").select("file_name", "status").rows() == [(GOOD, "recorded")]
    assert folder.problems() == ()


@pytest.mark.system
def test_a_known_file_that_cannot_be_looked_at_is_told_while_it_cannot_and_each_time(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named() -> list[tuple[str, str]]:
        return [*folder.table("deliveries").select("file_name", "status").sort("status").iter_rows()]

    path = folder.put(GOOD, GOOD_TEXT)
    folder.run()
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(Desk, "look", _being_written)
            folder.run()
            folder.run()
            assert named() == [(GOOD, "recorded"), (GOOD, "unstable")]
        folder.run()
        assert named() == [(GOOD, "recorded")]
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "look", _being_written)
        folder.run()
    path.unlink()
    replace(folder, publishes=True).run()
    assert named() == [(GOOD, "recorded")]
    assert folder.events()["event"].to_list() == ["recorded", *["unstable", "settled"] * 3]
    assert folder.problems() == ()
    manifest = json.loads((folder.data / "curated" / "current" / "manifest.json").read_text())
    assert manifest["log"]["caseload"]["deliveries"] == 1


def _being_written(_desk: Desk, file: RawFile, _cache: FingerprintCache) -> Unstable:
    return Unstable(f"{file.file_name} is still being written; it is tried again in the next run")


def test_what_still_lies_there_is_told_every_night_by_name_and_nothing_is_cut_silently(folder: Folder) -> None:
    folder = replace(folder, publishes=True)
    folder.put(GOOD, GOOD_TEXT)
    for number in range(MOST_ALIKE + 9):
        folder.put(f"los{number:03}.csv", f"{number}")
    first = folder.run()
    assert still_not_taken(folder.writer(), first.receipts) == ()
    told = summary(Night(first.receipts, first.published))
    assert "los049.csv" in told
    assert "and 9 more FILE-050" in told
    again = folder.run()
    lying = still_not_taken(folder.writer(), again.receipts)
    told = summary(Night(again.receipts, again.published, lying))
    assert (len(lying), again.receipts) == (MOST_ALIKE + 9, ())
    assert f"still in data/raw: {MOST_ALIKE + 9}" in told
    assert "FILE-050 los000.csv: it lies directly in raw" in told
    report = night_report(Night(again.receipts, again.published, lying), with_pictures=False)
    assert "`los000.csv`" in report.markdown
    assert len(report.tables["not_taken"]) == MOST_ALIKE + 9
