"""Plans that were kept: finding one and reading it back.

Not here: their files (``pipeline.store.plans``), making a plan (``make_plan``), what a steward decided about it
(``plan_decisions``).
"""

from pipeline.backfill.plan import ID_LENGTH, Plan
from pipeline.backfill.plan_json import from_json
from pipeline.jobs.backfill.errors import PlanUnknown
from pipeline.settings import Settings
from pipeline.store import plans
from schemas.sentences import said
from schemas.spelling import shown


def load_plan(settings: Settings, plan_id: str) -> Plan:
    """The plan whose id is, or begins with, ``plan_id``. Raises PlanUnknown."""
    wanted = plan_id.strip().lower()
    found = [name for name in plans.ids(settings) if wanted and name.startswith(wanted)]
    if len(found) != 1:
        raise PlanUnknown(said("plan.unknown", count=len(found), plan=shown(plan_id), length=ID_LENGTH))
    try:
        plan = from_json(plans.load(settings, found[0]))
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise PlanUnknown(said("plan.unreadable", plan=found[0], why=type(error).__name__)) from None
    if plan.id != found[0]:
        raise PlanUnknown(said("plan.changed", plan=found[0]))
    return plan
