"""What ``docs/architecture.md`` says of the code is so: its files and functions are there, its arrows are those drawn.

Here: names and imports. Not here: the order of hops, which takes a traced night.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
PIPELINE = PROJECT / "src/pipeline"

HOP = re.compile(r"^\d+\. `([\w.]+)` in `([\w/]+\.py)`:", re.MULTILINE)
FUNCTION_OF = re.compile(r"`([\w/]+\.py)` \(`([\w.]+)`")
FILE = re.compile(r"`([\w/]+\.py)`")
ROW = re.compile(r"^\| (`[^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAME = re.compile(r"`(?:src/)?(\w+)`")

PACKAGES = ("schemas", "flows", "server", "uitstroom")


def file(name: str) -> Path:
    """The file that the page means: below ``src/pipeline`` unless it names another place."""
    return PROJECT / name if name.startswith(("schemas/", "flows/", "server/", "src/")) else PIPELINE / name


def defines(path: Path, name: str) -> bool:
    *owner, last = name.split(".")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and [node.name] == owner]
    within: Sequence[ast.AST] = classes if owner else [tree]
    return any(last in (getattr(node, "name", None), _constant(node)) for each in within for node in ast.walk(each))


def _constant(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None


def room(module: str) -> str | None:
    first, *rest = module.split(".")
    return first if first in PACKAGES else rest[0] if first == "pipeline" and rest else None


def imported(path: Path) -> set[str]:
    """The rooms that a file imports from."""
    modules: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules += [f"pipeline.{each.name}" for each in node.names] if node.module == "pipeline" else [node.module]
    return {found for module in modules if (found := room(module)) and not found.startswith("__")}


def arrows() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in PIPELINE.rglob("*.py"):
        found[path.relative_to(PIPELINE).parts[0].removesuffix(".py")] |= imported(path)
    for package in PACKAGES:
        folder = PROJECT / ("src/uitstroom" if package == "uitstroom" else package)
        for path in folder.rglob("*.py"):
            found[package] |= imported(path)
    return {name: rooms - {name} for name, rooms in found.items() if name != "__init__"}


def test_the_files_of_the_page_are_there() -> None:
    assert [name for name in FILE.findall(PAGE) if not file(name).is_file()] == []


def test_the_functions_of_the_page_are_there() -> None:
    named = [(path, name) for name, path in HOP.findall(PAGE)] + FUNCTION_OF.findall(PAGE)

    assert len(named) > 100
    assert [each for each in named if not defines(file(each[0]), each[1])] == []


def test_the_arrows_of_the_page_are_those_of_the_code() -> None:
    table = PAGE[PAGE.index("| room | imports from |") : PAGE.index("One arrow goes up")]
    drawn = {name: set(NAME.findall(to)) for rooms, to in ROW.findall(table) for name in NAME.findall(rooms)}

    assert drawn == arrows()
