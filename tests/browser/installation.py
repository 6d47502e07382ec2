"""An installation as a steward has it: started by the same command, stopped, started again. Not here: the screen."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.flows.steward import Run, Steward, secret_of
from tests.jobs.folder import KEY, Folder

ROOT = Path(__file__).parents[2]
UP_SECONDS, END_SECONDS, WORK_SECONDS = 900, 600, 900


@dataclass
class Installation:
    """One served data folder."""

    folder: Folder
    port: int
    starts: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def steward(self) -> Steward:
        """The same server, asked without a browser."""
        return Steward(f"{self.address}/api", secret_of(self.folder.data))

    @property
    def home(self) -> Path:
        """Prefect's own folder: its database and the logs of the parts."""
        return self.folder.data / ".prefect"

    def start(self) -> None:
        """Start all parts and wait until the address is printed; a start that fails shows what was said."""
        self.starts += 1
        stated = self.folder.data.parent / f"serve-{self.starts}.log"
        with stated.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server.serve", "--data-dir", str(self.folder.data), "--port", str(self.port)],
                cwd=ROOT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        end = time.monotonic() + UP_SECONDS
        while f"Open {self.address}" not in stated.read_text():
            assert self.process.poll() is None, f"serving failed:\n{stated.read_text()}{self._logs()}"
            assert time.monotonic() < end, f"serving takes too long:\n{stated.read_text()}{self._logs()}"
            time.sleep(0.2)

    def stop(self) -> None:
        """End all parts, as Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()  # the parts end with it, see server.serve
            self.process.wait()

    def at_rest(self) -> None:
        """Wait until no run is at work or due, twice in a row: an answer starts a night."""
        quiet, end = 0, time.monotonic() + WORK_SECONDS
        while quiet < 2:
            assert time.monotonic() < end, "still at work"
            runs = self.steward.runs(flow_runs={"state": {"type": {"any_": ["RUNNING", "PENDING", "SCHEDULED"]}}})
            now = datetime.now(UTC).isoformat()
            quiet = (
                0
                if any(run["state_type"] != "SCHEDULED" or run["expected_start_time"] < now for run in runs)
                else quiet + 1
            )
            time.sleep(0.7)

    def runs_of(self, flow: str) -> list[Run]:
        """Runs of a flow, the youngest first."""
        return self.steward.runs(flows={"name": {"any_": [flow]}}, sort="EXPECTED_START_TIME_DESC")

    def _logs(self) -> str:
        logs = sorted(self.home.glob("*.log"))
        return "".join(f"\n--- {path.name}\n{path.read_text(errors='replace')[-4000:]}" for path in logs)


def _environment() -> dict[str, str]:
    """That of a fresh installation: nothing of ours but the key of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    return kept | {"UITSTROOM_KEY": KEY, "POLARS_MAX_THREADS": "1"}
