"""The readers beside a writer: started before the first fault, asked after the last what they saw.

Not here: what one of them does (``reader``).
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from torture.reader import TOOLS
from torture.writers import PATIENCE, ROOT


@dataclass
class Audience:
    """What the readers saw, filled in when they end. ``place`` says which folder they look at."""

    place: Path
    rounds: dict[str, Counter[str]] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)
    signs: set[str] = field(default_factory=set)

    def look_at(self, folder: Path) -> Path:
        """Turn the readers to another folder, by one rename; gives the one they looked at before."""
        before = self.place.resolve()
        draft = self.place.with_name(f"{self.place.name}.draft")
        draft.symlink_to(folder, target_is_directory=True)
        os.replace(draft, self.place)
        return before

    @property
    def total(self) -> Counter[str]:
        """Rounds by verdict: whole, mixed, failed (an error in a release that is there), cut off, moved."""
        return sum(self.rounds.values(), Counter[str]())


@contextmanager
def audience(work: Path, folder: Path) -> Iterator[Audience]:
    """Readers with every tool, at work on ``folder`` until the end of the block."""
    watching, stop = Audience(work / "at-hand"), work / "stop-reading"
    stop.unlink(missing_ok=True)
    watching.look_at(folder)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "torture.reader", name, str(watching.place), str(stop)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"POLARS_MAX_THREADS": "1"},
        )
        for name in TOOLS
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        yield watching
    finally:
        stop.touch()
        for process in processes:
            _take_account(process, watching)


def _take_account(process: subprocess.Popen[str], watching: Audience) -> None:
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    seen = json.loads(output)
    watching.rounds[seen["tool"]] = Counter(seen["rounds"])
    watching.releases[seen["tool"]] = seen["releases"]
    watching.signs |= set(seen["signs"])
