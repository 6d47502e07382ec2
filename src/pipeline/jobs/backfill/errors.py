"""What can be wrong with a backfill, in words for a steward. Not here: findings about data."""

from collections.abc import Sequence
from datetime import date

from pipeline.errors import UitstroomError
from schemas.sentences import Sentence, said

Fault = Sentence | str


class BadRequest(UitstroomError):
    """A request that cannot be planned. ``faults`` names everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(said("plan.bad-request", faults=tuple(faults)))
        self.faults = tuple(str(each) for each in faults)


class PlanUnknown(UitstroomError):
    """No such plan, more than one, or a file that is no longer the plan that was made."""


class PlanNotApproved(UitstroomError):
    """Nobody is named who decides about the plan, or no reason is given."""

    def __init__(self, plan_id: str) -> None:
        super().__init__(said("plan.unsigned", plan=plan_id))


class PlanRefused(UitstroomError):
    """A steward refused the plan after it was made."""

    def __init__(self, plan_id: str, by: str, day: date, why: str) -> None:
        super().__init__(said("plan.refused", plan=plan_id, by=by, day=day, why=why))


class PlanMoved(UitstroomError):
    """The plan no longer describes what would happen. ``moved`` states what is different."""

    def __init__(self, plan_id: str, moved: Sequence[Fault], done: Fault | None = None) -> None:
        before = done or said("plan.nothing-changed")
        super().__init__(said("plan.moved", plan=plan_id, moved=tuple(moved), done=before))
        self.moved = tuple(str(each) for each in moved)
