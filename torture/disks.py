"""Disks that are full: a small one of their own (needs root), and a limit on the size of files (needs nobody).

The room that is left goes up from nothing to enough, so that landing, commit and release are each hit. Not here: what
must hold afterwards (``folder``).
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torture.folder import DataFolder
from torture.folder_state import Account, Crew, Ground
from torture.writers import Outcome, undisturbed

_WAVE = 1
_TIMES = 6
"""The small disk holds this many times the folder."""

_PAGE = 4096
_FULL = ("the disk is full", "the disk takes no more")
_TOO_LARGE = ("a file would be larger than is allowed", "the disk takes no more")


class CannotMount(Exception):
    """This account, or this machine, may not make a disk."""


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A disk of ``size`` bytes in memory, gone at the end."""
    place.mkdir()
    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def mount(*arguments: str) -> None:
    try:
        subprocess.run(["mount", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise CannotMount("there is no command to mount") from None
    except subprocess.CalledProcessError as error:
        raise CannotMount(error.stderr.strip()) from None


def full_disk(ground: Ground, crew: Crew, count: int) -> Account:
    """Leave a little more room each time, on a disk of its own, until a run has enough."""
    account = Account("full disk")
    size = _TIMES * sum(path.lstat().st_blocks * 512 for path in ground.begin.data.rglob("*"))
    try:
        with small_disk(ground.work / "small-disk", size) as disk:
            enough = _room_needed(ground, disk)
            for number in range(count):
                # Closer together where there is little room: a release takes much more of it than a commit.
                room = int(enough * (number / max(count - 1, 1)) ** 2)
                with _turned_to(ground, crew, disk / f"room-{number}") as folder, _ballast(disk, room):
                    outcome = undisturbed(crew.stock.take(), folder.order())
                _judge(account, outcome, _FULL, f"with {room} bytes left")
                _check_after(ground, folder, account, f"with {room} bytes left")
                crew.tell(f"{account.done} of {count} full disks, {len(account.faults)} faults")
            crew.watching.look_at(ground.begin.path)
    except CannotMount as reason:
        account.skipped = f"skipped: {reason}"
        return account
    return _each_hit(account, ("landing", "commit", "release"))


def full_quota(ground: Ground, crew: Crew, count: int) -> Account:
    """Forbid files beyond a size that grows: each size is just too small for one of the files a run writes."""
    account = Account("file sizes limited")
    trial = ground.fresh("trial")
    ground.put(trial, _WAVE)
    before = set(_files(trial.data))
    trial.run()
    sizes = sorted(
        {path.stat().st_size - 1 for path in _files(trial.data) if path not in before and path.stat().st_size}
    )
    for number in range(count):
        limit = sizes[(len(sizes) - 1) * number // max(count - 1, 1)]
        with _turned_to(ground, crew, ground.work / f"limit-{number}") as folder:
            outcome = undisturbed(crew.stock.take(), folder.order(largest_file=limit))
        _judge(account, outcome, _TOO_LARGE, f"with files of {limit} bytes allowed")
        _check_after(ground, folder, account, f"with files of {limit} bytes allowed")
        crew.tell(f"{account.done} of {count} limits, {len(account.faults)} faults")
    # Commits are smaller than the rows they make count, which are refused first.
    return _each_hit(account, ("landing", "release"))


@contextmanager
def _turned_to(ground: Ground, crew: Crew, place: Path) -> Iterator[DataFolder]:
    """A fresh folder with new files in it, looked at by the readers; the one before is removed."""
    folder = ground.fresh(place.name, place.parent)
    ground.put(folder, _WAVE)
    before = crew.watching.look_at(folder.path)
    if before.parent == place.parent and before != ground.begin.path:
        shutil.rmtree(before)
    yield folder


@contextmanager
def _ballast(disk: Path, room: int) -> Iterator[None]:
    """Take all of the disk but ``room`` bytes, and give it back at the end."""
    path = disk / "ballast"
    free = os.statvfs(disk).f_bavail * _PAGE
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        if free > room:
            os.posix_fallocate(descriptor, 0, free - room)
        yield
    finally:
        os.close(descriptor)
        path.unlink()


def _room_needed(ground: Ground, disk: Path) -> int:
    """Bytes a run takes from the disk, with a little to spare."""
    folder = ground.fresh("enough", disk)
    ground.put(folder, _WAVE)
    before = os.statvfs(disk).f_bavail
    folder.run()
    needed = (before - os.statvfs(disk).f_bavail + 8) * _PAGE
    shutil.rmtree(folder.path)
    return needed


def _judge(account: Account, outcome: Outcome, words: tuple[str, ...], when: str) -> None:
    """It ended well, or with a message that says what happened and what to do."""
    account.done += 1
    if outcome.code == 0:
        account.seen["had room enough"] += 1
    elif outcome.is_refusal(*words):
        account.seen[f"refused during: {outcome.part}"] += 1
    else:
        account.note([f"in {outcome.part}, exit code {outcome.code}: {outcome.message}"], when)


def _check_after(ground: Ground, folder: DataFolder, account: Account, when: str) -> None:
    """A run with room enough puts all right."""
    folder.run()
    ground.check(folder, _WAVE, account, when)


def _each_hit(account: Account, parts: tuple[str, ...]) -> Account:
    missed = [part for part in parts if not account.seen[f"refused during: {part}"]]
    account.note([f"never refused during {part}" for part in missed if account.done >= 20], "at the end")
    return account


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
