"""``make bench``: one delivery of many rows, clean and with bad rows, against the floor, in one run on one machine."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.simulate import simulate_one_delivery

BAD_SHARES = (0.0, 0.01, 0.5, 1.0)


@dataclass(frozen=True)
class Run:
    """One process: seconds of the work itself (imports left out) and the peak memory of the whole process."""

    seconds: float
    peak_bytes: int


def measure(module: str, *arguments: str) -> Run:
    """Run a module in a process of its own and take the operating system's account of it."""
    command = [sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise SystemExit(f"{module} failed with exit code {process.returncode}")
    return Run(float(printed.split()[0]), usage.ru_maxrss * 1024)


def through_the_door(file: Path, work: Path) -> Run:
    """Into a fresh data folder, so that nothing is known yet."""
    folder = work / "data"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw" / "caseload").mkdir(parents=True)
    os.link(file, folder / "raw" / "caseload" / file.name)
    return measure("bench.ingest", str(folder))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        work = Path(name)
        print(f"one delivery of {options.rows:,} rows; median of {options.rounds} rounds, floor and door in turn")
        print(
            f"{'bad rows':>9} {'file MB':>8} {'floor s':>8} {'door s':>8} {'door/floor':>11} "
            f"{'peak MB':>8} {'peak/file':>10} {'vs clean':>9}"
        )
        clean = 0.0
        for share in BAD_SHARES:
            file = work / "2017-01-19_bestand_201701_simulated.csv"
            file.unlink(missing_ok=True)
            simulate_one_delivery(file, rows=options.rows, bad_share=share)
            size = file.stat().st_size
            floors, doors = [], []
            for _ in range(options.rounds):
                floors.append(measure("bench.floor", str(file), str(work / "floor.parquet")))
                doors.append(through_the_door(file, work))
            floor = statistics.median(run.seconds for run in floors)
            door = statistics.median(run.seconds for run in doors)
            ratio = statistics.median(d.seconds / f.seconds for d, f in zip(doors, floors, strict=True))
            peak = max(run.peak_bytes for run in doors)
            clean = clean or door
            print(
                f"{share:>9.0%} {size / 1e6:>8.0f} {floor:>8.2f} {door:>8.2f} {ratio:>11.2f} {peak / 1e6:>8.0f} "
                f"{peak / size:>10.2f} {door / clean:>9.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
