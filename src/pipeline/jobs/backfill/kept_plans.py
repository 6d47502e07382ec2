"""Plans that were kept: reading one back, and noting what a steward decided about it.

Not here: making a plan (``make_plan``) and applying it (``apply``).
"""

from pipeline.backfill.plan import ID_LENGTH, Plan, from_json
from pipeline.jobs.backfill.apply import require_not_refused
from pipeline.jobs.backfill.errors import PlanUnknown
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Writer
from pipeline.settings import Settings
from pipeline.store import plans

APPROVED, REFUSED = "approved", "refused"


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
