"""What it takes to explain one figure beside a log of many rows: seconds of the work itself, without Python's start.

``python -m bench.explain FOLDER`` explains figures of every kind that rests on benefits in a data folder that has had
its night, each in a process of its own; ``bench.night`` does so beside the folders that it builds, and ``make bench``
beside a log that is made by repeating one month (``bench.long_log``): 108 million rows, some 3 GB of disk.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

AIM = 1.0
"""Seconds for one figure, of its own work, beside 108 million rows."""


@dataclass(frozen=True)
class Asked:
    """A figure: the last row of a table that has it, and in which some columns hold these values."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...] = ()
    is_past: bool = False
    """As known on a day in the middle of the log."""

    def __str__(self) -> str:
        values = [value for _, value in self.where]
        return " ".join([f"{self.table}.{self.column}", *values, *(["(a past day)"] if self.is_past else [])])


ASKED = (
    *(Asked("caseload_stock", name) for name in ("benefits", "persons", "change_pct", "is_lowest_on_record")),
    *(Asked("caseload_stock", name) for name in ("record_since", "vintage", "delivery")),
    Asked("caseload_stock", "change_pct", is_past=True),
    Asked("caseload_service", "municipalities"),
    *(Asked("caseload_flow", name) for name in ("opening", "inflow", "outflow", "unexplained_difference")),
    Asked("caseload_flow", "unexplained_difference", is_past=True),
    Asked("outflow_reasons", "benefits"),
    *(Asked("benchmark", "value_own", (("indicator", name),)) for name in ("recipients", "inflow")),
    Asked("benchmark", "comparable", (("indicator", "outflow"),)),
    *(Asked("reconciliation", "verdict", (("indicator", name),)) for name in ("benefits", "inflow", "participants")),
    *(Asked("published_figures_check", "verdict", (("claim_id", name),)) for name in ("K0", "K2", "K3", "K4")),
    *(Asked("published_figures_check", "explanation", (("claim_id", name),)) for name in ("K0", "K3", "K4")),
    Asked("relation_findings", "found", (("rule", "RELATION-002"),)),
    *(Asked("deliveries", name, (("source", "caseload"),)) for name in ("status", "version_of_scope")),
    Asked("restatements", "value_after", (("table", "caseload_flow"),)),
    Asked("trajectories", "placed_on"),
    Asked("programme_progress", "placed"),
    *(Asked("placement_outcomes", name) for name in ("works_beside_benefit", "durable")),
)


def explain_here(folder: Path, asked: Asked) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and rows. What a person gets to read is made, too."""
    from pipeline import settings
    from pipeline.jobs.lineage.explain import explain_figure
    from pipeline.jobs.show import current_release
    from pipeline.jobs.workspace import open_workspace
    from pipeline.steward.explanation_text import tree
    from pipeline.store.releases import releases
    from schemas.catalogue import TABLES

    loaded = settings.load(folder)
    rows = releases.read(current_release(loaded), asked.table).drop_nulls(asked.column)
    for name, value in asked.where:
        rows = rows.filter(pl.col(name) == value)
    there = rows.collect()
    day = _past_day(there) if asked.is_past and there.height else None
    if day is not None:
        there = there.filter(pl.col("reference_date") < day)
    if there.is_empty():
        return 0.0, 0.0, 0
    key = [str(there[name][-1]) for name in TABLES[asked.table].key]
    began, worked = time.perf_counter(), time.process_time()
    found = explain_figure(open_workspace(loaded), asked.table, key, column=asked.column, known_on=day)
    tree(found)
    seconds, of_processor = time.perf_counter() - began, time.process_time() - worked
    return seconds, of_processor, sum(len(trace.rows) for trace in found.traces)


def _past_day(rows: pl.DataFrame) -> date | None:
    """Some days after a date in the middle."""
    day = rows["reference_date"].sort()[rows.height // 2]
    return day.replace(day=28) if isinstance(day, date) else None


def explain_in_turn(folder: Path) -> None:
    """Each figure in a process of its own: nothing is remembered from the one before."""
    print(f"{'figure':58} {'rows':>9} {'s':>6} {'of cpu':>7} {'to the aim':>11}   (aim: at most {AIM:.0f} s)")
    most = (0.0, 0.0)
    for number, asked in enumerate(ASKED):
        command = [sys.executable, "-m", "bench.explain", str(folder), "--figure", str(number)]
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        seconds, of_processor, rows = float(printed[0]), float(printed[1]), int(printed[2])
        most = max(most[0], seconds), max(most[1], of_processor)
        ratio = seconds / AIM
        print(f"{asked!s:58} {rows:>9,} {seconds:>6.2f} {of_processor:>7.2f} {ratio:>11.2f}", flush=True)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{'most of all':58} {'':>9} {most[0]:>6.2f} {most[1]:>7.2f} {most[0] / AIM:>11.2f}   (load {load})")


def beside_a_long_log(work: Path, months: int, size: int) -> None:
    """Make such a log, and explain figures of it."""
    from bench.long_log import build

    began = time.perf_counter()
    build(work / "long", months, size)
    taken = time.perf_counter() - began
    print(f"explaining one figure beside {months * size:,} benefits; made {months} months in {taken:.0f} s", flush=True)
    explain_in_turn(work / "long")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.explain")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--benefits", type=int, default=450_000)
    parser.add_argument("--figure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.figure is not None:
        print(*explain_here(options.folder, ASKED[options.figure]))
    elif options.folder:
        explain_in_turn(options.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
            beside_a_long_log(Path(name), options.months, options.benefits)


if __name__ == "__main__":
    main()
