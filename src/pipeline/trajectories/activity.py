"""What clients do beside their way to work, from the events in force. Not here: counting them (``activation``)."""

import polars as pl

from schemas.tables.trajectories import ACTIVATION
from schemas.vocabulary import EventKind

_ACTIVITIES = {
    EventKind.STATEMENT_SIGNED.value: "participation_statement",
    EventKind.SKILLS_RECORDED.value: "skills_profile",
    EventKind.VOLUNTEERING_STARTED.value: "volunteering",
}

ACTIVITY = pl.Schema(
    {
        **{name: ACTIVATION.polars_schema[name] for name in ACTIVATION.key},
        "provider_code": pl.String(),
        "client_key": pl.String(),
        "occurred_on": pl.Date(),
    }
)
"""Who did what in which month, with which provider and on which day."""


def activity(events: pl.DataFrame) -> pl.DataFrame:
    """What clients do, from events in force: ``ACTIVITY``."""
    return done(events).select(pl.col(name).cast(dtype) for name, dtype in ACTIVITY.items())


def done(events: pl.DataFrame) -> pl.DataFrame:
    """The events that are an activity, with its name and month."""
    return events.filter(pl.col("event").is_in(list(_ACTIVITIES))).with_columns(
        month=pl.col("occurred_on").dt.truncate("1mo"),
        activity=pl.col("event").replace_strict(_ACTIVITIES, return_dtype=pl.String),
    )
