"""A night is quiet only where any night would find nothing to do; each cause of work ends the look; nothing is done."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.ingest.closed_desk import ClosedDesk
from pipeline.jobs.nightly import take_in
from pipeline.jobs.quiet_night import quiet_night
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.rollback import rollback
from pipeline.jobs.workspace import Writer
from pipeline.settings import SiteSettings
from pipeline.steward.terminal_summary import summary
from pipeline.store.log.log import Log
from pipeline.store.log.sealed import SealedTable, WouldWrite
from schemas.catalogue import SOURCES
from schemas.vocabulary import Decision
from tests.jobs.folder import TOTALS, Folder, benefit, caseload, csv, total, tree

FEBRUARY, HELD = "caseload/2017-02-07_feb.csv", "caseload/2017-02-08_held.csv"
FUTURE, WRONG, BROKEN = "caseload/2999-02-07_x.csv", "elsewhere/x.csv", "caseload/2017-02-09_broken.csv"
BAD = {"ingangsdatum": "31-02-2017"}


def start(root: Path) -> Folder:
    folder = Folder.at(root, with_pages=True)
    folder.put(FEBRUARY, caseload(*(benefit(n) for n in range(1, 20)), benefit(20, **BAD)))
    folder.put(HELD, caseload(benefit(1, **BAD), benefit(2, **BAD), benefit(3, peildatum="01-01-2017")))
    folder.put(FUTURE, caseload(benefit(31)))
    folder.put(WRONG, "a;b\n1;2\n")
    folder.put(BROKEN, "a;b\n1;2\n")
    folder.run()
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return start(tmp_path_factory.mktemp("quiet"))


@pytest.fixture
def folder(made: Folder, tmp_path: Path) -> Folder:
    """A copy of that folder, whose files a night has seen: it had nothing else to do."""
    folder = Folder.at(tmp_path, with_pages=True)
    shutil.copytree(made.data, folder.data, symlinks=True)
    assert not folder.run().published.is_new
    assert quiet_night(folder.writer()) is not None
    return folder


def take(folder: Folder, decision: Decision, file_name: str) -> None:
    delivery = folder.events().filter(pl.col("file_name") == file_name)["delivery"][0]
    decide(folder.writer(), decision, delivery, by="a steward", why="to see what happens")


def current(folder: Folder) -> Path:
    return (folder.settings.curated / "current").resolve()


def lost(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def go_back(folder: Folder) -> None:
    before = current(folder).name
    folder.put("caseload_totals/2017-02-10_t.csv", csv(TOTALS, [total(aantal="19")]))
    folder.run()
    rollback(folder.writer(), before, by="a steward", why="to see what happens")


def counts_again(folder: Folder) -> None:
    take(folder, Decision.RETRACTED, FEBRUARY)
    folder.run()
    take(folder, Decision.REINSTATED, FEBRUARY)


def another_sidecar(folder: Folder) -> None:
    folder.put(f"{FEBRUARY}.meta.json", '{"sender": "Brunssum"}')
    folder.run()
    folder.put(f"{FEBRUARY}.meta.json", '{"sender": "Heerlen"}')


CAUSES: dict[str, Callable[[Folder], object]] = {
    "a new file": lambda folder: folder.put("caseload/2017-03-07_m.csv", caseload(benefit(41, peildatum="01-03-2017"))),
    "the same bytes under another name": lambda folder: folder.put(
        "caseload/2017-02-09_copy.csv", (folder.settings.raw / FEBRUARY).read_bytes()
    ),
    "a file below a folder of no source": lambda folder: folder.put("elsewhere/y.csv", "a;b\n"),
    "a sidecar without its file": lambda folder: folder.put("caseload/gone.csv.meta.json", "{}"),
    "a sidecar of a known file": lambda folder: folder.put(f"{FEBRUARY}.meta.json", '{"sender": "Brunssum"}'),
    "another sidecar of it": another_sidecar,
    "other bytes in a known file": lambda folder: folder.put(FEBRUARY, caseload(*(benefit(n) for n in range(1, 22)))),
    "the same bytes, written again": lambda folder: folder.put(BROKEN, (folder.settings.raw / BROKEN).read_bytes()),
    "a delivery that is accepted": lambda folder: take(folder, Decision.ACCEPTED, HELD),
    "a delivery that is taken back": lambda folder: take(folder, Decision.RETRACTED, FEBRUARY),
    "one that counts again": counts_again,
    "files that were taken in by a night that was killed": lambda folder: (
        folder.put("caseload_totals/2017-02-11_t.csv", csv(TOTALS, [total(peildatum="01-01-2017")])),
        folder.take_in(),
    ),
    "no release": lambda folder: (lost(current(folder)), (folder.settings.curated / "current").unlink()),
    "a release whose folder is gone": lambda folder: lost(current(folder)),
    "a table that is gone": lambda folder: lost(current(folder) / "caseload_stock.parquet"),
    "a table that was cut off": lambda folder: os.truncate(current(folder) / "caseload_flow.parquet", 100),
    "pages that are gone": lambda folder: lost(current(folder) / "site"),
    "no memory of what files are": lambda folder: lost(folder.settings.log / "landing-cache.json"),
    "a rejected file that is gone": lambda folder: (folder.settings.raw / BROKEN).unlink(),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_with_something_to_do_a_night_is_not_quiet_and_nothing_is_done(folder: Folder, cause: str) -> None:
    CAUSES[cause](folder)
    before = tree(folder.data)

    assert quiet_night(folder.writer()) is None
    assert tree(folder.data) == before


OF_THE_RELEASE = {
    "no release", "a release whose folder is gone", "a table that is gone", "a table that was cut off",
    "pages that are gone",
}  # fmt: skip


@pytest.mark.system
def test_a_night_after_all_of_them_makes_the_next_one_quiet(folder: Folder) -> None:
    for cause, done in CAUSES.items():
        if (
            cause not in OF_THE_RELEASE and cause != "a delivery that is taken back"
        ):  # as one that counts again is first
            done(folder)
    for cause in ("a table that is gone", "a table that was cut off", "pages that are gone"):
        CAUSES[cause](folder)
    folder.run()
    assert quiet_night(folder.writer()) is not None

    for cause in ("a release whose folder is gone", "no release"):
        CAUSES[cause](folder)
        folder.run()
        assert quiet_night(folder.writer()) is not None


CHANGED: dict[str, Callable[[Writer], Writer]] = {
    "other rules": lambda writer: replace(writer, rules_version="0" * 12),
    "another program": lambda writer: replace(writer, code_version="0.2.0+0"),
    "other pages": lambda writer: replace(writer, settings=replace(writer.settings, site=SiteSettings(least_group=5))),
    "the day on which a file can have been delivered": lambda writer: replace(
        writer, recorded_at=writer.recorded_at + timedelta(days=366 * 980)
    ),
}


@pytest.mark.parametrize("cause", CHANGED)
def test_with_other_rules_pages_or_another_day_a_night_is_not_quiet(folder: Folder, cause: str) -> None:
    before = tree(folder.data)

    assert quiet_night(folder.writer()) is not None
    assert quiet_night(CHANGED[cause](folder.writer())) is None
    assert tree(folder.data) == before


def test_a_quiet_night_is_the_night_that_any_would_have_been(folder: Folder) -> None:
    before = tree(folder.data)
    quiet = quiet_night(folder.writer())
    assert quiet is not None
    assert tree(folder.data) == before

    ran = folder.run()

    assert (ran.receipts, ran.published.is_new) == ((), False)
    assert quiet.published == ran.published
    assert tree(folder.data) == before
    assert WRONG in [receipt.file_name for receipt in quiet.not_taken]
    assert f"FILE-038 {WRONG}" in summary(quiet)


def test_what_lies_beside_the_log_is_put_right_by_a_quiet_night_too(folder: Folder) -> None:
    before = tree(folder.data)
    pointer = folder.settings.curated / "current.json"
    pointer.write_text(json.dumps({"id": "another"}), "utf-8")
    for path in folder.settings.quarantine.rglob("*.parquet"):
        path.unlink()

    assert quiet_night(folder.writer()) is not None
    assert tree(folder.data) == before


def test_a_recorded_file_that_is_gone_changes_nothing(folder: Folder) -> None:
    path = folder.put("caseload_totals/2017-02-12_t.csv", csv(TOTALS, [total(peildatum="01-12-2016")]))
    folder.run()
    path.unlink()

    assert quiet_night(folder.writer()) is not None
    assert folder.run().receipts == ()


def test_a_folder_without_a_night_is_not_quiet(tmp_path: Path) -> None:
    assert quiet_night(Folder.at(tmp_path).writer()) is None


def test_who_only_looks_can_neither_write_nor_read(folder: Folder) -> None:
    log = Log(folder.settings.log, SOURCES.values(), table=SealedTable)

    for table in log.tables.values():
        with pytest.raises(WouldWrite):
            table.stage(pl.DataFrame(schema=table.schema), "x")
        with pytest.raises(WouldWrite):
            table.commit([], "x", 0)
        with pytest.raises(WouldWrite):
            table.commit_together([])
    assert vars(ClosedDesk()) == {}


def test_neither_half_a_night_nor_an_earlier_release_is_quiet(tmp_path: Path) -> None:
    folder = start(tmp_path)
    take(folder, Decision.ACCEPTED, HELD)
    assert quiet_night(folder.writer()) is None

    writer = folder.writer()
    assert [receipt.file_name for receipt in take_in(writer, lambda _: None)] == [HELD]
    assert quiet_night(folder.writer()) is None
    assert release(writer, lambda _: None).is_new
    assert quiet_night(folder.writer()) is not None

    go_back(folder)
    assert quiet_night(folder.writer()) is None
    assert folder.run().published.rolled_back is not None
