"""``uitstroom run`` and ``uitstroom simulate``: files in, a release out."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text
from pipeline.errors import WrongSetting

if TYPE_CHECKING:
    from pipeline.jobs.nightly import Night


def _run(options: argparse.Namespace) -> int:
    from pipeline.jobs.workspace import open_writer
    from pipeline.steward.terminal_summary import summary

    # What is wrong with folder or key is one sentence here; from within a flow it would come with Prefect's traces.
    loaded = settings.load(options.data_dir)
    open_writer(loaded)
    night = _quiet(loaded) or _flow(options, loaded)
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


def _quiet(loaded: settings.Settings) -> "Night | None":
    """The night where nothing is new and no server is there to show it: then none is started either."""
    from flows import embedded, quiet

    if embedded.shows_runs(loaded.data_dir):
        return None
    return quiet.quiet(loaded, lambda what: print_text(str(what), sys.stderr))


def _flow(options: argparse.Namespace, loaded: settings.Settings) -> "Night":
    from flows import embedded
    from flows.loading import loading
    from flows.temporary_server import TemporaryServer
    from pipeline.jobs.ingest.reading import cell_ready

    if not options.json:
        print("Running the nightly flow; the first start takes up to half a minute.", flush=True)
    embedded.prepare(loaded.data_dir)
    embedded.end_cleanly_on_sigterm()
    server = None if embedded.shows_runs(loaded.data_dir) else TemporaryServer()
    with loading():
        from flows.nightly import nightly

    if server is not None:
        import pandera.polars  # noqa: F401  what the night needs anyway, while the server starts

        with cell_ready(loaded):
            server.wait()
            return nightly(str(options.data_dir))
    return nightly(str(options.data_dir))


def _simulate(options: argparse.Namespace) -> int:
    from pipeline.simulate import simulate

    raw = _folder_for_raw(options)
    files = simulate(raw, seed=options.seed, scale=options.scale)
    if options.json:
        print_json([{"path": str(file.path), "rows": file.rows, "note": file.note} for file in files])
        return 0
    rows = sum(file.rows for file in files)
    print(f"SIMULATED data, seed {options.seed}: {len(files)} files, {rows:,} rows below {raw}")
    for file in files:
        if file.note:
            print(f"  {file.path}: {file.note}")
    return 0


def _folder_for_raw(options: argparse.Namespace) -> Path:
    loaded = settings.load(options.data_dir)
    if loaded.remote and loaded.raw_dir is None:
        raise WrongSetting(
            "Sample deliveries are made in a folder: give --data-dir FOLDER and copy its raw/ to the bucket, or set "
            f"{settings.RAW} to the folder where raw files lie."
        )
    return loaded.raw


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
