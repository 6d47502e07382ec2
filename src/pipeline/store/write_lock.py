"""One writer at a time in a data folder, whoever it is: a run of Prefect, a command, a second machine's mount.

Here: the lock, and who holds it since when. Not here: how a run of the server tells that it waits (``flows``).

The lock is a file lock, held by the process and released by the kernel when that process ends, however it ends. A
limit kept in a database has to be given back, and is not by a run that was killed.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pipeline.errors import UitstroomError

FILE = ".writer"
LOOK_AGAIN_SECONDS = 0.5
TELL_AGAIN_SECONDS = 60.0

Tell = Callable[[str], None]


class WriterBusy(UitstroomError):
    """Somebody else writes, and went on longer than we wanted to wait. Nothing was done."""


@contextmanager
def write_lock(data_dir: Path, who: str, *, tell: Tell, patience: float | None = None) -> Iterator[None]:
    """Be the only writer in ``data_dir`` while the block runs.

    Waits for the present one, and calls ``tell`` at the start of waiting and once a minute with who it is. With
    ``patience`` (seconds) raises ``WriterBusy`` when that was not enough; None waits for as long as it takes.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / FILE).open("a+") as file:
        _acquire(file, data_dir, tell, patience)
        _sign(file, {"who": who, "pid": os.getpid(), "since": datetime.now().astimezone().isoformat(" ", "minutes")})
        try:
            yield
        finally:
            _sign(file, {})


def holder(data_dir: Path) -> str | None:
    """Who writes now, since when; None when nobody does."""
    path = data_dir / FILE
    if not path.exists():
        return None
    with path.open("a+") as file:
        return None if _is_ours(file) else _signed(file)


def _acquire(file: IO[str], data_dir: Path, tell: Tell, patience: float | None) -> None:
    began, told = time.monotonic(), None
    while not _is_ours(file):
        now = time.monotonic()
        if patience is not None and now - began >= patience:
            raise WriterBusy(
                f"{_signed(file)} is writing in {data_dir}. Only one may at a time; nothing was done here. "
                "Try again when it has ended."
            )
        if told is None or now - told >= TELL_AGAIN_SECONDS:
            tell(f"Waiting: {_signed(file)} is writing. This goes on when it has ended; nothing needs to be done.")
            told = now
        time.sleep(LOOK_AGAIN_SECONDS)


def _is_ours(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(file: IO[str], who: dict[str, object]) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(who))
    file.flush()


def _signed(file: IO[str]) -> str:
    file.seek(0)
    try:
        holds = json.loads(file.read())
        return f"{holds['who']} (process {holds['pid']}, since {holds['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"  # between taking the lock and signing
