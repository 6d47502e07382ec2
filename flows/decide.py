"""Flows with which a steward decides, about deliveries and about final figures. Here: forms to decisions.

Not here: what a decision needs (``pipeline.jobs``) and changes (``pipeline.versions``), and which questions are
open (``flows.questions``).
"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Completed, Scheduled, State

from flows import questions, reports
from flows.data_dir import here
from flows.embedded import DOOR_TAG
from flows.flow_decorator import in_words
from flows.forms import ApproveForm, BadForm, DecisionForm
from flows.moments import at_moment
from flows.question_forms import Consent, DeliveryDecision
from flows.run_names import named
from flows.write_turn import my_turn
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.release.final_figure_block import approve
from pipeline.jobs.workspace import open_workspace, open_writer
from pipeline.steward.text import whole
from pipeline.steward.wording import told, told_detail, words
from schemas.sentences import said
from schemas.spelling import shown
from schemas.vocabulary import CHANGES_WHAT_COUNTS, Decision

_ANSWERS = {"accept": Decision.ACCEPTED, "reject": Decision.REFUSED}


@flow(name="accept-delivery", flow_run_name=named("accept", "delivery"))
@in_words
def accept_delivery(request: DecisionForm) -> State[Any]:
    """Record a held delivery after all; its bad rows stay in quarantine."""
    return _take(Decision.ACCEPTED, request)


@flow(name="reject-delivery", flow_run_name=named("reject", "delivery"))
@in_words
def reject_delivery(request: DecisionForm) -> State[Any]:
    """Decide that a held delivery never counts."""
    return _take(Decision.REFUSED, request)


@flow(name="retract-delivery", flow_run_name=named("retract", "delivery"))
@in_words
def retract_delivery(request: DecisionForm) -> State[Any]:
    """Take back a recorded delivery: it stays in the log and counts no more."""
    return _take(Decision.RETRACTED, request)


@flow(name="reinstate-delivery", flow_run_name=named("reinstate", "delivery"))
@in_words
def reinstate_delivery(request: DecisionForm) -> State[Any]:
    """Let a retracted delivery count again."""
    return _take(Decision.REINSTATED, request)


@flow(name="approve-release", flow_run_name=named("approve", "block"))
@in_words
def approve_release(request: ApproveForm) -> State[Any]:
    """Let final figures change, as answering the waiting run of ``decide-release`` does."""
    form = request.checked()
    return _approve(form.block, by=form.by, why=form.reason, run_now=form.run_now)


@flow(name=questions.DELIVERY)
@in_words
def decide_delivery(delivery: str) -> State[Any]:
    """Ask a steward about a held delivery, with the reasons beside the form, and record the answer."""
    waiting = [each for each in reports.held(open_workspace(here())) if each.delivery == delivery]
    if not waiting:
        return Completed(name="Settled", message=told(said("decided.settled")))
    reports.held_report(waiting[0])
    answer = questions.asked(DeliveryDecision, reports.held_question(waiting[0]), "verdict")
    form = DecisionForm(delivery=delivery, by=answer.by, reason=answer.reason, run_now=answer.run_now)
    return _take(_ANSWERS[answer.decision], form)


@flow(name=questions.RELEASE)
@in_words
def decide_release(block: str, reasons: list[str]) -> State[Any]:
    """Ask a steward whether final figures may change, with the changes beside the form, and record the answer."""
    if any(tag.startswith(DOOR_TAG) for tag in flow_run.get_tags()):
        raise BadForm(said("decide.by-night"))  # whoever types the reasons would put words into the night's mouth
    lines = "\n".join(f"- {whole(told_detail(reason))}" for reason in reasons)
    heading = words("Definitieve cijfers zouden veranderen.", "Final figures would change.")
    text = f"**{heading}** `{block}`\n\n{lines}"
    reports.block_report(text, block)
    answer = questions.asked(Consent, reports.block_question(len(reasons)), "consent")
    if answer.decision != "approve":
        return Completed(name="NotNow", message=told(said("decided.not-now", by=answer.by, why=answer.reason)))
    return _approve(block, by=answer.by, why=answer.reason, run_now=answer.run_now)


def _approve(block: str, *, by: str, why: str, run_now: bool) -> State[Any]:
    settings = here()
    with my_turn(settings):
        approve(open_writer(settings), block, by=by, why=why)
    return Completed(message=f"{told(said('decided.approved', by=by))} {_shown(at_once=run_now)}")


def _take(decision: Decision, request: DecisionForm) -> State[Any]:
    settings, form = here(), request.checked()
    with my_turn(settings):
        decided = decide(open_writer(settings), decision, form.delivery, by=form.by, why=form.reason)
    done = told(said("decided.delivery", file=shown(decided.file_name), decision=decided.decision, by=form.by))
    get_run_logger().info("%s", done)
    again = [*decided.foreseen, *([said("decided.judged-again")] if decision in CHANGES_WHAT_COUNTS else [])]
    return Completed(message=f"{done} {_shown(at_once=form.run_now)} {' '.join(map(told, again))}".rstrip())


def _shown(*, at_once: bool) -> str:
    """When it shows; starts a night where that is to be at once."""
    if not at_once:
        return told(said("decided.later"))
    with get_client(sync_client=True) as client:
        night = client.read_deployment_by_name("nightly/nightly")
        moment = datetime.now(UTC)
        run = client.create_flow_run_from_deployment(
            night.id, name=at_moment("nightly", moment), state=Scheduled(scheduled_time=moment)
        )
        return told(said("decided.at-once", run=run.name))
