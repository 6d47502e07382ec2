"""Curated tables about trajectories, programmes and their providers."""

import polars as pl

from schemas.table import Field, Invariant, Subject, Table
from schemas.vocabulary import TrajectoryStatus

_EVENTS = "events delivered by the providers (trajectory_events)"

TRAJECTORIES = Table(
    name="trajectories",
    title="Trajectories",
    grain="one trajectory of one provider",
    key=("trajectory_id", "provider_code"),
    source=_EVENTS,
    is_restated=False,
    is_per_client=True,
    order=40,
    fields=(
        Field("trajectory_id", pl.String(), "The provider's number of the trajectory"),
        Field("provider_code", pl.String(), "Provider"),
        Field("client_key", pl.String(), "Keyed pseudonym of the client; the same in every table for one BSN, or for one client number"),
        Field("programme_code", pl.String(), "Programme"),
        Field("target_group", pl.String(), "Target group, as last told", nullable=True),
        Field("municipality_code", pl.String(), "Municipality that referred the client", nullable=True),
        Field("status", pl.String(), "Where it stands; once placed, it counts as placed", values=tuple(TrajectoryStatus)),
        Field("referred_on", pl.Date(), "First referral", nullable=True),
        Field("started_on", pl.Date(), "First start", nullable=True),
        Field("ended_on", pl.Date(), "First end", nullable=True),
        Field("end_reason", pl.String(), "SRG 2015: 1 completed, 2 stopped early, 3 moved, died, detained or pregnancy", nullable=True),
        Field("methods", pl.List(pl.String()), "Methods used, in alphabetical order"),
        Field("methods_text", pl.String(), "The same in one text, separated by ;, for readers without lists; empty where there are none"),
        Field("placed_on", pl.Date(), "First placement in a job", nullable=True),
        Field("part_time", pl.Boolean(), "Whether the first placement is part-time", nullable=True),
        Field("hours_per_week", pl.Float64(), "Hours of the first placement", "hours per week", nullable=True),
        Field("channel", pl.String(), "How the first job was found", nullable=True),
        Field("subsidised", pl.Boolean(), "Whether the first job is subsidised", nullable=True),
        Field("placements", pl.Int64(), "Placements in force", "placements"),
        Field("durable", pl.Boolean(), "In a job six months after the first placement (the same or following ones within 31 days); null = too early or not placed", nullable=True),
        Field("extensions", pl.Int64(), "Times the trajectory was extended", "times"),
        Field("days_paused", pl.Int64(), "Days between pauses and resumptions, up to the end", "days"),
        Field("days_in_trajectory", pl.Int64(), "Days from start to end, or to the last day known; pauses included", "days", nullable=True),
    ),
    invariants=(Invariant("placed means a placement", (pl.col("status") == "placed") == pl.col("placed_on").is_not_null()),),
)  # fmt: skip

_MONTH = Field("month", pl.Date(), "First day of the month; counts are about its last day")
_PROGRAMME = Field("programme_code", pl.String(), "Programme")
_PROVIDER = Field("provider_code", pl.String(), "Provider; * = all, each client once")

_MONTH_END = pl.col("month").str.to_date("%Y-%m-%d", strict=False).dt.month_end()
_OF_PROGRAMME = Subject(pl.col("programme_code"), day=_MONTH_END)
_OF_PROVIDER = Subject(pl.col("programme_code"), day=_MONTH_END, provider=pl.col("provider_code"))

_COUNTS = (
    Field("participants", pl.Int64(), "Clients who had started", "clients"),
    Field("active", pl.Int64(), "Of those, in a trajectory and never placed", "clients"),
    Field("placed", pl.Int64(), "Of those, placed at least once", "clients"),
    Field("placed_part_time", pl.Int64(), "Of the placed, first in a part-time job", "clients"),
    Field("ended_otherwise", pl.Int64(), "Of the participants, ended without a job", "clients"),
    Field(
        "placement_rate_pct",
        pl.Float64(),
        "placed in % of participants; null without participants",
        "percent",
        nullable=True,
    ),
)
_INVARIANTS = (
    Invariant("placements are participants", pl.col("placed") <= pl.col("participants")),
    Invariant("part-time is part of placed", pl.col("placed_part_time") <= pl.col("placed")),
    Invariant(
        "everybody stands once",
        pl.col("active") + pl.col("placed") + pl.col("ended_otherwise") == pl.col("participants"),
    ),
)


def _progress(name: str, title: str, order: int, *dimensions: Field, more: tuple[Field, ...] = ()) -> Table:
    names = ("programme_code", "provider_code", *(each.name for each in dimensions), "month")
    words = ", ".join(name.removesuffix("_code").replace("_", " ") for name in names)
    return Table(
        name=name,
        title=title,
        grain=f"one {words}",
        key=names,
        source=_EVENTS,
        order=order,
        subject=_OF_PROVIDER,
        fields=(_PROGRAMME, _PROVIDER, *dimensions, _MONTH, *_COUNTS, *more),
        invariants=_INVARIANTS,
    )


