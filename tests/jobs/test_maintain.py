"""Upkeep changes how the log lies on disk and nothing else: not a row, not a figure, not what was known on a day."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable
from polars.testing import assert_frame_equal

from pipeline.commands.maintain import MAINTAIN
from pipeline.jobs.release import known_on as aside
from pipeline.jobs.upkeep.maintain import MANY_FILES, Maintained, maintain, tidy
from pipeline.store.log import maintenance, merge
from pipeline.store.log.log import Log
from pipeline.store.log.log_schemas import DELIVERY_EVENTS
from pipeline.store.log.table import LogTable
from pipeline.store.releases import releases
from schemas.catalogue import SOURCES
from schemas.source import ReadMode
from tests.jobs.folder import (
    CLAIMS,
    TOTALS,
    Folder,
    begin,
    benefit,
    caseload,
    claim,
    csv,
    end,
    start,
    total,
    tree,
)
from tests.jobs.state import states_of, winners

NOW = timedelta(0)
LONG_AGO = 3 * 86_400
CASELOAD_TABLES = ("caseload_stock", "caseload_flow", "outflow_reasons")
DAYS = (date(2017, 1, 20), date(2017, 3, 1), date(2017, 5, 15), date(2018, 1, 1))


def upkeep(folder: Folder, older_than: timedelta = timedelta(days=1), keep: int = 10) -> Maintained:
    return maintain(folder.writer(), lambda _: None, keep_releases=keep, orphans_older_than=older_than)


def age(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (time.time() - LONG_AGO,) * 2)


@pytest.fixture(scope="module")
def three_nights(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Three nights: months of benefits and totals over two years, redeliveries, held, rejected and copied files."""
    folder = Folder.at(tmp_path_factory.mktemp("three"))
    for number in range(1, 5):
        day = f"01-{number:02d}-2017"
        again = benefit(9000, peildatum=day, ingangsdatum="31-02-2017")
        rows = [benefit(n, peildatum=day) for n in range(20 + number)]
        folder.put(f"caseload/2017-{number:02d}-07_m.csv", caseload(*rows, rows[1], again))
        reported = [total(peildatum=day, aantal=20 + number)]
        folder.put(f"caseload_totals/2017-{number:02d}-08_t.csv", csv(TOTALS, reported))
    folder.run()
    folder.put("caseload/2017-05-10_again.csv", caseload(*(benefit(n) for n in range(30))))
    folder.put("caseload/2017-05-11_old.csv", caseload(*(benefit(n, peildatum="01-12-2016") for n in range(20))))
    folder.put(
        "caseload/held.csv",
        caseload(*(benefit(n, ingangsdatum="x") for n in (1, 3)), benefit(2, peildatum="01-12-2017")),
    )
    folder.run()
    folder.put("caseload/2017-05-12_copy.csv", caseload(*(benefit(n) for n in range(30))))
    folder.put("caseload_totals/wrong.csv", "a;b\n1;2\n")
    folder.put("published_figures/2017-06-01_p.csv", csv(CLAIMS, [claim(1, waarde="30"), claim(2, waarde="22")]))
    folder.run()
    return folder


@pytest.fixture
def filled(three_nights: Folder, folder: Folder) -> Folder:
    """A copy of those nights."""
    shutil.copytree(three_nights.data, folder.data, symlinks=True)
    return folder


def known_on(folder: Folder) -> list[pl.DataFrame]:
    """Everything that was known on several days."""
    states = states_of(folder, *DAYS, afresh=True, keeps=False)
    frames = [[each.statuses, *(each.table(name) for name in CASELOAD_TABLES)] for each in states]
    whole = [source for source in SOURCES.values() if source.read is not ReadMode.BY_PROVIDER]
    rows = [winners(state, source) for state in states for source in whole]
    ordered = [frame.select(sorted(frame.columns)).sort(pl.all()) for frame in rows]
    return [*(frame for each in frames for frame in each), *ordered]


def files_of_release(folder: Folder) -> dict[str, str]:
    current = releases.current(folder.settings.curated)
    assert current is not None
    return tree(current.path)


def rows_of_log(folder: Folder) -> dict[str, pl.DataFrame]:
    tables = log_at(folder).tables
    return {name: table.rows().collect().sort(pl.all()) for name, table in tables.items() if table.exists}


def same_rows(rows: dict[str, pl.DataFrame], wanted: dict[str, pl.DataFrame]) -> None:
    assert rows.keys() == wanted.keys()
    for name, frame in rows.items():
        assert_frame_equal(frame, wanted[name])


