"""Data folders that are made once in a run of the tests and copied for every test that begins there.

A night costs half a second, a copy a few milliseconds. The workers of one run share what is made: whoever comes first
makes it, the others wait. Here: making once and copying. Not here: what is in a folder (the tests that name it).
"""

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.simulate import SimulatedFile, simulate
from tests.jobs.folder import Folder

Fill = Callable[[Folder], object]


@dataclass(frozen=True)
class ReadyMade:
    """What was made in this run of the tests, below ``root``."""

    root: Path

    @classmethod
    def of(cls, made_by: pytest.TempPathFactory) -> "ReadyMade":
        base = made_by.getbasetemp()
        shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        (shared / "ready-made").mkdir(exist_ok=True)
        return cls(shared / "ready-made")

    def path(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder of this name, filled by ``make`` when it is asked for first. Only to be read."""
        place = self.root / name
        with (self.root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.exists():
                draft = self.root / f"{name}.{os.getpid()}"
                draft.mkdir()
                make(draft)
                draft.rename(place)
        return place

    def original(self, fill: Fill) -> Folder:
        """The data folder that ``fill`` makes, under the name of that function. Only to be read."""
        name = f"{fill.__module__}.{fill.__qualname__}"  # type: ignore[attr-defined]
        return Folder.at(self.path(name, lambda draft: fill(Folder.at(draft))))

    def copy(self, fill: Fill, folder: Folder) -> Folder:
        """Let an empty folder begin where ``fill`` ends."""
        shutil.copytree(self.original(fill).data.parent, folder.data.parent, symlinks=True, dirs_exist_ok=True)
        return folder

    def database(self, data: Path) -> None:
        """Let a data folder have Prefect's own database, still empty: to make one takes as long as three nights."""
        made = self.path("prefect", _make_database)
        home = data / ".prefect"
        home.mkdir(parents=True, mode=0o700)
        shutil.copy(made / "prefect.db", home)

    def simulated(self, seed: int = 1) -> tuple[Path, tuple[SimulatedFile, ...]]:
        """The sample deliveries of a seed: the folder they lie in, and what the simulator says of them."""

        def make(draft: Path) -> None:
            files = tuple(simulate(draft / "raw", seed=seed))
            (draft / "files.pickle").write_bytes(pickle.dumps(files))

        made = self.path(f"simulated-{seed}", make)
        return made / "raw", pickle.loads((made / "files.pickle").read_bytes())


def _make_database(home: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
    ran = subprocess.run(
        command, env=kept | {"PREFECT_HOME": str(home)}, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
