"""What a plan states about one delivery: what would be done to it, and how many of its rows come and go.

Not here: the plan as a whole (``plan``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a plan states about one delivery."""

    RECORD = "record"
    """Its rows go into the log."""
    RECORD_AGAIN = "record_again"
    """Its rows go into the log under a higher processing, which supersedes the lower one."""
    HOLD = "hold"
    """It goes into the log as held: a steward decides."""
    COPY = "copy"
    """Known bytes under another name: noted, nothing is recorded twice."""
    PROJECT = "project"
    """Nothing is read; its counts are made again."""
    PUT_BACK = "put_back"
    """It counts, and waits for a steward once what the plan records precedes it: a gate is closed then."""
    FREE = "free"
    """It is held, and its rows go into the log once what the plan records precedes it: its gate opens then."""
    SAME = "same"
    """Read again, with the same rows and findings: left alone."""
    REFUSED = "refused"
    """Would fare worse than it did: left alone, what was recorded keeps counting."""
    DECIDED = "decided"
    """A steward refused it or took it back: left alone, reading it again would undo that."""
    FILE_MISSING = "file_missing"
    """Its file is no longer in raw, or holds other bytes: left alone."""


APPLIED = frozenset({Action.RECORD, Action.RECORD_AGAIN, Action.HOLD, Action.COPY})
"""Actions that record something."""

JUDGED_AGAIN = frozenset({Action.PUT_BACK, Action.FREE})
"""What becomes of later deliveries, after all months: they are judged again beside what the plan recorded."""

DONE_BY_MONTH = APPLIED | {Action.PROJECT}
"""Actions that are gone through month by month."""


@dataclass(frozen=True)
class PlannedDelivery:
    """One delivery of a plan. Rows are rows of its file, but for ``rows_supersede``: rows of other or earlier
    readings, of this plan too, that do not count because of it.
    """

    delivery: str
    source: str
    file_name: str
    months: tuple[str, ...]
    """Every month that its rows cover, also outside the range."""
    municipalities: tuple[str, ...]
    action: Action
    month: str = ""
    """The first of its months in the range: with that month it is applied."""
    processing: int = 0
    delivered_on: str = ""
    sidecar_sha256: str = ""
    is_accepted: bool = False
    rows_read: int = 0
    rows_before: int = 0
    """Rows of it that were recorded before."""
    rows_add: int = 0
    rows_supersede: int = 0
    rows_quarantine: int = 0
    rows_duplicate: int = 0
    status_before: str = "new"
    status_after: str = ""
    note: str = ""

    @property
    def is_applied(self) -> bool:
        return self.action in APPLIED


def in_order(deliveries: Iterable[PlannedDelivery]) -> tuple[PlannedDelivery, ...]:
    """By month and file name: the order in which a plan is applied."""
    return tuple(sorted(deliveries, key=lambda each: (each.month, each.file_name)))