def test_figures_and_what_was_known_on_a_day_are_the_same_to_the_byte(filled: Folder) -> None:
    known, files, rows = known_on(filled), files_of_release(filled), rows_of_log(filled)
    assert not known[1].equals(known[5])  # the days differ in what was known
    done = upkeep(filled, NOW)
    by_name = {table.table: table for table in done.tables}
    assert by_name["deliveries"].files_after == 1 < by_name["deliveries"].files_before
    assert by_name["caseload"].files_after == 2 < by_name["caseload"].files_before  # one for each year
    assert by_name["deliveries"].removed == by_name["deliveries"].files_before
    same_rows(rows_of_log(filled), rows)
    for after, before in zip(known_on(filled), known, strict=True):
        assert_frame_equal(after, before)
    assert files_of_release(filled) == files
    assert filled.problems() == ()


def test_tables_made_anew_after_upkeep_have_the_same_bytes(filled: Folder) -> None:
    files = files_of_release(filled)
    upkeep(filled, NOW)
    (filled.settings.curated / "current").unlink()
    for path in sorted(filled.settings.curated.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert filled.run().receipts == ()
    assert files_of_release(filled) == files
    assert filled.problems() == ()


def test_what_was_known_on_a_day_is_put_aside_with_the_same_bytes_before_and_after(filled: Folder) -> None:
    def put_aside() -> dict[str, str]:
        return tree(aside.known_on(filled.writer(), DAYS[1], lambda _: None).path)

    before = put_aside()
    upkeep(filled, NOW)
    shutil.rmtree(filled.settings.curated / releases.ASIDE)

    assert put_aside() == before
    assert len(before) > len(DAYS)


def test_upkeep_twice_is_upkeep_once(filled: Folder) -> None:
    filled.run()  # knows the files of this copy from now on
    upkeep(filled, NOW)
    upkeep(filled, NOW)
    before = tree(filled.data)
    again = upkeep(filled, NOW)
    assert tree(filled.data) == before
    assert {(table.removed, table.commits_removed, table.note) for table in again.tables} == {(0, 0, "")}
    assert filled.run().receipts == ()
    assert tree(filled.data) == before


def test_a_killed_writers_files_go_and_a_living_writers_stay(filled: Folder) -> None:
    log = filled.writer().log
    event = log.events().head(1)
    rows = log.sources["caseload"].rows().head(5).collect().with_columns(valid_year=pl.lit(2017, pl.Int32()))
    living = log.deliveries.stage(event, "event-living")
    staged = {log.deliveries: log.deliveries.stage(event, "event-killed")}
    staged[log.sources["caseload"]] = log.sources["caseload"].stage(rows, "f" * 20 + "-0")
    killed = [table.path / file.relative for table, files in staged.items() for file in files]
    half = log.deliveries.path / "_delta_log" / "00000000000000000099.json#1"
    half.write_text("{}")
    age(half, *killed)
    before = rows_of_log(filled)
    done = {table.table: table.removed for table in upkeep(filled).tables}
    assert (done["deliveries"], done["caseload"]) == (1, 1)
    assert [path.exists() for path in killed] == [False, False]
    assert not half.exists()
    assert_frame_equal(rows_of_log(filled)["caseload"], before["caseload"])
    assert log.deliveries.commit(living, "living", 0)
    assert filled.writer().log.events().height == before["deliveries"].height + 1


AGAIN = """
import sys
from pathlib import Path
from tests.jobs.folder import Folder
log = Folder.at(Path(sys.argv[1])).writer().log
event = log.events().head(1)
app_ids = sys.argv[2:]
print([log.deliveries.commit(log.deliveries.stage(event, f"event-{n}"), name, 0) for n, name in enumerate(app_ids)])
"""


def test_what_was_committed_before_upkeep_is_not_committed_again(filled: Folder) -> None:
    log = filled.writer().log
    event = log.events().head(1)
    names = [f"delivery-{number}" for number in range(4)]
    assert all(log.append_event(event, name, 0) for name in names)
    upkeep(filled, NOW)
    # A second time: the checkpoint is made from a checkpoint, and the commits themselves are gone from disk.
    log.append_event(event, "one-more", 0)
    upkeep(filled, NOW)
    left = sorted(path.name for path in (log.deliveries.path / "_delta_log").glob("*.json"))
    assert len(left) == 1
    height = filled.writer().log.events().height
    assert not any(filled.writer().log.append_event(event, name, 0) for name in [*names, "one-more"])
    command = [sys.executable, "-c", AGAIN, str(filled.data.parent), *names, "unseen"]
    reported = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert reported.stdout.strip() == str([False] * 4 + [True])
    assert filled.writer().log.events().height == height + 1


def test_who_reads_or_writes_with_an_older_view_goes_on(filled: Folder) -> None:
    log = filled.writer().log
    tables = log.tables.values()
    reading = [table.rows() for table in tables]
    wanted = [table.rows().collect().sort(pl.all()) for table in tables]
    upkeep(filled)
    for rows, frame in zip(reading, wanted, strict=True):
        assert_frame_equal(rows.collect().sort(pl.all()), frame)
    event = log.events().head(1)
    assert log.append_event(event, "after", 0)
    assert not filled.writer().log.append_event(event, "after", 0)


def log_at(folder: Folder) -> Log:
    return Log(folder.settings.log, SOURCES.values())


def one_event(number: int) -> pl.DataFrame:
    stated = {
        "event": "recorded",
        "delivery": f"{number:064x}",
        "source": "caseload_totals",
        "processing": 0,
        "file_name": f"caseload_totals/{number}.csv",
        "delivered_on": date(2017, 1, 1),
        "recorded_at": datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
        "key_id": "none",
    }
    return pl.DataFrame([dict.fromkeys(DELIVERY_EVENTS) | stated], schema=DELIVERY_EVENTS)


def append(log: Log, numbers: range) -> None:
    for number in numbers:
        assert log.append_event(one_event(number), f"delivery-{number}", 0)


def test_who_opens_the_log_reads_few_commits_without_any_upkeep(folder: Folder) -> None:
    append(log_at(folder), range(45))
    commits = log_at(folder).deliveries.path / "_delta_log"
    checkpoints = [int(path.name.split(".")[0]) for path in commits.glob("*.checkpoint.parquet")]
    newest = max(int(path.stem) for path in commits.glob("*.json"))
    assert newest - max(checkpoints) < 20


@pytest.mark.system
def test_appends_while_two_processes_merge_lose_and_double_nothing(folder: Folder) -> None:
    append(log_at(folder), range(20))

    def tend(_: int) -> None:
        for _ in range(8):
            merge.merge_small(log_at(folder).deliveries)
            maintenance.checkpoint(log_at(folder).deliveries)
            maintenance.sweep(log_at(folder).deliveries, timedelta(days=1))

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(tend, number) for number in range(2)]
        jobs += [pool.submit(append, log_at(folder), numbers) for numbers in (range(20, 50), range(50, 80))]
        for job in jobs:
            job.result()
    assert log_at(folder).events()["delivery"].sort().to_list() == [f"{number:064x}" for number in range(80)]
    merge.merge_small(log_at(folder).deliveries)
    assert len(merge.files(log_at(folder).deliveries)) == 1
    assert log_at(folder).events().height == 80


