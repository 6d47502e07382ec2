"""What can be wrong with a backfill, in words for a steward. Not here: findings about data."""

from pipeline.errors import UitstroomError


class BadRequest(UitstroomError):
    """A request that cannot be planned. ``faults`` names everything that is wrong with it."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("This backfill cannot be planned: " + "; ".join(faults) + ".")
        self.faults = faults


class PlanUnknown(UitstroomError):
    """No such plan, more than one, or a file that is no longer the plan that was made."""


class PlanNotApproved(UitstroomError):
    """Nobody is named who decides about the plan, or no reason is given."""

    def __init__(self, plan_id: str) -> None:
        super().__init__(f"A decision about plan {plan_id} needs who decides (--by) and why (--reason).")


class PlanRefused(UitstroomError):
    """A steward refused the plan after it was made."""

    def __init__(self, plan_id: str, by: str, day: str, why: str) -> None:
        super().__init__(f"Plan {plan_id} was refused by {by} on {day}: {why}. Plan again where that no longer holds.")


class PlanMoved(UitstroomError):
    """The plan no longer describes what would happen. ``moved`` states what is different."""

    def __init__(self, plan_id: str, moved: tuple[str, ...], done: str = "Nothing was changed.") -> None:
        super().__init__(
            f"Plan {plan_id} cannot be applied, things moved since it was made: {'; '.join(moved)}. {done} Plan again."
        )
        self.moved = moved
