"""``uitstroom run`` with nothing new and no server: what such a night leaves, without a server of its own.

Here: notes, output, what is loaded, when the flow runs after all. Not here: what is new (``tests/jobs``).
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows import embedded, last_night, rejections
from flows.quiet import quiet
from pipeline.settings import load
from pipeline.store.fs import lock
from pipeline.store.write_lock import holder
from tests.flows.conftest import ROOT, environment
from tests.jobs.folder import Folder, benefit, caseload, tree

_RUN = """
import json, sys
from pipeline.cli import main
code = main(["run", "--data-dir", *sys.argv[1:]])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
raise SystemExit(code)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    made = Folder.at(tmp_path_factory.mktemp("quiet"), with_pages=True)
    made.put("caseload/2017-02-07_x.csv", caseload(benefit(1)))
    made.put("caseload/2017-02-08_bad.csv", "a;b\n1;2\n")
    made.run()
    return made


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch, folder: Folder) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UITSTROOM_KEY", str(folder.settings.key))


def test_a_run_without_news_starts_nothing_and_says_so(folder: Folder) -> None:
    before = tree(folder.data)
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, str(folder.data)],
        capture_output=True,
        text=True,
        env=environment(folder),
        cwd=ROOT,
        timeout=1200,
        check=False,
    )

    *printed, loaded = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr) == (0, "")
    assert set(json.loads(loaded)) & {"prefect", "pandera", "matplotlib"} == set()
    assert printed[0] == "Nothing new in data/raw."
    assert any(line.startswith("Release ") and line.endswith(" stays as it was.") for line in printed)
    after = tree(folder.data)
    assert {name for name in after if after[name] != before.get(name)} <= {
        last_night.NOTE, rejections.NOTE, ".writer",
    }  # fmt: skip
    assert not (folder.data / ".prefect").exists()


def test_it_leaves_the_notes_of_a_night(folder: Folder) -> None:
    began = datetime.now(UTC)

    assert quiet(load(folder.data), pytest.fail) is not None

    noted = last_night.last(folder.data)
    assert noted is not None
    assert (noted[0][:8], noted[1] >= began) == ("nightly ", True)
    last = folder.events()["recorded_at"].max()
    assert isinstance(last, datetime)
    assert json.loads((folder.data / rejections.NOTE).read_text("utf-8")) == {"until": last.isoformat()}
    assert holder(folder.data) is None


def test_a_rejection_that_nobody_was_told_of_is_left_to_the_flow(folder: Folder) -> None:
    first = folder.events()["recorded_at"].min()
    assert isinstance(first, datetime)
    (folder.data / rejections.NOTE).write_text(json.dumps({"until": "2000-01-01T00:00:00+00:00"}), "utf-8")
    (folder.data / last_night.NOTE).unlink(missing_ok=True)
    assert folder.events().filter(pl.col("event") == "rejected").height == 1

    assert quiet(load(folder.data), pytest.fail) is None
    assert last_night.last(folder.data) is None

    rejections.note_told(folder.data, folder.events())
    assert quiet(load(folder.data), pytest.fail) is not None


@pytest.mark.parametrize("where", ["named by the operator", "serving this folder", "a sign that nobody holds", "none"])
def test_a_server_that_is_there_shows_the_run(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / ".prefect"
    home.mkdir()
    if where == "named by the operator":
        monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    elif where != "none":
        (home / embedded.SERVED).write_text("http://127.0.0.1:4200/api", "utf-8")
    if where == "serving this folder":
        with lock(home / embedded.SERVED):
            assert embedded.shows_runs(tmp_path)
    else:
        assert embedded.shows_runs(tmp_path) == (where == "named by the operator")
