"""The rooms of the code and the doors between them: who may import whom, what core may touch, how long a file is."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("src/pipeline", "schemas", "flows")
FILES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
NAMES = [str(file.relative_to(ROOT)) for file in FILES]
EVERY_FILE = pytest.mark.parametrize("file", FILES, ids=NAMES)
CORE = sorted((ROOT / "src/pipeline/core").glob("*.py"))

MOST_LINES = 300
DECLARATION_LISTS = {"schemas/rules/file.py"}
"""Files that are one long list of declarations: cutting them would only hide part of the list."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
OUTSIDE = {
    "os",
    "io",
    "time",
    "pathlib",
    "sys",
    "socket",
    "subprocess",
    "tempfile",
    "shutil",
    "random",
    "prefect",
    "deltalake",
}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Names of all modules a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def roots(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


def clocks_read(tree: ast.Module) -> list[int]:
    """Lines that ask a class of the standard library what time it is."""
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in CLOCKS]
    return [node.lineno for node in asked if ast.unparse(node.value).split(".")[-1] in ("datetime", "date")]


def test_the_import_contracts_are_kept(tmp_path: Path) -> None:
    command = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    told = subprocess.run(
        [sys.executable, "-c", command, "--config", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr
    assert "0 broken" in told.stdout


@pytest.mark.parametrize("file", CORE, ids=[file.name for file in CORE])
def test_core_touches_no_clock_path_or_environment(file: Path) -> None:
    tree = tree_of(file)

    assert roots(imported(tree)) & OUTSIDE == set()
    assert clocks_read(tree) == []


@pytest.mark.parametrize("file", CORE, ids=[file.name for file in CORE])
def test_core_imports_core_and_schemas_alone(file: Path) -> None:
    own = {name for name in imported(tree_of(file)) if name.split(".")[0] in ("pipeline", "flows")}

    assert [name for name in own if not name.startswith("pipeline.core")] == []


@EVERY_FILE
def test_only_flows_know_prefect(file: Path) -> None:
    is_flow = file.is_relative_to(ROOT / "flows")

    assert is_flow or "prefect" not in roots(imported(tree_of(file)))


@EVERY_FILE
def test_the_store_does_not_know_core_and_schemas_know_nothing_of_the_pipeline(file: Path) -> None:
    names = imported(tree_of(file))
    if file.is_relative_to(ROOT / "src/pipeline/store"):
        assert [name for name in names if name.startswith(("pipeline.core", "pipeline.jobs"))] == []
    if file.is_relative_to(ROOT / "schemas"):
        assert roots(names) & {"pipeline", "flows"} == set()


@EVERY_FILE
def test_a_file_is_short_enough_to_be_read_at_once(file: Path) -> None:
    name = str(file.relative_to(ROOT))
    lines = len(file.read_text("utf-8").splitlines())

    assert name in DECLARATION_LISTS or lines <= MOST_LINES


@EVERY_FILE
def test_a_file_says_what_it_is_about_and_its_name_says_something(file: Path) -> None:
    assert ast.get_docstring(tree_of(file))
    assert {*file.with_suffix("").relative_to(ROOT).parts} & VAGUE_NAMES == set()


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("def f():\n    import os.path", {"os"}),
        ("from pathlib import Path", {"pathlib"}),
        ("from . import values", set()),
        ("import polars as pl", {"polars"}),
    ],
)
def test_the_door_sees_imports_wherever_they_stand(code: str, modules: set[str]) -> None:
    assert roots(imported(ast.parse(code))) == modules


def test_the_door_sees_a_clock() -> None:
    assert clocks_read(
        ast.parse("import datetime\nx = datetime.now()\ny = datetime.date.today()\nz = knowledge.now")
    ) == [2, 3]
