"""Small hand-made curated tables, and the processes that publish, die and read in the tests of releases.

The children of these tests are forked from a process that has imported the large libraries and nothing of ours: where
Polars has computed, as the catalogue does on import, a fork stands still.
"""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.store.releases.publisher import publisher
from pipeline.store.releases.releases import Release, checked, releases
from pipeline.store.releases.retention import Retention
from schemas.catalogue import TABLES

FACTS: dict[str, Any] = {
    "recorded_until": "2018-09-21",
    "known_on": "2018-09-20",
    "log": {"caseload": 4, "caseload_totals": 2},
    "code_version": "0.1.0",
    "rules_version": "3f1c",
    "simulated": True,
}
_LOADED_ONCE = ["polars", "pandera.polars", "pyarrow.parquet", "duckdb", "hypothesis.strategies"]
_JAN, _FEB = date(2017, 1, 1), date(2017, 2, 1)
_TAKEN = datetime(2017, 2, 7, 9, 30, 0, 250_000, tzinfo=UTC)

_WORK = "Uitstroom naar werk, Café 't Hoekje"
_MINUS = -2.4390243902439024
_AGREES = "confirmed"

# In no order at all: sorting is the work of the store. The texts hold what a reader could trip over.
_ROWS: dict[str, list[tuple[Any, ...]]] = {
    "caseload_stock": [
        ("GM0899", _FEB, "pw", 120, 131, _JAN, -3, _MINUS, -3, _MINUS, None, True, _JAN,
         "counted", "provisional", date(2017, 2, 7), "b" * 64),
        ("GM0899", _JAN, "pw", 123, None, None, None, None, 0, 0.0, None, None, _JAN,
         "counted", "final", date(2017, 1, 6), "a" * 64),
        ("GM0899", _JAN, "all", 140, 150, None, None, None, None, None, 1.5, None, _JAN,
         "reported", "revised", date(2017, 1, 9), "c" * 64),
    ],
    "caseload_flow": [("GM0899", _FEB, "pw", _JAN, 123, 4, 8, 2, 120, 1)],
    "outflow_reasons": [
        ("GM0899", _FEB, "pw", "13", _WORK, 1),
        ("GM0899", _FEB, "pw", "11", "Arbeid in dienstbetrekking", 1),
        ("GM0899", _FEB, "pw", "02", None, 6),
    ],
    "benchmark": [
        ("GM0899", 2017, "recipients", 123, 120, "2017-01-01", 3, True, None),
        ("GM0899", 2017, "inflow", 48, None, None, None, False, "benefits, not persons"),
    ],
    "reconciliation": [
        ("GM0899/pw", "2017-02-01", "benefits", 120.0, 120.0, 0.0, "benefits", None, "agrees", "RELATION-001"),
    ],
    "published_figures_check": [
        ("P-1", "Voortgang", date(2017, 9, 1), "change_ytd_pct", "GM0899", None, "2017-02-01", "~", -2.4, 1, "procent",
         _MINUS, "pw", None, None, None, date(2017, 9, 1), _AGREES, _AGREES, "pw against pw", "pw naast pw"),
    ],
    "relation_findings": [("RELATION-001", "GM0899/pw/2017-01-01", "warn", "Totals and counts differ", "123", "124")],
}  # fmt: skip


def publish(
    curated: Path, tables: Mapping[str, pl.DataFrame], *, facts: Mapping[str, Any], keep: int = 10
) -> tuple[Release, bool]:
    """Publish once, every table in ``tables``."""
    with publisher(curated) as alone:
        return alone.publish(tables, facts=facts, keep=Retention(keep))


def rollback(curated: Path, release_id: str) -> Release:
    """Go back once."""
    with publisher(curated) as alone:
        release = checked(curated, release_id)
        alone.point_at(release)
    return release


def frames(findings: int = 3) -> dict[str, pl.DataFrame]:
    """Every curated table. The sum of ``rows_quarantined`` in deliveries is the number of rows in findings.

    A table without rows here is empty, so that declaring a new one breaks no test of the store.
    """
    half = findings // 2
    of_row = ["b" * 64] * (findings - half) + ["a" * 64] * half
    rows = _ROWS | {
        "deliveries": [_delivery("b" * 64, findings - half), _delivery("a" * 64, half)],
        "findings": [(of_row[n], n, "bsn", "VALUE-001", "quarantine", "caseload") for n in range(findings)],
    }
    return {
        name: pl.DataFrame(rows.get(name, []), schema=table.polars_schema, orient="row")
        for name, table in TABLES.items()
    }


