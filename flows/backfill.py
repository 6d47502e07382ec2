"""Flows for a backfill: make a plan, show it, wait for an approval, apply it month by month.

Here: forms, the approval, progress, stopping. Not here: what a plan holds and does (``pipeline.jobs.backfill``).
"""

from typing import TYPE_CHECKING, Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, State

from flows import graceful_stop, month_descriptions, questions, reports
from flows.data_dir import here
from flows.flow_decorator import in_words
from flows.forms import ApplyForm, BackfillForm
from flows.question_forms import Approval
from flows.run_names import named
from flows.write_turn import my_turn
from pipeline.jobs import plan_holds
from pipeline.jobs.workspace import open_workspace, open_writer
from pipeline.steward.wording import told
from pipeline.store.releases import releases
from schemas.sentences import said

if TYPE_CHECKING:
    from pipeline.backfill.plan import Plan

NOTHING = "NothingToDo"
"""Name of the state of a plan that would read nothing and change nothing."""


@flow(name="backfill-plan", flow_run_name=named("plan", "from_month", "until_month"))
@in_words
def backfill_plan(request: BackfillForm) -> State[Any]:
    """Plan a backfill, show what it would change, and apply it when somebody approves."""
    from pipeline.jobs.backfill.kept_plans import load_plan
    from pipeline.jobs.backfill.plan_decisions import REFUSED, record_decision

    made = [tag.removeprefix(questions.PLAN_TAG) for tag in flow_run.get_tags() if tag.startswith(questions.PLAN_TAG)]
    plan = load_plan(here(), made[0] if made else _make(request.checked()))
    if not plan.figures and not plan.done_by_month:
        return Completed(name=NOTHING, message=told(said("plan.nothing-to-do", plan=plan.id)))
    if not request.apply_after_approval:
        return Completed(name="Planned", message=told(said("plan.made", plan=plan.id)))
    # From here on there is no process until somebody answers; then the run begins at the top, with its plan.
    answer = questions.asked(Approval, reports.plan_question(plan), "approval")
    if answer.decision == "refuse":
        record_decision(open_writer(here()), plan, REFUSED, by=answer.by, why=answer.reason)
        count = sum(each.is_applied for each in plan.deliveries)
        refused = said("plan.refused-now", plan=plan.id, by=answer.by, why=answer.reason, count=count)
        return Completed(name="Refused", message=told(refused))
    return _apply(plan, by=answer.by, why=answer.reason)


@flow(name="backfill-apply", flow_run_name=named("apply", "plan"))
@in_words
def backfill_apply(request: ApplyForm) -> State[Any]:
    """Apply a plan, or go on with one that was stopped."""
    from pipeline.jobs.backfill.kept_plans import load_plan

    form = request.checked()
    return _apply(load_plan(here(), form.plan), by=form.by, why=form.reason)


def _make(request: BackfillForm) -> str:
    from pipeline.backfill.request import Request
    from pipeline.jobs.backfill.make_plan import make_plan

    settings, logger = here(), get_run_logger()
    wanted = Request(
        from_month=request.from_month,
        until_month=request.until_month,
        sources=tuple(source.value for source in request.sources),
        municipalities=tuple(code.value for code in request.municipalities),
        mode=request.mode,
        reason=request.reason,
    )
    with my_turn(settings):
        plan = make_plan(open_writer(settings), wanted, lambda what: logger.info("%s", told(what)))
        with get_client(sync_client=True) as client:
            # The run remembers its plan where a steward sees it too, and where it survives a wait of weeks.
            client.update_flow_run(flow_run.get_id(), tags=[*flow_run.get_tags(), f"{questions.PLAN_TAG}{plan.id}"])
        waits = request.apply_after_approval and bool(plan.figures or plan.done_by_month)
        earlier = plan_holds.holds(open_workspace(settings))
        if waits:  # after the tag: a night that comes now has to find who asks about it
            plan_holds.wait_for_answer(open_writer(settings), plan)
    reports.plan_report(plan, open_workspace(settings).log, waits=waits, earlier=earlier)
    return str(plan.id)


def _apply(plan: "Plan", *, by: str, why: str) -> State[Any]:
    from pipeline.jobs.backfill.applied import MonthDone
    from pipeline.jobs.backfill.apply import apply as apply_plan
    from pipeline.jobs.backfill.plan_decisions import APPROVED, record_decision

    settings, logger = here(), get_run_logger()
    with my_turn(settings), graceful_stop.heard() as should_stop:
        record_decision(open_writer(settings), plan, APPROVED, by=by, why=why)
        bar = create_progress_artifact(0.0, key="backfill", description=f"Plan {plan.id}")

        def progress(month: MonthDone) -> None:
            logger.info("%s", told(month.sentence))
            update_progress_artifact(bar, 100.0 * month.done / max(month.total, 1))

        applied = apply_plan(open_writer(settings), plan, progress, should_stop)
    reports.applied_report(plan, applied, releases.current(settings.curated))
    reports.months_report(open_workspace(settings).log)
    month_descriptions.renew(open_workspace(settings).log)
    if applied.is_stopped:
        # The worker puts its own words in the place of the state's, so these have to stand elsewhere too.
        stopped = told(applied.sentence)
        logger.warning("%s", stopped)
        update_progress_artifact(bar, 100.0 * applied.months_done / max(applied.months, 1), description=stopped)
        return Cancelled(message=stopped)
    update_progress_artifact(bar, 100.0)
    return Completed(message=f"{told(applied.sentence)} {told(said('applied.approved-by', by=by))}")
