"""What the events of one provider come to by themselves, whatever the day: corrections stay within a provider.

Here: the parts that are kept per provider from night to night. Not here: what takes a day, or all of a client's
providers, to know (the projections of this room).
"""

from collections.abc import Mapping

import polars as pl

from pipeline.trajectories import activity, event_order
from pipeline.trajectories.corrections import in_force
from pipeline.trajectories.settle import NEEDED, SETTLED, settle, settle_steps
from pipeline.trajectories.steps import steps
from pipeline.versions.projection import ByProvider, Known
from schemas.sources import trajectory_events
from schemas.tables.checks import RELATION_FINDINGS

SETTLED_PART, FINDINGS_PART, ACTIVITY_PART, KNOWN_PART = "trajectories", "findings", "activity", "known"

PARTS: dict[str, pl.Schema] = {
    SETTLED_PART: SETTLED,
    FINDINGS_PART: RELATION_FINDINGS.polars_schema,
    ACTIVITY_PART: activity.ACTIVITY,
    KNOWN_PART: pl.Schema({"client_key": pl.String()}),
}


def digest(events: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """``PARTS`` from the winning events of one provider, or of several whole ones."""
    force = in_force(events)
    ordered = steps(force.events)
    known = events.filter(pl.col("is_known_by_bsn")).select(pl.col("client_key").unique().sort())
    return {
        SETTLED_PART: settle_steps(ordered),
        FINDINGS_PART: event_order.event_findings(force, ordered),
        ACTIVITY_PART: activity.activity(force.events),
        KNOWN_PART: known,
    }


def settled(events: pl.DataFrame) -> pl.DataFrame:
    """The settled trajectories alone."""
    return settle(in_force(events).events)


def part(known: Known, name: str) -> pl.DataFrame:
    """One part of all providers, in the order of their codes."""
    parts = [each[name] for each in known.providers(trajectory_events.SOURCE)]
    return pl.concat([pl.DataFrame(schema=PARTS[name]), *parts])


BY_PROVIDER = ByProvider(
    source=trajectory_events.SOURCE,
    columns=NEEDED,
    parts=PARTS,
    digest=digest,
    main=SETTLED_PART,
    digest_main=settled,
)
