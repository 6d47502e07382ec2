"""One cell from outside: a process, a socket to it, and what it printed last. Not here: when it is used (``cells``)."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import NoCell, UitstroomError

_LAST_WORDS = 1 << 16


@dataclass(frozen=True)
class CellSetup:
    """How a cell is started: the module that it loads at once, what is added to its environment, and the memory that
    the system never gives it (a last resort, far above any limit that is watched).
    """

    module: str
    environment: tuple[tuple[str, str], ...] = ()
    most_bytes: int = 0

    def __repr__(self) -> str:
        return f"CellSetup({self.module})"  # the environment holds the key


@dataclass(frozen=True)
class Done:
    """A result, as a cell sends it."""

    value: object


class CellProcess:
    """A process that was started and waits for work."""

    def __init__(self, setup: CellSetup) -> None:
        ours, theirs = socket.socketpair()
        self.connection = Connection(ours.dup().detach())
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115  open for as long as the process
        order = [str(theirs.fileno()), str(os.getpid()), str(setup.most_bytes), setup.module]
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "pipeline.store.cell", *order],
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=self._printed,
                    stderr=self._printed,
                    env=_environment(setup),
                )
        except OSError as error:
            ours.close()
            self.connection.close()
            self._printed.close()
            raise NoCell(f"No process can be started to read files in: {error.strerror}.") from None
        self._socket = ours
        self._lock = threading.Lock()
        self._has_greeted = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return not self.connection.closed and self._process.poll() is None

    def send(self, work: Callable[[Any], object], argument: object) -> None:
        """Give it work. Where it is gone already, that shows when its answer is taken."""
        try:
            self.connection.send((work, argument))
        except OSError:
            return

    def has_greeted(self) -> bool:
        """To be asked when something can be received: whether that is an answer, or an end, and not its greeting."""
        if self._has_greeted:
            return True
        try:
            self._has_greeted = bool(self.connection.recv())
        except (EOFError, OSError):
            self._require_started()
            return True
        return False

    def receive(self) -> Done | UitstroomError | None:
        """Its answer, or the error for a person that the work ended in; None where the process is gone."""
        try:
            answer: Done | UitstroomError = self.connection.recv()
        except (EOFError, OSError):
            return None
        return answer

    def _require_started(self) -> None:
        if self._process.wait() < 0:  # ended from outside
            return
        # It ended by itself before it had seen any work: no file is to blame.
        said = self.last_words().decode(errors="replace").strip().splitlines()
        raise NoCell(
            f"The process in which files are read does not start ({said[-1] if said else 'it says nothing'}). "
            "Nothing was read; mend the installation and run again."
        )

    def last_words(self) -> bytes:
        """The end of what it printed. For us to look at: it may quote what was read."""
        size = self._printed.seek(0, os.SEEK_END)
        self._printed.seek(max(0, size - _LAST_WORDS))
        return self._printed.read()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait(self) -> int:
        """Its exit code, or minus the signal that ended it."""
        return self._process.wait()

    def hang_up(self) -> None:
        """Have whoever waits for a process that is gone see the end, even if one that it started holds its socket.

        What it said in full can still be received. May be called by any thread.
        """
        with self._lock, suppress(OSError):  # already ended
            self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Make sure that nothing is left of it."""
        with self._lock:
            self._socket.close()
        self.connection.close()
        self._process.kill()
        self._process.wait()
        self._printed.close()


def _environment(setup: CellSetup) -> dict[str, str]:
    """Ours, and the places where we find modules: a cell must not find others."""
    given = os.environ.get("PYTHONPATH", "")
    places = [given, *(str(Path(each or ".").absolute()) for each in sys.path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places)), **dict(setup.environment)}
