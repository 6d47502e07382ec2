"""The very first run of an installation killed: while folders, tables of the log and the first release are being made.

Not here: runs on a folder that has a past (``killings``).
"""

import random
import shutil
import signal
from itertools import cycle
from pathlib import Path

from torture.deliveries import Files, wave
from torture.folder import DataFolder, Snapshot, faults_after
from torture.folder_state import Account, Crew, Ground
from torture.killings import WAYS
from torture.writers import Measure, measured


def first_runs(ground: Ground, crew: Crew, count: int) -> Account:
    """Kill ``count`` first runs, each in an empty folder; the next run must do all as if nothing had been there."""
    account, draw, ways = Account("first run killed"), random.Random(crew.seed), cycle(WAYS.values())
    files = {**wave(1), **wave(2)}
    whole, expected = _undisturbed(ground, crew, files)
    while account.done < count:
        folder = _empty(ground.work / f"first-{account.done}", ground.day, files)
        outcome = next(ways)(crew.stock, folder, whole, draw)
        account.done += outcome.code == -signal.SIGKILL
        account.seen[f"killed during: {outcome.part}"] += outcome.code == -signal.SIGKILL
        account.note([outcome.message] if outcome.code > 0 else [], f"in first run {account.done}")
        folder.run()
        account.note(faults_after(folder, expected), f"after first run {account.done}")
        shutil.rmtree(folder.path)
        crew.tell(f"{account.done} of {count} first runs killed, {len(account.faults)} faults")
    return account


def _undisturbed(ground: Ground, crew: Crew, files: Files) -> tuple[Measure, Snapshot]:
    folder = _empty(ground.work / "first-undisturbed", ground.day, files)
    whole = measured(crew.stock.take(), folder.order())
    return whole, folder.snapshot()


def _empty(path: Path, day: str, files: Files) -> DataFolder:
    folder = DataFolder(path, day)
    folder.put(files)
    return folder