def _delivery(sha256: str, quarantined: int) -> tuple[Any, ...]:
    where = (sha256, "caseload", f"caseload/{sha256[0]}.csv", date(2017, 2, 7), False, _TAKEN, "recorded")
    counts = (100 + quarantined, 99, quarantined, 1, 0)
    return (*where, *counts, 1, "3f1c", 0, True, None, None, None)


def shown_by(tool: str, folder: Path) -> tuple[int, int]:
    """Sum of quarantined rows and number of findings as one tool reads them: equal if both are of one release."""
    deliveries, findings = str(folder / "deliveries.parquet"), str(folder / "findings.parquet")
    if tool == "duckdb":
        with duckdb.connect() as session:
            both = f"SELECT (SELECT sum(rows_quarantined) FROM '{deliveries}'), (SELECT count(*) FROM '{findings}')"
            return session.execute(both).fetchall()[0]
    if tool == "pyarrow":
        return pc.sum(pq.read_table(deliveries)["rows_quarantined"]).as_py(), pq.read_table(findings).num_rows
    return int(pl.read_parquet(deliveries)["rows_quarantined"].sum()), pl.read_parquet(findings).height


def in_child(task: Callable[..., Any], *arguments: Any) -> tuple[ForkServerProcess, Connection]:
    """Start a task in a process of its own; what it returns, or the text of its error, arrives on the connection."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_LOADED_ONCE)
    ours, theirs = context.Pipe()
    child = context.Process(target=_report, args=(theirs, task, *arguments))
    child.start()
    theirs.close()
    return child, ours


def outcome_of(task: Callable[..., Any], *arguments: Any) -> Any:
    child, connection = in_child(task, *arguments)
    assert connection.recv() == "begun"
    outcome = connection.recv()
    child.join(30)
    return outcome


def _report(connection: Connection, task: Callable[..., Any], *arguments: Any) -> None:
    connection.send("begun")
    try:
        connection.send(task(*arguments))
    except Exception as error:  # the test judges it
        connection.send(f"{type(error).__name__}: {error}")


def publish_round(curated: Path, findings: int, turn: int) -> bool:
    return publish(curated, frames(findings), facts=FACTS | {"turn": turn}, keep=3)[1]


def publish_rounds(curated: Path, rounds: int, seconds: float) -> int:
    """Publish two sets of frames in turn, each time going back one release and forward again. Number of swaps."""
    until, swaps = time.monotonic() + seconds, 0
    for turn in range(rounds):
        if time.monotonic() < until:
            swaps += publish_round(curated, 3 if turn % 2 else 400, turn)
            *_, before, now = releases(curated)
            swaps += rollback(curated, before).id == before
            swaps += rollback(curated, now).id == now
    return swaps


def publish_and_die(curated: Path, findings: int, turn: int, step: int) -> bool:
    """Publish, and get killed just before the given step that touches a file of the store."""
    left = [step]

    def count_down(event: str, arguments: tuple[Any, ...]) -> None:
        if _touches(event, arguments, str(curated)):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count_down)
    return publish_round(curated, findings, turn)


def _touches(event: str, arguments: tuple[Any, ...], root: str) -> bool:
    """Steps between which something on the disk may differ. Opening a folder or file to flush it (no mode) is none."""
    if event == "os.rmdir":  # shutil gives names relative to an open folder
        return True
    watched = event in {"os.rename", "os.mkdir", "os.symlink", "os.utime"} or (
        event == "open" and arguments[1] is not None
    )
    return watched and any(str(each).startswith(root) for each in arguments if isinstance(each, (str, os.PathLike)))


def publish_on_small_disk(curated: Path, findings: int, turn: int, largest_file: int) -> bool:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    return publish_round(curated, findings, turn)


def publish_as_nobody(curated: Path, findings: int, turn: int) -> bool:
    frames(1)  # whatever is loaded late is loaded while we still may
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65_534)
        os.setuid(65_534)
    return publish_round(curated, findings, turn)


def read_rounds(curated: Path, stop: Path) -> dict[str, int]:
    """Resolve ``current`` once, read two tables with each tool, until told to stop."""
    seen: set[str] = set()
    tally = {"reads": 0, "mixed": 0}
    while not stop.exists():
        folder = (curated / "current").resolve()
        seen.add(folder.name)
        for tool in ("duckdb", "pyarrow", "polars"):
            quarantined, found = shown_by(tool, folder)
            tally["reads"] += 1
            tally["mixed"] += quarantined != found
    return tally | {"releases": len(seen)}


def publish_large(curated: Path) -> str:
    """Publish enough rows for several row groups; says with how many threads, and which bytes came out."""
    release, _ = publish(curated, frames(300_000), facts=FACTS)
    return json.dumps([pl.thread_pool_size(), pa.cpu_count(), release.id, release.manifest["files"]], sort_keys=True)
