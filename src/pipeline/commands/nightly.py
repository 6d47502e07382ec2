"""``uitstroom run`` and ``uitstroom simulate``: files in, a release out."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text

if TYPE_CHECKING:
    from pipeline.jobs.nightly import Night


def _run(options: argparse.Namespace) -> int:
    from pipeline.jobs.workspace import open_writer
    from pipeline.steward.terminal_summary import summary

    # What is wrong with folder or key is one sentence here; from within a flow it would come with Prefect's traces.
    open_writer(settings.load(options.data_dir))
    night = _quiet(options) or _flow(options)
    if options.json:
        print_json(
            {
                "receipts": [asdict(receipt) for receipt in night.receipts],
                "release": night.published.release.id,
                "is_new": night.published.is_new,
                "path": str(night.published.release.path),
            }
        )
    else:
        print_text(summary(night))
    return 0


def _quiet(options: argparse.Namespace) -> "Night | None":
    """The night where nothing is new and no server is there to show it: then none is started either."""
    from flows import embedded, quiet

    if embedded.shows_runs(options.data_dir):
        return None
    return quiet.quiet(settings.load(options.data_dir), lambda text: print_text(text, sys.stderr))


def _flow(options: argparse.Namespace) -> "Night":
    from flows import embedded
    from flows.temporary_server import TemporaryServer

    if not options.json:
        print("Running the nightly flow; the first start takes up to half a minute.", flush=True)
    embedded.prepare(options.data_dir)
    embedded.end_cleanly_on_sigterm()
    server = None if embedded.shows_runs(options.data_dir) else TemporaryServer()
    from flows.nightly import nightly

    if server is not None:
        import pandera.polars  # noqa: F401  what the night needs anyway, while the server starts

        import pipeline.steward.plots  # noqa: F401

        server.wait()
    return nightly(str(options.data_dir))


def _simulate(options: argparse.Namespace) -> int:
    from pipeline.simulate import simulate

    files = simulate(options.data_dir / "raw", seed=options.seed, scale=options.scale)
    if options.json:
        print_json([{"path": str(file.path), "rows": file.rows, "note": file.note} for file in files])
        return 0
    rows = sum(file.rows for file in files)
    print(f"SIMULATED data, seed {options.seed}: {len(files)} files, {rows:,} rows below {options.data_dir / 'raw'}")
    for file in files:
        if file.note:
            print(f"  {file.path}: {file.note}")
    return 0


def _simulate_arguments(parser: Parser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same files (default: 1)")
    parser.add_argument("--scale", type=int, metavar="N", help="benefits a month, for benchmarks")


RUN = Command("run", "the nightly run: take in what is new, publish a release", _run)
SIMULATE = Command(
    "simulate",
    "make client-level sample deliveries (simulated, deterministic by seed)",
    _simulate,
    _simulate_arguments,
)