class Overtaken(DeltaTable):
    """A view of a table that another process merges right after this one looked for the last time."""

    def update_incremental(self) -> None:
        super().update_incremental()
        merge.merge_small(LogTable(Path(self.table_uri.removeprefix("file://")), DELIVERY_EVENTS))


def test_of_two_that_merge_the_same_files_one_gives_way(folder: Folder) -> None:
    log = log_at(folder)
    append(log, range(5))
    small = merge.files(log.deliveries)
    assert not merge._merge(log.deliveries, Overtaken(log.deliveries.path), small, 0)
    assert log_at(folder).events().height == 5
    assert len(merge.files(log.deliveries)) == 1


def test_a_big_delivery_and_its_last_small_file_stay_as_they_are(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "SMALL_ROWS", 4)
    table = log_at(folder).deliveries
    rows = pl.concat([one_event(number) for number in range(5)])
    big, small, other = "a" * 20, "b" * 20, "c" * 20
    staged = [*table.stage(rows, f"{big}-0"), *table.stage(rows.head(1), f"{big}-1")]
    staged += [*table.stage(rows.head(1), f"{small}-0"), *table.stage(rows.head(2), f"{other}-0")]
    table.commit(staged, "all", 0)
    assert merge.merge_small(table).files == 2
    names = sorted(file.path for file in merge.files(table))
    assert names[:2] == [f"{big}-0.parquet", f"{big}-1.parquet"]
    assert names[2].startswith("compacted-")
    assert table.rows().collect().height == 9


def test_columns_of_a_newer_version_survive_merging_by_an_older_one(tmp_path: Path) -> None:
    narrow, wide = (
        LogTable(tmp_path / "t", pl.Schema(names)) for names in ({"a": pl.Int64()}, {"a": pl.Int64(), "b": pl.String()})
    )
    narrow.commit(narrow.stage(pl.DataFrame({"a": [1]}), "x-1"), "1", 0)
    wide.commit(wide.stage(pl.DataFrame({"a": [2], "b": ["kept"]}), "x-2"), "2", 0)
    assert merge.merge_small(LogTable(tmp_path / "t", narrow.schema)).files == 2
    read = LogTable(tmp_path / "t", wide.schema).rows().collect()
    assert read.sort("a").rows() == [(1, None), (2, "kept")]


