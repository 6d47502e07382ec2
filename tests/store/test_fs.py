"""What files and folders promise: a killed writer leaves nothing or the whole, a lock ends with its process."""

import hashlib
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.store.byte_source import ByteSource
from pipeline.store.fs import atomic_write, file_sha256, flush, is_held, lock
from tests.ending import ending

_KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.store import fs
left = [int(sys.argv[2])]
def count_down(event, arguments):
    if event in ("open", "os.rename", "os.link", "os.remove") and str(arguments[0]).startswith(sys.argv[1]):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count_down)
with fs.atomic_write(Path(sys.argv[1]) / "file", replaces=sys.argv[3] == "True") as draft:
    draft.write_bytes(b"new" * 1000)
print("done", flush=True)
"""

_HOLDS = """
import sys
from pathlib import Path
from pipeline.store.fs import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holding(path: Path) -> subprocess.Popen[str]:
    """Another process that holds a file or folder until it gets a line."""
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


@pytest.fixture(params=["file", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    path.mkdir() if request.param == "folder" else path.touch()
    return path


@pytest.mark.parametrize("before", [None, b"old"])
@pytest.mark.parametrize("replaces", [True, False])
def test_a_writer_that_is_killed_at_any_step_leaves_what_was_there_or_the_whole(
    tmp_path: Path, before: bytes | None, replaces: bool
) -> None:
    path, seen = tmp_path / "file", set[bytes | None]()
    for step in range(1, 20):
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        child = subprocess.run(
            [sys.executable, "-c", _KILLED, str(tmp_path), str(step), str(replaces)],
            stdout=subprocess.PIPE,
            check=False,
        )
        seen.add(path.read_bytes() if path.exists() else None)
        if child.stdout:
            break
        assert child.returncode == -signal.SIGKILL
    wanted = before if before is not None and not replaces else b"new" * 1000
    assert step > 3, "it was killed before each of its steps"
    assert seen == {before, wanted}


def _interrupted(path: Path, *, replaces: bool) -> None:
    with atomic_write(path, replaces=replaces) as draft:
        draft.write_bytes(b"half")
        raise KeyboardInterrupt


@pytest.mark.parametrize("replaces", [True, False])
def test_a_writer_that_fails_leaves_what_was_there_and_no_draft(tmp_path: Path, replaces: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        _interrupted(path, replaces=replaces)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"file": b"old"}


@pytest.mark.parametrize(("replaces", "left"), [(True, b"second"), (False, b"first")])
def test_a_name_that_is_taken_is_replaced_or_left_to_the_first(tmp_path: Path, replaces: bool, left: bytes) -> None:
    for content in (b"first", b"second"):
        with atomic_write(tmp_path / "file", replaces=replaces) as draft:
            draft.write_bytes(content)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"file": left}


def test_drafts_of_two_writers_of_one_file_differ(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "file") as one, atomic_write(tmp_path / "file") as other:
        assert one != other
        one.write_bytes(b"later")
        other.write_bytes(b"earlier")
    assert (tmp_path / "file").read_bytes() == b"later"


def test_who_does_not_wait_is_refused_while_another_process_holds_it(place: Path) -> None:
    with ending(holding(place)) as child:
        assert is_held(place)
        with pytest.raises(BlockingIOError), lock(place, waits=False):
            raise AssertionError("never here")
        child.communicate("\n")
    assert not is_held(place)


def test_a_lock_ends_with_its_process(place: Path) -> None:
    with ending(holding(place)) as child:
        assert is_held(place)
        child.kill()
        child.wait()
        with lock(place, waits=False):
            assert is_held(place)
    assert not is_held(place)


def test_who_waits_goes_on_when_the_other_has_ended(place: Path) -> None:
    with ending(holding(place)) as first:
        started = subprocess.Popen(
            [sys.executable, "-c", _HOLDS, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with ending(started) as second:
            assert second.poll() is None
            first.communicate("\n")
            assert second.stdout is not None
            assert second.stdout.readline() == "held\n"
            second.communicate("\n")


def test_a_lock_is_given_back_when_the_block_fails(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), lock(place):
        raise ZeroDivisionError
    assert not is_held(place)


def test_a_file_is_made_to_be_held_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "new"
    with lock(path):
        path.write_text("who")
    with lock(path):
        assert path.read_text() == "who"


def test_what_is_gone_counts_as_held(tmp_path: Path) -> None:
    assert is_held(tmp_path / "gone")


def test_a_file_and_a_folder_can_be_flushed(place: Path) -> None:
    flush(place)
    with pytest.raises(FileNotFoundError):
        flush(place.with_name("gone"))


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 7])
def test_a_hash_is_of_all_bytes_by_whichever_way(tmp_path: Path, size: int) -> None:
    path, content = tmp_path / "file", os.urandom(size)
    path.write_bytes(content)
    with closing(ByteSource(path)) as source:
        assert file_sha256(path) == source.sha256() == hashlib.sha256(content).hexdigest()
