"""What applying a plan came to, for a person: month by month, and in the end. Not here: doing it (``apply``)."""

from dataclasses import dataclass

from pipeline.jobs.ingest.receipts import Receipt


@dataclass(frozen=True)
class MonthDone:
    """One month of a plan is recorded: the ``done``-th of ``total``. ``receipts`` leaves out what was there already."""

    month: str
    done: int
    total: int
    receipts: tuple[Receipt, ...]

    def __str__(self) -> str:
        rows = sum(receipt.rows_recorded for receipt in self.receipts)
        done = f"{self.done} of {self.total} months"
        return f"{self.month}: {len(self.receipts)} deliveries, {rows:,} rows recorded ({done})"


@dataclass(frozen=True)
class Applied:
    """What became of a plan.

    ``was_applied`` is the moment of an earlier sitting that ended it; nothing was done then. ``differences`` names
    figures and rows that are not as planned; it should be empty.
    """

    plan: str
    months_done: int
    months: int
    rows_recorded: int = 0
    release: str = ""
    is_stopped: bool = False
    was_applied: str = ""
    applied_at: str = ""
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.was_applied:
            return f"Plan {self.plan} was applied on {self.was_applied[:16]} UTC; nothing was done again."
        if self.is_stopped:
            return (
                f"Plan {self.plan} was stopped after {self.months_done} of {self.months} months. "
                "What is recorded stays. Go on by applying the same plan."
            )
        figures = "; ".join(self.differences) or "All figures are as planned."
        return (
            f"Plan {self.plan} is applied: {self.months} months, {self.rows_recorded:,} rows recorded, "
            f"release {self.release}. {figures}"
        )
