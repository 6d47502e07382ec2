"""The process of one run: shows a sign of life, then is Prefect's own engine. Started by the worker.

Here: what differs from ``python -m prefect.engine``. Not here: any flow.

It ends with its worker, without which it could not be cancelled, and still reports that to the server.
"""

import importlib
import logging
import os
import runpy
import sys
from uuid import UUID

from flows import graceful_stop
from flows.loading import loading

with loading():
    from prefect.client.orchestration import get_client
    from prefect.exceptions import CancelledRun
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.states import Failed
    from rich.console import Console

    from flows import liveness
    from pipeline.errors import UitstroomError
    from pipeline.store import standard_streams
    from schemas.bad_declaration import BadDeclaration


def is_new(record: logging.LogRecord) -> bool:
    """Whether a log line adds something: not the traceback of an ending whose sentence the run's state has already."""
    return not (record.exc_info and isinstance(record.exc_info[1], UitstroomError | CancelledRun))


def main() -> None:
    """Run the flow run that the worker names in the environment."""
    standard_streams.keep_open()
    graceful_stop.end_with_parent()
    Console.on_broken_pipe = _nobody_reads  # type: ignore[assignment, method-assign]
    liveness.hold(os.environ["PREFECT__FLOW_RUN_ID"])
    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(is_new)
    with loading():
        problem = wrong_declaration()
    if problem:
        _end_with(problem)
        return
    # Its thread is waited for at the end of every run, a second that the sign of life does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


def wrong_declaration() -> str | None:
    """What is wrong with the declarations, found by looking at all of them: else the engine meets it while it imports
    the flow, and tells of it in a traceback.
    """
    try:
        for name in ("schemas.catalogue", "pipeline.jobs.projections"):
            importlib.import_module(name)
    except BadDeclaration as error:
        return f"A declaration is wrong, so nothing is done.\n{error}"
    return None


def _end_with(problem: str) -> None:
    """End the run with one message; the worker finds it ended."""
    print(problem, file=sys.stderr, flush=True)
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(UUID(os.environ["PREFECT__FLOW_RUN_ID"]), Failed(message=problem), force=True)


def _nobody_reads(console: Console) -> None:
    """The worker that read our output is gone. That ends a process at its next line; ours first has a state to set."""
    console.quiet = True


if __name__ == "__main__":
    main()
