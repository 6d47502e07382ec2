"""Events in force to one row per trajectory: dates, methods, first placement, jobs, pauses; whatever the day.

Grain: provider_code, trajectory_id. All dates are days; intervals are half-open. Not here: what the passing of time
alone changes (``trajectories``), counts over clients (``progress``), the order of events (``steps``) and rules about it
(``event_order``).
"""

import polars as pl

from pipeline.trajectories.steps import NUMBER, TRAJECTORY, Steps, after, before, is_first, steps
from schemas.limits.figures import DURABLE_GAP_DAYS
from schemas.sources.trajectory_events import YES
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import EventKind

_TURNS = [EventKind.PAUSED.value, EventKind.RESUMED.value, EventKind.ENDED.value]

NEEDED = (
    *TRAJECTORY, "event_id", "event", "occurred_on", "client_key", "programme_code", "target_group", "method",
    "employment", "hours_per_week", "channel", "subsidised", "end_reason", "municipality_code", "replaces", "retracts",
    "is_known_by_bsn",
)  # fmt: skip
"""Columns of the log that any step about programmes looks at."""

_WAITING = ("days_paused", "durable", "days_in_trajectory", "status", "extensions", "placements", "methods_text")
SETTLED = pl.Schema(
    {
        **{name: dtype for name, dtype in TRAJECTORIES.polars_schema.items() if name not in _WAITING},
        "is_paused": pl.Boolean(),
        "methods_from": pl.List(pl.Date()),
        "groups": pl.List(pl.String()),
        "groups_from": pl.List(pl.Date()),
        "extended_on": pl.List(pl.Date()),
        "jobs_from": pl.List(pl.Date()),
        "job_until": pl.Date(),
        "pauses_from": pl.List(pl.Date()),
        "pauses_until": pl.List(pl.Date()),
    }
)
"""Trajectories without what the passing of time alone changes.

``methods_from`` has the day of first use of each of ``methods``; ``groups`` the target groups in the order in which
they were told, ``groups_from`` since when.
"""


def settle(events: pl.DataFrame) -> pl.DataFrame:
    """One row per trajectory, of all that its own events report, whatever the day: ``SETTLED``."""
    return settle_steps(steps(events))


def settle_steps(of: Steps) -> pl.DataFrame:
    """The same of events that are in order already."""
    rows = of.rows.group_by(NUMBER, maintain_order=True).agg(
        first=pl.col("at").first(),
        client=_at("client_key").first(),
        group=_at("target_group").last(),
        municipality=_at("municipality_code").last(),
        end=_where("at", EventKind.ENDED).first(),
        placement=_where("at", EventKind.PLACED).first(),
        referred_on=_where("occurred_on", EventKind.REFERRED).first(),
        started_on=_where("occurred_on", EventKind.STARTED).first(),
        ended_on=_where("occurred_on", EventKind.ENDED).first(),
        placed_on=_where("occurred_on", EventKind.PLACED).first(),
        extended_on=_where("occurred_on", EventKind.EXTENDED),
        jobs_from=_where("occurred_on", EventKind.PLACED),
    )
    fetched = rows.with_columns(
        *(of.column(name, rows["first"]) for name in (*TRAJECTORY, "programme_code")),
        of.column("client_key", rows["client"]),
        of.column("target_group", rows["group"]),
        of.column("municipality_code", rows["municipality"]),
        of.column("end_reason", rows["end"]),
        *(of.column(name, rows["placement"]) for name in ("hours_per_week", "channel")),
        part_time=of.column("employment", rows["placement"]) == "deeltijd",
        subsidised=of.column("subsidised", rows["placement"]) == YES,
    )
    for listed in (_job_until(of.rows), _pauses(of.rows), _is_paused(of.rows), _methods(of), _groups(of)):
        fetched = fetched.join(listed, on=NUMBER, how="left", maintain_order="left")
    settled = fetched.with_columns(
        pl.col("methods", "methods_from", "groups", "groups_from").fill_null([]),
        pl.col("is_paused").fill_null(value=False),
    ).select(pl.col(name).cast(dtype) for name, dtype in SETTLED.items())
    return settled if of.is_of_one_provider else settled.sort(TRAJECTORIES.key)


def first_of(ordered: pl.DataFrame, kind: EventKind) -> pl.DataFrame:
    """The event from which the columns of that kind are taken: of each trajectory the first."""
    return ordered.filter(_of(kind)).filter(is_first())


def first_uses(ordered: pl.DataFrame) -> pl.DataFrame:
    """Of each trajectory and method the first event that names it."""
    return ordered.drop_nulls("method").unique([NUMBER, "method"], keep="first", maintain_order=True)


