"""The command ``uitstroom``.

Here: words on the command line to jobs, results to text or JSON. Nothing is decided here.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import __version__, settings
from pipeline.errors import UitstroomError
from schemas.curated import TABLES
from schemas.vocabulary import Decision


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 unless the command itself failed (1) or was misspelled (2). Rejected data is not a failure."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except UitstroomError as error:
        print(f"uitstroom: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="uitstroom", description="What was reported about a caseload, by whom and when."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, text in (
        ("run", _run, "the nightly run: take in what is new, publish a release"),
        ("show", _show, "print a curated table"),
        ("explain", _explain, "from a curated figure back to delivery, file and row numbers"),
        ("doctor", _doctor, "keys, folders, disk, versions"),
        ("verify", _verify, "is the log and the release whole: counts add up, hashes match"),
        ("path", _path, "the folder of the current release, resolved once"),
        ("accept", _decide, "record a held delivery after all, in the next run"),
        ("reject", _decide, "decide that a held delivery never counts"),
        ("retract", _decide, "take back a recorded delivery: it stays in the log and counts no more"),
        ("reinstate", _decide, "let a retracted delivery count again"),
        ("simulate", _simulate, "make client-level sample deliveries (simulated, deterministic by seed)"),
    ):
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command, name=name)
        sub.add_argument(
            "--data-dir",
            type=Path,
            default=Path("data"),
            help="folder with raw/, log/, quarantine/, curated/ (default: data)",
        )
        sub.add_argument("--json", action="store_true", help="print JSON")
        _add_own(name, sub)
    return parser


def _add_own(name: str, sub: argparse.ArgumentParser) -> None:
    if name == "show":
        sub.add_argument("table", metavar="TABLE")
        sub.add_argument(
            "--where", action="append", default=[], metavar="COLUMN=VALUE", help="only these rows; may be repeated"
        )
        sub.add_argument("--limit", type=int, default=60, help="rows to print (default: 60; 0 = all)")
    if name == "explain":
        sub.add_argument("table", metavar="TABLE", help="a curated table, e.g. caseload_stock")
        keys = "; ".join(f"{table.name}: {' '.join(table.key)}" for table in TABLES.values())
        sub.add_argument("key", nargs="+", metavar="KEY", help=f"values of the table's key, in its order ({keys})")
    if name in _DECISIONS:
        sub.add_argument("delivery", metavar="DELIVERY", help="the hash of the delivery, or its first characters")
        sub.add_argument("--by", required=True, metavar="WHO", help="who decides")
        sub.add_argument("--reason", required=True, metavar="TEXT", help="why; no personal data")
    if name == "simulate":
        sub.add_argument("--seed", type=int, default=1, help="the same seed makes the same files (default: 1)")
        sub.add_argument("--scale", type=int, metavar="N", help="benefits a month, for benchmarks")


_DECISIONS = {
    "accept": Decision.ACCEPTED,
    "reject": Decision.REFUSED,
    "retract": Decision.RETRACTED,
    "reinstate": Decision.REINSTATED,
}


def _print_json(content: Any) -> None:
    print(json.dumps(content, indent=2, default=str, ensure_ascii=False))


def _run(options: argparse.Namespace) -> int:
    from flows import embedded

    embedded.prepare(options.data_dir)
    embedded.end_cleanly_on_sigterm()
    from flows.nightly import nightly
    from pipeline.report import summary

    if not options.json:
        print("Running the nightly flow; the first start takes up to half a minute.", flush=True)
    night = nightly(str(options.data_dir))
    if options.json:
        _print_json(
            {
                "receipts": [asdict(receipt) for receipt in night.receipts],
                "release": night.published.release.id,
                "is_new": night.published.is_new,
                "path": str(night.published.release.path),
            }
        )
    else:
        print(summary(night))
    return 0


_TABLE_STYLE: dict[str, Any] = {
    "tbl_rows": -1,
    "tbl_cols": -1,
    "fmt_str_lengths": 1000,
    "tbl_width_chars": -1,
    "tbl_hide_dataframe_shape": True,
    "tbl_hide_column_data_types": True,
    "tbl_formatting": "MARKDOWN",
}


def _show(options: argparse.Namespace) -> int:
    from pipeline.jobs.show import table

    frame = table(settings.load(options.data_dir), options.table, options.where)
    if options.json:
        _print_json(frame.to_dicts())
        return 0
    shown = frame if options.limit == 0 else frame.head(options.limit)
    with pl.Config(**_TABLE_STYLE):
        print(shown)
    _say_simulated(options)
    if shown.height < frame.height:
        print(f"{shown.height} of {frame.height} rows; --limit 0 prints all.")
    return 0


def _explain(options: argparse.Namespace) -> int:
    from pipeline.core.explain import ranges
    from pipeline.jobs.explain import explain_figure
    from pipeline.jobs.station import open_station

    told = explain_figure(open_station(settings.load(options.data_dir)), options.table, options.key)
    if options.json:
        _print_json({"table": told.table, "figure": told.figure, "traces": [trace.as_dict() for trace in told.traces]})
        return 0
    print(f"{told.table}")
    for name, value in told.figure.items():
        print(f"  {name:26} {_plain(value)}")
    for trace in told.traces:
        rows = "1 row" if len(trace.rows) == 1 else f"{len(trace.rows):,} rows"
        print(f"\n{trace.part}: {rows} of raw/{trace.file_name}")
        print(f"  delivered on {trace.delivered_on}, delivery {trace.delivery}")
        print(f"  rows {ranges(list(trace.rows)) or 'none'}")
    _say_simulated(options)
    return 0


def _plain(value: object) -> str:
    """A value as a person writes it: no trailing zeros, yes and no in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _say_simulated(options: argparse.Namespace) -> None:
    from pipeline.jobs.show import current_release

    if current_release(settings.load(options.data_dir)).manifest.get("simulated"):
        print("These figures rest partly on SIMULATED deliveries.")


