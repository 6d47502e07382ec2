"""Whoever reads what a command prints, or does not, decides nothing: the job is done, and its exit code is true."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ending import ending
from tests.jobs.folder import KEY, Folder, benefit, caseload
from tests.ready_made import ReadyMade

FILE = "caseload/2017-02-07_x.csv"
FULL = 1
"""Exit code of a command that only answers, where a full disk did not take the answer."""


def exit_code(folder: Folder, words: str, redirected: str) -> int:
    """The exit code of ``uitstroom``, started by a shell that does this with its output."""
    words = words.format(data=folder.data, raw=folder.settings.raw)
    shell = f'"$0" -m pipeline.cli {words} {redirected}; exit ${{PIPESTATUS[0]}}'
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    environment = kept | {"UITSTROOM_KEY": KEY, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        ["bash", "-c", shell, sys.executable], env=environment, capture_output=True, check=False, timeout=1200
    ).returncode


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A folder after a night."""
    folder = Folder.at(tmp_path_factory.mktemp("done"))
    folder.put(FILE, caseload(*(benefit(n) for n in range(20))))
    folder.put("caseload/bad.csv", "a;b\n1;2\n")
    folder.run()
    return folder


@pytest.mark.parametrize(
    ("words", "redirected", "code"),
    [
        ("check {raw}/caseload/bad.csv", "| true", 3),
        ("check {raw}/caseload/bad.csv", ">&- 2>&- <&-", 3),
        ("show deliveries --data-dir {data}", "| head -1", 0),
        ("show deliveries --data-dir {data}", ">/dev/full", FULL),
        ("show nothing --data-dir {data}", "2>&1 | true", 2),
    ],
)
def test_a_question_is_answered_truly_to_nobody(done: Folder, words: str, redirected: str, code: int) -> None:
    assert exit_code(done, words, redirected) == code


COMMANDS = (
    (f"check {{raw}}/{FILE}", 0),
    ("--help", 0),
    ("nonsense", 2),
    ("show findings --json --data-dir {data}", 0),
    ("explain caseload_stock GM0899 2017-02-01 pw --data-dir {data}", 0),
    ("path --data-dir {data}", 0),
    ("diff --data-dir {data}", 1),
    ("releases --data-dir {data}", 0),
    ("rebuild --data-dir {data}", 0),
    ("verify --data-dir {data}", 0),
    ("maintain --data-dir {data}", 0),
    ("backfill plan --from 2017-01 --to 2017-03 --data-dir {data}", 0),
    ("backfill gaps --data-dir {data}", 0),
    ("retract nothing0 --by x --reason y --data-dir {data}", 1),
)
CLOSED = ("2>&1 | true", ">&- 2>&- <&-")
EACH = [
    (*command, redirected)
    for number, command in enumerate(COMMANDS)
    for turn, redirected in enumerate(CLOSED)
    if number % 2 == turn or os.environ.get("UITSTROOM_CLOSED") == "full"
]
"""Every command, by turns with a reader that leaves and without any streams; both for each where ``full`` is asked for.
All commands print through the same streams."""


@pytest.mark.system
@pytest.mark.parametrize(("words", "code", "redirected"), EACH)
def test_every_command_is_done_whoever_reads(done: Folder, words: str, code: int, redirected: str) -> None:
    assert exit_code(done, words, redirected) == code


@pytest.mark.system
@pytest.mark.parametrize("redirected", ["| true", ">&- 2>&- <&-", ">/dev/full 2>&1"])
def test_a_night_is_done_whoever_reads(tmp_path: Path, ready_made: ReadyMade, redirected: str) -> None:
    folder = Folder.at(tmp_path)
    ready_made.database(folder.data)
    folder.put(FILE, caseload(*(benefit(n) for n in range(20))))
    assert exit_code(folder, "run --data-dir {data}", redirected) == 0
    assert folder.delivery(FILE)["rows_recorded"] == 20


def test_the_number_of_a_closed_output_is_still_free_when_the_command_begins() -> None:
    """Libraries open files when they are imported; with that number, prints would end up in there."""
    program = "import os, sys, pipeline.cli; sys.exit(sum(os.path.exists(f'/proc/self/fd/{n}') for n in range(3)))"
    shell = '"$0" -c "$1" >&- 2>&- <&-'
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(["bash", "-c", shell, sys.executable, program], env=environment, check=False, timeout=1200)
    assert done.returncode == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_line_is_told_when_it_is_printed_and_not_at_the_end(unbuffered: str) -> None:
    program = "import sys; from pipeline.store.standard_streams import keep_open; keep_open(); "
    program += "print('waiting', file=sys.stderr); sys.stdin.read()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": unbuffered}
    started = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    with ending(started) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        is_told = bool(select.select([child.stderr], [], [], 30)[0])
        child.stdin.close()
        assert (is_told, child.stderr.read(), child.wait(timeout=1200)) == (True, b"waiting\n", 0)
