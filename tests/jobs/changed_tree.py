"""The program as it would be with one line changed: a copy of the tree, edited, imported afresh, asked, restored.

Many edits share one process and what was compiled, since importing polars and compiling cost more than all the rest.
Run as a script it is that process.
Not here: what should follow from an edit (``test_fingerprints``, ``test_projections``).
"""

import ast
import compileall
import functools
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Edit:
    """In ``file``, ``old`` becomes ``new``; nothing changes where they are empty."""

    file: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Answer:
    """What the program says of itself after an edit, or why it does not start."""

    rules: str = ""
    tables: str = ""
    counts: str = ""
    kept_reconciliation: str = ""
    kept_claims: str = ""
    error: str = ""


def answers(folder: Path, edits: Iterable[Edit], *, seed: str = "0") -> list[Answer]:
    """One answer per edit, each edit made alone in a copy below ``folder``; ``seed`` is that of Python's hashes."""
    ignored = shutil.ignore_patterns("__pycache__")
    for place in ("src", "schemas"):
        shutil.copytree(ROOT / place, folder / place, ignore=ignored)
        # Compiled once and known by content: an edit within a second, of the same length, is seen all the same.
        compileall.compile_dir(folder / place, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    command = [sys.executable, "-B", str(Path(__file__)), str(folder)]
    environment = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "PYTHONHASHSEED": seed}
    asked = json.dumps([asdict(edit) for edit in edits])
    ran = subprocess.run(command, input=asked, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [Answer(**each) for each in json.loads(ran.stdout)]


def _ask(folder: Path) -> dict[str, Any]:
    for name in [name for name in sys.modules if name.split(".")[0] in ("pipeline", "schemas")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        fingerprints = importlib.import_module("pipeline.jobs.fingerprints")
        counts = importlib.import_module("pipeline.caseload.delivery_counts")
    except Exception as error:  # what stops the program is the answer
        return {"error": f"{type(error).__name__}: {error}"}
    assert Path(str(fingerprints.__file__)).is_relative_to(folder)
    return {
        "rules": fingerprints.rules_version(),
        "tables": fingerprints.tables_version(),
        "counts": fingerprints.step_version(counts.delivery_counts),
        "kept_reconciliation": fingerprints.table_version("reconciliation"),
        "kept_claims": fingerprints.table_version("published_figures_check"),
    }


def _after(folder: Path, edit: Edit) -> dict[str, Any]:
    if not edit.file:
        return _ask(folder)
    file = folder / edit.file
    before = file.read_text("utf-8")
    assert before.count(edit.old) == 1, f"{edit.file} has {before.count(edit.old)} times: {edit.old}"
    file.write_text(before.replace(edit.old, edit.new), "utf-8")
    try:
        return _ask(folder)
    finally:
        file.write_text(before, "utf-8")


if __name__ == "__main__":
    ast.parse = functools.cache(ast.parse)  # type: ignore[assignment]  # of all files but the edited one, once
    copied = Path(sys.argv[1])
    json.dump([_after(copied, Edit(**each)) for each in json.load(sys.stdin)], sys.stdout)
