"""A folder that takes no files can be read: what reads works, what writes says in one sentence that it cannot."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_public_face import KEY, corrected_and_held
from tests.jobs.folder import KEY as KEY_OF_TESTS
from tests.jobs.folder import Folder, tree

pytestmark = pytest.mark.system

KNOWN_ON = ("show", "caseload_stock", "--known-on", "2017-01-31")
READS = (
    ("show", "caseload_stock"), KNOWN_ON, ("explain", "caseload_stock", *KEY), ("path",), ("diff",), ("releases",),
    ("verify",), ("backfill", "gaps"),
)  # fmt: skip
WRITES = (("maintain",), ("rebuild",), ("path", "--known-on", "2017-01-31"))

_AS_NOBODY = """
import contextlib, io, json, os, shutil, sys
from pathlib import Path
from pipeline.cli import main

data, commands = Path(sys.argv[1]), json.loads(sys.argv[2])

def carried_out(words, folder):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = main([*words, "--data-dir", str(folder)])
        except Exception as error:
            code = f"{type(error).__name__}: {error}"
    return code, out.getvalue()

# Once as we are, on a copy: whoever is nobody may not be able to load modules from where they lie.
for words in commands:
    shutil.copytree(data, data.parent / "loads", symlinks=True)
    carried_out(words, data.parent / "loads")
    shutil.rmtree(data.parent / "loads")
for path in [data.parent, *data.parent.rglob("*")]:
    if not path.is_symlink():
        path.chmod(0o555 if path.is_dir() else 0o444)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65_534)
    os.setuid(65_534)
print(json.dumps([carried_out(words, data) for words in commands]))
"""


@pytest.fixture(scope="module")
def answers() -> Iterator[dict[tuple[str, ...], tuple[object, str]]]:
    """What each command ends with, and prints, in a folder that it may only read."""
    root = Path(tempfile.mkdtemp())  # not below pytest's own folder, which is closed to others
    try:
        folder = Folder.at(root / "here")
        corrected_and_held(folder)
        root.chmod(0o755)
        before = tree(folder.data)
        commands = [*READS, *WRITES]
        ran = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, folder.data, json.dumps(commands)],
            check=False, capture_output=True, text=True, timeout=1200, cwd=Path(__file__).parents[2],
            env={**os.environ, "UITSTROOM_KEY": KEY_OF_TESTS},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert tree(folder.data) == before
        yield dict(zip(commands, map(tuple, json.loads(ran.stdout.splitlines()[-1])), strict=True))
    finally:
        for path in [root, *root.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(root)


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_what_reads_works_where_nothing_can_be_written(
    words: tuple[str, ...], answers: dict[tuple[str, ...], tuple[object, str]]
) -> None:
    assert answers[words][0] == 0, answers[words]


def test_a_past_day_that_cannot_be_put_aside_is_computed(
    answers: dict[tuple[str, ...], tuple[object, str]],
) -> None:
    printed = answers[KNOWN_ON][1]
    assert "As known on 2017-01-31; not put aside" in printed
    january = next(line for line in printed.splitlines() if "| 2017-01-01     | pw  " in line)
    assert january.split("|")[4].strip() == "2"


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_what_writes_says_so_in_one_sentence(
    words: tuple[str, ...], answers: dict[tuple[str, ...], tuple[object, str]]
) -> None:
    code, printed = answers[words]
    assert code == 1, (code, printed)
    assert printed.startswith("uitstroom: ")
    assert "this account has no access" in printed
    assert len(printed.splitlines()) == 1
