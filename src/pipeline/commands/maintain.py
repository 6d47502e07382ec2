"""``uitstroom maintain``: upkeep of log and releases."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json

if TYPE_CHECKING:
    from pipeline.jobs.upkeep.maintain import Maintained, Tended
    from schemas.sentences import Sentence


def _maintain(options: argparse.Namespace) -> int:
    from pipeline.jobs.upkeep.maintain import maintain
    from pipeline.jobs.workspace import open_writer

    writer = open_writer(settings.load(options.data_dir))
    done = maintain(writer, _say, keep_releases=options.keep_releases)
    if options.json:
        print_json(asdict(done))
    else:
        print("\n".join(_lines(done)))
    return 0


def _say(doing: "Sentence") -> None:
    print(f"  {doing}", file=sys.stderr, flush=True)


def _lines(done: "Maintained") -> list[str]:
    names = ", ".join(done.releases) or "none"
    return [
        f"{'table of the log':<22} {'files':>15} {'kB':>19} {'removed files':>14} {'kB':>9}",
        *(_line(table) for table in done.tables),
        f"Releases removed: {names}. Left behind by killed runs: {done.leftovers}.",
    ]


def _line(table: "Tended") -> str:
    files = f"{table.files_before:,} -> {table.files_after:,}"
    size = f"{_kilobytes(table.bytes_before)} -> {_kilobytes(table.bytes_after)}"
    removed = table.removed + table.commits_removed
    line = f"{table.table:<22} {files:>15} {size:>19} {removed:>14,} {_kilobytes(table.bytes_removed):>9}"
    return f"{line}  {table.note}".rstrip()


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1000):,}"


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 release is kept, not {number}")
    return number


def _arguments(parser: Parser) -> None:
    parser.add_argument(
        "--keep-releases",
        type=_at_least_one,
        metavar="N",
        help="youngest releases that stay, besides the current one and those kept by name or days "
        "(default: UITSTROOM_KEEP_RELEASES, else 10)",
    )


MAINTAIN = Command(
    "maintain",
    "merge small files of the log, make checkpoints, remove what nobody needs; figures stay the same",
    _maintain,
    _arguments,
    writes=True,
)
