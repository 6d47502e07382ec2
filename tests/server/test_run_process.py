"""The process of a run: what it says where a declaration is wrong."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ASKED = "from server.run_process import wrong_declaration; print(wrong_declaration())"


def said_in(root: Path) -> str:
    """What a process says whose code lies there."""
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    ran = subprocess.run(
        [sys.executable, "-c", _ASKED], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran.stdout


def test_a_wrong_declaration_is_one_message_and_no_traceback(tmp_path: Path) -> None:
    for name in ("schemas", "src", "flows", "server"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    assert said_in(tmp_path) == "None\n"

    declaration = tmp_path / "schemas/sources/caseload.py"
    declaration.write_text(declaration.read_text().replace('"CASELOAD-002", Q', '"CASELOAD-001", Q'))
    assert said_in(tmp_path).splitlines() == [
        "A declaration is wrong, so nothing is done.",
        "rules “Rows of `caseload`”: rule CASELOAD-001 is declared 2 times. Rename all but one.",
    ]
