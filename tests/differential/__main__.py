"""``python -m tests.differential --files 20000``: many spoilt files; every difference with its seed."""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import polars as pl

from tests.differential.compare import Outcome, frame_of, several


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=0, help="the first seed")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--values", type=int, default=1, help="in every so many files also what the cells mean")
    given = options.parse_args()
    began, outcomes = time.monotonic(), list[Outcome]()
    parts = [
        range(start, min(start + 250, given.seed + given.files))
        for start in range(given.seed, given.seed + given.files, 250)
    ]
    # Spawned, since the threads of polars do not survive a fork.
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        for part in pool.map(several, parts, [given.values] * len(parts)):
            for seed, outcome in part:
                outcomes.append(outcome)
                if outcome.differences:
                    print(seed, outcome.kind, outcome.differences[:3], flush=True)
            print(f"\r{len(outcomes)}", end="", file=sys.stderr, flush=True)
    with pl.Config(tbl_rows=100):
        print(frame_of(outcomes))
    different = sum(bool(each.differences) for each in outcomes)
    read = [each for each in outcomes if each.status == "read"]
    print(
        f"{len(outcomes)} files, {len(read)} read, {len(outcomes) - len(read)} rejected, "
        f"{sum(each.rows for each in outcomes)} rows, {sum(each.cells for each in outcomes)} cells compared, "
        f"{different} files with a difference, {time.monotonic() - began:.0f} s"
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
