"""``export`` and ``changes``: a release for other programs, and for who keeps a copy in step."""

import argparse
import os
from pathlib import Path

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text
from pipeline.commands.look import add_known_on

_WITH_CLIENTS = "also tables about single clients (trajectories), which only some may see"
_STYLES = ("dutch", "plain")


def _export(options: argparse.Namespace) -> int:
    from pipeline.exports.csv_files import STYLES
    from pipeline.exports.write import export
    from pipeline.jobs.release.exporting import content_of
    from pipeline.jobs.workspace import open_workspace

    workspace = open_workspace(settings.load(options.data_dir))
    found = content_of(
        workspace, lambda _: None, day=options.known_on, since=options.since, with_clients=options.with_clients
    )
    place = export(found, options.format, options.to, style=STYLES[options.csv or settings.csv_style()])
    if options.json:
        print_json({"release": found.name, "path": str(place), "tables": list(found.tables)})
    else:
        print_text(f"{place}: {len(found.tables)} tables of release {found.name}.")
    return 0


def _export_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--format", choices=("xlsx", "csv", "duckdb", "sqlite"), default="xlsx", help="what to write (default: xlsx)"
    )
    parser.add_argument(
        "--to", type=Path, metavar="PATH", help="file, or folder for CSV (default: named after the release)"
    )
    which = parser.add_mutually_exclusive_group()
    add_known_on(which)
    which.add_argument("--since", metavar="RELEASE", help="only what differs in the current release since that one")
    parser.add_argument(
        "--csv",
        choices=_STYLES,
        help="dutch: ; and decimal comma, for Excel; plain: , and decimal point (default: UITSTROOM_CSV, else dutch)",
    )
    parser.add_argument("--with-clients", action="store_true", help=_WITH_CLIENTS)


def _changes(options: argparse.Namespace) -> int:
    from pipeline.jobs.release.changes import changes_since, write_changes
    from pipeline.jobs.workspace import open_workspace

    found = changes_since(
        open_workspace(settings.load(options.data_dir)), options.since, with_clients=options.with_clients
    )
    if options.to is not None:
        write_changes(found, options.to)
    if options.json:
        rows = {} if options.to is not None else {"rows": {name: each.to_dicts() for name, each in found.rows.items()}}
        print_json(found.summary | rows)
        return 0
    print_text(f"{found.since} → {found.release.id}: {len(found.tables)} tables differ")
    for name, table in found.summary["tables"].items():
        counts = ", ".join(f"{table[what]} {what}" for what in ("added", "changed", "removed") if table[what])
        print_text(f"  {name:26} {'the whole table, ' if table['is_whole'] else ''}{counts}")
    if options.to is not None:
        print_text(f"written to {options.to}{os.sep}")
    return 0


def _changes_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--since", required=True, metavar="RELEASE", help="a release on disk, or the name it is kept by"
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="write the rows there, one Parquet file per table")
    parser.add_argument("--with-clients", action="store_true", help=_WITH_CLIENTS)


EXPORT = Command(
    "export", "a release as a workbook, CSV files, or one file of DuckDB or SQLite", _export, _export_arguments
)
CHANGES = Command(
    "changes",
    "all that differs in the current release since an earlier one, row by row, to keep a copy in step",
    _changes,
    _changes_arguments,
    only_answers=True,
)
COMMANDS = (EXPORT, CHANGES)
