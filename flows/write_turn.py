"""A run's turn to write, and how the UI shows that it waits. Not here: the lock (``pipeline.store.write_lock``)."""

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Running

from pipeline.settings import Settings
from pipeline.steward.wording import told
from pipeline.store.write_lock import write_turn
from schemas.sentences import Sentence, said

WAITING = "AwaitingWriter"
"""Name of the state of a run that waits for another one to end."""


@contextmanager
def my_turn(settings: Settings) -> Iterator[None]:
    """Write alone. While another run or command writes, the run's state shows who that is, and its log too."""
    logger = get_run_logger()
    has_waited = False

    def tell(what: Sentence) -> None:
        nonlocal has_waited
        has_waited, text = True, told(what)
        logger.info("%s", text)
        _show(Running(name=WAITING, message=text))

    with write_turn(settings, f"{flow_run.get_flow_name()} '{flow_run.get_name()}'", tell=tell):
        if has_waited:
            _show(Running(message=told(said("at.turn"))))
        yield


def _show(state: Running) -> None:
    # Not forced: a run that is being cancelled stays so.
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(flow_run.get_id(), state)
