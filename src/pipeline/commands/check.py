"""``uitstroom check``: what a night would report about a file, before it is sent. A provider can run it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.command import Command, Parser, print_json, print_text

if TYPE_CHECKING:
    from pipeline.jobs.ingest.check import CheckedFile

NOT_WHOLE = 3
"""Exit code of a file that would be held, quarantined in part, rejected, or tried again."""

_MOST_ROWS = 20


def _check(options: argparse.Namespace) -> int:
    from pipeline.jobs.ingest.check import check

    checked = check(options.file, options.source)
    if options.json:
        print_json(_as_json(checked))
    else:
        print_text("\n".join(_lines(checked)))
    return 0 if checked.is_clean else NOT_WHOLE


def _as_json(checked: "CheckedFile") -> dict[str, object]:
    fields = {name: value for name, value in vars(checked).items() if name != "found"}
    return {**fields, "findings": checked.findings, "is_clean": checked.is_clean, "rows": checked.found.to_dicts()}


def _lines(checked: "CheckedFile") -> list[str]:
    from schemas.catalogue import RULES

    counts = (
        f"{checked.rows_read:,} rows read, {checked.rows_recorded:,} to be recorded, "
        f"{checked.rows_quarantined:,} to quarantine, {checked.rows_duplicate:,} copies, "
        f"{checked.rows_held:,} to be held"
    )
    as_what = f" as {checked.source}" if checked.source else ""
    lines = [f"{checked.file_name}: would be {checked.status}{as_what}", f"  {counts}"]
    if checked.rule:
        lines += [
            f"  {checked.rule} {RULES[checked.rule].title}: {checked.detail}",
            f"  next: {RULES[checked.rule].fix}",
        ]
    for code, count in checked.findings.items():
        rule = RULES[code]
        lines.append(f"\n  {code} {rule.severity.value}: {rule.title} / {rule.title_nl} ({count:,})")
        lines.append(f"    {rule.fix}")
        lines += _places(checked, code)
    return lines


def _places(checked: "CheckedFile", code: str) -> list[str]:
    """Columns and rows of one rule, the rows as ranges; never a value."""
    from pipeline.steward.text import row_ranges

    own = checked.found.filter(checked.found["rule"] == code, checked.found["row"] > 0)
    places = []
    for (column,), rows in own.group_by("column", maintain_order=True):
        shown = rows["row"].head(_MOST_ROWS).to_list()
        more = f" and {rows.height - len(shown):,} more" if rows.height > len(shown) else ""
        places.append(f"    {f'{column}: ' if column else ''}row {row_ranges(shown)}{more}")
    return places


def _arguments(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file as it would be sent")
    parser.add_argument(
        "--source",
        metavar="S",
        help="what kind of file it is, as caseload; without it its folder or its columns say so",
    )


CHECK = Command(
    "check",
    "what a night would report about a file, before it is sent; needs no data folder and writes nothing "
    f"(exit code {NOT_WHOLE}: not all of it would be recorded)",
    _check,
    _arguments,
    has_data_folder=False,
)
