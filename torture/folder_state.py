"""The ground all faults start from: a folder that was never disturbed, and what it held after every wave of files.

Also the account of what was done and seen. Not here: the faults.
"""

import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from torture.deliveries import wave
from torture.folder import DataFolder, Snapshot, faults_after, undisturbed
from torture.readers import Audience
from torture.writers import Measure, Writers, measured


@dataclass(frozen=True)
class Crew:
    """Who takes part: writers in stock, readers at work, and somebody who is shown how far it is."""

    stock: Writers
    watching: Audience
    tell: Callable[[str], None]
    seed: int
    whole: Measure
    """How long a run is that nobody disturbs."""


@dataclass
class Account:
    """What one kind of fault came to: how often, what was seen, and every fault that was found."""

    name: str
    done: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    skipped: str = ""

    def note(self, faults: list[str], when: str) -> None:
        """Keep what is wrong, and say it at once: a fault must not be lost with whatever ends the torture."""
        new = [f"{when}: {fault}" for fault in faults]
        self.faults += new
        for fault in new:
            print(f"\nFAULT {self.name}, {fault}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Ground:
    """Where folders are made, and what they must hold: ``expected[n]`` after the ``n``-th wave."""

    work: Path
    day: str
    begin: DataFolder
    expected: tuple[Snapshot, ...]

    @property
    def waves(self) -> int:
        return len(self.expected) - 1

    def fresh(self, name: str, work: Path | None = None) -> DataFolder:
        """A folder as it was before the first wave."""
        return self.begin.copy_to((work or self.work) / name)

    def check(self, folder: DataFolder, number: int, account: Account, when: str) -> None:
        account.note(faults_after(folder, self.expected[number]), when)

    def put(self, folder: DataFolder, number: int) -> None:
        folder.put(wave(number))


def ground(work: Path, day: str, waves: int) -> Ground:
    """Run the undisturbed folder through all waves, and keep what it held on the way."""
    expected: list[Snapshot] = []
    begin = DataFolder(work / "begin", day)
    for folder, snapshot in undisturbed(work / "undisturbed", day, waves):
        if not expected:
            folder.copy_to(begin.path)
        expected.append(snapshot)
    return Ground(work, day, begin, tuple(expected))


def measure(ready: Ground, stock: Writers) -> Measure:
    """How long a run is that takes in one wave."""
    folder = ready.fresh("measured")
    ready.put(folder, 1)
    whole = measured(stock.take(), folder.order())
    shutil.rmtree(folder.path)
    return whole
