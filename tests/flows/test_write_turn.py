"""One writer at a time: others wait and say for whom, and a killed writer leaves nothing taken."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store.write_lock import WriterBusy, holder, write_lock
from schemas.sentences import Sentence
from tests.ending import ending

ROOT = Path(__file__).parents[2]

_CHILD = """
import sys, time
from pathlib import Path
from pipeline.store.write_lock import write_lock
with write_lock(Path(sys.argv[1]), "nightly 'brave-cat'", tell=print):
    print("writing", flush=True)
    sys.stdin.readline()
"""


def another(folder: Path) -> subprocess.Popen[str]:
    """Another process that writes until it gets a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    return child


def test_who_does_not_want_to_wait_is_told_who_writes_and_since_when(tmp_path: Path) -> None:
    with ending(another(tmp_path)) as child:
        with (
            pytest.raises(WriterBusy, match=rf"^nightly 'brave-cat' \(process {child.pid}, since .*\) is writing in "),
            write_lock(tmp_path, "me", tell=lambda _: None, patience=0),
        ):
            raise AssertionError("never here")
        assert "brave-cat" in str(holder(tmp_path))
        child.communicate("\n")


def test_who_waits_goes_on_when_the_other_has_ended(tmp_path: Path) -> None:
    reported: list[Sentence] = []
    with ending(another(tmp_path)) as child:

        def tell(what: Sentence) -> None:
            reported.append(what)
            assert child.stdin is not None
            child.stdin.write("\n")
            child.stdin.flush()

        with write_lock(tmp_path, "me", tell=tell):
            assert "me" in (tmp_path / ".writer").read_text()

    assert len(reported) == 1
    assert "Waiting: nightly 'brave-cat'" in str(reported[0])
    assert holder(tmp_path) is None


def test_a_killed_writer_leaves_nothing_taken(tmp_path: Path) -> None:
    with ending(another(tmp_path)) as child:
        child.kill()
        child.wait()

        with write_lock(tmp_path, "me", tell=lambda _: None, patience=0):
            assert "me" in (tmp_path / ".writer").read_text()


def test_nobody_writes_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / "data") is None
