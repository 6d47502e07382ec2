"""A run that needs a server of Prefect for itself leaves none behind, however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ending import ending
from tests.jobs.folder import Folder, benefit, caseload

pytestmark = pytest.mark.system
PATIENCE = 1200.0


def processes_of(home: Path) -> dict[int, str]:
    """Processes, but for dead ones, that were started for this home of Prefect, with their command lines."""
    wanted, found = f"PREFECT_HOME={home}\0".encode(), {}
    for each in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if wanted in Path(f"/proc/{each}/environ").read_bytes():
                found[int(each)] = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < PATIENCE, what
        time.sleep(0.1)


def run(folder: Folder, home: Path) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", "--data-dir", str(folder.data)],
        env={**kept, "PREFECT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_no_server(tmp_path: Path, number: signal.Signals) -> None:
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_x.csv", caseload(benefit(1)))
    home = folder.data / ".prefect"
    with ending(run(folder, home)) as running:
        wait_until(lambda: any("uvicorn" in line for line in processes_of(home).values()), "the server did not start")
        running.send_signal(number)
        running.wait(PATIENCE)

    wait_until(lambda: not processes_of(home), f"still there: {processes_of(home)}")


def test_a_server_that_cannot_start_is_one_sentence(tmp_path: Path) -> None:
    folder = Folder.at(tmp_path)
    folder.put("caseload/2017-02-07_x.csv", caseload(benefit(1)))
    home = folder.data / ".prefect"
    (home / "prefect.db").mkdir(parents=True)  # no database can be there
    with ending(run(folder, home)) as ran:
        _, told = ran.communicate(timeout=PATIENCE)

    assert ran.returncode == 1
    (line,) = told.splitlines()
    assert line.startswith("uitstroom: Prefect's server for this run did not start (")
    wait_until(lambda: not processes_of(home), f"still there: {processes_of(home)}")
