"""``make torture``: all faults in full numbers, or a share of them. Prints a table; ends with 1 if one is wrong."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.store.cells import kept_warm
from torture.cells_killed import cells_killed
from torture.disks import full_disk, full_quota
from torture.first_runs import first_runs
from torture.folder_state import Account, Crew, Ground, ground, measure
from torture.killings import kills, pairs
from torture.permission_faults import clock_back, left_behind, no_access, read_only
from torture.readers import Audience, audience
from torture.writers import writers

WAVES = 25
"""Waves of files in one folder; then a new folder is begun, so that runs stay short."""

Torture = Callable[[Ground, Crew, int], Account]


def _tell(text: str) -> None:
    print(f"\r{text:78}", end="", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, metavar="N", help="writers killed (default: 200)")
    parser.add_argument("--cells", type=int, default=200, metavar="N", help="cells of writers killed (default: 200)")
    parser.add_argument("--first", type=int, default=30, metavar="N", help="first runs killed (default: 30)")
    parser.add_argument("--pairs", type=int, default=50, metavar="N", help="times two runs at once (default: 50)")
    parser.add_argument(
        "--disks", type=int, default=60, metavar="N", help="full disks, more room each time (default: 60)"
    )
    parser.add_argument("--limits", type=int, default=30, metavar="N", help="limits on file sizes (default: 30)")
    parser.add_argument(
        "--places", type=int, default=12, metavar="N", help="closed folders, stale locks, clocks: times each"
    )
    parser.add_argument("--seed", type=int, default=20170301, help="the same seed draws the same moments")
    parser.add_argument("--work", type=Path, default=None, help="a folder on a disk that links and locks work on")
    return parser.parse_args()


@contextmanager
def theatre(work: Path, waves: int, seed: int, tell: Callable[[str], None]) -> Iterator[tuple[Ground, Crew]]:
    """The ground, with writers ready and readers at work, until the end of the block."""
    day = datetime.now(UTC).date().isoformat()
    tell("running the folder that nobody disturbs")
    with kept_warm(), writers(ahead=1) as stock:
        ready = ground(work, day, waves)
        whole = measure(ready, stock)
        with audience(work, ready.fresh("shown").path) as watching:
            yield ready, Crew(stock, watching, tell, seed, whole)


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that processes and disks made here go with us
    plan: tuple[tuple[Torture, int], ...] = (
        (kills, options.kills),
        (cells_killed, options.cells),
        (first_runs, options.first),
        (pairs, options.pairs),
        (full_disk, options.disks),
        (full_quota, options.limits),
        *((torture, options.places) for torture in (read_only, no_access, left_behind, clock_back)),
    )
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="uitstroom-torture-", dir=options.work) as name:
        with theatre(Path(name), WAVES, options.seed, _tell) as (ready, crew):
            accounts = [torture(ready, crew, count) for torture, count in plan if count]
        _tell("")
    print()
    return report(accounts, crew.watching, time.monotonic() - began)


def report(accounts: list[Account], watching: Audience, seconds: float) -> int:
    """Print what was done and seen; 1 when anything was wrong."""
    for account in accounts:
        print(f"{account.name}: {account.done} times, {len(account.faults)} faults {account.skipped}")
        for what, count in sorted(account.seen.items()):
            print(f"    {count:6}  {what}")
        for fault in account.faults:
            print(f"    FAULT   {fault}")
    print("readers beside them, rounds by verdict:")
    for name, rounds in watching.rounds.items():
        print(f"    {name:8} {dict(rounds)}, {watching.releases[name]} releases")
    for sign in sorted(watching.signs):
        print(f"    SIGN    {sign}")
    total = watching.total
    print(f"{seconds:.0f} seconds")
    return int(any(account.faults for account in accounts) or bool(total["mixed"] + total["failed"] + total["cut off"]))


if __name__ == "__main__":
    raise SystemExit(main())
