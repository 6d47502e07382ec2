"""``show``, ``explain`` and ``path``: looking at a release."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import settings
from pipeline.commands.command import Command, Parser, print_json, print_text
from schemas.spelling import seen, shown

if TYPE_CHECKING:
    import polars as pl

    from pipeline.jobs.workspace import Workspace
    from pipeline.store.releases.releases import Release

_SIMULATED = "These figures rest partly on SIMULATED deliveries.\n"

_PRINTED = 60
"""Rows that are printed where nobody says how many."""

TABLE_STYLE: dict[str, Any] = {
    "tbl_rows": -1,
    "tbl_cols": -1,
    "fmt_str_lengths": 1000,
    "tbl_width_chars": -1,
    "tbl_hide_dataframe_shape": True,
    "tbl_hide_column_data_types": True,
    "tbl_formatting": "MARKDOWN",
}


def _show(options: argparse.Namespace) -> int:
    import polars as pl

    from schemas.text_columns import seen_texts

    frame, origin = _asked(options)
    later = _later(options)
    if options.json:
        print_json((frame.head(options.limit) if options.limit else frame).to_dicts())
        print(later, end="", file=sys.stderr)
        return 0
    limit = _PRINTED if options.limit is None else options.limit
    printed = frame.head(limit) if limit else frame
    with pl.Config(**TABLE_STYLE):
        print_text(str(printed.with_columns(seen_texts(pl.col(pl.String)))))
    print(origin, end="")
    if printed.height < frame.height:
        print(f"{printed.height} of {frame.height} rows; --limit 0 prints all.")
    print(later, end="")
    return 0


def _later(options: argparse.Namespace) -> str:
    """That the log has deliveries which the current release does not tell of, gone back to or blocked, and where they
    are.
    """
    from pipeline.jobs.release.later import later_than_release
    from pipeline.jobs.workspace import open_workspace

    if options.known_on is not None or options.table not in ("deliveries", "findings"):
        return ""
    found = later_than_release(open_workspace(settings.load(options.data_dir)))
    if found is None:
        return ""
    return (
        f"The current release tells nothing yet of {found.count} deliveries or what became of them (of which held now: "
        f"{found.held}). They are shown by: uitstroom show {options.table} --known-on {found.day}\n"
    )


def _asked(options: argparse.Namespace) -> "tuple[pl.DataFrame, str]":
    """The rows that are asked for, and a word on where they come from.

    Of a past day that was not put aside this table is made, and nothing is written: ``path`` puts all of them aside.
    """
    from pipeline.jobs.open_workspace import OpenWorkspace
    from pipeline.jobs.release.known_on import put_aside
    from pipeline.jobs.show import chosen, current_release, table

    work, day = OpenWorkspace.at(options.data_dir), options.known_on
    release = current_release(work.settings) if day is None else put_aside(work, day)
    if release is not None:
        return table(release, options.table, options.where), _origin(release)
    frame = chosen(work.table(options.table, day).lazy(), options.table, options.where)
    return frame, _of_day(work, day, "; not put aside as a release, which `uitstroom path` does")


def _show_arguments(parser: Parser) -> None:
    parser.add_argument("table", metavar="TABLE")
    parser.add_argument(
        "--where", action="append", default=[], metavar="COLUMN=VALUE", help="only these rows; may be repeated"
    )
    parser.add_argument("--limit", type=int, help=f"rows to print (default: {_PRINTED}, with --json all; 0 = all)")
    add_known_on(parser)


def _explain(options: argparse.Namespace) -> int:
    from pipeline.jobs.lineage.explain import explain_figure
    from pipeline.jobs.open_workspace import OpenWorkspace
    from pipeline.jobs.show import CalledWrongly, NothingToShow, current_release
    from pipeline.steward.explanation_text import plain_value, tree
    from schemas.catalogue import TABLES

    work, day = OpenWorkspace.at(options.data_dir), options.known_on
    try:
        explanation = explain_figure(work, options.table, options.key, column=options.column, known_on=day)
    except (CalledWrongly, NothingToShow) as error:
        raise type(error)(f"{error}{_star(options.key)}") from None
    if options.json:
        print_json(explanation.as_dict())
        return 0
    print(f"{explanation.table}")
    for name, value in explanation.figure.items():
        if options.column in (None, name) or name in TABLES[options.table].key:
            print_text(f"  {name:26} {seen(plain_value(value))}")
    print_text("\n" + "\n".join(tree(explanation)))
    print(_origin(current_release(work.settings)) if day is None else _of_day(work, day), end="")
    return 0


def _star(keys: list[str]) -> str:
    """A word for who typed a bare *: the shell put the names of files in its place."""
    if not any(map(_is_file, keys)):
        return ""
    return " If one of them is *, put it in quotes ('*'): a shell puts names of files in its place."


def _is_file(text: str) -> bool:
    try:
        return bool(text) and Path(text).exists()
    except (OSError, ValueError):  # no name of a file could be so long, or have such a sign
        return False


def _of_day(work: "Workspace", day: date, more: str = "") -> str:
    """What has to stand beside figures as known on a past day."""
    from pipeline.jobs.release.facts import facts_of

    events = work.log.events()
    days = [each for name in ("delivered_on", "decided_on") for each in events[name].drop_nulls()]
    later = f" The log tells nothing of after {max(days)}." if days and day > max(days) else ""
    return f"As known on {day}{more}.{later}\n" + (_SIMULATED if facts_of(events, work)["simulated"] else "")


def _explain_arguments(parser: Parser) -> None:
    parser.add_argument("table", metavar="TABLE", help="a curated table, e.g. caseload_stock")
    parser.add_argument(
        "key",
        nargs="*",
        metavar="KEY",
        default=[],
        help="values of the table's key, in its order, e.g. GM0899 2017-01-01 pw; without any, what they are is told",
    )
    parser.add_argument("--column", metavar="C", help="one figure of the row, e.g. change_pct (default: the row)")
    add_known_on(parser)


def _origin(release: "Release") -> str:
    """What has to stand beside figures of a release: of which day it is, whether they are made up."""
    lines = []
    if release.manifest.get("as_known_on"):
        lines.append(f"As known on {release.manifest['as_known_on']}: release {release.id}.\n")
    if release.manifest.get("simulated"):
        lines.append(_SIMULATED)
    return "".join(lines)


def _release(options: argparse.Namespace) -> "Release":
    """The current release, or the one as known on the day asked for, which is made when it is not there yet."""
    from pipeline.jobs.release.known_on import known_on
    from pipeline.jobs.show import current_release
    from pipeline.jobs.workspace import open_workspace

    loaded = settings.load(options.data_dir)
    if options.known_on is None:
        return current_release(loaded)
    return known_on(open_workspace(loaded), options.known_on, lambda _: None)


def _path(options: argparse.Namespace) -> int:
    release = _release(options)
    if options.json:
        print_json({"id": release.id, "path": str(release.path)})
    else:
        print(release.path)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a day such as 2017-03-31") from None


def add_known_on(parser: "Parser | argparse._MutuallyExclusiveGroup") -> None:
    """The option for a past day."""
    parser.add_argument(
        "--known-on",
        type=_day,
        metavar="D",
        help="as known on that day (yyyy-mm-dd): with the deliveries of that day and before",
    )


SHOW = Command("show", "print a curated table", _show, _show_arguments, only_answers=True)
EXPLAIN = Command(
    "explain",
    "from a curated figure back to delivery, file and row numbers",
    _explain,
    _explain_arguments,
    only_answers=True,
)
PATH = Command(
    "path",
    "the folder of a release, resolved once: the current one, or one as known on a day",
    _path,
    add_known_on,
    only_answers=True,
)
