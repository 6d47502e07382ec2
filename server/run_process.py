"""The process of one run: shows a sign of life, then is Prefect's own engine. Started by the worker.

Here: what differs from ``python -m prefect.engine``. Not here: any flow.

It ends with its worker, without which it could not be cancelled, and still reports that to the server.
"""

import logging
import os
import runpy

from prefect.exceptions import CancelledRun
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from rich.console import Console

from flows import graceful_stop, liveness
from pipeline.errors import UitstroomError
from pipeline.store import standard_streams


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
    # Its thread is waited for at the end of every run, a second that the sign of life does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


def _nobody_reads(console: Console) -> None:
    """The worker that read our output is gone. That ends a process at its next line; ours first has a state to set."""
    console.quiet = True


if __name__ == "__main__":
    main()
