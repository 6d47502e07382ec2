"""The rooms of the code and the doors between them: what each room may import, what pure rooms may touch, how long a
file is. The order of the rooms as a whole is held by the import contracts, which are kept here too.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIPELINE = ROOT / "src/pipeline"
PLACES = ("src/pipeline", "src/uitstroom", "schemas", "flows", "server")
FILES = sorted(file for place in PLACES for file in (ROOT / place).rglob("*.py"))

PURE = {
    "intake": set(),
    "versions": set(),
    "caseload": {"versions"},
    "trajectories": {"caseload", "versions"},
    "checks": {"caseload", "trajectories", "versions"},
    "backfill": {"versions"},
    "names": {"versions"},
    "site": set(),
}
"""Rooms in which a line could be wrong without a file existing, and the rooms that each may import besides itself."""
ROOMS = {*PURE, "exports", "store", "jobs", "steward", "commands", "simulate", "reference"}
OF_THE_HOUSE = {"__init__", "cli", "errors", "settings"}
"""Modules that stand beside the rooms: the way in, and what any room may raise or be set to."""
PURE_FILES = [file for room in PURE for file in sorted((PIPELINE / room).rglob("*.py"))]

MOST_LINES = 300
DECLARATION_LISTS = {"schemas/details.py", "schemas/rules/delivery.py", "schemas/rules/file.py", "schemas/sentences.py"}
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
PATHS = {"Path", "open", "environ", "getenv"}
"""Names through which a file or the environment is reached without an import of its own."""


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@cache
def imports_of(file: Path) -> frozenset[str]:
    return frozenset(imported(tree_of(file)))


def wrong(files: Iterable[Path], is_wrong: Callable[[Path], object]) -> dict[str, object]:
    """What is wrong, by file, of all files at once."""
    return {str(file.relative_to(ROOT)): found for file in files if (found := is_wrong(file))}


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


def roots(modules: Iterable[str]) -> set[str]:
    return {module.split(".")[0] for module in modules}


def rooms_of(modules: Iterable[str]) -> set[str]:
    """Rooms and modules of the house that these names stand in."""
    return {name.split(".")[1] for name in modules if name.startswith("pipeline.")}


def clocks_read(tree: ast.Module) -> list[int]:
    """Lines that ask a class of the standard library what time it is."""
    asked = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in CLOCKS]
    return [node.lineno for node in asked if ast.unparse(node.value).split(".")[-1] in ("datetime", "date")]


def paths_reached(tree: ast.Module) -> list[int]:
    """Lines that open a file or look at the environment by a bare name."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in PATHS]


def test_the_import_contracts_are_kept(tmp_path: Path) -> None:
    command = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", command, "--config", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout


def test_every_module_has_a_room() -> None:
    folders = {path.name for path in PIPELINE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    modules = {path.stem for path in PIPELINE.glob("*.py")}

    assert folders == ROOMS
    assert modules == OF_THE_HOUSE


def test_there_are_files_to_look_at() -> None:
    assert {file.relative_to(PIPELINE).parts[0] for file in PURE_FILES} == PURE.keys()
    assert {place for place in PLACES for file in FILES if file.is_relative_to(ROOT / place)} == {*PLACES}


def test_a_pure_room_touches_no_clock_path_or_environment() -> None:
    assert wrong(PURE_FILES, lambda file: roots(imports_of(file)) & OUTSIDE) == {}
    assert wrong(PURE_FILES, lambda file: clocks_read(tree_of(file))) == {}
    assert wrong(PURE_FILES, lambda file: paths_reached(tree_of(file))) == {}


def test_a_pure_room_imports_the_rooms_below_it_and_schemas_alone() -> None:
    def not_below(file: Path) -> set[str]:
        room = file.relative_to(PIPELINE).parts[0]
        return rooms_of(imports_of(file)) - {room} - PURE[room]

    assert wrong(PURE_FILES, not_below) == {}
    assert wrong(PURE_FILES, lambda file: roots(imports_of(file)) & {"flows", "server", "uitstroom"}) == {}


def test_only_flows_and_their_server_know_prefect() -> None:
    others = [
        file for file in FILES if not (file.is_relative_to(ROOT / "flows") or file.is_relative_to(ROOT / "server"))
    ]

    assert wrong(others, lambda file: "prefect" in roots(imports_of(file))) == {}


def test_the_store_knows_no_room_above_it_and_schemas_know_nothing_of_the_pipeline() -> None:
    store = [file for file in FILES if file.is_relative_to(PIPELINE / "store")]
    schemas = [file for file in FILES if file.is_relative_to(ROOT / "schemas")]

    assert wrong(store, lambda file: rooms_of(imports_of(file)) - {"store"} - OF_THE_HOUSE) == {}
    assert wrong(schemas, lambda file: roots(imports_of(file)) & {"pipeline", "flows", "server", "uitstroom"}) == {}


def test_a_file_is_short_enough_to_be_read_at_once() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in FILES}

    assert {name: count for name, count in lines.items() if count > MOST_LINES and name not in DECLARATION_LISTS} == {}


def test_a_file_says_what_it_is_about_and_its_name_says_something() -> None:
    assert wrong(FILES, lambda file: not ast.get_docstring(tree_of(file))) == {}
    assert wrong(FILES, lambda file: {*file.with_suffix("").relative_to(ROOT).parts} & VAGUE_NAMES) == {}


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


@pytest.mark.parametrize(
    ("code", "rooms"),
    [
        ("from pipeline.store.fs import synced", {"store"}),
        ("from pipeline import jobs", {"jobs"}),
        ("def f():\n    import pipeline.settings", {"settings"}),
        ("import polars as pl", set()),
    ],
)
def test_the_door_sees_the_room_of_an_import(code: str, rooms: set[str]) -> None:
    assert rooms_of(imported(ast.parse(code))) == rooms


def test_the_door_sees_a_clock_and_a_file() -> None:
    assert clocks_read(ast.parse("import datetime\nx = datetime.now()\ny = datetime.date.today()\nz = state.now")) == [
        2,
        3,
    ]
    assert paths_reached(ast.parse("x = open('file')\ny = lineage.open\nz = environ['HOME']")) == [1, 3]
