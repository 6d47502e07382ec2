"""What one more small delivery costs after 100 and after 5,000 of them, never maintained and maintained.

    python -m bench.appends [--deliveries 5000] [--rounds 11]

Every delivery goes through the real door: a file of one row in ``raw/caseload_totals``, and ``take_in`` with everything
it does. The bulk comes in nights of 100 files. A measured append is a night with one new file in a process of its own,
because that is what a nightly run is; seconds of opening the folder and taking in, without importing packages. The
folders are measured in turn, so that what else the machine does falls on all alike.

Not here: what a release costs (``bench.project``).
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.upkeep.maintain import maintain, tidy
from pipeline.jobs.workspace import Writer, open_writer

A_HUNDRED = 100
HEADER = "peildatum;gemeentecode;reeks;aantal"
FIRST_DAY = date(2017, 1, 1)


@dataclass(frozen=True)
class Append:
    """One night with one new file: seconds on the clock and seconds of work of the processors."""

    clock: float
    work: float


def at(folder: Path) -> Writer:
    return open_writer(settings.load(folder))


def put(folder: Path, number: int) -> None:
    """The file of one delivery: one count of one municipality on one day."""
    day = FIRST_DAY + timedelta(days=number % 365)
    raw = folder / "raw" / "caseload_totals"
    raw.mkdir(parents=True, exist_ok=True)
    path = raw / f"{day:%Y-%m-%d}_{number:05d}.csv"
    path.write_text(f"{HEADER}\n{day:%d-%m-%Y};0899;pw;{1000 + number}\n", encoding="utf-8")


def fill(folder: Path, first: int, last: int) -> None:
    """Nights of 100 files each."""
    for begin in range(first, last, A_HUNDRED):
        for number in range(begin, min(begin + A_HUNDRED, last)):
            put(folder, number)
        take_in(at(folder), lambda _: None)


def copy(folder: Path, name: str) -> Path:
    """The same folder at another place, whose files are known there."""
    other = folder.with_name(name)
    shutil.copytree(folder, other, symlinks=True)
    shutil.copy(folder.with_name(f"{folder.name}.key"), other.with_name(f"{name}.key"))
    take_in(at(other), lambda _: None)
    return other


def append_here(folder: Path) -> Append:
    """One night in this process, with the one file that is new."""
    clock, work = time.perf_counter(), time.process_time()
    (receipt,) = take_in(at(folder), lambda _: None)
    done = Append(time.perf_counter() - clock, time.process_time() - work)
    if receipt.status != "recorded":
        raise SystemExit(f"the delivery was {receipt.status}, not recorded")
    return done


def append(folder: Path, number: int) -> Append:
    """One more delivery, in a process of its own."""
    put(folder, number)
    command = [sys.executable, "-m", "bench.appends", "--here", str(folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Append(*(float(word) for word in printed.split()))


def timed(what: str, do: Callable[[], object]) -> None:
    began = time.perf_counter()
    do()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)


def compare(folders: dict[str, Path], deliveries: int, rounds: int) -> None:
    """Measure the folders in turn, and print each beside the first."""
    took: dict[str, list[Append]] = {label: [] for label in folders}
    for number in range(deliveries, deliveries + rounds):
        for label, folder in folders.items():
            took[label].append(append(folder, number))
    early = next(iter(took.values()))
    print(f"{'one night with one small delivery, ms':<40} {'clock':>7} {'work':>7} {'ratio':>7} {'of work':>8}")
    for label, each in took.items():
        clock = 1000 * statistics.median(one.clock for one in each)
        work = 1000 * statistics.median(one.work for one in each)
        ratio = statistics.median(late.clock / first.clock for late, first in zip(each, early, strict=True))
        of_work = statistics.median(late.work / first.work for late, first in zip(each, early, strict=True))
        print(f"{label:<40} {clock:>7.0f} {work:>7.0f} {ratio:>7.2f} {of_work:>8.2f}", flush=True)


def bench(late: Path, deliveries: int, rounds: int) -> None:
    """Fill two folders, and measure: few deliveries, many, and many after upkeep."""
    early = late.with_name("early")
    fill(early, 0, A_HUNDRED)
    if not late.exists():
        fill(late, 0, deliveries)
    tidied, maintained = copy(late, "tidied"), copy(late, "maintained")
    timed("tidy", lambda: tidy(at(tidied)))
    timed("maintain", lambda: maintain(at(maintained), lambda _: None))
    folders = {
        f"after {A_HUNDRED}": early,
        f"after {deliveries:,}, never maintained": late,
        f"after {deliveries:,}, as a night leaves it": tidied,
        f"after {deliveries:,}, maintained": maintained,
    }
    compare(folders, deliveries, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.appends")
    parser.add_argument("--deliveries", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=11, help="appends measured in each folder")
    parser.add_argument("--filled", type=Path, help="a folder that holds the deliveries already")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        done = append_here(options.here)
        print(done.clock, done.work)
    elif options.filled:
        bench(options.filled, options.deliveries, options.rounds)
    else:
        with tempfile.TemporaryDirectory(prefix="uitstroom-appends-") as name:
            bench(Path(name) / "late", options.deliveries, options.rounds)


if __name__ == "__main__":
    main()
