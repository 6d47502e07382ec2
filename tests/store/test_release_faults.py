"""Releases under fire: killed publishers, full disks, closed folders, two at a time, readers at work.

Every fault here is real: the process is killed, the system refuses to write. After each of them ``current`` must lead
to a release that is whole, and the next publication must leave nothing wrong.
"""

import fcntl
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pipeline.store.releases.releases import current, releases, verify
from tests.store.release_fixtures import (
    FACTS,
    frames,
    in_child,
    outcome_of,
    publish,
    publish_and_die,
    publish_as_nobody,
    publish_on_small_disk,
    publish_round,
    publish_rounds,
    read_rounds,
    shown_by,
)
from torture.watch import Watch

# What a publisher that was killed may leave; the next one clears it, and no reader minds.
_PASSING = ("left behind by a publisher that died", "the next run puts it right")


def _assert_whole(curated: Path) -> str:
    """``current`` leads to a whole release, and so does every other name below releases/."""
    release = current(curated)
    assert release is not None
    assert release.path.parent == curated / "releases"
    assert [problem for problem in verify(curated) if not problem.endswith(_PASSING)] == []
    quarantined, found = shown_by("pyarrow", release.path)
    assert quarantined == found > 0
    return release.id


def _assert_heals(curated: Path) -> None:
    publish(curated, frames(7), facts={"after": "all"})
    assert verify(curated) == ()
    assert list(curated.glob(".staging-*")) == []


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.system), 11])
def test_killed_before_every_step(tmp_path: Path, stride: int) -> None:
    """Every step in ``make test-system``, every eleventh while a person waits."""
    publish_round(tmp_path, 3, 0)
    before = _assert_whole(tmp_path)

    for step in range(1, 500, stride):
        child, connection = in_child(publish_and_die, tmp_path, 3 + step % 2, step, step)
        child.join(60)
        after = _assert_whole(tmp_path)
        if child.exitcode == 0:
            assert [connection.recv(), connection.recv()] == ["begun", True]
            assert after != before
            break
        before = after
        assert child.exitcode == -signal.SIGKILL

    assert step > 25, "the steps were not seen"
    _assert_heals(tmp_path)


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.system)])
def test_killed_at_any_moment(tmp_path: Path, kills: int) -> None:
    publish_round(tmp_path, 3, 0)
    with Watch(tmp_path) as watch:
        assert outcome_of(publish_round, tmp_path, 400, 1) is True
        changes = sum(iter(partial(watch.wait, 0), 0))
    draw = random.Random(20180921)
    killed = 0

    for turn in range(2, 200):
        child, _ = in_child(publish_round, tmp_path, 400 if turn % 2 else 3, turn)
        with Watch(tmp_path) as watch:
            watch.until(draw.randint(1, changes), child.is_alive)
            child.kill()
        child.join(60)
        killed += child.exitcode == -signal.SIGKILL
        _assert_whole(tmp_path)
        if killed == kills:
            break

    assert killed == kills
    _assert_heals(tmp_path)


@pytest.mark.parametrize(
    "largest_file",
    [0, *(pytest.param(size, marks=pytest.mark.system) for size in (1_000, 3_000, 5_000, 7_000)), 12_000],
)
def test_a_full_disk_leaves_the_last_release(tmp_path: Path, largest_file: int) -> None:
    release, _ = publish(tmp_path, frames(3), facts=FACTS)
    before = sorted(tmp_path.rglob("*"))

    assert "File too large" in outcome_of(publish_on_small_disk, tmp_path, 400, 1, largest_file)

    assert _assert_whole(tmp_path) == release.id
    assert sorted(tmp_path.rglob("*")) == before
    assert verify(tmp_path) == ()


def test_a_disk_that_takes_all_but_the_pointer_leaves_the_last_release(tmp_path: Path) -> None:
    """current.json holds the manifest and more: with room for one but not for the other no swap may have begun."""
    release, _ = publish(tmp_path, frames(3), facts=FACTS)
    largest = max(path.stat().st_size for path in release.path.iterdir())
    facts = FACTS | {"filler": "x" * largest}
    wanted, _ = publish(tmp_path / "elsewhere", frames(4), facts=facts | {"turn": 1})
    room = (wanted.path / "manifest.json").stat().st_size

    outcome = outcome_of(_publish_with_filler, tmp_path, facts, room)

    assert "File too large" in outcome
    assert _assert_whole(tmp_path) == release.id
    assert releases(tmp_path) == (release.id, wanted.id), "complete, but never made current"
    assert verify(tmp_path) == ()
    assert publish(tmp_path, frames(4), facts=facts | {"turn": 1}) == (current(tmp_path), True)


