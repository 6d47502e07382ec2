"""Questions to a steward: each is a suspended run with a form.

Here: asking one until its answer can be carried out, and keeping them open as long as they matter. Not here: the
questions and what is done with their answers (``flows.decide``), and what there is to ask (the night finds out). An
answer stands in our own log; a question that was lost is asked again by the next night.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from prefect import suspend_flow_run
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Cancelled

from flows.forms import signed_badly, stripped
from flows.question_forms import Question
from schemas.spelling import shown, shown_all

DELIVERY = "decide-delivery"
RELEASE = "decide-release"
MOST = 50
"""Questions of one kind at a time; the next night asks more."""

WAITING = (StateType.SCHEDULED, StateType.PAUSED)
OPEN = (*WAITING, StateType.PENDING, StateType.RUNNING)


Answer = TypeVar("Answer", bound=Question)


def asked(form: type[Answer], text: str, key: str) -> Answer:
    """The answer to a question whose form shows ``text``; a faulty one is asked again, with the fault above the text.

    From the first question on there is no process: the run waits in the server's database, also over a restart, and
    begins at the top for every answer. What was answered under a key is read back at once.
    """
    fault, turn = None, 1
    while True:
        name = key if turn == 1 else f"{key}-{turn}"
        shown = form.with_initial_data(description=f"**{fault}**\n\n{text}" if fault else text)
        shown.store(name)
        given: Answer = suspend_flow_run(wait_for_input=shown, key=name)
        if not (fault := signed_badly(given)):
            return stripped(given)
        turn += 1


def keep_open(question: str, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """One open run of ``question`` for each of these subjects, by name with their parameters.

    Asks what is not asked, withdraws what is settled. A run carries its subject as a tag.
    """
    with get_client(sync_client=True) as client:
        still_open = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[question])),
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(OPEN)))),
        )
        asked = {subject for subject in wanted if any(subject in run.tags for run in still_open)}
        for run in still_open:
            # One that is being answered at this moment ends by itself.
            if run.state_type in WAITING and not asked & set(run.tags):
                client.set_flow_run_state(run.id, Cancelled(message="Settled elsewhere."), force=True)
        if new := sorted(wanted.keys() - asked)[:MOST]:
            deployment = client.read_deployment_by_name(f"{question}/{question}")
            for subject in new:
                # Covered, since the guard refuses what looks like the number of a person: part of a hash may.
                name = shown(f"decide {subject[:12]}")
                parameters = {
                    word: value if value == subject else shown_all(value) for word, value in wanted[subject].items()
                }
                client.create_flow_run_from_deployment(deployment.id, parameters=parameters, tags=[subject], name=name)
