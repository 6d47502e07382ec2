"""What it takes to explain one figure beside a log of many rows: seconds of the work itself, without Python's start.

``python -m bench.explain FOLDER`` explains figures of every table of the caseload and of checks in a data folder that
has had its night, each in a process of its own; ``bench.night`` does so beside the folders that it builds.
``python -m bench.explain --months 240 --benefits 450000`` does so beside a log that it makes by repeating one month
(``bench.long_log``): 108 million rows, some 10 GB of disk.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AIM = 1.0
"""Seconds for one figure, of its own work, beside 108 million rows."""
ASKED = (
    ("caseload_stock", "benefits"),
    ("caseload_stock", "change_pct"),
    ("caseload_stock", "is_lowest_on_record"),
    ("caseload_flow", "inflow"),
    ("caseload_flow", "unexplained_difference"),
    ("outflow_reasons", "benefits"),
    ("reconciliation", "verdict"),
    ("trajectories", "placed_on"),
    ("programme_progress", "placed"),
)


def explain_here(folder: Path, table: str, column: str) -> tuple[float, int]:
    """Seconds and rows of the last row of a table that has this figure."""
    from pipeline import settings
    from pipeline.jobs.lineage.explain import explain_figure
    from pipeline.jobs.show import current_release
    from pipeline.jobs.workspace import open_workspace
    from pipeline.store.releases import releases
    from schemas.catalogue import TABLES

    workspace = open_workspace(settings.load(folder))
    there = releases.read(current_release(workspace.settings), table).drop_nulls(column).tail(1).collect()
    if there.is_empty():
        return 0.0, 0
    key = [str(there[name][0]) for name in TABLES[table].key]
    began = time.perf_counter()
    found = explain_figure(workspace, table, key, column=column)
    return time.perf_counter() - began, sum(len(trace.rows) for trace in found.traces)


def explain_in_turn(folder: Path) -> None:
    """Each figure in a process of its own: nothing is remembered from the one before."""
    print(f"{'table':24} {'column':24} {'rows':>9} {'s':>6}   (aim: at most {AIM:.0f} s)")
    for table, column in ASKED:
        command = [sys.executable, "-m", "bench.explain", str(folder), "--figure", table, column]
        seconds, rows = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        print(f"{table:24} {column:24} {int(rows):>9,} {float(seconds):>6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.explain")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--benefits", type=int, default=450_000)
    parser.add_argument("--figure", nargs=2, metavar=("TABLE", "COLUMN"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.figure:
        print(*explain_here(options.folder, *options.figure))
    elif options.folder:
        explain_in_turn(options.folder)
    else:
        beside_a_long_log(options.months, options.benefits)


def beside_a_long_log(months: int, size: int) -> None:
    from bench.long_log import build

    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        began = time.perf_counter()
        build(Path(name) / "data", months, size)
        print(f"made {months} months of {size:,} benefits in {time.perf_counter() - began:.0f} s", flush=True)
        explain_in_turn(Path(name) / "data")


if __name__ == "__main__":
    main()
