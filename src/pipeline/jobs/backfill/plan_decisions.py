"""What a steward decided about a plan: events ``plan_approved`` and ``plan_refused`` in the log.

Here: recording a decision, and asking for the last one. Not here: making a plan (``make_plan``), applying it
(``apply``), the plans on disk (``kept_plans``).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from pipeline.backfill.plan import Plan
from pipeline.jobs.backfill.errors import BadRequest, PlanNotApproved, PlanRefused
from pipeline.jobs.plan_holds import APPROVED, REFUSED
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store import plans
from schemas.signature import signature_problem

__all__ = ["APPROVED", "REFUSED", "is_approved", "record_decision", "require_not_refused"]


def record_decision(writer: Writer, plan: Plan, decision: str, *, by: str, why: str) -> None:
    """Note in the log that a steward approved or refused a plan.

    Raises PlanRefused where a plan is approved that was refused since it was made, PlanNotApproved without who and why.
    """
    if decision == APPROVED:
        require_not_refused(writer, plan)
    if not by.strip() or not why.strip():
        raise PlanNotApproved(plan.id)
    if problem := signature_problem(by, why):
        raise BadRequest((problem,))
    known = writer.log.events().height
    ReleaseHistory.of(writer).append(writer, decision, plan.id, events=known, by=by, why=why)


def require_not_refused(workspace: Workspace, plan: Plan) -> None:
    """Raise PlanRefused when the last decision of a steward about the plan, since it was made, is a refusal."""
    last = _last_decision(workspace, plan)
    if last is not None and last["event"] == REFUSED:
        raise PlanRefused(plan.id, last["decided_by"], last["recorded_at"].date(), last["why"])


def is_approved(workspace: Workspace, plan: Plan) -> bool:
    """Whether the last decision about the plan, since it was made, is an approval; or it was applied to the end."""
    last = _last_decision(workspace, plan)
    return (last is not None and last["event"] == APPROVED) or plans.applied(workspace.settings, plan.id) is not None


def _last_decision(workspace: Workspace, plan: Plan) -> Mapping[str, Any] | None:
    is_decision = (pl.col("release") == plan.id) & pl.col("event").is_in([APPROVED, REFUSED])
    since = pl.col("recorded_at") >= datetime.fromisoformat(plan.made_at)
    decisions = ReleaseHistory.of(workspace).rows.filter(is_decision & since)
    return decisions.row(-1, named=True) if decisions.height else None
