"""A mistake in a declaration is one message on the command line: every fault, its file, what to do; no traceback.

Here: whole programs with one file changed. Not here: what is a mistake (``tests/schemas``, ``tests/jobs``).
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.house.test_the_guide import copy_the_project, modules_from

FLOW, TOTALS = "src/pipeline/caseload/flow.py", "schemas/sources/caseload_totals.py"
FAULTS = {
    "a projection without its explanation": (
        FLOW, "    explain=EXPLAIN,\n", "",
        rf"{FLOW}, line \d+: TypeError: .*missing 1 required positional argument: 'explain'\. Correct",
    ),
    "a keyword that is misspelt": (
        TOTALS, "    subjects=", "    subjetcs=",
        rf"{TOTALS}, line \d+: TypeError: .*unexpected keyword argument 'subjetcs'",
    ),
    "a source that says nothing of what its rows are about": (
        TOTALS, "    subjects=(Subject(pl.col(\"municipality_code\")),),\n", "",
        "source caseload_totals: figures of caseload_stock, .* rest on it .*Give the source subjects",
    ),
    "a severity that is a text": (
        "schemas/rules/value.py", "Severity.QUARANTINE", '"quarantine"',
        "schemas/rules/value.py: severity of Rule VALUE-.* is 'quarantine', of type str. Give it a Severity.",
    ),
    "a line that is not Python": (
        FLOW, "\nPROJECTION = ", "\nPROJECTION == = ", r"caseload/flow.py, line \d+: SyntaxError",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("declarations")
    copy_the_project(root)
    return root


@contextmanager
def changed(path: Path, old: str, new: str) -> Iterator[None]:
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_command_ends_with_one_message(copy: Path, fault: str) -> None:
    file, old, new, message = FAULTS[fault]
    command = [sys.executable, "-m", "pipeline.cli", "show", "caseload_stock", "--data-dir", str(copy / "data")]

    with changed(copy / file, old, new):
        ran = subprocess.run(
            command, cwd=copy, env=modules_from(copy), capture_output=True, text=True, check=False, timeout=1200
        )

    assert ran.returncode == 1, ran.stderr
    first, *faults = ran.stderr.splitlines()
    assert first == "uitstroom: a declaration is wrong, so nothing more is done."
    assert len(faults) == 1, ran.stderr
    assert re.search(message, faults[0]), faults


def test_what_a_projection_asks_without_declaring_it_is_a_message_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.versions.projection import UndeclaredInput

    def show(*_: object, **__: object) -> None:
        raise UndeclaredInput("the projection of x looks at y: add it to its inputs")

    monkeypatch.setattr("pipeline.jobs.show.current_release", show)

    assert main(["path", "--data-dir", str(tmp_path)]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == ["the projection of x looks at y: add it to its inputs"]
