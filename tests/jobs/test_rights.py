"""Folders are their owner's alone; groups are let in by setting; what is open to others is told."""

import fcntl
import grp
import multiprocessing
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import WrongSetting
from pipeline.exports.write import FORMATS, export
from pipeline.jobs.release.exporting import content_of
from pipeline.jobs.release.known_on import known_on
from pipeline.jobs.upkeep.checkup import doctor
from pipeline.jobs.workspace import open_writer
from pipeline.settings import ReaderSettings, Settings, SiteSettings, load
from pipeline.store.rights import openings
from pipeline.store.write_lock import write_lock
from tests.jobs.folder import KEY, Folder, benefit, caseload

PLACES = {"releases", "known-on", "clients", "current.json"}
GROUP = grp.getgrgid(os.getegid()).gr_name
NOBODY = 65_534
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody on the machine can reach; those of pytest are closed."""
    with tempfile.TemporaryDirectory(prefix="uitstroom-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def settings(place: Path, *, group: str = "", clients: str = "") -> Settings:
    return Settings(place / "data", place / "data.key", readers=ReaderSettings(group, clients))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(made: Settings) -> dict[str, int]:
    return {path.name: mode(path) for path in (made.data_dir, made.raw, made.log, made.quarantine, made.curated)}


def test_folders_are_made_for_their_owner_alone(place: Path) -> None:
    made = settings(place)
    open_writer(made)
    assert set(modes(made).values()) == {0o700}
    assert openings(made) == ()


def test_a_folder_that_was_there_before_the_first_run_is_closed_to_strangers_and_left_to_its_group(place: Path) -> None:
    made = settings(place)
    made.raw.mkdir(parents=True)
    made.raw.chmod(0o2775)
    made.data_dir.chmod(0o755)
    open_writer(made)
    assert (mode(made.raw), mode(made.data_dir)) == (0o2770, 0o710)
    assert [str(each) for each in openings(made)] == [f"raw is open to group {GROUP}"]
    assert all(check.is_ok for check in doctor(made) if check.name == "rights")


def test_what_an_operator_set_later_stays(place: Path) -> None:
    made = settings(place)
    open_writer(made)
    made.raw.chmod(0o755)
    open_writer(made)
    assert mode(made.raw) == 0o755


def test_groups_that_settings_name_are_let_into_the_releases_and_nowhere_else(place: Path) -> None:
    made = settings(place, group=GROUP, clients=GROUP)
    open_writer(made)
    assert modes(made) == {"data": 0o711, "raw": 0o700, "log": 0o700, "quarantine": 0o700, "curated": 0o2750}
    assert mode(made.curated / "clients") == 0o2750
    assert not (mode(made.curated / ".steps") | mode(made.data_dir / "plans")) & 0o077
    assert {str(each) for each in openings(made)} == {
        f"curated is open to group {GROUP}", f"curated/clients is open to group {GROUP}"
    }  # fmt: skip


def test_a_group_that_is_not_there_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("UITSTROOM_READERS", "no-such-group")
    with pytest.raises(WrongSetting, match="UITSTROOM_READERS names no group"):
        load(place / "data")
    monkeypatch.delenv("UITSTROOM_READERS")
    monkeypatch.setenv("UITSTROOM_CLIENT_READERS", GROUP)
    with pytest.raises(WrongSetting, match="needs UITSTROOM_READERS"):
        load(place / "data")


def test_doctor_says_what_is_open_to_whom(place: Path) -> None:
    made = settings(place)
    open_writer(made)
    made.data_dir.chmod(0o755)
    made.raw.chmod(0o755)
    (made.data_dir / ".writer").touch(mode=0o644)

    (found,) = [check for check in doctor(made) if check.name == "rights"]

    assert not found.is_ok
    assert set(found.found.split("; ")) == {
        "raw is open to everybody on this machine",
        ".writer can be held by everybody on this machine",
        "data can be held by everybody on this machine",
    }


def test_what_is_kept_of_clients_is_told_where_an_earlier_version_left_it_open_to_readers(place: Path) -> None:
    made = settings(place, group=GROUP)
    open_writer(made)
    (made.curated / ".steps").chmod(0o2755)

    assert f"curated/.steps is open to group {GROUP}" in {str(each) for each in openings(made)}


def test_a_closed_folder_closes_what_lies_in_it(place: Path) -> None:
    made = settings(place)
    open_writer(made)
    made.raw.chmod(0o777)
    assert openings(made) == ()


def _as_somebody(attempt: Callable[[Path], None], path: Path, groups: Iterable[int]) -> None:
    os.setgroups(list(groups))
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    attempt(path)


def _can(attempt: Callable[[Path], None], path: Path, *groups: int) -> bool:
    """Whether an account that is in these groups alone gets through with it."""
    process = multiprocessing.get_context("fork").Process(target=_as_somebody, args=(attempt, path, groups))
    process.start()
    process.join()
    return process.exitcode == 0


def _look(path: Path) -> None:
    list(path.iterdir())


def _read(path: Path) -> None:
    path.read_bytes()


def _hold(path: Path) -> None:
    fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o077])
def test_readers_read_a_release_and_never_change_it_whatever_the_umask(place: Path, umask: int) -> None:
    folder = Folder(replace(settings(place, group=GROUP, clients=GROUP), key=KEY, site=SiteSettings(is_made=False)))
    folder.put("caseload/2017-02-07.csv", caseload(*map(benefit, range(3))))
    before = os.umask(umask)
    try:
        folder.run()
        known_on(folder.writer(), date(2017, 2, 7), lambda _: None)
        was_kept = os.umask(umask) == umask
    finally:
        os.umask(before)

    assert was_kept
    made = [path for path in folder.settings.curated.rglob("*") if not path.is_symlink()]
    open_ones = [path for path in made if path.relative_to(folder.settings.curated).parts[0] in PLACES]
    assert {path.name for path in open_ones} >= {"trajectories.parquet", "caseload_stock.parquet", "current.json"}
    assert [path for path in open_ones if mode(path) & 0o022] == []
    assert [path for path in open_ones if mode(path) & 0o040 == 0] == []


def test_an_export_with_clients_is_for_who_made_it(place: Path) -> None:
    folder = Folder(replace(settings(place), key=KEY, site=SiteSettings(is_made=False)))
    folder.put("caseload/2017-02-07.csv", caseload(*map(benefit, range(3))))
    folder.run()
    made: dict[bool, set[int]] = {}
    before = os.umask(0)
    try:
        for with_clients in (False, True):
            content = content_of(folder.writer(), lambda _: None, with_clients=with_clients)
            paths = [export(content, form, place / f"{form}-{with_clients}") for form in FORMATS]
            made[with_clients] = {mode(each) for path in paths for each in (path, *path.rglob("*"))}
    finally:
        os.umask(before)

    assert all(each & 0o044 for each in made[False])
    assert made[True] == {0o700, 0o600}


@ONLY_ROOT
def test_another_account_cannot_look_into_raw_nor_hold_a_lock(place: Path) -> None:
    made = settings(place, group=GROUP)
    open_writer(made)
    with write_lock(made.data_dir, "a test", tell=lambda _: None):
        pass
    assert not _can(_look, made.raw)
    assert not _can(_look, made.curated)
    assert not _can(_hold, made.data_dir / ".writer")
    assert not _can(_hold, made.data_dir)
    assert _can(_look, place), "what is refused above is refused by rights"


@ONLY_ROOT
def test_readers_read_the_tables_and_only_those_who_may_see_clients_the_trajectories(place: Path) -> None:
    readers, clients = [each for each in grp.getgrall() if each.gr_gid not in (0, NOBODY)][:2]
    folder = Folder(replace(settings(place, group=readers.gr_name, clients=clients.gr_name), key=KEY))
    folder.put("caseload/2017-02-07.csv", caseload(*map(benefit, range(3))))
    folder.run()
    release = folder.settings.curated / "current"

    def what_is_read(*groups: int) -> list[bool]:
        stock, trajectories = release / "caseload_stock.parquet", release / "trajectories.parquet"
        raw, lock = folder.settings.raw / "caseload" / "2017-02-07.csv", folder.settings.curated / ".lock"
        kept = next((folder.settings.curated / ".steps").rglob("*.cell"))
        return [
            _can(_read, stock),
            _can(_read, raw),
            *(_can(_read, path, *groups) for path in (stock, trajectories, raw, lock, kept)),
        ]

    assert what_is_read(readers.gr_gid) == [False, False, True, False, False, False, False]
    assert what_is_read(readers.gr_gid, clients.gr_gid) == [False, False, True, True, False, False, False]
