"""Twice is once: runs repeated, rebuilt, at the same time, and killed half-way all leave the same tables."""

import random
import shutil
import signal
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from polars.testing import assert_frame_equal

from pipeline.store.log.table import LogTable, Once
from pipeline.store.releases import releases
from schemas.catalogue import TABLES
from tests.jobs.folder import (
    CBS,
    CLAIMS,
    TOTALS,
    Folder,
    begin,
    benefit,
    caseload,
    claim,
    conserved,
    csv,
    end,
    end_at_change,
    region,
    start,
    total,
    tree,
)
from tests.ready_made import ReadyMade

BAD = {"ingangsdatum": "31-02-2017"}


def month(number: int, size: int, **changed: object) -> str:
    """One month: some ended, one cannot be read, one is there twice."""
    day = f"01-{number:02d}-2017"
    ended = {"einddatum": f"15-{number - 1 or 12:02d}-{2017 - (number == 1)}", "reden_einde": "11"}
    rows = [benefit(n, peildatum=day, **(ended if n % 17 == number else {}), **changed) for n in range(size)]
    return caseload(*rows, rows[1], benefit(9000, peildatum=day, **BAD))


def fill(folder: Folder, months: int = 4) -> None:
    """Deliveries with every outcome: recorded, superseded, held, rejected in several ways, copied."""
    for number in range(1, months + 1):
        folder.put(f"caseload/2017-{number:02d}-07_m.csv", month(number, 30 + number))
        rows = [total(peildatum=f"01-{number:02d}-2017", aantal=30 + number)]
        folder.put(f"caseload_totals/2017-{number:02d}-08_t.csv", csv(TOTALS, rows))
    folder.put("caseload/2017-05-30_again.csv", month(2, 40, gemeentecode="GM0899"))
    folder.put("caseload/2017-05-31_copy.csv", month(2, 40, gemeentecode="GM0899"))
    folder.put("caseload/held.csv", caseload(benefit(1, **BAD), benefit(3, **BAD), benefit(2, peildatum="01-12-2017")))
    folder.put("caseload/empty.csv", "")
    folder.put("caseload/x.csv/inner.csv", "a;b\n")
    folder.put("caseload_totals/wrong.csv", month(3, 20))
    folder.put("caseload/wrong.csv", csv(TOTALS, [total()]))
    folder.put("caseload_totals/right.csv", csv(TOTALS, [total()]))
    folder.put("published_figures/2017-06-01_p.csv", csv(CLAIMS, [claim(1), claim(2, waarde="31")]))
    folder.put("municipal_statistics/83450NED_2015.csv", csv(CBS, [region(899), region(882)]))


@pytest.fixture
def filled(folder: Folder) -> Folder:
    fill(folder)
    return folder


def fill_and_run(folder: Folder) -> None:
    fill(folder)
    folder.run()


@pytest.fixture
def ran(folder: Folder, ready_made: ReadyMade) -> Folder:
    """The same after one night."""
    return ready_made.copy(fill_and_run, folder)


def same_tables(one: Folder, other: Folder) -> None:
    """All curated tables are equal but for the moment of recording, and what changed from release to release."""
    for name in TABLES.keys() - {"restatements", "releases"}:
        frames = [each.table(name) for each in (one, other)]
        if "recorded_at" in frames[0].columns:
            frames = [frame.drop("recorded_at") for frame in frames]
        assert_frame_equal(*frames)


def each_delivery_once(folder: Folder) -> None:
    events = folder.events().filter(pl.col("event") != "copied")
    assert events.select("source", "delivery", "processing").is_duplicated().sum() == 0
    for source in ("caseload", "caseload_totals", "published_figures", "municipal_statistics"):
        assert folder.log_rows(source).select("delivery", "processing", "row").is_duplicated().sum() == 0
    findings = folder.writer().log.findings.rows().collect()
    assert findings.is_duplicated().sum() == 0
    assert conserved(folder.table("deliveries"))
    assert folder.problems() == ()


def test_running_twice_changes_nothing(filled: Folder) -> None:
    first = filled.run()
    before = tree(filled.data)
    second = filled.run()
    assert {receipt.status for receipt in first.receipts} == {"recorded", "held", "rejected", "copied"}
    assert (second.receipts, second.published.is_new) == ((), False)
    assert second.published.release.id == first.published.release.id
    assert tree(filled.data) == before
    each_delivery_once(filled)


def test_small_deliveries_are_committed_together(ran: Folder) -> None:
    log = ran.writer().log
    dealt_with = log.events().height
    assert dealt_with > 10
    assert max(log.deliveries.version(), log.findings.version()) < dealt_with // 2, "not one commit for each"


