"""What a night costs that adds one month, beside a log of few months and beside a log of many.

``python -m bench.night --benefits 450000 --months 12 240`` builds logs of so many months of so many benefits, with
providers who report monthly and yearly, and runs the same next night beside each of them, in turn and in a
process of its own. Where 240 months of 450,000 benefits do not fit (some 10 GB of disk), two smaller sizes give a
slope, and the slope what the night would cost; take sizes far apart, or the slope is the noise of the machine.
Beside the longest log figures are explained, too (``bench.explain``).

``--beside FOLDER…`` measures it beside data folders that are there (``bench.long_log`` makes them in minutes; each gets
months more), in seconds of the processor as well, which say more than the clock where a machine is shared.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.explain import explain_in_turn
from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.upkeep.maintain import tidy
from pipeline.jobs.workspace import open_writer
from pipeline.simulate import persons
from schemas.sentences import Sentence, said
from schemas.tables.checks import BENCHMARK

AIM = 1.3
FULL_SIZE = 450_000
STEPS = ("take in", "gather, project", "check, look up", "compare, write", "tidy")
_FIRST_CHECK = said("at.table", table=BENCHMARK.name)
_FIRST_YEAR = 2000
"""Nothing can have been delivered before (``FIRST_DELIVERY`` in `schemas.limits`)."""
_STAY = 60
"""Months that a benefit lasts, so that one in sixty begins and one in sixty ends every month."""
_PROVIDERS = ("RE01", "RE02", "RE03", "RE04", "RE05", "RE06", "RE07")
_STARTS = 5
"""Trajectories that begin with each provider each month."""


def first_of(month: int) -> date:
    return date(_FIRST_YEAR + month // 12, 1 + month % 12, 1)


def benefits(month: int, size: int, numbers: npt.NDArray[np.int64]) -> pl.DataFrame:
    """The stock on the first of a month and what ended the day before; client ``n`` begins anew every sixty months."""
    clients = pl.int_range(0, size, eager=True)
    rows = pl.DataFrame({"client": clients, "age": (month - clients) % _STAY, "number": numbers[:size]})
    ended = rows.filter(pl.col("age") == 0).with_columns(age=pl.lit(_STAY, pl.Int64()))
    has_ended = pl.col("age") == _STAY
    begun = pl.lit(first_of(month)).dt.offset_by(pl.format("-{}mo", pl.col("age") + 1))
    start = begun.dt.offset_by(pl.format("{}d", pl.col("client") % 28))
    return pl.concat([rows, ended]).select(
        pl.lit(first_of(month)).dt.to_string("%d-%m-%Y").alias("peildatum"),
        pl.lit("0899").alias("gemeentecode"),
        pl.format("D{}-{}", "client", month - pl.col("age")).alias("registratienummer_uitkering"),
        pl.col("number").cast(pl.String).alias("bsn"),
        pl.lit("01").alias("statistiekcode"),
        pl.lit("1").alias("leefvorm"),
        start.dt.to_string("%d-%m-%Y").alias("ingangsdatum"),
        pl.when(has_ended).then(pl.lit((first_of(month) - timedelta(days=1)).strftime("%d-%m-%Y"))).alias("einddatum"),
        pl.when(has_ended).then(pl.lit("11")).alias("reden_einde"),
    )


def events(month: int, numbers: npt.NDArray[np.int64]) -> pl.DataFrame:
    """What all providers report about a month: some start, those of half a year ago are placed or end."""
    day = first_of(month).isoformat()
    rows = []
    for place, provider in enumerate(_PROVIDERS):
        for begun, kind in ((month, "gestart"), (month - 6, "geplaatst"), (month - 9, "beeindigd")):
            for number in range(_STARTS if begun >= 0 else 0):
                client = (begun * 37 + place * 11 + number) % len(numbers)
                rows.append(
                    {
                        "aanbieder": provider, "gebeurtenis_id": f"E{begun}-{number}-{kind}", "gebeurtenis": kind,
                        "datum": day, "traject_id": f"T{begun}-{number}", "bsn": str(numbers[client]),
                        "programma": "INNOVATIEF2016", "dienstverband": "voltijd" if kind == "geplaatst" else "",
                    }
                )  # fmt: skip
    return pl.DataFrame(rows)


def reports(month: int) -> pl.DataFrame:
    until = first_of(month)
    return pl.DataFrame(
        {
            "aanbieder": _PROVIDERS, "programma": "INNOVATIEF2016", "periode_van": first_of(0).isoformat(),
            "periode_tot": until.isoformat(), "deelnemers": _STARTS * month, "geplaatst": _STARTS * max(month - 6, 0),
        }
    )  # fmt: skip


def put_month(raw: Path, month: int, size: int, numbers: npt.NDArray[np.int64]) -> None:
    day = first_of(month).replace(day=7).isoformat()
    put = {"caseload": benefits(month, size, numbers), "trajectory_events": events(month, numbers)}
    if month % 12 == 0 and month:
        put["provider_reports"] = reports(month)
    for source, frame in put.items():
        (raw / source).mkdir(parents=True, exist_ok=True)
        frame.write_csv(raw / source / f"{day}_{source}_{month}.csv", separator=";")


def build(folder: Path, months: int, size: int) -> None:
    """A data folder that has run until the last of so many months, and waits for the next."""
    numbers = persons.citizen_numbers(size, seed=1)
    for month in range(months):
        put_month(folder / "raw", month, size, numbers)
    night(folder)
    # The night before, so that what is kept is what a night leaves.
    put_month(folder / "raw", months, size, numbers)
    night(folder)
    put_month(folder / "raw", months + 1, size, numbers)


def worked() -> float:
    """Seconds of the processor so far, those of cells included, which have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def night(folder: Path) -> list[float]:
    """Seconds of one night, step by step, as the nightly flow takes them; last those of the processor."""
    before = worked()
    moments = [time.perf_counter()]
    writer = open_writer(settings.load(folder))
    take_in(writer, lambda _: None)
    moments.append(time.perf_counter())

    def note(step: Sentence) -> None:
        if step.code == "at.writing" or step == _FIRST_CHECK:
            moments.append(time.perf_counter())

    release(writer, note)
    moments.append(time.perf_counter())
    tidy(writer)
    return [*np.diff([*moments, time.perf_counter()]).tolist(), worked() - before]


