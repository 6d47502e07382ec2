"""What a sender learns about a file. Here: the receipt. Not here: how it is printed (``pipeline.steward``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Receipt:
    """One file in one run.

    ``status``: recorded, held, rejected, removed (rejected earlier, gone now), copied (known bytes), unstable (tried
    again next run).
    """

    source: str
    file_name: str
    delivery: str
    status: str
    delivered_on: date | None = None
    rows_read: int = 0
    rows_recorded: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    rows_held: int = 0
    rule: str = ""
    detail: str = ""
    simulated: bool = False
    is_day_assumed: bool = False
    """Whether neither sidecar nor file name states ``delivered_on``, so that the day of ingestion was taken."""
    findings: Mapping[str, int] = field(default_factory=dict)
    """Findings by rule code."""