def group_tellings(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events that tell of another target group than the one before."""
    return ordered.drop_nulls("target_group").filter(pl.col("target_group").ne_missing(before("target_group")))


def _of(kind: EventKind) -> pl.Expr:
    return pl.col("event") == kind.value


def _where(column: str, kind: EventKind) -> pl.Expr:
    return pl.col(column).filter(_of(kind))


def _at(column: str) -> pl.Expr:
    """The places of events that have it."""
    return pl.col("at").filter(f"has_{column}")


def of_trajectories_with(ordered: pl.DataFrame, kind: EventKind) -> pl.DataFrame:
    """Few trajectories know pauses or ends of jobs: all of these, and none of the others."""
    return ordered.join(ordered.filter(_of(kind)).select(NUMBER).unique(), on=NUMBER, how="semi", maintain_order="left")


def _methods(of: Steps) -> pl.DataFrame:
    """Methods in alphabetical order, with the day of first use."""
    uses = first_uses(of.fetched(of.rows.filter("has_method"), "method")).sort(NUMBER, "method")
    return uses.group_by(NUMBER, maintain_order=True).agg(methods="method", methods_from="occurred_on")


def _groups(of: Steps) -> pl.DataFrame:
    """Target groups in the order in which they were told, each since when; one that is told again is not listed twice
    in a row.
    """
    told = group_tellings(of.fetched(of.rows.filter("has_target_group"), "target_group"))
    return told.group_by(NUMBER, maintain_order=True).agg(groups="target_group", groups_from="occurred_on")


def _is_paused(ordered: pl.DataFrame) -> pl.DataFrame:
    """Whether the last turn is a pause, of those that have one."""
    turns = of_trajectories_with(ordered, EventKind.PAUSED).filter(_of(EventKind.PAUSED) | _of(EventKind.RESUMED))
    return turns.group_by(NUMBER, maintain_order=True).agg(is_paused=_of(EventKind.PAUSED).last())


def _job_until(ordered: pl.DataFrame) -> pl.DataFrame:
    """The day on which the first unbroken row of jobs ended; null while it goes on.

    Jobs join when the gap is short enough.
    """
    turns = job_turns(of_trajectories_with(ordered, EventKind.PLACEMENT_ENDED))
    jobs = turns.with_columns(next_day=after("occurred_on")).filter(_of(EventKind.PLACED))
    # A job whose end was not reported before the next one began is taken to last until then.
    jobs = jobs.select(NUMBER, begin="occurred_on", end="next_day")
    gap = (pl.col("begin") - before("end")).dt.total_days()
    breaks = (gap > DURABLE_GAP_DAYS).fill_null(value=False).cast(pl.Int32).cum_sum().over(NUMBER)
    first_row = jobs.with_columns(breaks=breaks).filter(pl.col("breaks") == 0)
    return first_row.group_by(NUMBER, maintain_order=True).agg(job_until=pl.col("end").last())


def job_turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Begins and ends of jobs, in order. Where no job goes on, what ends on a day ends the job that began on it."""
    turns = ordered.filter(_of(EventKind.PLACED) | _of(EventKind.PLACEMENT_ENDED))
    is_of_that_day = ends_without_begin() & _of(EventKind.PLACED).any().over(NUMBER, "occurred_on")
    if not turns.select(is_of_that_day.any()).item():
        return turns
    on_one_day = pl.when(is_of_that_day).then(2).when(_of(EventKind.PLACED)).then(1).otherwise(0)
    return turns.sort(NUMBER, "occurred_on", on_one_day, maintain_order=True)


def ends_without_begin() -> pl.Expr:
    """Ends that bring the balance of jobs below all it was before in the trajectory; later jobs start from there."""
    change = pl.when(_of(EventKind.PLACED)).then(1).otherwise(-1)
    lowest = change.cum_sum().cum_min().clip(upper_bound=0)
    return (lowest < lowest.shift(1, fill_value=0)).over(NUMBER)


def jobs_deciding(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events that decide how long the first unbroken row of jobs lasts: its begin, ends of jobs, what followed each.

    A job that begins while another goes on, and an end without a job, decide nothing.
    """
    turns = job_turns(ordered).with_columns(before=before("event"), last_on=before("occurred_on"))
    turns = turns.filter(pl.col("before").ne_missing(pl.col("event")))
    turns = turns.filter(_of(EventKind.PLACED) | pl.col("before").is_not_null())
    gap = (pl.col("occurred_on") - pl.col("last_on")).dt.total_days()
    is_late = (_of(EventKind.PLACED) & (gap > DURABLE_GAP_DAYS)).fill_null(value=False)
    return turns.filter(is_late.cast(pl.Int32).cum_sum().over(NUMBER) == 0)


def pause_turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events with which pauses begin, and those that follow them."""
    turns = _turns(ordered)
    is_after = (before("event") == EventKind.PAUSED.value).fill_null(value=False)
    return turns.filter(_of(EventKind.PAUSED) | is_after)


def _turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Begins and ends of pauses up to the end of the trajectory: what is told of later is no pause of it."""
    turns = of_trajectories_with(ordered.filter(pl.col("event").is_in(_TURNS)), EventKind.PAUSED)
    is_over = _of(EventKind.ENDED).cast(pl.Int32).cum_sum().over(NUMBER) - _of(EventKind.ENDED).cast(pl.Int32)
    return turns.filter(is_over == 0)


def _pauses(ordered: pl.DataFrame) -> pl.DataFrame:
    """Days on which pauses begin and end, in pairs; null while one goes on."""
    turns = _turns(ordered).with_columns(until=after("occurred_on"))
    pauses = turns.filter(_of(EventKind.PAUSED)).group_by(NUMBER, maintain_order=True)
    return pauses.agg(pauses_from="occurred_on", pauses_until="until")