PROGRAMME_PROGRESS = _progress(
    "programme_progress",
    "Progress of programmes",
    50,
    more=(
        Field(
            "target",
            pl.Int64(),
            "Placements aimed at, for all providers together (*); empty for single providers, since the council set one "
            "target for the programme and none for each of them",
            "placements",
            nullable=True,
        ),
        Field(
            "target_reached_on",
            pl.Date(),
            "Date of the placement that reached the target, from that month on; empty for single providers, as the target is",
            nullable=True,
        ),
    ),
)
TARGET_GROUP_PROGRESS = _progress(
    "target_group_progress",
    "Progress by target group",
    60,
    Field(
        "target_group",
        pl.String(),
        "Target group, as last told by the end of the month; unknown before one is told. How a client of the group stands "
        "is decided by all trajectories with the provider, or with all",
    ),
)
METHOD_PROGRESS = _progress(
    "method_progress",
    "Progress by method",
    70,
    Field(
        "method",
        pl.String(),
        "Method, from its first use on; a client with several methods stands under each. How a client stands is decided by "
        "all trajectories with the provider, or with all",
    ),
)
CHANNEL_PROGRESS = Table(
    name="channel_progress",
    title="Placements by channel",
    grain="one programme, provider, channel, month",
    key=("programme_code", "provider_code", "channel", "month"),
    source=_EVENTS,
    order=80,
    subject=_OF_PROVIDER,
    fields=(
        _PROGRAMME,
        _PROVIDER,
        Field("channel", pl.String(), "How the first job was found; unknown where none was told"),
        _MONTH,
        Field("placed", pl.Int64(), "Clients placed through this channel, up to the end of the month", "clients"),
        Field("placed_part_time", pl.Int64(), "Of those, in a part-time job", "clients"),
        Field("placed_in_month", pl.Int64(), "Clients placed in this month", "clients"),
    ),
    invariants=(_INVARIANTS[1],),
)

PROGRAMME_OCCUPANCY = Table(
    name="programme_occupancy",
    title="Occupancy of programmes",
    grain="one programme and month",
    key=("programme_code", "month"),
    source=_EVENTS,
    order=90,
    subject=_OF_PROGRAMME,
    fields=(
        _PROGRAMME,
        Field("month", pl.Date(), "First day of the month; the last month counts up to the last day known"),
        Field("average_active", pl.Float64(), "Trajectories started and not ended, averaged over the days of the month; those of one client that began with one provider on one day are one", "trajectories"),
        Field("peak_active", pl.Int64(), "The most on one day", "trajectories"),
        Field("over_maximum_duration", pl.Int64(), "Trajectories that had passed the programme's maximum at the end of the month and had not ended before it", "trajectories"),
        Field("placed_in_last_12_months", pl.Int64(), "First placements of clients in this month and the eleven before", "clients"),
        Field("share_to_work_pct", pl.Float64(), "placed_in_last_12_months in % of the average occupancy over those months; null before a full year", "percent", nullable=True),
    ),
)  # fmt: skip

ACTIVATION = Table(
    name="activation",
    title="Activation",
    grain="one programme, month and activity",
    key=("programme_code", "month", "activity"),
    source=_EVENTS,
    order=110,
    subject=_OF_PROGRAMME,
    fields=(
        _PROGRAMME,
        Field("month", pl.Date(), "First day of the month in which it happened"),
        Field(
            "activity",
            pl.String(),
            "Participation statement signed, skills profile recorded, or volunteering started",
            values=("participation_statement", "skills_profile", "volunteering"),
        ),
        Field("clients", pl.Int64(), "Clients, each once per month and activity", "clients"),
    ),
)

PLACEMENT_OUTCOMES = Table(
    name="placement_outcomes",
    title="Placements beside the caseload",
    grain="one programme; clients by their first placement",
    key=("programme_code",),
    source="events of the providers joined to the caseload through client_key",
    order=100,
    subject=Subject(pl.col("programme_code")),
    fields=(
        _PROGRAMME,
        Field("placed", pl.Int64(), "Clients placed", "clients"),
        Field(
            "not_checkable",
            pl.Int64(),
            "Of those, known by a client number only, or no reference date in the 62 days up to the placement",
            "clients",
        ),
        Field(
            "without_benefit",
            pl.Int64(),
            "Not in the caseload on the last reference date up to the placement",
            "clients",
        ),
        Field(
            "left_within_six_months",
            pl.Int64(),
            "In the caseload then, and no longer on the first reference date six months on",
            "clients",
        ),
        Field("works_beside_benefit", pl.Int64(), "In the caseload then, and still or again six months on", "clients"),
        Field("too_early", pl.Int64(), "In the caseload then, and six months are not over in the data", "clients"),
        Field("durable", pl.Int64(), "Still in a job six months after placement", "clients"),
        Field("not_durable", pl.Int64(), "No longer in a job then", "clients"),
    ),
    invariants=(
        Invariant(
            "everybody placed stands once",
            pl.col("placed")
            == pl.sum_horizontal(
                "not_checkable", "without_benefit", "left_within_six_months", "works_beside_benefit", "too_early"
            ),
        ),
    ),
)
