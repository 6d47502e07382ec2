"""The how-to page "Add a source and a table", as steps: files to write and commands to run, in the order of the page."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"

_STEP = re.compile(r"<!-- (?P<what>file: (?P<path>\S+)|run(?:, exits (?P<code>\d))?) -->\n```\w*\n(?P<text>.*?)```\n", re.S)


@dataclass(frozen=True)
class WriteFile:
    path: str
    text: str


@dataclass(frozen=True)
class Run:
    command: str
    code: int


def steps() -> list[WriteFile | Run]:
    """What the page says to do."""
    found: list[WriteFile | Run] = []
    for match in _STEP.finditer(PAGE.read_text(encoding="utf-8")):
        if match["path"]:
            found.append(WriteFile(match["path"], match["text"]))
        else:
            found += [Run(line, int(match["code"] or 0)) for line in match["text"].splitlines()]
    return found
