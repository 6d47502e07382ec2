"""What is around the body of every flow: its name, its sign of life, one clear sentence when it cannot do what it was
asked.

Not here: the sentences (who raises them).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from prefect import get_run_logger
from prefect.runtime import flow_run
from prefect.states import Failed, State

from flows import liveness
from pipeline.errors import UitstroomError
from pipeline.steward.text import masked, shortened
from schemas.bad_declaration import BadDeclaration

P = ParamSpec("P")

LONGEST_NAME = 24
"""Characters of what was typed that the name of a run shows: a whole id of a release."""


def named(begin: str, *fields: str) -> Callable[[], str]:
    """Name a run after fields of its form, shortened, numbers of persons covered: names stand in every list."""

    def name() -> str:
        request = flow_run.get_parameters()["request"]
        typed = (request.get(field) if isinstance(request, dict) else getattr(request, field) for field in fields)
        return f"{begin} {' to '.join(shortened(masked(str(text).strip()), LONGEST_NAME) for text in typed)}"

    return name


def in_words(body: Callable[P, Any]) -> Callable[P, Any]:
    """Make an error that is meant for a person the message of the run's state, without a traceback.

    Who calls the flow as a function still gets the error raised: it travels as the data of the state.
    """

    @wraps(body)
    def in_its_words(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            liveness.hold(str(flow_run.get_id()))
            return body(*args, **kwargs)
        except (UitstroomError, BadDeclaration) as error:
            message = masked(str(error))  # it may repeat what somebody typed
            get_run_logger().error("%s", message)
            return Failed(message=message, data=error)

    return in_its_words
