"""``make run`` on a fresh folder: the real commands, in processes of their own, under Prefect.

Everything that ``test_sample_run`` finds in the tables of one night through the jobs is in these tables as well.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from pipeline.steward.terminal_summary import summary
from schemas.catalogue import TABLES
from tests.acceptance.conftest import REPOSITORY, one_night, put_tracked_files, table, uitstroom
from tests.jobs.folder import tree

pytestmark = pytest.mark.system


@dataclass(frozen=True)
class Commanded:
    """A data folder after ``uitstroom simulate`` and ``uitstroom run``, and what the run printed."""

    data_dir: Path
    printed: str


@pytest.fixture(scope="module")
def commanded(tmp_path_factory: pytest.TempPathFactory) -> Commanded:
    data_dir = tmp_path_factory.mktemp("commanded") / "data"
    put_tracked_files(data_dir / "raw")
    simulated = uitstroom("simulate", "--data-dir", str(data_dir))
    assert simulated.returncode == 0, simulated.stderr
    run = uitstroom("run", "--data-dir", str(data_dir))
    assert run.returncode == 0, run.stderr
    return Commanded(data_dir, run.stdout)


def test_the_commands_give_what_one_night_through_the_jobs_gives(commanded: Commanded, tmp_path: Path) -> None:
    other = tmp_path / "data"
    shutil.copytree(commanded.data_dir / "raw", other / "raw")
    shutil.copyfile(commanded.data_dir.with_name("data.key"), other.with_name("data.key"))
    other.with_name("data.key").chmod(0o600)

    night = one_night(other)

    for name in TABLES:
        # When it was recorded and published is another moment, and moments name a release.
        moments = ("recorded_at", "published_at", "release")
        frames = [table(each, name).drop(moments, strict=False) for each in (commanded.data_dir, other)]
        assert_frame_equal(*frames)
    ran = [
        line
        for line in summary(night).splitlines()
        if str(tmp_path) not in line and night.published.release.id not in line
    ]
    assert [line for line in ran if line not in commanded.printed] == []
    assert f"Tables: {(commanded.data_dir / 'curated' / 'current').resolve()}" in commanded.printed


def test_a_figure_is_followed_back_by_the_command(commanded: Commanded) -> None:
    ran = uitstroom("explain", "caseload_stock", "GM0899", "2017-01-01", "pw", "--data-dir", str(commanded.data_dir))
    assert ran.returncode == 0
    assert "876" in ran.stdout
    wrong = uitstroom("explain", "caseload_stock", "GM0899", "2017-01-02", "pw", "--data-dir", str(commanded.data_dir))
    assert wrong.returncode == 1
    assert "has no row" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_second_run_finds_nothing_new_and_changes_nothing(commanded: Commanded) -> None:
    before = {name: tree(commanded.data_dir / name) for name in ("log", "quarantine", "curated")}

    again = uitstroom("run", "--data-dir", str(commanded.data_dir))

    assert again.returncode == 0
    assert "Nothing new in data/raw." in again.stdout
    assert {name: tree(commanded.data_dir / name) for name in ("log", "quarantine", "curated")} == before


def test_another_key_stops_the_run_and_leaves_the_release(commanded: Commanded) -> None:
    before = tree(commanded.data_dir / "curated")
    key = commanded.data_dir.with_name("data.key")
    kept = key.read_text()
    key.write_text("ab" * 32)
    try:
        result = uitstroom("run", "--data-dir", str(commanded.data_dir))
    finally:
        key.write_text(kept)

    assert result.returncode == 1
    assert "Put the former key back" in result.stderr
    assert tree(commanded.data_dir / "curated") == before


def test_git_offers_nothing_that_a_run_makes(commanded: Commanded) -> None:
    made = [f"data/{path.name}{'/' * path.is_dir()}" for path in commanded.data_dir.iterdir() if path.name != "raw"]
    made += [path.name for path in commanded.data_dir.parent.iterdir() if path.is_file()]

    ignored = subprocess.run(
        ["git", "check-ignore", *made], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )

    assert {"data/log/", "data/curated/", "data.key"} <= set(made)
    assert sorted(ignored.stdout.split()) == sorted(made)