def test_the_tables_that_a_folder_without_releases_tells_are_those_of_a_release(ran: Folder) -> None:
    unpublished = replace(ran, publishes=False)
    for name, table in TABLES.items():
        if not table.names_release:
            assert_frame_equal(unpublished.table(name), ran.table(name))


class _Stopped(BaseException):
    """In place of a run that was ended."""


@pytest.mark.parametrize("step", [0, *(pytest.param(step, marks=pytest.mark.system) for step in (1, 2, 3))])
def test_stopped_between_the_steps_of_a_commit_of_many_and_run_again_is_as_undisturbed(
    tmp_path: Path, ready_made: ReadyMade, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    folder, undisturbed = Folder.at(tmp_path / "one"), ready_made.copy(fill_and_run, Folder.at(tmp_path / "other"))
    fill(folder)
    commit, steps = LogTable.commit_together, iter(range(100))

    def stopped(self: LogTable, parts: Iterable[Once]) -> list[Once]:
        if next(steps) == step:
            raise _Stopped
        return commit(self, parts)

    monkeypatch.setattr(LogTable, "commit_together", stopped)
    with pytest.raises(_Stopped):
        folder.run()
    log = folder.writer().log
    for table in log.tables.values():
        assert len(list(Path(str(table.path)).rglob("*.parquet"))) == len(table.listed()), "nothing is left lying"
    folder.run()
    each_delivery_once(folder)
    same_tables(folder, undisturbed)


def _derived(folder: Folder) -> None:
    shutil.rmtree(folder.settings.curated)
    shutil.rmtree(folder.settings.quarantine)


def _derived_and_raw(folder: Folder) -> None:
    _derived(folder)
    shutil.rmtree(folder.settings.raw)


def _derived_and_cache(folder: Folder) -> None:
    _derived(folder)
    (folder.settings.log / "landing-cache.json").unlink()


def _compact(folder: Folder) -> None:
    _derived(folder)
    for table in folder.settings.log.iterdir():
        if table.is_dir():
            DeltaTable(table).optimize.compact()


def _release_alone(folder: Folder) -> None:
    shutil.rmtree(folder.settings.curated / "releases")


@pytest.mark.parametrize("lose", [_derived, _derived_and_raw, _derived_and_cache, _compact, _release_alone])
def test_what_is_derived_is_rebuilt_to_the_byte(ran: Folder, lose: Callable[[Folder], None]) -> None:
    first = releases.current(ran.settings.curated)
    before = {part: tree(ran.data / part) for part in ("curated", "quarantine")}
    lose(ran)
    again = ran.run()
    assert again.receipts == ()
    assert again.published.release == first
    assert {part: tree(ran.data / part) for part in ("curated", "quarantine")} == before
    assert before["quarantine"]
    assert ran.problems() == ()


@pytest.mark.system
def test_night_by_night_gives_what_one_night_gives(ran: Folder, tmp_path: Path) -> None:
    nightly = Folder.at(tmp_path / "nightly")
    names = sorted(path for path in ran.settings.raw.rglob("*") if path.is_file())
    for night in range(0, len(names), 4):
        for path in names[night : night + 4]:
            nightly.put(path.relative_to(ran.settings.raw).as_posix(), path.read_bytes())
        nightly.run()
    same_tables(nightly, ran)
    each_delivery_once(nightly)


@pytest.mark.system
@pytest.mark.parametrize("processes", [4])
def test_processes_at_the_same_time_record_every_delivery_once(filled: Folder, tmp_path: Path, processes: int) -> None:
    undisturbed = Folder.at(tmp_path / "undisturbed")
    fill(undisturbed)
    undisturbed.put("caseload/2017-08-10_late.csv", month(7, 50))
    undisturbed.run()
    for children in [[start(filled) for _ in range(processes)] for _ in range(2)]:
        begin(*children)
        assert [end(child) for child in children] == [0] * processes
        filled.put("caseload/2017-08-10_late.csv", month(7, 50))
    filled.run()
    each_delivery_once(filled)
    same_tables(filled, undisturbed)
    assert filled.run().receipts == ()


@pytest.mark.system
@pytest.mark.parametrize("kills", [10])
def test_killed_at_any_moment_and_run_again_is_as_undisturbed(tmp_path: Path, kills: int) -> None:
    undisturbed, killed = Folder.at(tmp_path / "undisturbed"), Folder.at(tmp_path / "killed")
    for folder in (undisturbed, killed):
        fill(folder, months=7)
    undisturbed.run()
    draw = random.Random(20170301)
    codes = [end_at_change(child, killed, draw.randint(1, 60)) for child in [start(killed) for _ in range(kills)]]
    killed.run()
    assert codes.count(-signal.SIGKILL) >= kills // 2
    each_delivery_once(killed)
    same_tables(killed, undisturbed)
    assert killed.run().receipts == ()
    assert list(killed.settings.curated.glob(".staging*")) == []
