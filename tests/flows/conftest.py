"""Served data folders for tests of flows: the real server, worker, deployments and automations."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.ending import ending
from tests.flows.steward import Steward, secret_of
from tests.jobs.folder import KEY, Folder
from tests.ports import free_port, wait_until_free
from tests.ready_made import ReadyMade

ROOT = Path(__file__).parents[2]


@dataclass
class Reported:
    """A receiver of what the installation tells, as a team's chat would be."""

    server: ThreadingHTTPServer
    messages: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/tell"

    def wait_for(self, text: str, seconds: float = 300) -> dict[str, str]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for message in list(self.messages):
                if text in message["text"]:
                    return message
            time.sleep(0.2)
        raise AssertionError(f"nobody told {text!r}; told were {self.messages}")


def receiver() -> Reported:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            content = json.loads(body)
            reported.messages.append(json.loads(content) if isinstance(content, str) else content)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Silent."""

    reported = Reported(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=reported.server.serve_forever, daemon=True).start()
    return reported


@dataclass(frozen=True)
class Served:
    """A served data folder, and who looks at it."""

    folder: Folder
    port: int
    steward: Steward
    process: subprocess.Popen[str]
    reported: Reported
    calls_out: Path


def environment(folder: Folder, **more: str) -> dict[str, str]:
    """The environment of a fresh installation: nothing of ours, the key of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "UITSTROOM_"))}
    return kept | {"UITSTROOM_KEY": KEY, "POLARS_MAX_THREADS": "1"} | more


def serve(folder: Folder, port: int, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "server.serve", "--data-dir", str(folder.data), "--port", str(port), *arguments],
        cwd=ROOT,
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_open(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    stated = []
    for line in process.stdout:
        stated.append(line)
        if line.startswith("Open http://"):
            return
    raise AssertionError("".join(stated))


@dataclass
class Installation:
    """A served folder that a test may break: its processes are found and killed one by one."""

    folder: Folder
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def steward(self) -> Steward:
        return Steward(f"http://127.0.0.1:{self.port}/api", secret_of(self.folder.data))

    def start(self) -> None:
        self.process = serve(self.folder, self.port)
        wait_until_open(self.process)

    def processes(self) -> dict[int, str]:
        """Number and command line of all that was started to serve the folder, runs too."""
        return {
            int(path.name): reported
            for path in Path("/proc").glob("[0-9]*")
            if f"UITSTROOM_DATA={self.folder.data}".encode() in read(path / "environ").split(b"\0")
            and (reported := read(path / "cmdline").replace(b"\0", b" ").decode())
        }

    def process_of(self, words: str) -> int:
        """The process with these words in its command line."""
        (found,) = (number for number, reported in self.processes().items() if words in reported)
        return found

    def kill(self, words: str) -> None:
        os.kill(self.process_of(words), signal.SIGKILL)

    def kill_everything(self) -> None:
        """As when the power fails: nobody gets to say anything."""
        assert self.process is not None
        left = [self.process.pid, *self.processes()]
        while left:  # one that was just being started is not in the first list
            for number in left:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.05)
            left = self.processes()
        self.process.communicate()
        wait_until_free(self.port)

    def end(self) -> str:
        """Ctrl-C; what was said since the start."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.communicate(timeout=1200)[0]
        except subprocess.TimeoutExpired:
            self.kill_everything()
            raise


def read(path: Path) -> bytes:
    """A file of a process, empty when that ended meanwhile."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, ready_made: ReadyMade) -> Iterator[Served]:
    folder = Folder.at(tmp_path_factory.mktemp("served"))
    ready_made.database(folder.data)
    folder.settings.raw.mkdir(parents=True)
    reported, port, calls_out = receiver(), free_port(), folder.data.parent / "calls_out.txt"
    calls_out.touch()
    process = serve(
        folder,
        port,
        UITSTROOM_WEBHOOK_URL=reported.url,
        CALLS_OUT=str(calls_out),
    )
    with ending(process):
        try:
            wait_until_open(process)
            steward = Steward(f"http://127.0.0.1:{port}/api", secret_of(folder.data))
            yield Served(folder, port, steward, process, reported, calls_out)
        finally:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=1200)
            process.kill()
            reported.server.shutdown()
            reported.server.server_close()
