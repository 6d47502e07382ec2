"""What applying a plan came to, for a person: month by month, and in the end. Not here: doing it (``apply``)."""

from dataclasses import dataclass

from pipeline.jobs.ingest.receipts import Receipt
from schemas.sentences import Sentence, said


@dataclass(frozen=True)
class MonthDone:
    """One month of a plan is recorded: the ``done``-th of ``total``. ``receipts`` leaves out what was there already."""

    month: str
    done: int
    total: int
    receipts: tuple[Receipt, ...]

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        rows = f"{sum(receipt.rows_recorded for receipt in self.receipts):,}"
        counts = {"count": len(self.receipts), "rows": rows, "done": self.done, "total": self.total}
        return said("applied.month", month=self.month, **counts)


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
        return str(self.sentence)

    @property
    def sentence(self) -> Sentence:
        if self.was_applied:
            return said("applied.before", plan=self.plan, moment=self.was_applied[:16])
        if self.is_stopped:
            return said("applied.stopped", plan=self.plan, done=self.months_done, total=self.months)
        figures = tuple(self.differences) or said("applied.as-planned")
        rows = f"{self.rows_recorded:,}"
        counts = {"total": self.months, "rows": rows, "release": self.release, "figures": figures}
        return said("applied.done", plan=self.plan, **counts)
