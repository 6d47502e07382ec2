"""The process of one run: shows a sign of life, then is Prefect's own engine. Started by the worker.

Here: what differs from ``python -m prefect.engine``. Not here: any flow.
"""

import logging
import os
import runpy

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows import alive
from pipeline.errors import UitstroomError


def is_news(record: logging.LogRecord) -> bool:
    """Whether a log line tells something: not the traceback of an error whose sentence the run's state has already."""
    return not (record.exc_info and isinstance(record.exc_info[1], UitstroomError))


def main() -> None:
    """Run the flow run that the worker names in the environment."""
    alive.hold(os.environ["PREFECT__FLOW_RUN_ID"])
    for name in ("prefect.flow_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(is_news)
    # Its thread is waited for at the end of every run, a second that the sign of life does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