def test_a_maintained_table_is_a_delta_table_like_any_other(filled: Folder) -> None:
    rows = rows_of_log(filled)["caseload"]
    upkeep(filled, NOW)
    read = pl.scan_delta(str(filled.settings.log / "caseload")).collect()
    assert read["valid_year"].unique().sort().to_list() == [2016, 2017]
    assert_frame_equal(read.drop("valid_year").select(rows.columns).sort(pl.all()), rows)


def test_old_releases_and_what_dead_runs_left_go(filled: Folder) -> None:
    curated = filled.settings.curated
    before = releases.releases(curated)
    (curated / ".staging-1-dead").mkdir()
    kept = sorted((curated / ".steps").rglob("*.cell"))
    outdated = [curated / ".tallies" / "v0" / "old.parquet", curated / ".cells" / "book.cell"]
    drafts = [kept[0].with_name(f".x.cell.{'0' * 16}"), filled.settings.log / f".landing-cache.json.{'1' * 16}"]
    for path in (*outdated, *drafts):
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(b"")
    age(*kept, *drafts)
    done = upkeep(filled, keep=1)
    assert releases.releases(curated) == before[-1:]
    assert (done.releases, done.leftovers) == (before[:-1], 5)
    assert [path.exists() for path in (*drafts, *kept)] == [False] * 2 + [True] * len(kept)
    assert not any((curated / name).exists() for name in (".tallies", ".cells"))
    assert filled.problems() == ()
    with pytest.raises(ValueError, match="at least one"):
        upkeep(filled, keep=0)


def test_a_night_tidies_many_small_files_and_nothing_else(filled: Folder) -> None:
    before = tree(filled.data)
    assert tidy(filled.writer()) == ()
    assert tree(filled.data) == before
    there, log = log_at(filled).events().height, log_at(filled).deliveries
    files = len(merge.files(log))
    events = [log.stage(one_event(number), f"event-{number}") for number in range(MANY_FILES)]
    log.commit([file for files in events for file in files], "many", 0)
    (tended,) = tidy(filled.writer())
    assert (tended.table, tended.files_before, tended.files_after) == ("deliveries", files + MANY_FILES, 1)
    after = tree(filled.data)
    assert tidy(filled.writer()) == ()
    assert tree(filled.data) == after
    assert log_at(filled).events().height == there + MANY_FILES


UPKEEP = """
import sys
from datetime import timedelta
from pathlib import Path
from pipeline.jobs.upkeep.maintain import maintain
from tests.jobs.folder import Folder
folder = Folder.at(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
maintain(folder.writer(), lambda _: None, keep_releases=1, orphans_older_than=timedelta(0))
"""


@pytest.mark.system
def test_killed_at_any_moment_nothing_is_lost(filled: Folder) -> None:
    files = files_of_release(filled)
    codes = []
    for number, after in enumerate((0.3, 0.1, 0.0)):
        append(log_at(filled), range(3 * number, 3 * number + 3))
        rows = rows_of_log(filled)
        child = subprocess.Popen(
            [sys.executable, "-c", UPKEEP, str(filled.data.parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        begin(child)
        codes.append(end(child, after=after))
        same_rows(rows_of_log(filled), rows)
    assert -signal.SIGKILL in codes
    done = upkeep(filled, NOW, keep=1)
    assert {table.files_after for table in done.tables if table.table == "deliveries"} == {1}
    same_rows(rows_of_log(filled), rows)
    assert files_of_release(filled) == files


@pytest.mark.system
def test_beside_a_run_both_end_well(filled: Folder, tmp_path: Path) -> None:
    for number in range(5, 9):
        day = f"01-{number:02d}-2017"
        filled.put(f"caseload_totals/2017-{number:02d}-08_t.csv", csv(TOTALS, [total(peildatum=day, aantal=number)]))
    child = start(filled)
    begin(child)
    while child.poll() is None:
        upkeep(filled)
    assert end(child) == 0
    totals = filled.log_rows("caseload_totals")
    assert totals.select("delivery", "row").is_duplicated().sum() == 0
    assert totals.height == 8
    assert filled.run().receipts == ()
    assert filled.problems() == ()


def reported(folder: Folder, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    parser = argparse.ArgumentParser()
    MAINTAIN.add_to(parser.add_subparsers())
    chosen = parser.parse_args(["maintain", "--data-dir", str(folder.data), *options])
    assert chosen.command(chosen) == 0
    return capsys.readouterr().out


def test_the_command_says_what_it_did(
    filled: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UITSTROOM_KEY", filled.settings.key or "")
    there = len(merge.files(filled.writer().log.deliveries))
    printed = reported(filled, capsys, "--keep-releases", "1")
    assert f" {there} -> 1 " in next(line for line in printed.splitlines() if line.startswith("deliveries"))
    assert "Releases removed: " in printed
    assert "none" not in printed
    assert '"releases": []' in reported(filled, capsys, "--json")
    with pytest.raises(SystemExit):
        reported(filled, capsys, "--keep-releases", "0")
