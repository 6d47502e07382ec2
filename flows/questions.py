"""Questions to a steward: each is a suspended run with a form.

Here: asking one until its answer can be carried out, and keeping them open as long as they matter. Not here: the
questions and what is done with their answers (``flows.decide``), and what there is to ask (the night finds out). An
answer stands in our own log; a question that was lost is asked again by the next night.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from prefect import suspend_flow_run
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Cancelled

from flows.forms import signed_badly
from flows.question_forms import Question
from pipeline.jobs import plan_holds
from pipeline.jobs.workspace import Writer
from pipeline.steward.wording import told
from schemas.sentences import said
from schemas.spelling import shown, shown_all

DELIVERY = "decide-delivery"
RELEASE = "decide-release"
PLAN = "backfill-plan"
PLAN_TAG = "plan:"
"""Tag of the run that made a plan and asks about it."""
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
        shown = form.with_initial_data(description=f"**{told(fault)}**\n\n{text}" if fault else text)
        shown.store(name)
        given: Answer = suspend_flow_run(wait_for_input=shown, key=name)
        if not (fault := signed_badly(given)):
            return given
        turn += 1


@dataclass(frozen=True)
class Wanted:
    """A question that should be open: with what its run is started, and what that is called."""

    parameters: Mapping[str, Any]
    name: str


def keep_open(question: str, wanted: Mapping[str, Wanted]) -> list[str]:
    """One open run of ``question`` for each of these subjects; which of them were not asked before.

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
                client.set_flow_run_state(run.id, Cancelled(message=told(said("question.settled"))), force=True)
        if new := sorted(wanted.keys() - asked)[:MOST]:
            deployment = client.read_deployment_by_name(f"{question}/{question}")
            for subject in new:
                one = wanted[subject]
                # Covered, since the guard refuses what looks like the number of a person.
                parameters = {
                    word: value if value == subject else shown_all(value) for word, value in one.parameters.items()
                }
                client.create_flow_run_from_deployment(
                    deployment.id, parameters=parameters, tags=[subject], name=shown(one.name)
                )
        return new


def withdraw_plans(writer: Writer) -> None:
    """Let go of the files of plans about which nobody is asked any more: their run was cancelled or removed."""
    for plan in plan_holds.waiting(writer):
        with get_client(sync_client=True) as client:
            asking = client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[PLAN])),
                flow_run_filter=FlowRunFilter(
                    tags=FlowRunFilterTags(all_=[f"{PLAN_TAG}{plan}"]),
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(OPEN))),
                ),
            )
        if not asking:
            plan_holds.withdraw(writer, plan, "the run that asked about it ended without an answer")
