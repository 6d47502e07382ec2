"""A server of Prefect for a run that finds none: it starts while the run loads its libraries, and is gone with it.

Here: starting, waiting for and ending it. Not here: its settings, whether one is needed (``flows.embedded``). Prefect
would start one by itself, later, and would load a whole server into the run for that; and that one would stay where the
run is killed.
"""

import atexit
import os
import secrets
import socket
import subprocess
import sys
import urllib.request
from base64 import b64encode
from contextlib import suppress

from pipeline.errors import UitstroomError

_PATIENCE = 180.0
"""Seconds: a first start also makes the database."""
_LEAVE = 5.0

_PROGRAM = """
import os, signal, socket, sys, threading, time
def end_with_who_started_us():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)
    os._exit(1)
threading.Thread(target=end_with_who_started_us, daemon=True).start()
import gc, uvicorn
gc.disable()  # as flows.loading has it
import prefect.server.api.server
gc.freeze()
gc.enable()
made = uvicorn.Config("prefect.server.api.server:create_app", factory=True, log_level="error", lifespan="on")
uvicorn.Server(made).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""
"""Its standard input is held open by who started it, and ends with that process, however it ends."""


_here = list["TemporaryServer"]()


def ends_with_the_run() -> bool:
    """Whether the runs of this process are shown by a server that nobody can look at while it is there."""
    return bool(_here)


class NoServer(UitstroomError):
    """Prefect's server did not start, so that the flow cannot run."""


class TemporaryServer:
    """One that is starting. Runs of this process find it by the environment, so Prefect must not be loaded yet."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:  # who calls before it is ready waits at the door
            self._address = f"http://127.0.0.1:{door.getsockname()[1]}/api"
            self._secret = f"run:{secrets.token_urlsafe(24)}"
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(door.fileno())],
                env=self._environment(),
                pass_fds=[door.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # what ends us from the terminal must not end it first
            )
        atexit.register(self.end)
        _here.append(self)
        os.environ["PREFECT_API_URL"] = self._address
        os.environ["PREFECT_API_AUTH_STRING"] = self._secret

    def _environment(self) -> dict[str, str]:
        own = {
            "PREFECT_UI_ENABLED": "0",
            "PREFECT__SERVER_EPHEMERAL": "1",
            "PREFECT__SERVER_FINAL": "1",
            "PREFECT_SERVER_API_AUTH_STRING": self._secret,
        }
        return {**os.environ, **own}

    def wait(self) -> None:
        """Wait until it answers. Raises NoServer."""
        key = b64encode(self._secret.encode()).decode()
        request = urllib.request.Request(f"{self._address}/health", headers={"Authorization": f"Basic {key}"})
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE):
                return
        except OSError as error:
            home = os.environ.get("PREFECT_HOME", "the folder of Prefect")
            raise NoServer(
                f"Prefect's server for this run did not start ({type(error).__name__}). Nothing was taken "
                f"in. Look whether {home} can be written to and has room, then run again."
            ) from None

    def end(self) -> None:
        """End it, and wait until it is gone."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LEAVE)
        self._process.kill()
        self._process.communicate()