def _decide(options: argparse.Namespace) -> int:
    from pipeline.jobs.decisions import decide
    from pipeline.jobs.station import open_station

    station = open_station(settings.load(options.data_dir))
    decided = decide(station, _DECISIONS[options.name], options.delivery, by=options.by, why=options.reason)
    if options.json:
        _print_json(asdict(decided))
    else:
        print(f"{decided.file_name} is {decided.decision}. It shows in the tables after: uitstroom run")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from pipeline.jobs.checkup import doctor

    checks = doctor(settings.load(options.data_dir))
    if options.json:
        _print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            advice = "" if check.is_ok else f"; {check.advice}"
            print(f"  {'ok  ' if check.is_ok else 'LOOK'}  {check.name:14} {check.found}{advice}")
    return 0 if all(check.is_ok for check in checks) else 1


def _verify(options: argparse.Namespace) -> int:
    from pipeline.jobs.checkup import verify
    from pipeline.jobs.station import open_station

    problems = verify(open_station(settings.load(options.data_dir)))
    if options.json:
        _print_json({"is_whole": not problems, "problems": problems})
    else:
        print("\n".join(problems) if problems else "Log, raw files and release are whole: counts add up, hashes match.")
    return 1 if problems else 0


def _path(options: argparse.Namespace) -> int:
    from pipeline.jobs.show import current_release

    release = current_release(settings.load(options.data_dir))
    if options.json:
        _print_json({"id": release.id, "path": str(release.path)})
    else:
        print(release.path)
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from pipeline.simulate import simulate

    files = simulate(options.data_dir / "raw", seed=options.seed, scale=options.scale)
    if options.json:
        _print_json([{"path": str(file.path), "rows": file.rows, "note": file.note} for file in files])
    else:
        rows = sum(file.rows for file in files)
        print(
            f"SIMULATED data, seed {options.seed}: {len(files)} files, {rows:,} rows below {options.data_dir / 'raw'}"
        )
        for file in files:
            if file.note:
                print(f"  {file.path}: {file.note}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
