"""Reading months of benefits again: on a disk, in a bucket, and on the workers of a cluster; which part gets no faster.

``python -m bench.cluster --months 24 --benefits 450000 --workers 1 2``. Everything runs on this machine, over an S3
server of moto: so what is read by workers is compared with each other, not with a real store. Here: the night that
takes all of it in and publishes it, in a process of its own per setting, and where its time goes. Not here: one that
adds one month (``bench.night``).
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import wraps
from pathlib import Path
from typing import Any

from bench.night import put_month
from pipeline import settings
from pipeline.jobs.ingest.reading import Desk
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import open_writer
from pipeline.simulate import persons
from tests.cluster.stores import s3
from tests.cluster.workers import Cluster

_KEY = "5a" * 32
_STEPS = ("hash", "wait for readers", "judge, commit", "release")


def night(place: str) -> list[float]:
    """Seconds of each step: the first two are shared by workers, the others are one process's own."""
    spent = dict.fromkeys(("look", "end"), 0.0)

    def timed(name: str) -> Callable[..., Any]:
        method = getattr(Desk, name)

        @wraps(method)
        def around(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*arguments)
            finally:
                spent[name] += time.perf_counter() - began

        return around

    for name in spent:
        setattr(Desk, name, timed(name))
    writer = open_writer(settings.load(settings.data_place(place)))
    began = time.perf_counter()
    take_in(writer, lambda _: None)
    taken = time.perf_counter()
    release(writer, lambda _: None)
    return [spent["look"], spent["end"], taken - began - sum(spent.values()), time.perf_counter() - taken]


def measured(place: Path | str, environment: dict[str, str]) -> list[float]:
    command = [sys.executable, "-m", "bench.cluster", "--run", str(place)]
    taken = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    return [float(each) for each in taken.stdout.split()]


def compare(work: Path, months: int, size: int, workers: Sequence[int]) -> None:
    raw, numbers = work / "raw", persons.citizen_numbers(size, seed=1)
    for month in range(months):
        put_month(raw, month, size, numbers)
    own = {"UITSTROOM_KEY": _KEY, "UITSTROOM_RAW": str(raw), "UITSTROOM_SITE": "no"}
    rows = {"disk, cells": measured(work / "disk", own)}
    with s3(work) as store:
        bucket = {**own, **store.environment}
        rows["bucket, cells"] = measured(store.address("cells"), {**bucket, "UITSTROOM_WORK": str(work / "cells")})
        for count in workers:
            with ExitStack() as ends:
                (folder := work / f"workers-{count}").mkdir()
                started = Cluster(folder, bucket)
                ends.callback(started.end)
                started.start(count)
                theirs = {"UITSTROOM_WORK": str(folder / "work"), "UITSTROOM_CLUSTER": started.address}
                rows[f"bucket, {count} workers"] = measured(store.address(f"{count}"), {**bucket, **theirs})
    print(f"{months} months of {size:,} benefits, all taken in and published; seconds by the clock")
    print(f"{'':20}" + "".join(f" {step:>17}" for step in _STEPS) + f" {'all':>8}")
    for name, steps in rows.items():
        print(f"{name:20}" + "".join(f" {seconds:>17.1f}" for seconds in steps) + f" {sum(steps):>8.1f}")
    last = rows[f"bucket, {max(workers)} workers"]
    share = sum(last[2:]) / sum(last)
    print(f"no faster with more workers: judging, committing and the release, {share:.0%} of the last row")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cluster")
    parser.add_argument("--benefits", type=int, default=450_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(*night(options.run))
        return
    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        compare(Path(name), options.months, options.benefits, options.workers)


if __name__ == "__main__":
    main()
