"""An output that is closed, full or without a letter takes what is written, and what else goes on does not notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store.standard_streams import PatientFile, keep_open
from tests.ending import ending


def test_a_reader_who_left_ends_nothing_and_wanted_no_more() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with PatientFile(writing, "w") as file:
        assert [file.write(b"abc"), file.write(b"defg")] == [3, 4]
        assert isinstance(file.lost, BrokenPipeError)


def test_a_pipe_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with ending(subprocess.Popen(["wc", "-c"], stdin=reading, stdout=subprocess.PIPE, text=True)) as counter:
        os.close(reading)
        with PatientFile(writing, "w") as file:
            assert file.write(b"x" * 1_000_000) == 1_000_000
        assert counter.stdout is not None
        assert counter.stdout.read().strip() == "1000000"


def test_streams_that_somebody_put_in_their_place_stay() -> None:
    before = sys.stdout, sys.stderr
    keep_open()
    assert (sys.stdout, sys.stderr) == before


_PRINTS = """
import os, sys
from pipeline.store.standard_streams import keep_open
streams = keep_open()
print("é€ " * 100_000, flush=True)
print("e" * 100_000, file=sys.stderr)
os.write(1, b"by number"); os.write(2, b"by number")
opened = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
assert opened > 2, opened
child = __import__("subprocess").run([sys.executable, "-c", "print(1, flush=True)"])
os.write(opened, f"{child.returncode} {streams.why_not_whole()}".encode())
"""


@pytest.mark.parametrize(
    ("redirected", "says"),
    [
        ("| true", ""),
        ("| head -c 9", ""),
        ("2>&1 | true", ""),
        (">&-", ""),
        (">&- 2>&- <&-", ""),
        ("</dev/null 1</dev/null", ""),
        (">/dev/full", "No space left on device"),
        (">/dev/full 2>&1", "No space left on device"),
        ("2>/dev/full", "No space left on device"),
    ],
)
def test_a_program_prints_goes_on_and_its_children_too(tmp_path: Path, redirected: str, says: str) -> None:
    wrote = tmp_path / "wrote"
    shell = f'"$0" -c "$1" "$2" {redirected}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", shell, sys.executable, _PRINTS, str(wrote)],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr
    assert wrote.read_text() == f"0 {says}"
    assert b"by number" not in done.stdout + done.stderr
