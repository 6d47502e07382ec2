"""Writes the pages in ``docs/reference`` from the declarations, so that they cannot differ from the code.

``python -m pipeline.reference.pages`` writes them; with ``--check`` nothing changes, stale pages are named and the exit
code is 1. Here: which pages there are, whether they are fresh, and the page about the command line. Not here: the pages
about rules, tables and sources (``text``) about municipalities (``municipalities``) and
about published figures (``indicators``).
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.cli import _parser
from pipeline.reference.indicators import indicators_page
from pipeline.reference.municipalities import municipalities_page
from pipeline.reference.schema import schema_page
from pipeline.reference.text import MADE, rules_page, sources_page, tables_page
from pipeline.store.releases.dictionary import cell

ROOT = Path(__file__).parents[3]
FOLDER = Path("docs") / "reference"

_COMMANDS_HEAD = """# Commands

{made}
{description}

| command | what it does |
|---|---|
{rows}

Exit codes: 0 when the command did its work, also when data were rejected or held (receipts show that); 1 when it
failed, or when `doctor` or `verify` found something; 2 when the command line was misspelled, also a table or column.

`uitstroom --version` prints the version. Environment variables that are read: `UITSTROOM_KEY` and `UITSTROOM_KEY_FILE`
([Keep the key](../how-to/keep-the-key.md)); `UITSTROOM_CELLS`, `UITSTROOM_CELL_MEMORY_MIB` and `UITSTROOM_CELL_SECONDS`
([Limit what reading a file may take](../how-to/limit-reading.md)); `UITSTROOM_CSV`
([Export a release](../how-to/export.md)); `UITSTROOM_KEEP_RELEASES` and `UITSTROOM_KEEP_RELEASE_DAYS`
([Cite a figure](../how-to/cite.md)); `UITSTROOM_READERS` and `UITSTROOM_CLIENT_READERS`
([Share the tables](../how-to/share.md)); `UITSTROOM_DATA`, `UITSTROOM_RAW`, `UITSTROOM_WORK` and `UITSTROOM_CLUSTER`
([Work on more than one machine](../how-to/scale-out.md)).
"""


def pages() -> dict[str, str]:
    """Every page by its file name."""
    return {
        "rules.md": rules_page(),
        "tables.md": tables_page(),
        "sources.md": sources_page(),
        "commands.md": commands_page(),
        "municipalities.md": municipalities_page(),
        "indicators.md": indicators_page(),
        "schema.md": schema_page(),
    }


def stale(folder: Path, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the pages that are missing in ``folder`` or differ from what they should be."""
    return tuple(name for name, text in wanted.items() if _read(folder / name) != text)


def write(folder: Path, wanted: Mapping[str, str]) -> tuple[str, ...]:
    """Write what is stale and leave the rest untouched; gives the names of what was written."""
    changed = stale(folder, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    return changed


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m pipeline.reference.pages", description="Write docs/reference.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 and name the pages that are stale")
    options = parser.parse_args(arguments)
    folder = root / FOLDER
    if not options.check:
        for name in write(folder, pages()):
            print(f"written: {FOLDER / name}")
        return 0
    names = stale(folder, pages())
    for name in names:
        print(f"stale: {FOLDER / name}. Run: make fix", file=sys.stderr)
    return 1 if names else 0


def commands_page() -> str:
    """Every command, argument and option, read from the parser's actions.

    Not from its help text, which wraps at the width of the terminal and differs between Python versions.
    """
    parser = _parser()
    commands = dict(_commands(parser))
    rows = [
        f"| [`uitstroom {name}`](#{_anchor(name)}) | {cell(sub.description or '')} |" for name, sub in commands.items()
    ]
    head = _COMMANDS_HEAD.format(
        made=MADE.format(module="pipeline.cli"), description=parser.description or "", rows="\n".join(rows)
    )
    return "\n".join([head, *(line for name, sub in commands.items() for line in _command(name, sub))])


def _commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command by its words; one that only gathers others (``backfill``) is left out for them."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                inner = tuple(_commands(sub, f"{before}{name} "))
                yield from inner or ((f"{before}{name}", sub),)


def _anchor(command: str) -> str:
    return command.replace(" ", "-")


def _command(name: str, sub: argparse.ArgumentParser) -> Iterator[str]:
    actions = [action for action in sub._actions if not isinstance(action, argparse._HelpAction)]
    actions.sort(key=lambda action: bool(action.option_strings))
    description = sub.description or ""
    yield f'<a id="{_anchor(name)}"></a>\n\n## uitstroom {name}\n'
    yield f"{description[:1].upper()}{description[1:]}.\n"
    yield f"```\n{' '.join(['uitstroom', name, *map(_usage, actions)])}\n```\n"
    yield "| argument | meaning | default |"
    yield "|---|---|---|"
    for action in actions:
        yield f"| `{_names(action)}` | {cell(action.help or '')} | {_default(action)} |"
    yield ""


def _usage(action: argparse.Action) -> str:
    if not action.option_strings:
        return _names(action)
    return f"[{_names(action)}]{' …' if isinstance(action, argparse._AppendAction) else ''}"


def _names(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if not action.option_strings:
        return f"{value} …" if action.nargs in ("+", "*") else value
    return ", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {value}")


def _default(action: argparse.Action) -> str:
    if action.required:
        return "required"
    if action.nargs == 0 or action.default in (None, []):
        return ""
    return f"`{action.default.as_posix() if isinstance(action.default, Path) else action.default}`"


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
