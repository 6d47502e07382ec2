"""What the log knows of deliveries and the current release does not: it is blocked, or was gone back to.

Here: finding that. Not here: making a release of it (``publish``), printing.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipeline.jobs.show import current_release
from pipeline.jobs.workspace import Workspace
from pipeline.store.releases import releases
from pipeline.versions import delivery_status
from pipeline.versions.deliveries import without_past_unstable
from schemas.vocabulary import DeliveryStatus


@dataclass(frozen=True)
class Later:
    """What the log knows of deliveries and the current release does not."""

    count: int
    held: int
    """How many of them wait for a decision."""
    day: date
    """The day as known on which all of them are shown."""


def later_than_release(workspace: Workspace) -> Later | None:
    """Deliveries of the log that are not, or otherwise, in the current release.

    None where there is none, and for who may read releases alone.
    """
    if not os.access(workspace.settings.log, os.R_OK | os.X_OK):
        return None
    folded = delivery_status.statuses(workspace.log.events())
    told = releases.read(current_release(workspace.settings), "deliveries").select("source", "delivery", "status")
    later = folded.join(told.collect(), on=["source", "delivery", "status"], how="anti")
    later = without_past_unstable(later)
    if later.is_empty():
        return None
    last = later["delivered_on"].max()
    today = datetime.now(UTC).date()
    held = later.filter(pl.col("status") == DeliveryStatus.HELD).height
    return Later(later.height, held, max(today, last) if isinstance(last, date) else today)