def _publish_with_filler(curated: Path, facts: dict[str, object], room: int) -> bool:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    return publish(curated, frames(4), facts=facts | {"turn": 1})[1]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach; the one of pytest is closed to them."""
    path = Path(tempfile.mkdtemp(prefix="uitstroom-"))
    path.chmod(0o755)
    yield path
    for each in (path, *path.rglob("*")):
        if each.is_dir() and not each.is_symlink():
            each.chmod(0o755)
    shutil.rmtree(path)


@pytest.mark.parametrize("closed", [".", "releases"])
def test_a_closed_folder_leaves_the_last_release(open_folder: Path, closed: str) -> None:
    curated = open_folder / "curated"
    release, _ = publish(curated, frames(3), facts=FACTS)
    if os.geteuid() == 0:
        for path in (curated, *curated.rglob("*"), curated / ".lock"):
            os.chown(path, 65_534, 65_534, follow_symlinks=False)
    (curated / closed).chmod(0o555)

    assert outcome_of(publish_as_nobody, curated, 400, 1).startswith("PermissionError")

    assert _assert_whole(curated) == release.id
    assert verify(curated) == ()


def test_files_are_open_to_other_users(open_folder: Path) -> None:
    umask = os.umask(0o022)
    try:
        release, _ = publish(open_folder, frames(3), facts=FACTS)
    finally:
        os.umask(umask)

    assert release.path.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in release.path.iterdir()} == {0o644}


def test_a_publisher_waits_for_the_lock(tmp_path: Path) -> None:
    release, _ = publish(tmp_path, frames(3), facts=FACTS)
    with (tmp_path / ".lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        child, connection = in_child(publish_round, tmp_path, 4, 1)
        assert connection.recv() == "begun"
        assert not connection.poll(1.0)
        assert current(tmp_path) == release
        assert list(tmp_path.glob(".staging-*")) == []
    assert connection.recv() is True
    child.join(30)
    assert verify(tmp_path) == ()


def test_two_publishers_take_turns(tmp_path: Path) -> None:
    children = [in_child(publish_round, tmp_path, 3 + turn, turn) for turn in range(4)]

    outcomes = [[connection.recv(), connection.recv()] for _, connection in children]

    assert outcomes == [["begun", True]] * 4
    assert len(releases(tmp_path)) == 3  # as many as these publishers keep
    assert verify(tmp_path) == ()


def test_what_a_living_process_stages_is_left_alone(tmp_path: Path) -> None:
    publish(tmp_path, frames(3), facts=FACTS)
    living, dead = tmp_path / ".staging-1-living", tmp_path / ".staging-2-dead"
    living.mkdir()
    dead.mkdir()
    (dead / "half.parquet").write_bytes(b"PAR1")
    held = os.open(living, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert verify(tmp_path) == (".staging-2-dead: left behind by a publisher that died",)
        publish(tmp_path, frames(4), facts=FACTS)
        assert (living.exists(), dead.exists()) == (True, False)
    finally:
        os.close(held)
    publish(tmp_path, frames(4), facts=FACTS)
    assert not living.exists()


@pytest.mark.parametrize(("rounds", "seconds"), [(5, 60.0), pytest.param(17, 10.0, marks=pytest.mark.system)])
def test_readers_never_see_two_releases_at_once(tmp_path: Path, rounds: int, seconds: float) -> None:
    publish_round(tmp_path, 3, -1)
    stop = tmp_path.parent / f"{tmp_path.name}-stop"
    reader, seen = in_child(read_rounds, tmp_path, stop)
    assert seen.recv() == "begun"

    swaps = outcome_of(publish_rounds, tmp_path, rounds, seconds)
    stop.touch()
    tally = seen.recv()
    reader.join(30)

    assert tally["mixed"] == 0
    # 51 swaps and hundreds of reads where the machine has time for them.
    assert swaps >= 9
    assert tally["reads"] >= 30
    assert tally["releases"] >= 3
    assert verify(tmp_path) == ()
