"""Places that are not as they should be: closed folders, what dead processes left behind, a clock that jumps back.

Not here: full disks (``disks``).
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import polars as pl

from torture.disks import CannotMount, mount
from torture.folder import DataFolder
from torture.folder_state import Account, Crew, Ground
from torture.writers import Outcome, undisturbed

CLOSED = ("log", "curated", "quarantine")
_WAVE = 1


def read_only(ground: Ground, crew: Crew, count: int) -> Account:
    """One folder after the other mounted read-only. Raw files are never written: with that one closed all goes well."""
    account = Account("read-only folder")
    try:
        for number, part in enumerate(islice(cycle((*CLOSED, "raw")), count)):
            folder = _with_new_files(ground, f"read-only-{number}")
            before = _moments(folder).len()
            with _mounted_read_only(folder.data / part):
                _judge(account, undisturbed(crew.stock.take(), folder.order()), part, "read-only")
            _check_log(account, part, _moments(folder).len() - before)
            folder.run()
            ground.check(folder, _WAVE, account, f"after {part} was read-only")
    except CannotMount as reason:
        account.skipped = f"skipped: {reason}"
    return account


def no_access(ground: Ground, crew: Crew, count: int) -> Account:
    """One folder after the other closed to the account that runs, which is held to permissions also as root."""
    account = Account("folder without access")
    for number, part in enumerate(islice(cycle(CLOSED), count)):
        folder = _with_new_files(ground, f"closed-{number}")
        before = _moments(folder).len()
        with _closed(folder.data / part):
            _judge(
                account, undisturbed(crew.stock.take(), folder.order(is_held_to_permissions=True)), part, "no access"
            )
        _check_log(account, part, _moments(folder).len() - before)
        folder.run()
        ground.check(folder, _WAVE, account, f"after {part} was closed")
    return account


def left_behind(ground: Ground, crew: Crew, count: int) -> Account:
    """Locks, staging folders and drafts of processes that died, under numbers that are in use again."""
    account = Account("stale lock")
    for number in range(count):
        folder = _with_new_files(ground, f"stale-{number}")
        writer = crew.stock.take()
        left = _litter(folder, writer.pid) + _litter(folder, os.getpid()) + _litter(folder, 2**22 - 1)
        (folder.settings.curated / ".lock").write_text(f"{writer.pid}\n")
        (folder.data / ".writer").write_text(f'{{"who": "nightly", "pid": {writer.pid}, "since": "2017-03-01 03:00"}}')
        outcome = undisturbed(writer, folder.order())
        account.done += 1
        account.note([outcome.message] if outcome.code else [], "with a stale lock")
        account.note([f"{path.name} is still there" for path in left if path.exists()], "with a stale lock")
        ground.check(folder, _WAVE, account, "with a stale lock")
    return account


def clock_back(ground: Ground, crew: Crew, count: int) -> Account:
    """Every second run has a clock that is years behind the log: what it records is still recorded last."""
    account = Account("clock that jumps back")
    while account.done < count:
        folder = ground.fresh(f"clock-{account.done}")
        for turn, day in zip(range(1, ground.waves + 1), cycle(("2018-02-28", folder.day, "1999-12-31", folder.day))):
            before = _moments(folder)
            ground.put(folder, turn)
            outcome = undisturbed(crew.stock.take(), DataFolder(folder.path, day).order())
            account.done += day != folder.day
            account.note([outcome.message] if outcome.code else [], f"on {day}")
            now = _moments(folder)
            new = now.filter(~now.is_in(before.implode()))
            is_later = not new.is_empty() and new.min() > before.max()  # type: ignore[operator]
            account.note([] if is_later else ["recorded before what was recorded earlier"], f"on {day}")
            ground.check(folder, turn, account, f"on {day}")
            if account.done >= count:
                break
    return account


def _moments(folder: DataFolder) -> pl.Series:
    return folder.writer().log.events()["recorded_at"]


def _with_new_files(ground: Ground, name: str) -> DataFolder:
    folder = ground.fresh(name)
    ground.put(folder, _WAVE)
    return folder


def _litter(folder: DataFolder, pid: int) -> list[Path]:
    """What a process with this number would have left when it was killed; gives what the next run clears away."""
    staging = folder.settings.curated / f".staging-{pid}-0badcafe"
    (staging / "release").mkdir(parents=True)
    (staging / "release" / "caseload_stock.parquet").write_bytes(b"PAR1")
    (folder.path / f".data.key.{pid}").write_text("half a k")
    (folder.settings.log / f"landing-cache.json.{pid}").write_text('{"version": 1, "fi')
    return [staging]


def _judge(account: Account, outcome: Outcome, part: str, words: str) -> None:
    """The run ended with a message; with nothing closed but raw, it ended well."""
    account.done += 1
    account.seen[f"{part} closed"] += 1
    is_right = outcome.code == 0 if part == "raw" else outcome.is_refusal(words)
    account.note([] if is_right else [f"exit code {outcome.code}: {outcome.message}"], f"{part} closed")


def _check_log(account: Account, part: str, added: int) -> None:
    """The log is as it was, or has all that is new: never half."""
    is_whole = added == 0 if part == "log" else added > 0
    account.note([] if is_whole else [f"{added} events were recorded"], f"{part} closed")


@contextmanager
def _mounted_read_only(place: Path) -> Iterator[None]:
    mount("--bind", str(place), str(place))
    try:
        mount("-o", "remount,bind,ro", str(place))
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def _closed(place: Path) -> Iterator[None]:
    """Nobody may write below ``place``, the owner neither."""
    folders = [path for path in (place, *place.rglob("*")) if path.is_dir() and not path.is_symlink()]
    for path in folders:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path in folders:
            path.chmod(0o755)
