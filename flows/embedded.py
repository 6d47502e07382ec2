"""Prefect without a server started by hand: its settings, set before Prefect is imported.

Here: environment of the embedded mode, and finding a server that is there already. Not here: any flow.
"""

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.store.fs import is_held

SERVED = "serve.lock"
"""Held by who serves the folder, and shows where, once the server answers."""
MACHINE_SECRET = "machine.secret"
"""With which worker, watchman and runs of this folder come in at its server; readable by its owner alone."""

_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # Which page opens first. The newer one asks a host outside, in the browser; ``server.remove_v2_ui`` takes it away.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    # The default of 20 s is too short for a first start, which also makes the database.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    # A task's arguments are never hashed to look for an old result: inputs change while their names stay.
    "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
    # Written in batches, task runs reach the database before the temporary server ends with us.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_LOG_RETRYABLE_ERRORS": "true",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_WORKER_QUERY_SECONDS": "3",
}
"""The same as ``prefect.toml``, which is found only by who starts in its folder."""

_QUIET = {"PREFECT_LOGGING_LEVEL": "WARNING", "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL"}
"""For a run without a server of its own: its report is what a person reads."""


def prepare(data_dir: Path, *, quiet: bool = True) -> None:
    """Set what is not set yet; whatever the operator chose stays.

    Prefect's own files lie in ``.prefect`` of the data folder.
    """
    for name, value in (_SETTINGS | (_QUIET if quiet else {})).items():
        os.environ.setdefault(name, value)
    home = Path(os.environ.setdefault("PREFECT_HOME", str(data_dir.absolute() / ".prefect")))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if address := served_at(home):
        os.environ.setdefault("PREFECT_API_URL", address)
        give_secret(home)


def shows_runs(data_dir: Path) -> bool:
    """Whether a server is there that shows runs: one that the operator names, or that serves this folder now."""
    home = Path(os.environ.get("PREFECT_HOME", data_dir.absolute() / ".prefect"))
    return bool(os.environ.get("PREFECT_API_URL")) or served_at(home) is not None


def give_secret(home: Path) -> None:
    """Show the machine's secret to the server, where this installation has one that we may read."""
    with suppress(OSError):
        os.environ.setdefault("PREFECT_API_AUTH_STRING", (home / MACHINE_SECRET).read_text(encoding="utf-8").strip())


def served_at(home: Path) -> str | None:
    """The address of the server that serves this folder now: a run shows there, and needs no server of its own."""
    sign = home / SERVED
    with suppress(FileNotFoundError):
        return sign.read_text() or None if sign.exists() and is_held(sign) else None
    return None


_GUARD = """
import os, signal, sys
pid, line = int(sys.argv[1]), sys.argv[2].encode()
sys.stdin.read()
try:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        is_it = line in file.read()
    if is_it:
        os.kill(pid, signal.SIGTERM)
except OSError:
    pass
"""
"""Waits until nobody holds the other end of its input, then ends a process, if that is still the one that was meant."""


def end_server_with_us() -> None:
    """Have the temporary server end with us also where we are killed or abort: Prefect ends it in good order alone.

    To be called when Prefect is imported, before a flow runs.
    """
    from prefect.server.api.server import SubprocessASGIServer

    start = SubprocessASGIServer._run_uvicorn_command

    def start_guarded(server: SubprocessASGIServer) -> "subprocess.Popen[Any]":
        process: subprocess.Popen[Any] = start(server)
        _guards.append(_guard_of(process.pid))
        return process

    if start.__name__ != start_guarded.__name__:
        SubprocessASGIServer._run_uvicorn_command = start_guarded


_guards: "list[subprocess.Popen[bytes]]" = []


def _guard_of(pid: int) -> "subprocess.Popen[bytes]":
    # In a session of its own: what ends us from the terminal must not end it first.
    guard = subprocess.Popen(
        [sys.executable, "-IS", "-c", _GUARD, str(pid), "uvicorn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(_let_go, guard)
    return guard


def _let_go(guard: "subprocess.Popen[bytes]") -> None:
    """It ends the server, where Prefect has not."""
    guard.communicate()


def end_cleanly_on_sigterm() -> None:
    """Let the temporary server stop with us: without this it stays behind as an orphan."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(143)

    signal.signal(signal.SIGTERM, leave)
