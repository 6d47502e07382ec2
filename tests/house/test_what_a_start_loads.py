"""What a command loads before it does anything: a person who asks for help does not wait for libraries about data.

Here: which modules are in the process, which decides how long its start takes. Not here: seconds.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import commands

ACTIONS = [("backfill", action) for action in ("plan", "apply", "show", "gaps")]
HELP = [
    ["--help"],
    ["--version"],
    *([each.name, "--help"] for each in commands()),
    *([*each, "--help"] for each in ACTIONS),
]
HEAVY = {"polars", "pandera", "prefect", "pandas", "numpy", "pyarrow", "deltalake", "cryptography", "matplotlib"}

_ASKED = """
import contextlib, io, json, sys
from pipeline.cli import main
for words in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with contextlib.suppress(SystemExit):
            main(words)
    print(json.dumps([words, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def loaded(*asked: list[str]) -> list[tuple[list[str], set[str]]]:
    """What one process has loaded after each of these command lines."""
    ran = subprocess.run(
        [sys.executable, "-c", _ASKED, json.dumps(asked)], capture_output=True, text=True, check=True, timeout=1200
    )
    return [(words, set(names)) for words, names in map(json.loads, ran.stdout.splitlines())]


def test_help_of_every_command_loads_no_library_about_data() -> None:
    found = loaded(*HELP, ["no-such-command"], ["show"], ["explain", "caseload_stock", "--known-on", "yesterday"])

    assert len(found) == len(HELP) + 3
    assert {tuple(words): names & HEAVY for words, names in found if names & HEAVY} == {}


@pytest.mark.parametrize("words", [["show", "caseload_stock"], ["explain", "caseload_stock", "GM0899"]])
def test_looking_at_a_release_validates_nothing_and_names_nobody(words: list[str], tmp_path: Path) -> None:
    ((_, names),) = loaded([*words, "--data-dir", str(tmp_path)])

    assert "polars" in names
    assert names & {"pandera", "pandas", "prefect", "cryptography", "matplotlib"} == set()
