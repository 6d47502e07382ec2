"""A folder of the version before: written by its own code, read and continued by this one.

The version before is the last one with another lock file, taken from the history of the repository. Its code runs with
the packages that are installed here, so every version that it pinned must be among them; where that is not so, or there
is no history, the test says so and is skipped.
"""

import io
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import polars as pl
import pytest

from tests.jobs.folder import CLAIMS, KEY, Folder, benefit, caseload, claim, csv

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
LOCK = "requirements.lock"
PIN = re.compile(r"^([A-Za-z0-9_.-]+==[^ ;\\]+)", re.M)


def git(*words: str) -> bytes:
    done = subprocess.run(("git", *words), cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the history of the repository: git {words[0]} gave nothing")
    return done.stdout


def version_before() -> str:
    """The last commit with another lock file than this one's."""
    now = set(PIN.findall((ROOT / LOCK).read_text(encoding="utf-8")))
    for commit in git("log", "--format=%H", "--", LOCK).decode().split():
        pinned = set(PIN.findall(git("show", f"{commit}:{LOCK}").decode()))
        if pinned != now:
            if pinned - now:
                pytest.skip(f"needs the packages of {commit[:12]}: {', '.join(sorted(pinned - now))}")
            return commit
    return pytest.skip("needs a version before: the lock file never changed")


def command(code: Path, *words: str, at: Folder) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("UITSTROOM_", "PREFECT_"))}
    env |= {"UITSTROOM_KEY": KEY, "PYTHONPATH": f"{code / 'src'}{os.pathsep}{code}"}
    call = [sys.executable, "-m", "pipeline.cli", *words, "--data-dir", str(at.data)]
    done = subprocess.run(call, cwd=at.data.parent, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A folder after one night of the version before: recorded, redelivered and rejected deliveries, a claim."""
    code = tmp_path_factory.mktemp("before") / "code"
    with tarfile.open(fileobj=io.BytesIO(git("archive", version_before()))) as archive:
        archive.extractall(code, filter="data")
    folder = Folder.at(tmp_path_factory.mktemp("kept"))
    for month in (1, 2, 3):
        rows = [benefit(number, peildatum=f"01-{month:02d}-2017") for number in range(30 - month)]
        folder.put(f"caseload/2017-{month:02d}-07.csv", caseload(*rows))
    folder.put("caseload/2017-02-20_again.csv", caseload(*(benefit(number) for number in range(29))))
    folder.put("caseload/2017-04-07_spoilt.csv", "a;b\n1;2\n")
    folder.put("published_figures/2017-03-01.csv", csv(CLAIMS, [claim(1)]))
    command(code, "run", at=folder)
    return folder


def test_this_version_reads_it_goes_on_and_no_figure_changes(before: Folder) -> None:
    figures = ["municipality_code", "reference_date", "series", "benefits", "persons", "change"]
    stock, was = before.table("caseload_stock").select(figures), before.events()
    assert stock.height == 9
    assert before.problems() == ()  # the release of the version before as well

    before.put("caseload/2017-04-08.csv", caseload(*(benefit(number, peildatum="01-04-2017") for number in range(26))))
    told = command(ROOT, "run", at=before)

    assert "New release" in told
    assert before.problems() == ()
    now = before.table("caseload_stock").select(figures)
    assert now.filter(pl.col("reference_date") < pl.date(2017, 4, 1)).equals(stock)
    assert now.height == 12
    events = before.events()
    assert events.join(was, on=["source", "delivery", "event"], how="anti").height == 1  # nothing is recorded twice
    assert before.table("restatements").filter(pl.col("kind") != "added").is_empty()
