"""The slow plain-Python references share no helper with the code that they judge: what computes in them uses the
standard library alone, and every table about trajectories has one.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.table import Table
from schemas.tables import trajectories

TESTS = Path(__file__).parents[1]
COMPUTED = {
    "trajectories/trajectory_reference.py": ("winners", "in_force", "fold"),
    "trajectories/counts_reference.py": (
        "programme_progress", "target_group_progress", "method_progress", "channel_progress", "programme_occupancy",
        "activation", "placement_outcomes",
    ),
    "caseload/caseload_reference.py": ("fold", "persons", "starts", "ends"),
}  # fmt: skip
"""What each module computes; the rest of it draws histories and makes the frames that the pipeline gets."""


def names_from_outside(tree: ast.Module) -> set[str]:
    """Names imported from anything but the standard library and another reference."""
    found: set[str] = set()
    for each in tree.body:
        if isinstance(each, ast.Import):
            found |= {name.asname or name.name for name in each.names if name.name.split(".")[0] not in _STANDARD}
        elif isinstance(each, ast.ImportFrom) and not (each.module or "").endswith("_reference"):
            found |= {
                name.asname or name.name for name in each.names if str(each.module).split(".")[0] not in _STANDARD
            }
    return found


def used_by(tree: ast.Module, entries: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(what, name) for every name used by these functions and by all of the module that they use in turn."""
    own = dict(_top_level(tree))
    waiting, seen = list(entries), set(entries)
    while waiting:
        at = waiting.pop()
        for name in _from_around(own[at]):
            yield at, name
            if name in own and name not in seen:
                seen.add(name)
                waiting.append(name)


def _from_around(part: ast.AST) -> set[str]:
    """Names that a part uses and does not make itself: a local variable may be called as a function is."""
    names = [node for node in ast.walk(part) if isinstance(node, ast.Name)]
    if not isinstance(part, ast.FunctionDef | ast.ClassDef):
        return {node.id for node in names}
    own = {node.arg for node in ast.walk(part) if isinstance(node, ast.arg)}
    return (
        {node.id for node in names if isinstance(node.ctx, ast.Load)}
        - {node.id for node in names if isinstance(node.ctx, ast.Store)}
        - own
    )


def _top_level(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for each in tree.body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            yield each.name, each
        elif isinstance(each, ast.Assign | ast.AnnAssign):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (
                (node.id, each) for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)
            )


_STANDARD = sys.stdlib_module_names


@pytest.mark.parametrize("path", COMPUTED)
def test_what_computes_uses_the_standard_library_alone(path: str) -> None:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    outside = names_from_outside(tree)

    assert [(what, name) for what, name in used_by(tree, COMPUTED[path]) if name in outside] == []


def test_every_table_about_trajectories_has_a_slow_reference() -> None:
    """``fold`` makes the rows of ``trajectories``; that of the caseload makes all of its tables."""
    tables = {each.name for each in vars(trajectories).values() if isinstance(each, Table)}

    assert tables - {"trajectories"} == set(COMPUTED["trajectories/counts_reference.py"])


def test_a_helper_of_the_pipeline_would_be_found() -> None:
    """The other half of a reference, which makes frames, does use what computing may not."""
    tree = ast.parse((TESTS / "caseload/caseload_reference.py").read_text(encoding="utf-8"))

    found = {name for _, name in used_by(tree, ("events_frame", "histories")) if name in names_from_outside(tree)}
    assert found == {"pl", "st", "DELIVERY_EVENTS"}
