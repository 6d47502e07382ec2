"""One writer at a time in a data folder, whoever it is: a run of Prefect, a command, a second machine's mount.

Here: the lock, and who holds it since when. Not here: how a run of the server shows that it waits (``flows``).

The lock is a file lock, held by the process and released by the kernel when that process ends, however it ends. A
limit kept in a database has to be given back, and is not by a run that was killed.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.errors import UitstroomError, write_errors_explained
from pipeline.settings import Settings
from pipeline.store.fs import is_held, lock
from pipeline.store.storage.data_folder import lease
from schemas.sentences import Sentence, said

FILE = ".writer"
LOOK_AGAIN_SECONDS = 0.5
TELL_AGAIN_SECONDS = 60.0

Tell = Callable[[Sentence], None]


class WriterBusy(UitstroomError):
    """Somebody else writes, and went on longer than we wanted to wait. Nothing was done."""


@contextmanager
def write_lock(data_dir: Path, who: str, *, tell: Tell, patience: float | None = None) -> Iterator[None]:
    """Be the only writer in ``data_dir`` while the block runs.

    Waits for the present one, and calls ``tell`` at the start of waiting and once a minute with who it is. With
    ``patience`` (seconds) raises ``WriterBusy`` when that was not enough; None waits for as long as it takes. Raises
    ``CannotWrite`` where the folder takes no lock.
    """
    path = data_dir / FILE
    with ExitStack() as held:
        with write_errors_explained("taking the turn to write", data_dir):
            data_dir.mkdir(parents=True, exist_ok=True)
            held.enter_context(_held(path, tell, patience))
            since = datetime.now().astimezone().isoformat(" ", "minutes")
            _sign(path, {"who": who, "pid": os.getpid(), "since": since})
        try:
            yield
        finally:
            _sign(path, {})


@contextmanager
def write_turn(settings: Settings, who: str, *, tell: Tell) -> Iterator[None]:
    """Be the only writer in a data folder: on this machine, and among machines where it lies in an object store."""
    with write_lock(settings.data_dir, who, tell=tell), lease(settings, who, tell):
        yield


def holder(data_dir: Path) -> str | None:
    """Who writes now, since when; None when nobody does."""
    path = data_dir / FILE
    return _signed(path) if path.exists() and is_held(path) else None


def _held(path: Path, tell: Tell, patience: float | None) -> ExitStack:
    """The lock, once it is ours; it is given back with the stack."""
    held, began, last_notice = ExitStack(), time.monotonic(), None
    while True:
        try:
            held.enter_context(lock(path, waits=False))
            return held
        except BlockingIOError:
            now = time.monotonic()
        if patience is not None and now - began >= patience:
            raise WriterBusy(
                f"{_signed(path)} is writing in {path.parent}. Only one may at a time; nothing was done here. "
                "Try again when it has ended."
            )
        if last_notice is None or now - last_notice >= TELL_AGAIN_SECONDS:
            tell(said("at.waiting", who=_signed(path)))
            last_notice = now
        time.sleep(LOOK_AGAIN_SECONDS)


def _sign(path: Path, who: dict[str, object]) -> None:
    # In place: the lock is on this file, and a new one under its name would be free.
    path.write_text(json.dumps(who), encoding="utf-8")


def _signed(path: Path) -> str:
    try:
        holds = json.loads(path.read_text(encoding="utf-8"))
        return f"{holds['who']} (process {holds['pid']}, since {holds['since']})"
    except (ValueError, KeyError, TypeError, PermissionError):
        return "another process"  # between taking the lock and signing, or of another account
