"""Which runs have a process, known from the kernel: each holds a lock on a file of its own as long as it lives.

Here: the sign of life, ending runs that have none, and who does not end though cancelled. Not here: what a run does.

A heartbeat that stays away shows less: it cannot tell a dead run from one that waits for a steward or from a slow
database. A lock is gone at the moment the process is, also when the whole machine was.
"""

import os
import signal
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.settings import get_current_settings
from prefect.states import Cancelled, Crashed, State

from pipeline.steward.wording import told
from pipeline.store.fs import is_held, lock
from schemas.sentences import said

GRACE = timedelta(seconds=60)
"""A process takes some time to begin."""
PENDING_GRACE = timedelta(minutes=5)
"""The worker takes some time to begin a process."""

_held: dict[str, ExitStack] = {}


def hold(run_id: str) -> None:
    """Show that this run has a process, until that process ends."""
    if run_id not in _held:
        path = _file(run_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = ExitStack()
        # Waits for who looks at it at this moment, and for an earlier process of a run that is gone on with.
        held.enter_context(lock(path))
        path.write_text(str(os.getpid()))
        _held[run_id] = held


def has_process(run_id: str) -> bool:
    """Whether a process shows this run's sign of life."""
    path = _file(run_id)
    return path.exists() and is_held(path)


def ask_to_end(run_id: str) -> bool:
    """Ask the process of this run to end, if it was started by a worker and can be seen from here; whether it was."""
    try:
        process = int(_file(run_id).read_text())
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        if b"server.run_process" not in command:  # started by hand, or in a container whose numbers are not ours
            return False
        os.kill(process, signal.SIGTERM)
    except (OSError, ValueError):
        return False
    return True


def end_the_dead(now: datetime) -> list[str]:
    """End every run that the server believes to be at work and that has no process; what was done, in words.

    A run that is being cancelled and still has one is asked to end: its worker does so at once, unless the server was
    away for so long that it gave up looking.
    """
    at_work = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=at_work)))
    done = []
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=wanted):
            if is_dead(run, now):
                client.set_flow_run_state(run.id, _end(run), force=True)
                done.append(f"{run.name} was {run.state_name} and has no process: ended.")
            elif _is_overdue(run, now) and ask_to_end(str(run.id)):
                done.append(f"{run.name} is being cancelled and still at work: asked to end.")
    _forget()
    return done


def is_dead(run: FlowRun, now: datetime) -> bool:
    """Whether a run that the server believes to be at work has had no process for longer than starting one takes."""
    state = run.state
    if state is None or run.parent_task_run_id is not None:  # a flow within a flow lives in its parent's process
        return False
    grace = PENDING_GRACE if state.type is StateType.PENDING else GRACE
    return bool(now - state.timestamp > grace) and not has_process(str(run.id))


def _is_overdue(run: FlowRun, now: datetime) -> bool:
    state = run.state
    return bool(state and state.type is StateType.CANCELLING and now - state.timestamp > GRACE)


def _end(run: FlowRun) -> State[None]:
    if run.state_type is StateType.CANCELLING:
        return Cancelled(message=told(said("dead.cancelled")))
    if run.state_type is StateType.PENDING:
        return Crashed(message=told(said("dead.never-began")))
    return Crashed(message=told(said("dead.killed")))


def _forget() -> None:
    """Remove the files of runs whose process has ended long ago."""
    old = datetime.now(UTC) - timedelta(days=1)
    for path in _folder().glob("*"):
        if path.stat().st_mtime < old.timestamp() and not has_process(path.name):
            path.unlink(missing_ok=True)


def _file(run_id: str) -> Path:
    return _folder() / str(UUID(run_id))


def _folder() -> Path:
    return Path(get_current_settings().home) / "alive"
