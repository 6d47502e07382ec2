"""What a release states about itself: where in the log it stands, and by which rules and code it was made.

Not here: its tables and files.
"""

from datetime import date
from typing import Any

import polars as pl

from pipeline.jobs.workspace import Workspace
from pipeline.versions.deliveries import without_past_unstable
from pipeline.versions.delivery_status import statuses
from schemas.schema_version import SCHEMA_VERSION
from schemas.vocabulary import DeliveryStatus


def facts_of(events: pl.DataFrame, workspace: Workspace) -> dict[str, Any]:
    """Where in the log a release stands, by content: the same log gives the same facts, whatever its files look
    like.
    """
    counts = dict(without_past_unstable(statuses(events)).group_by("source").len().iter_rows())
    positions = {
        source: {"deliveries": counts.get(source, 0), "rows_recorded": rows, "last_recorded_at": last.isoformat()}
        for source, rows, last in events.group_by("source")
        .agg(pl.col("rows_recorded").sum(), pl.col("recorded_at").max())
        .sort("source")
        .iter_rows()
    }
    latest = events["delivered_on"].max()
    recorded = events["recorded_at"].dt.date().max()
    return {
        "log": positions,
        "events": events.height,
        "recorded_until": recorded.isoformat() if isinstance(recorded, date) else None,
        "known_on": latest.isoformat() if isinstance(latest, date) else None,
        "schema_version": SCHEMA_VERSION,
        "code_version": workspace.code_version,
        "rules_version": workspace.rules_version,
        "simulated": bool(events.filter(pl.col("event") == DeliveryStatus.RECORDED)["simulated"].any()),
    }
