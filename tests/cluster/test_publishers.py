"""Two machines that publish into one bucket at the same time, and one that reads beside them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.show import current_release, table
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import open_workspace
from pipeline.store.storage.data_folder import published
from pipeline.store.storage.lease import lease
from pipeline.store.storage.objects import Objects
from schemas.sentences import Sentence
from tests.cluster.machines import FULL, Machine
from tests.cluster.stores import Store
from tests.ending import ending

pytestmark = pytest.mark.system

TIMES = 25 if FULL else 2
"""How often each of the two publishes."""


def started(*words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.cluster.publisher", *words]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root)


def said(process: "subprocess.Popen[str]") -> list[str]:
    out, errors = process.communicate(timeout=3600)
    assert process.returncode == 0, errors
    return out.splitlines()


def test_two_publishers_at_once_lose_nothing_and_nobody_reads_a_mixed_release(s3: Store, tmp_path: Path) -> None:
    address, done = s3.address("publishers"), tmp_path / "done"
    reader = started("read", address, str(tmp_path / "reader"), str(done))
    both = [started("publish", address, str(tmp_path / name), name, str(TIMES)) for name in ("1", "2")]
    with ending(reader), ending(both[0]), ending(both[1]):
        published_by = [[json.loads(line) for line in said(process)] for process in both]
        done.touch()
        (seen,) = [json.loads(line) for line in said(reader)]
    assert [statuses for lines in published_by for statuses, _, _ in lines] == [["recorded"]] * (2 * TIMES)
    workspace = open_workspace(Machine.at(tmp_path / "after", address).settings)
    assert verify(workspace) == ()
    release = current_release(workspace.settings)
    assert table(release, "deliveries").height == 2 * TIMES
    history = ReleaseHistory.of(workspace)
    assert history.last is not None
    assert history.last.release == release.id
    assert {each for each, _ in seen} <= set(history.published["release"])
    rows = [count for _, count in seen]
    assert rows == sorted(rows), "what is current never holds less than before"
    there_now = published(workspace.settings)
    assert there_now is not None
    there_now.refresh()
    assert there_now.pointer.current == release.id


def test_a_lease_is_held_by_one_renewed_given_back_and_taken_from_the_dead(s3: Store, tmp_path: Path) -> None:
    objects, told = Objects(s3.address("lease")), list[Sentence]()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with lease(objects, tmp_path / "one", "a night", told.append, seconds=2):
        content, _ = objects.read_tagged(".writer.json")
        assert json.loads(content or b"")["who"] == "a night"
    with lease(objects, tmp_path / "two", "another", told.append, seconds=2):
        assert told == [], "it was given back"
    objects.write(".writer.json", json.dumps({"who": "a dead one", "host": "h", "pid": 1, "since": "s"}).encode())
    with lease(objects, tmp_path / "two", "another", told.append, seconds=1):
        (what,) = told
        assert str(what).startswith("Waiting: a dead one (on h, process 1, since s) is writing.")
