"""A copy of the project whose lists a test may change, and what commands print in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).parents[2]

_RUN = """
import sys
from pathlib import Path
from pipeline.cli import main
import schemas
assert Path(schemas.__file__).is_relative_to(Path.cwd()), schemas.__file__
for command in sys.argv[1:]:
    print("exit", main(command.split()[1:]))
"""


def copy_to(root: Path) -> None:
    """What the commands need of the project."""
    for part in ("src", "schemas"):
        shutil.copytree(PROJECT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))


def printed(root: Path, commands: Sequence[str]) -> str:
    """What these commands print, with their exit codes, run by the copy in ``root``."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (root / "src", root)))}
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, *commands], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
