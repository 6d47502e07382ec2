"""A rejected file that is taken away is said to be gone, once; what was rejected stays in the tables, and why."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.nightly import Night
from pipeline.jobs.quiet_night import is_something_new
from pipeline.steward.reports import night_report
from pipeline.steward.terminal_summary import summary
from schemas.details import in_dutch
from tests.jobs.folder import Folder, Ran, benefit, caseload, conserved
from tests.ready_made import ReadyMade

A, B, LOOSE, GOOD = (
    "caseload/2017-02-07_a.csv",
    "caseload/deep/2017-02-07_b.csv",
    "los.csv",
    "caseload/2017-02-07_g.csv",
)
WRONG = "a;b\n1;2\n"
RIGHT = caseload(*(benefit(n) for n in range(20)))


def rejected(folder: Folder) -> None:
    for name in (A, B, LOOSE):
        folder.put(name, WRONG)
    folder.put(GOOD, RIGHT)
    folder.run()


@pytest.fixture
def told(ready_made: ReadyMade, unpublished: Folder) -> Folder:
    return ready_made.copy(rejected, unpublished)


def raw(folder: Folder, name: str) -> Path:
    return folder.settings.raw / name


def status(folder: Folder) -> dict[str, str]:
    return dict(folder.table("deliveries").select("file_name", "status").iter_rows())


def receipts(ran: Ran) -> list[tuple[str, str, str]]:
    return [(each.file_name, each.status, each.rule) for each in ran.receipts]


def test_a_rejected_file_that_is_taken_away_is_gone_and_one_that_comes_back_is_read_again(
    ready_made: ReadyMade, folder: Folder
) -> None:
    told = ready_made.copy(rejected, folder)
    raw(told, A).unlink()
    raw(told, LOOSE).unlink()

    ran = told.run()

    assert receipts(ran) == [(LOOSE, "removed", "FILE-050"), (A, "removed", "FILE-020")]
    assert status(told) == {A: "removed", B: "rejected", LOOSE: "removed", GOOD: "recorded"}
    reason = str(told.delivery(A)["reason"])
    assert reason.startswith("FILE-020: ")
    assert reason.endswith("taken away from raw since")
    assert "weggehaald uit raw" in in_dutch(reason)
    assert in_dutch(ran.receipt(A).detail) != ran.receipt(A).detail
    text = summary(Night(ran.receipts, ran.published))
    assert "gone" in text
    assert "weggehaald" in night_report(Night(ran.receipts, ran.published), with_pictures=False).markdown
    assert conserved(told.table("deliveries"))
    assert told.problems() == ()
    assert not is_something_new(told.writer())

    told = replace(told, publishes=False)
    told.put(A, WRONG)
    told.put(LOOSE, WRONG)
    assert receipts(told.run()) == [(LOOSE, "rejected", "FILE-050"), (A, "rejected", "FILE-020")]
    assert set(status(told).values()) == {"rejected", "recorded"}
    assert told.run().receipts == ()

    raw(told, A).unlink()
    assert receipts(told.run()) == [(A, "removed", "FILE-020")]
    raw(told, B).unlink()
    assert receipts(told.run()) == [(B, "removed", "FILE-020")]
    assert status(told) == {A: "removed", B: "removed", LOOSE: "rejected", GOOD: "recorded"}
    assert told.problems() == ()


def test_another_file_in_its_place_is_told_by_its_own_receipt(told: Folder) -> None:
    told.put(A, "c;d\n3;4\n")
    told.put(B, RIGHT + "01-02-2017;0899\n")

    assert sorted(receipts(told.run())) == [(A, "rejected", "FILE-020"), (B, "recorded", "DELIVERY-010")]

    rows = (
        told.table("deliveries").filter(pl.col("file_name").is_in([A, B])).select("file_name", "status").sort(pl.all())
    )
    assert rows.rows() == [(A, "rejected"), (A, "removed"), (B, "recorded"), (B, "removed")]
    assert told.run().receipts == ()


def test_of_what_cannot_be_looked_at_nothing_is_said_to_be_gone(told: Folder) -> None:
    away = told.data / "away"
    shutil.move(told.settings.raw / "caseload" / "deep", away)
    (told.settings.raw / "caseload" / "deep").touch()  # as a folder that cannot be opened is listed: under its own name
    assert [(name, what) for name, what, _ in receipts(told.run())] == [("caseload/deep", "rejected")]
    (told.settings.raw / "caseload" / "deep").unlink()
    shutil.move(away, told.settings.raw / "caseload" / "deep")
    assert [(name, what) for name, what, _ in receipts(told.run())] == [("caseload/deep", "removed")]
    shutil.move(told.settings.raw, away)
    told.settings.raw.mkdir()
    assert told.run().receipts == (), "a share that is not mounted"
