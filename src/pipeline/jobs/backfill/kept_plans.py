"""Backfill: plan, apply, gaps. Here: what others need of it, by name. Not here: how it is done (``backfill_…``)."""

from pipeline.backfill.gaps import spans
from pipeline.backfill.plan import (
    ID_LENGTH,
    Action,
    Figure,
    Gap,
    Plan,
    PlannedDelivery,
    PlannedMonth,
    Request,
    as_json,
    from_json,
)
from pipeline.backfill.text import gaps_text, plan_text
from pipeline.jobs.backfill.apply import Applied, MonthDone, apply, never, require_not_refused
from pipeline.jobs.backfill.errors import BadRequest, PlanMoved, PlanRefused, PlanUnknown
from pipeline.jobs.backfill.gaps import find_gaps
from pipeline.jobs.backfill.make_plan import make_plan
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.settings import Settings
from pipeline.store import plans
from schemas.vocabulary import BackfillMode

APPROVED, REFUSED = "approved", "refused"

__all__ = [
    "APPROVED", "REFUSED", "Action", "Applied", "BackfillMode", "BadRequest", "Figure", "Gap", "MonthDone", "Plan",
    "PlanMoved", "PlanRefused", "PlanUnknown", "PlannedDelivery", "PlannedMonth", "Request", "apply", "as_json",
    "find_gaps", "gaps_text", "load_plan", "make_plan", "never", "plan_text", "record_decision", "spans",
]  # fmt: skip


def load_plan(settings: Settings, plan_id: str) -> Plan:
    """The plan whose id is, or begins with, ``plan_id``. Raises PlanUnknown."""
    wanted = plan_id.strip().lower()
    found = [name for name in plans.ids(settings) if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise PlanUnknown(
            f"{len(found)} plans begin with {plan_id!r} below {plans.folder(settings)}. "
            f"Give the {ID_LENGTH} characters at the head of the plan, or plan again."
        )
    try:
        plan = from_json(plans.load(settings, found[0]))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise PlanUnknown(f"Plan {found[0]} cannot be read ({type(error).__name__}). Plan again.") from None
    if plan.id != found[0]:
        raise PlanUnknown(f"Plan {found[0]} is no longer the plan that was made: its file was changed. Plan again.")
    return plan


def record_decision(writer: Writer, plan_id: str, decision: str, *, by: str, why: str) -> None:
    """Note in the log that a steward approved or refused a plan. Raises PlanRefused for what was refused before."""
    if decision == APPROVED:
        require_not_refused(writer, load_plan(writer.settings, plan_id))
    known = writer.log.events().height
    ReleaseHistory.of(writer).append(writer, f"plan_{decision}", plan_id, events=known, by=by.strip(), why=why.strip())
