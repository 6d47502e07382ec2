"""What is around the body of every flow: its sign of life, and one clear sentence when it cannot do what was asked.

Not here: the sentences (who raises them).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Failed, State

from flows import alive
from pipeline.errors import UitstroomError

P = ParamSpec("P")


def in_words(body: Callable[P, Any]) -> Callable[P, Any]:
    """Make an error that is meant for a person the message of the run's state, without a traceback.

    Who calls the flow as a function still gets the error raised: it travels as the data of the state.
    """

    @wraps(body)
    def told(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            alive.hold(str(flow_run.get_id()))
            return body(*args, **kwargs)
        except UitstroomError as error:
            get_run_logger().error("%s", error)
            return Failed(message=str(error), data=error)

    return told
