"""Faults: a small share of ``make torture``, and what it rests on seen one by one.

Every fault is real: processes are killed, the system refuses to write. What the full numbers came to stands in
``docs/reliability.md``.
"""

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from pipeline.errors import CannotWrite, write_errors_explained
from pipeline.jobs.nightly import take_in
from pipeline.jobs.upkeep.checkup import doctor
from pipeline.jobs.workspace import open_writer
from pipeline.store import keys, quarantine
from pipeline.store.fs import atomic_write
from pipeline.store.releases import releases
from tests.jobs.folder import Folder, benefit, caseload
from torture import deliveries, reader
from torture.__main__ import theatre
from torture.cells_killed import cells_killed
from torture.disks import full_disk, full_quota
from torture.first_runs import first_runs
from torture.folder import DataFolder
from torture.killings import kills, pairs
from torture.permission_faults import clock_back, left_behind, no_access, read_only
from torture.sums import signs_of_a_mix
from torture.writer import PARTS

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
A_SHARE = (
    (kills, 2),
    (cells_killed, 2),
    (first_runs, 1),
    (pairs, 1),
    (full_disk, 1),
    (full_quota, 1),
    (read_only, 1),
    (no_access, 1),
    (left_behind, 1),
    (clock_back, 1),
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach; the one of pytest is closed to them."""
    with tempfile.TemporaryDirectory(prefix="uitstroom-") as name:
        yield Path(name)


@pytest.mark.system
def test_a_share_of_the_torture_finds_no_fault(open_folder: Path) -> None:
    with theatre(open_folder, waves=2, seed=20170301, tell=lambda _: None) as (ground, crew):
        accounts = [torture(ground, crew, count) for torture, count in A_SHARE]

    assert [f"{account.name}, {fault}" for account in accounts for fault in account.faults] == []
    assert all(account.done >= count or account.skipped for account, (_, count) in zip(accounts, A_SHARE, strict=True))
    rounds = crew.watching.total
    assert rounds["mixed"] + rounds["failed"] + rounds["cut off"] == 0, crew.watching.signs
    assert all(seen["whole"] > 0 for seen in crew.watching.rounds.values())


@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of a release and of the one after it."""
    folder = DataFolder(tmp_path_factory.mktemp("releases"), "2020-01-01")
    paths = []
    for files in (deliveries.first(), deliveries.wave(1)):
        folder.put(files)
        folder.run()
        current = releases.current(folder.settings.curated)
        assert current is not None
        paths.append(current.path)
    return paths[0], paths[1]


@pytest.mark.system
@pytest.mark.parametrize("name", reader.TOOLS)
def test_readers_tell_one_release_from_a_mix_of_two(name: str, two_releases: tuple[Path, Path], tmp_path: Path) -> None:
    before, after = two_releases
    tool = reader.tool(name)
    assert [signs_of_a_mix(each, tool) for each in two_releases] == [[], []]
    for table in ("caseload_stock", "caseload_flow", "deliveries", "findings"):
        mixed = shutil.copytree(after, tmp_path / table)
        shutil.copy(before / f"{table}.parquet", mixed)
        # The numbers of rows may happen to agree: then the sums have to tell.
        manifest = json.loads((mixed / "manifest.json").read_bytes())
        manifest["files"][f"{table}.parquet"]["rows"] = tool.height(mixed / f"{table}.parquet")
        (mixed / "manifest.json").write_text(json.dumps(manifest))
        assert signs_of_a_mix(mixed, tool) != []


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=6_000)])
def test_recorded_at_never_goes_back(folder: Folder, back: timedelta) -> None:
    folder.put("caseload/2017-02-07_m.csv", caseload(benefit(1), benefit(2)))
    take_in(open_writer(folder.settings, clock=lambda: NOON), lambda _: None)

    writer = open_writer(folder.settings, clock=lambda: NOON - back)

    assert writer.recorded_at == NOON + timedelta(microseconds=1)
    assert open_writer(folder.settings, clock=lambda: NOON + back).recorded_at == NOON + back


@pytest.mark.system
def test_of_deliveries_of_one_day_the_hash_tells_the_winner_also_with_a_clock_that_jumped_back(folder: Folder) -> None:
    counts: dict[str, int] = {}
    winners = []
    for number, moment in ((5, NOON), (3, NOON - timedelta(days=1)), (4, NOON - timedelta(days=2))):
        rows = [benefit(each) for each in range(number)]
        path = folder.put(f"caseload/2017-02-07_{number}.csv", caseload(*rows))
        counts[sha256(path.read_bytes()).hexdigest()] = number
        take_in(open_writer(folder.settings, clock=lambda moment=moment: moment), lambda _: None)
        folder.run()
        winners.append(counts[max(counts)])
        assert folder.stock()["GM0899", "2017-02-01", "pw"] == winners[-1]
    assert winners != list(counts.values())  # else the one recorded last may have won for that reason


