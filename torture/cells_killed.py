"""Cells killed while a writer reads files in them: the writer lives, and in the end everything is there once.

Not here: killing the writer itself (``killings``), what must hold afterwards (``folder``).
"""

import itertools
import os
import random
import shutil
import signal
from pathlib import Path

from torture import traces
from torture.folder_state import Account, Crew, Ground
from torture.writers import Outcome, Writer

_SIGNALS = (signal.SIGKILL, signal.SIGTERM)
_LONGEST = 5.0
"""Seconds between two kills: more than a cell takes to start and to read a few files, beside other work."""


def cells_killed(ground: Ground, crew: Crew, count: int) -> Account:
    """Kill ``count`` cells of writers at random moments, some of them twice in one night. Then a run in peace."""
    account, draw = Account("cell killed"), random.Random(crew.seed)
    for attempt in itertools.count():  # a night may be over before a cell of it was met
        if account.done >= count:
            break
        folder = ground.fresh(f"cells-{attempt}")
        shutil.rmtree(crew.watching.look_at(folder.path), ignore_errors=True)
        left = traces.Traces(folder)
        for number in range(1, ground.waves + 1):
            if account.done >= count:
                break
            ground.put(folder, number)
            writer = crew.stock.take()
            writer.begin(folder.order())
            outcome = _killed_cells(account, writer, draw)
            account.note([outcome.message] if outcome.code else [], f"after kill {account.done}")
            account.seen["night in which all was read in the end"] += "unstable" not in outcome.output
            account.seen["night that left a file for the next"] += "unstable" in outcome.output
            account.seen.update(f"left: {kind}" for kind in left.new())
            folder.run()
            ground.check(folder, number, account, f"after kill {account.done}")
            crew.tell(f"{account.done} of {count} cells killed, {len(account.faults)} faults")
    return account


def _killed_cells(account: Account, writer: Writer, draw: random.Random) -> Outcome:
    """Kill one cell of a running writer after another, until the writer has ended."""
    while writer.is_running:
        writer.wait(draw.uniform(0, _LONGEST))
        for cell in _children(writer.pid):
            number = draw.choice(_SIGNALS)
            age = _cpu_seconds(cell)
            try:
                os.kill(cell, number)
            except ProcessLookupError:  # it ended, and was asked after, since we looked
                continue
            account.done += 1
            account.seen[f"killed by {number.name}"] += 1
            account.seen["killed while it started" if age < 1 else "killed later"] += 1
    return writer.end()


def _children(pid: int) -> list[int]:
    """Processes that this one started; a writer starts cells and nothing else."""
    try:
        return [
            int(child) for each in Path(f"/proc/{pid}/task").glob("*/children") for child in each.read_text().split()
        ]
    except OSError:
        return []


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
