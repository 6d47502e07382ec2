"""A Dask cluster for tests: a scheduler and two workers, each a process of its own on this machine."""

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.stores import wait_for
from tests.ports import free_port

_DASK = str(Path(sys.executable).parent / "dask")


@dataclass
class Cluster:
    """Its processes. They know what is in their environment, and nothing else."""

    folder: Path
    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    scheduler: "subprocess.Popen[bytes] | None" = None
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, workers: int = 2) -> None:
        self.scheduler = self._process("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        wait_for(self.port, self.scheduler)
        for _ in range(workers):
            self.start_worker()
        from distributed import Client  # a second, which who only lists the tests does without

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=1200)

    def start_worker(self) -> None:
        number = len(self.workers)
        here = self.folder / f"worker-{number}"
        here.mkdir()
        options = [
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            "127.0.0.1",
            "--local-directory",
            str(here),
        ]
        self.workers.append(self._process("worker", self.address, *options, UITSTROOM_WORK=str(here / "work")))

    def _process(self, *words: str, **more: str) -> "subprocess.Popen[bytes]":
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("UITSTROOM_", "AWS_"))}
        with (self.folder / f"{words[0]}-{len(self.workers)}.log").open("ab") as printed:
            return subprocess.Popen(
                [_DASK, *words],
                stdout=printed,
                stderr=printed,
                env={**kept, **self.environment, **more},
                cwd=self.folder,
            )

    def kill_scheduler(self) -> None:
        assert self.scheduler is not None
        _end(self.scheduler, signal.SIGKILL)
        for worker in self.workers:  # they go when their scheduler goes; a service would start them again
            _end(worker, signal.SIGKILL)

    def kill_worker(self, number: int) -> None:
        _end(self.workers[number], signal.SIGKILL)

    def end(self) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            _end(process, signal.SIGTERM)


def _end(process: "subprocess.Popen[bytes]", by: int) -> None:
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def cluster(folder: Path, environment: Mapping[str, str]) -> Iterator[Cluster]:
    found = Cluster(folder, environment)
    try:
        found.start()
        yield found
    finally:
        found.end()
        _close_connections_to(found.port)


def _close_connections_to(port: int) -> None:
    """Close what Dask's clients left open when their scheduler was killed: to be found open is an error of a test."""
    for each in gc.get_objects():
        if type(each) is socket.socket and each.fileno() >= 0 and each.family is socket.AF_INET:
            with suppress(OSError):  # it has no other side
                if each.getpeername()[1] == port:
                    each.close()
