"""The process that is broken: takes in and releases one data folder, as the nightly run does.

Started ahead of time, it imports everything, prints ``ready``, and waits for its order: one line of JSON. It reports on
standard output how far it is; what a person would read goes to standard error. Not here: who breaks it (``writers``).
"""

import json
import os
import resource
import signal
import sys
import traceback
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import UitstroomError, write_errors_explained
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.settings import Settings
from pipeline.store.write_lock import write_lock
from torture.privileges import give_up_privileges

KEY = "5a" * 32
"""The same in every folder, so that pseudonyms can be compared."""

EXPLAINED, TORE = 1, 3
"""Exit codes: ended with a message for a person, or with a traceback."""


@dataclass(frozen=True)
class Order:
    """What a writer is to do."""

    folder: str
    day: str
    """The day it is: whoever works over midnight would date undated files otherwise than the folder beside it."""

    die_before: int | None = None
    """Be killed just before this step that Python takes on the folder."""

    largest_file: int | None = None
    """No file may grow beyond this many bytes."""

    takes_turn: bool = True
    """Wait for other writers, as every command and every run of the server does."""

    is_held_to_permissions: bool = False
    """Work without the right to pass over permissions, where this account has it."""


def settings_of(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", key_file=folder / "data.key", key=KEY)


def clock_on(day: str) -> datetime:
    """The time it is, on a day that does not end while we work."""
    return datetime.combine(date.fromisoformat(day), datetime.now(UTC).time(), UTC)


def _tell(text: str) -> None:
    print(text, flush=True)


def run(order: Order) -> None:
    """Both steps of a night, in turn with other writers, reported on standard output."""
    settings = settings_of(Path(order.folder))
    turn = write_lock(settings.data_dir, "torture", tell=_tell) if order.takes_turn else nullcontext()
    with write_errors_explained("running", settings.data_dir), turn:
        writer = open_writer(settings, clock=lambda: clock_on(order.day))
        _tell("take in")
        take_in(writer, lambda receipt: _tell(receipt.status))
        _tell("release")
        release(writer, _tell)


class Steps:
    """Counts what Python does to a folder, and ends the process before one of these steps."""

    def __init__(self, root: str, die_before: int | None) -> None:
        self.count = 0
        self._root = root
        self._die_before = die_before

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._touches(event, arguments):
            return
        self.count += 1
        if self.count == self._die_before:
            os.kill(os.getpid(), signal.SIGKILL)

    def _touches(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "os.rmdir":  # names are relative to an open folder here
            return True
        is_write = event == "open" and arguments[1] is not None and set(str(arguments[1])) & set("wax+")
        is_step = is_write or event in {"os.rename", "os.mkdir", "os.symlink", "os.utime", "os.remove", "os.link"}
        return bool(is_step) and any(
            str(each).startswith(self._root) for each in arguments if isinstance(each, (str, os.PathLike))
        )


PARTS = {"writer": "turn", "open_writer": "opening", "release": "release", "commit_together": "commit"}
"""By the name of a function that is at work in no other part."""


def part_of(error: BaseException) -> str:
    """Which part of a run an error comes from: turn, opening, release, commit or landing."""
    cause = error.__cause__ or error
    names = {frame.name for frame in traceback.extract_tb(cause.__traceback__)}
    return next((part for name, part in PARTS.items() if name in names), "landing")


def _obey(order: Order) -> int:
    steps = Steps(order.folder, order.die_before)
    if order.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.largest_file, order.largest_file))
    if order.is_held_to_permissions:
        give_up_privileges()
    sys.addaudithook(steps)
    try:
        run(order)
    except UitstroomError as error:
        print(f"failed in {part_of(error)}", flush=True)
        print(f"uitstroom: {error}", file=sys.stderr)
        return EXPLAINED
    except Exception as error:  # judged by whoever gave the order
        print(f"failed in {part_of(error)}", flush=True)
        traceback.print_exc()
        return TORE
    print(f"steps {steps.count}", flush=True)
    return 0


def as_line(order: Order) -> str:
    return json.dumps(asdict(order)) + "\n"


def main() -> int:
    print("ready", flush=True)
    line = sys.stdin.readline()
    return _obey(Order(**json.loads(line))) if line else 0


if __name__ == "__main__":
    raise SystemExit(main())
