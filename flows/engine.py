"""The process of one run: shows a sign of life, then is Prefect's own engine. Started by the worker.

Here: what differs from ``python -m prefect.engine``. Not here: any flow.
"""

import os
import runpy

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows import alive


def main() -> None:
    """Run the flow run that the worker names in the environment."""
    alive.hold(os.environ["PREFECT__FLOW_RUN_ID"])
    # Its thread is waited for at the end of every run, a second that the sign of life does not need.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
