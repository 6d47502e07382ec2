"""The how-to page "Add a source and a table" as steps: files to write and commands to run, in its order."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-source.md"

_STEP = re.compile(
    r"<!-- (?:file: (?P<path>\S+)|run(?:, exits (?P<code>\d))?) -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL
)


@dataclass(frozen=True)
class WriteFile:
    """One file of the page, below the root of the project."""

    path: str
    text: str

    def write(self, root: Path) -> None:
        """Writes it there."""
        path = root / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text, encoding="utf-8")


@dataclass(frozen=True)
class Run:
    """One command of the page and the exit code it promises."""

    command: str
    code: int


Step = WriteFile | Run


def steps() -> list[Step]:
    """What the page says to do."""
    found: list[Step] = []
    for match in _STEP.finditer(PAGE.read_text(encoding="utf-8")):
        if match["path"]:
            found.append(WriteFile(match["path"], match["text"]))
        else:
            found += [Run(line, int(match["code"] or 0)) for line in match["text"].splitlines()]
    return found


def sittings() -> list[list[Step]]:
    """The steps between two edits of the program: a running Python does not see a file written after it began."""
    found: list[list[Step]] = [[]]
    for step in steps():
        if isinstance(step, WriteFile) and step.path.endswith(".py") and any(isinstance(s, Run) for s in found[-1]):
            found.append([])
        found[-1].append(step)
    return found
