"""``python -m bench.peers``: the same job with ours and with other tools, compared cell by cell and then measured.

``--setup FOLDER`` makes an environment for those that need what the project has not, ``--environment FOLDER`` uses it.
A peer that finds other rows or figures ends the bench with the difference: times of different work say nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.peers.compare import differences
from bench.peers.measured import Taken, run

HERE = Path(__file__).parent
MEASURED_AGAINST = "pandera_polars"
_NOTHING_KEPT = (
    "no history, no redelivery, no pseudonyms, no exactly once, no restatements, no receipts or gates, one form of file"
)


@dataclass(frozen=True)
class Peer:
    """A module that does the job, and what it leaves undone."""

    module: str
    title: str
    lacks: str
    is_apart: bool = False
    """Whether it needs packages that the project has not."""


OURS = Peer("ours", "ours", "")
FLOOR = Peer("only_floor", "floor", "checks nothing, counts nothing")
PEERS = (
    Peer(MEASURED_AGAINST, "Pandera on Polars", f"{_NOTHING_KEPT}; rows apart without their reasons"),
    Peer("with_dataframely", "dataframely", f"{_NOTHING_KEPT}; reasons for who asks", is_apart=True),
    Peer("polars_by_hand", "Polars by hand", f"{_NOTHING_KEPT}; rows apart without their reasons"),
    Peer("duckdb_sql", "DuckDB SQL", f"{_NOTHING_KEPT}; rows apart without reasons and row numbers"),
    Peer("dbt_duckdb", "dbt-duckdb", f"{_NOTHING_KEPT}; rows apart without reasons and row numbers", is_apart=True),
)


def set_up(folder: Path) -> None:
    """An environment with exactly what is pinned."""
    venv.create(folder, with_pip=True)
    lock = ["--require-hashes", "--requirement", str(HERE / "requirements.lock")]
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "--no-deps",
    ]
    subprocess.run([*pip, *lock], check=True)
    print(f"made {folder}; measure with: python -m bench.peers --environment {folder}")


def chosen(environment: Path | None) -> tuple[Peer, ...]:
    """Those that can run here."""
    if environment is None and (left := [peer.title for peer in PEERS if peer.is_apart]):
        print(f"left out: {', '.join(left)} (python -m bench.peers --setup FOLDER, then --environment FOLDER)")
    return tuple(peer for peer in PEERS if environment or not peer.is_apart)


def measure(peer: Peer, source: Path, work: Path, environment: Path | None) -> tuple[Taken, dict[str, Any]]:
    """One run in a process of its own, into a folder of its own."""
    python = str(environment / "bin" / "python") if environment and peer.is_apart else sys.executable
    with tempfile.TemporaryDirectory(prefix=f"{peer.module}-", dir=work) as target:
        taken = run([python, "-m", f"bench.peers.{peer.module}", str(source), f"{target}/out"])
    print(f"{peer.title}: {taken.cpu_seconds:.1f} CPU s, {taken.wall_seconds:.1f} s", file=sys.stderr, flush=True)
    return taken, json.loads(taken.printed.splitlines()[-1])


def bench(source: Path, work: Path, environment: Path | None) -> None:
    """All of them on one set of files: first whether they find the same, then what each took."""
    runs = {peer: measure(peer, source, work, environment) for peer in (OURS, FLOOR, *chosen(environment))}
    _, ours = runs[OURS]
    for peer, (_, found) in runs.items():
        if peer is not FLOOR and (others := differences(ours, found)):
            raise SystemExit(f"{peer.title} finds something else than ours: {others}")
    print(
        f"all alike: {ours['good']:,} good rows, {ours['quarantined']:,} apart, {ours['copies']:,} copies, "
        f"{len(ours['stock']):,} rows of stock, {len(ours['flow']):,} of flow"
    )
    base = next(taken for peer, (taken, _) in runs.items() if peer.module == MEASURED_AGAINST)
    print(f"{'':>18} {'CPU s':>7} {'wall s':>7} {'peak MB':>8} {'to Pandera':>11}")
    for peer, (taken, found) in sorted(runs.items(), key=lambda each: each[1][0].cpu_seconds):
        ratio = taken.cpu_seconds / base.cpu_seconds
        numbers = f"{taken.cpu_seconds:>7.1f} {taken.wall_seconds:>7.1f} {taken.peak_bytes / 1e6:>8.0f} {ratio:>11.2f}"
        print(f"{peer.title:>18} {numbers}")
        for part, seconds in found.get("parts", {}).items():
            print(f"{part:>18} {seconds:>7.1f}")
    door, floor = ours["parts"]["door"], runs[FLOOR][1]["cpu_seconds"]
    print(f"door to floor, without imports: {door / floor:.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers")
    parser.add_argument("--months", type=int, default=24, help="files")
    parser.add_argument("--rows", type=int, default=100_000, help="benefits in stock per file")
    parser.add_argument("--setup", type=Path, metavar="FOLDER", help="make an environment there and measure nothing")
    parser.add_argument("--environment", type=Path, metavar="FOLDER", help="what --setup made")
    options = parser.parse_args()
    if options.setup:
        return set_up(options.setup)
    with tempfile.TemporaryDirectory(prefix="uitstroom-bench-") as name:
        for kind in ("clean", "spoilt"):
            source = Path(name) / kind
            # In a process of its own: a process begins with the peak of the one that started it.
            run([sys.executable, "-m", "bench.peers.files", str(source), str(options.months), str(options.rows), kind])
            size = sum(file.stat().st_size for file in source.iterdir()) / 1e6
            load = os.getloadavg()[0]
            print(f"\n{options.months} files of {options.rows:,} benefits, {kind}, {size:.0f} MB; load {load:.1f}")
            bench(source, Path(name), options.environment)
    print("\nwhat each does not do")
    for peer in PEERS:
        print(f"{peer.title:>18}: {peer.lacks}")
    return None


if __name__ == "__main__":
    main()
