"""Prefect without a server started by hand: its settings, set before Prefect is imported.

Here: environment of the embedded mode, and finding a server that is there already. Not here: any flow, starting
a server (``temporary_server``, ``server``).
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from pipeline.store.fs import is_held

SERVED = "serve.lock"
"""Held by who serves the folder, and shows where, once the server answers."""
MACHINE_SECRET = "machine.secret"
"""With which worker, watchman and runs of this folder come in at its server; readable by its owner alone."""
DOOR_TAG = "door:"
"""Begin of the tag of a run that a person started in a browser; who it was follows."""

_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_API_HOST": "127.0.0.1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    # Which page opens first. The newer one asks a host outside, in the browser; ``server.remove_v2_ui`` takes it away.
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    # Where Prefect starts one by itself: the default of 20 s is too short for a first start, which makes the database.
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


def end_cleanly_on_sigterm() -> None:
    """Let the temporary server stop with us: without this it stays behind as an orphan."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(143)

    signal.signal(signal.SIGTERM, leave)
