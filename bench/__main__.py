"""``make bench``: one delivery of many rows, clean and with bad rows, against the floor; and figures explained beside
very many rows, against their aim; in one run on one machine.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.explain import beside_a_long_log
from bench.night import FULL_SIZE
from pipeline.simulate import simulate_events, simulate_one_delivery

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


def through_the_door(file: Path, work: Path, source: str) -> Run:
    """Into a fresh data folder, so that nothing is known yet."""
    folder = work / "data"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw" / source).mkdir(parents=True)
    os.link(file, folder / "raw" / source / file.name)
    return measure("bench.ingest", str(folder))


def bench_caseload(work: Path, rows: int, rounds: int) -> None:
    """One delivery of benefits, clean and with bad rows."""
    print(f"one delivery of {rows:,} benefits; median of {rounds} rounds, floor and door in turn")
    print(
        f"{'bad rows':>9} {'file MB':>8} {'floor s':>8} {'door s':>8} {'door/floor':>11} "
        f"{'peak MB':>8} {'peak/file':>10} {'vs clean':>9}"
    )
    clean = 0.0
    for share in BAD_SHARES:
        file = work / "2017-01-19_bestand_201701_simulated.csv"
        file.unlink(missing_ok=True)
        simulate_one_delivery(file, rows=rows, bad_share=share)
        size = file.stat().st_size
        pairs = [
            (measure("bench.floor", str(file), str(work / "floor.parquet")), through_the_door(file, work, "caseload"))
            for _ in range(rounds)
        ]
        floor, door, ratio = medians(pairs)
        peak = max(run.peak_bytes for _, run in pairs)
        clean = clean or door
        print(
            f"{share:>9.0%} {size / 1e6:>8.0f} {floor:>8.2f} {door:>8.2f} {ratio:>11.2f} {peak / 1e6:>8.0f} "
            f"{peak / size:>10.2f} {door / clean:>9.2f}",
            flush=True,
        )


def bench_events(work: Path, rows: int) -> None:
    """One delivery of trajectory events, and projecting the log that then holds them."""
    file = work / "2018-09-10_trajecten_simulated.csv"
    simulate_events(file, rows=rows)
    floor = measure("bench.floor", str(file), str(work / "floor.parquet"))
    door = through_the_door(file, work, "trajectory_events")
    fold = measure("bench.project", str(work / "data"))
    print(f"{rows:,} trajectory events, {file.stat().st_size / 1e6:.0f} MB; one round")
    print(f"{'':>9} {'seconds':>8} {'rows/s':>10} {'to floor':>9} {'peak MB':>8}")
    for name, run in (("floor", floor), ("ingest", door), ("project", fold)):
        ratio = run.seconds / floor.seconds
        print(f"{name:>9} {run.seconds:>8.2f} {rows / run.seconds:>10,.0f} {ratio:>9.2f} {run.peak_bytes / 1e6:>8.0f}")


def medians(pairs: list[tuple[Run, Run]]) -> tuple[float, float, float]:
    """Seconds of the first, of the second, and their ratio, pair by pair."""
    return (
        statistics.median(first.seconds for first, _ in pairs),
        statistics.median(second.seconds for _, second in pairs),
        statistics.median(second.seconds / first.seconds for first, second in pairs),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--rows", type=int, default=3_000_000, help="benefits in one delivery")
    parser.add_argument("--events", type=int, default=10_000_000, help="trajectory events in one delivery")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--months", type=int, default=240, help="months of 450,000 benefits to explain figures of")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        if options.rows:
            bench_caseload(Path(name), options.rows, options.rounds)
        if options.events:
            bench_events(Path(name), options.events)
        if options.months:
            beside_a_long_log(Path(name), options.months, FULL_SIZE)


if __name__ == "__main__":
    main()
