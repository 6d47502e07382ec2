"""What is around the body of every flow: its sign of life, one clear sentence when it cannot do what it was asked.

Not here: the sentences (who raises them), its name (``flows.run_names``).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Failed, State
from pydantic_core import to_jsonable_python

from flows import liveness
from pipeline.errors import UitstroomError, told
from pipeline.steward.wording import told_error
from schemas.bad_declaration import BadDeclaration
from schemas.person_number import covered
from schemas.spelling import seen_lines, shown_all

P = ParamSpec("P")
R = TypeVar("R")


def in_words(body: Callable[P, Any]) -> Callable[P, Any]:
    """Make an error that is meant for a person the message of the run's state, without a traceback.

    Who calls the flow as a function still gets the error raised: it travels as the data of the state.
    """

    @wraps(body)
    def in_its_words(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            liveness.hold(str(flow_run.get_id()))
            _cover_what_was_typed()
            return body(*args, **kwargs)
        except (UitstroomError, BadDeclaration) as error:
            return _failed(error)
        except Exception as error:  # Prefect would keep its text and show it, and that may quote a cell
            return _failed(told(error))

    return in_its_words


def _cover_what_was_typed() -> None:
    """The server keeps the parameters of a run as they were filled in: numbers of persons in them are covered there.

    The run itself goes on with what was typed, and says what is wrong with it.
    """
    typed = to_jsonable_python(flow_run.get_parameters(), fallback=str)
    covered = shown_all(typed)
    if covered != typed:
        with get_client(sync_client=True) as client:
            client.update_flow_run(UUID(str(flow_run.get_id())), parameters=covered)


def _failed(error: UitstroomError | BadDeclaration) -> State[Any]:
    message = seen_lines(covered(told_error(error)))  # it may repeat what somebody typed
    get_run_logger().error("%s", message)
    return Failed(message=message, data=error)


def told_apart(body: Callable[P, R]) -> Callable[P, R]:
    """Around the body of a task: an error that was not foreseen leaves it without its text."""

    @wraps(body)
    def without_its_text(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return body(*args, **kwargs)
        except (UitstroomError, BadDeclaration):
            raise
        except Exception as error:  # as above: what Prefect keeps of it may quote a cell
            raise told(error) from None

    return without_its_text