def beside(folder: Path) -> list[float]:
    """The same night in a process of its own, on links to the folder, which stays as it is."""
    copy = folder.with_name(f"{folder.name}-night")
    shutil.copytree(folder, copy, symlinks=True, copy_function=os.link, ignore=shutil.ignore_patterns("raw"))
    # Not linked file by file: a new link changes the times of a file, and the night would have to hash it again.
    (copy / "raw").symlink_to(folder / "raw", target_is_directory=True)
    shutil.copy2(folder.with_name(f"{folder.name}.key"), copy.with_name(f"{copy.name}.key"))
    command = [sys.executable, "-m", "bench.night", "--run", str(copy)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    shutil.rmtree(copy)
    return [float(each) for each in printed.split()]


def _months_in(folder: Path) -> int:
    """How many months from the first one on a folder knows."""
    rows = open_writer(settings.load(folder)).log.sources["caseload"].rows()
    last = rows.select(pl.col("reference_date").max()).collect().item()
    assert isinstance(last, date)
    return (last.year - _FIRST_YEAR) * 12 + last.month


def beside_folders(folders: Sequence[Path], size: int, rounds: int) -> None:
    """The same night beside folders that are there, each after one night that leaves what a night keeps."""
    numbers = persons.citizen_numbers(size, seed=1)
    ages = {}
    for folder in folders:
        ages[folder] = month = _months_in(folder)
        put_month(folder / "raw", month, size, numbers)
        night(folder)
        put_month(folder / "raw", month + 1, size, numbers)
    taken: dict[Path, list[list[float]]] = {folder: [] for folder in folders}
    for _ in range(rounds):
        for folder in folders:
            taken[folder].append(beside(folder))
    print(f"one night that adds one month of {size:,}; median of {rounds} rounds, in turn")
    print(f"{'months':>7}" + "".join(f" {step:>16}" for step in STEPS) + f" {'all s':>7} {'of cpu':>7}")
    for folder, runs in taken.items():
        steps = [statistics.median(run[place] for run in runs) for place in range(len(STEPS) + 1)]
        everything = statistics.median(sum(run[:-1]) for run in runs)
        shown = "".join(f" {step:>16.2f}" for step in steps[:-1])
        print(f"{ages[folder]:>7}{shown} {everything:>7.2f} {steps[-1]:>7.2f}", flush=True)


def measure(work: Path, months: Sequence[int], sizes: Sequence[int], rounds: int) -> None:
    folders = {(size, count): work / f"{size}-{count}" for size in sizes for count in months}
    for (size, count), folder in folders.items():
        began = time.perf_counter()
        build(folder, count, size)
        print(f"built {count} months of {size:,} benefits in {time.perf_counter() - began:.0f} s", flush=True)
    taken: dict[tuple[int, int], list[list[float]]] = {key: [] for key in folders}
    for _ in range(rounds):
        for key, folder in folders.items():
            taken[key].append(beside(folder))
    print(f"one night that adds one month; median of {rounds} rounds, in turn")
    print(f"{'benefits':>9} {'months':>7}" + "".join(f" {step:>16}" for step in STEPS) + f" {'all s':>7}")
    whole = {}
    for (size, count), runs in taken.items():
        steps = [statistics.median(run[place] for run in runs) for place in range(len(STEPS))]
        whole[size, count] = statistics.median(sum(run[:-1]) for run in runs)
        print(f"{size:>9,} {count:>7}" + "".join(f" {step:>16.2f}" for step in steps) + f" {whole[size, count]:>7.2f}")
    few, many = min(months), max(months)
    for size in sizes:
        print(f"explaining a figure beside {many * size:,} benefits")
        explain_in_turn(folders[size, many])
    for size in sizes:
        aim = f"; aim at most {AIM}" if size == FULL_SIZE else ""
        print(
            f"{size:,} benefits: {many} months cost {whole[size, many] / whole[size, few]:.2f} times {few} months{aim}"
        )
    if len(sizes) > 1 and max(sizes) < FULL_SIZE:
        small, large = min(sizes), max(sizes)
        far = {}
        for count in (few, many):
            slope = (whole[large, count] - whole[small, count]) / (large - small)
            far[count] = whole[large, count] + slope * (FULL_SIZE - large)
            print(
                f"{count} months: {slope * 1e5:.2f} s more per 100,000 benefits, so {far[count]:.1f} s at {FULL_SIZE:,}"
            )
        print(f"extrapolated to {FULL_SIZE:,} benefits: {far[many] / far[few]:.2f} times; aim at most {AIM}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.night")
    parser.add_argument("--benefits", type=int, nargs="+", default=[FULL_SIZE])
    parser.add_argument("--months", type=int, nargs="+", default=[12, 240])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--beside", type=Path, nargs="+", default=[], help="data folders that are there")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(*night(options.run))
        return
    if options.beside:
        beside_folders(options.beside, max(options.benefits), options.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        measure(Path(name), options.months, options.benefits, options.rounds)


if __name__ == "__main__":
    main()