def test_doctor_sees_a_clock_that_is_behind_the_log(folder: Folder) -> None:
    folder.put("caseload/2017-02-07_m.csv", caseload(benefit(1)))
    ahead = datetime.now(UTC) + timedelta(days=3)
    take_in(open_writer(folder.settings, clock=lambda: ahead), lambda _: None)

    (clock,) = [check for check in doctor(folder.settings) if check.name == "clock"]

    assert not clock.is_ok
    assert clock.found.startswith(("2 days", "3 days"))


REFUSALS = (
    (OSError(errno.ENOSPC, "No space left on device", "/data/log/x"), "the disk is full, while storing: /data/log/x."),
    (OSError("Generic LocalFileSystem error\n ↳ Unable to copy data to file\n ↳ No space left (os error 28)\n"),
     "the disk is full, while storing: /data."),
    (OSError("Unable to open file /data/log/1.json#1\n\x1b[31m↳\x1b[0m Read-only file system (os error 30)"),
     "the folder is read-only, while storing: /data/log/1.json#1."),
    (OSError("Permission denied (os error 13): .../caseload/x.parquet (set POLARS_VERBOSE=1 to see full path)"),
     "this account has no access, while storing: .../caseload/x.parquet."),
    (OSError("Permission denied (os error 13): /data/log/x.parquet"), "while storing: /data/log/x.parquet."),
    (OSError("[Errno 28] Error writing bytes to file. Detail: [errno 28] No space left on device"), "the disk is full"),
    (pl.exceptions.ComputeError("parquet: underlying IO error: Too large (os error 27)"), "larger than is allowed"),
    (pl.exceptions.ComputeError("parquet: out of specification: Invalid thrift: transport error"), "takes no more"),
    (ValueError('Error: Os { code: 30, kind: ReadOnlyFilesystem, message: "Read-only file system" }'), "is read-only"),
)  # fmt: skip


@pytest.mark.parametrize(("refusal", "words"), REFUSALS)
def test_a_refusal_of_the_system_is_told_with_the_next_step(refusal: Exception, words: str) -> None:
    with pytest.raises(CannotWrite) as reported, write_errors_explained("storing", "/data"):
        raise refusal

    assert words in str(reported.value)
    assert "is safe" in str(reported.value)
    assert "then run again" in str(reported.value)


@pytest.mark.parametrize("error", [OSError(errno.ENOENT, "no such file"), ValueError("of our own making"), KeyError(1)])
def test_what_is_not_a_refusal_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)) as raised, write_errors_explained("storing", "/data"):
        raise error

    assert raised.value is error


def test_a_file_whose_writing_failed_is_as_it_was_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text("before")

    def fail_half_way() -> None:
        with atomic_write(path) as draft:
            draft.write_text("half")
            draft.with_name("nowhere").read_text()

    with pytest.raises(FileNotFoundError):
        fail_half_way()

    assert [each.name for each in tmp_path.iterdir()] == ["small.json"]
    assert path.read_text() == "before"


def test_drafts_of_dead_processes_with_our_number_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    (tmp_path / f".data.key.{os.getpid()}").write_text("half a k")

    key = keys.load_or_make(path, None, may_make=True)

    assert key == keys.load_or_make(path, None, may_make=False)
    assert sorted(each.name for each in tmp_path.iterdir()) == [f".data.key.{os.getpid()}", "data.key"]


def test_a_damaged_file_in_quarantine_is_made_again(tmp_path: Path) -> None:
    reasons = pl.DataFrame({"source": ["caseload"], "delivery": ["d"], "row": [3], "reasons": [["CASELOAD-001"]]})
    assert quarantine.write(tmp_path, reasons) == 1
    path = tmp_path / "caseload" / "d.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    assert (quarantine.write(tmp_path, reasons), quarantine.write(tmp_path, reasons)) == (1, 0)
    assert path.read_bytes() == whole


def test_the_parts_of_a_run_are_told_by_functions_that_there_are() -> None:
    """A share of the torture is too small to miss a part that is never named any more."""
    places = (Path(__file__).parents[2] / each for each in ("src/pipeline", "torture"))
    written = "".join(path.read_text(encoding="utf-8") for place in places for path in place.rglob("*.py"))

    assert [name for name in PARTS if f"def {name}(" not in written] == []
