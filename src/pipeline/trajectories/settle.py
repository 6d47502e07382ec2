"""Events in force to one row per trajectory: dates, methods, first placement, jobs, pauses; whatever the day.

Grain: provider_code, trajectory_id. All dates are days; intervals are half-open. Not here: what the passing of time
alone changes (``trajectories``), counts over clients (``progress``), rules about the order of events (``event_order``).
"""

import polars as pl

from schemas.limits import DURABLE_GAP_DAYS
from schemas.sources.trajectory_events import YES
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import EventKind

TRAJECTORY = ["provider_code", "trajectory_id"]

_TURNS = [EventKind.PAUSED.value, EventKind.RESUMED.value, EventKind.ENDED.value]
_ORDER = [*TRAJECTORY, "occurred_on", "kind_order", "event_id"]


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
    return settle_ordered(in_order(events))


def settle_ordered(ordered: pl.DataFrame) -> pl.DataFrame:
    """The same of events that are in order already."""
    rows = ordered.group_by(TRAJECTORY, maintain_order=True).agg(
        client_key=pl.col("client_key").drop_nulls().first(),
        programme_code=pl.col("programme_code").first(),
        target_group=pl.col("target_group").drop_nulls().last(),
        municipality_code=pl.col("municipality_code").drop_nulls().last(),
        referred_on=_day(EventKind.REFERRED),
        started_on=_day(EventKind.STARTED),
        ended_on=_day(EventKind.ENDED),
        end_reason=_first("end_reason", EventKind.ENDED),
        extended_on=_days(EventKind.EXTENDED),
        jobs_from=_days(EventKind.PLACED),
        placed_on=_day(EventKind.PLACED),
        part_time=_first("employment", EventKind.PLACED) == "deeltijd",
        hours_per_week=_first("hours_per_week", EventKind.PLACED),
        channel=_first("channel", EventKind.PLACED),
        subsidised=_first("subsidised", EventKind.PLACED) == YES,
        is_paused=_last_is_pause(),
    )
    return (
        rows.join(_job_until(ordered), on=TRAJECTORY, how="left")
        .join(_pauses(ordered), on=TRAJECTORY, how="left")
        .join(_methods(ordered), on=TRAJECTORY, how="left")
        .join(_groups(ordered), on=TRAJECTORY, how="left")
        .with_columns(pl.col("methods", "methods_from", "groups", "groups_from").fill_null([]))
        .select(pl.col(name).cast(dtype) for name, dtype in SETTLED.items())
        .sort(TRAJECTORIES.key)
    )


def in_order(events: pl.DataFrame) -> pl.DataFrame:
    """Events by trajectory and day; on one day in the order in which such things happen."""
    order = {kind.value: number for number, kind in enumerate(EventKind)}
    # A job ends before the next one begins, and a trajectory ends after all else of that day.
    order |= {EventKind.PLACED.value: len(order), EventKind.ENDED.value: len(order) + 1}
    kind_order = pl.col("event").replace_strict(order, return_dtype=pl.Int8)
    return events.with_columns(kind_order=kind_order).sort(_ORDER)


def first_of(ordered: pl.DataFrame, kind: EventKind) -> pl.DataFrame:
    """The event from which the columns of that kind are taken: of each trajectory the first."""
    return ordered.filter(_of(kind)).unique(TRAJECTORY, keep="first", maintain_order=True)


def first_uses(ordered: pl.DataFrame) -> pl.DataFrame:
    """Of each trajectory and method the first event that names it."""
    used = ordered.drop_nulls("method")
    return used.unique([*TRAJECTORY, "method"], keep="first", maintain_order=True)


def group_tellings(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events that tell of another target group than the one before."""
    told = ordered.drop_nulls("target_group")
    return told.filter(pl.col("target_group").ne_missing(pl.col("target_group").shift(1).over(TRAJECTORY)))


def _of(kind: EventKind) -> pl.Expr:
    return pl.col("event") == kind.value


def _day(kind: EventKind) -> pl.Expr:
    return pl.col("occurred_on").filter(_of(kind)).first()


def _days(kind: EventKind) -> pl.Expr:
    return pl.col("occurred_on").filter(_of(kind))


def _first(column: str, kind: EventKind) -> pl.Expr:
    return pl.col(column).filter(_of(kind)).first()


def _methods(ordered: pl.DataFrame) -> pl.DataFrame:
    """Methods in alphabetical order, with the day of first use."""
    listed = first_uses(ordered).sort(*TRAJECTORY, "method").group_by(TRAJECTORY, maintain_order=True)
    return listed.agg(methods="method", methods_from="occurred_on")


def _groups(ordered: pl.DataFrame) -> pl.DataFrame:
    """Target groups in the order in which they were told, each since when; one that is told again is not listed twice
    in a row.
    """
    listed = group_tellings(ordered).group_by(TRAJECTORY, maintain_order=True)
    return listed.agg(groups="target_group", groups_from="occurred_on")


def _last_is_pause() -> pl.Expr:
    turns = pl.col("event").filter(_of(EventKind.PAUSED) | _of(EventKind.RESUMED))
    return (turns.last() == EventKind.PAUSED.value).fill_null(value=False)


def _job_until(ordered: pl.DataFrame) -> pl.DataFrame:
    """The day on which the first unbroken row of jobs ended; null while it goes on.

    Jobs join when the gap is short enough.
    """
    turns = job_turns(ordered).with_columns(
        next_event=pl.col("event").shift(-1).over(TRAJECTORY), next_day=pl.col("occurred_on").shift(-1).over(TRAJECTORY)
    )
    jobs = turns.filter(_of(EventKind.PLACED)).select(
        *TRAJECTORY,
        begin="occurred_on",
        # A job whose end was not reported before the next one began is taken to last until then.
        end=pl.when(pl.col("next_event").is_not_null()).then("next_day"),
    )
    gap = (pl.col("begin") - pl.col("end").shift(1).over(TRAJECTORY)).dt.total_days()
    breaks = (gap > DURABLE_GAP_DAYS).fill_null(value=False).cast(pl.Int32).cum_sum().over(TRAJECTORY)
    first_row = jobs.with_columns(breaks=breaks).filter(pl.col("breaks") == 0)
    return first_row.group_by(TRAJECTORY, maintain_order=True).agg(job_until=pl.col("end").last())


def job_turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Begins and ends of jobs, in order. Where no job goes on, what ends on a day ends the job that began on it."""
    turns = ordered.filter(_of(EventKind.PLACED) | _of(EventKind.PLACEMENT_ENDED))
    is_of_that_day = ends_without_begin() & _of(EventKind.PLACED).any().over(*TRAJECTORY, "occurred_on")
    if not turns.select(is_of_that_day.any()).item():
        return turns
    after_the_begin = pl.when(is_of_that_day).then(pl.lit(len(EventKind) + 2, pl.Int8())).otherwise("kind_order")
    return turns.with_columns(kind_order=after_the_begin).sort(_ORDER)


def ends_without_begin() -> pl.Expr:
    """Ends that bring the balance of jobs below all it was before in the trajectory; later jobs start from there."""
    change = pl.when(_of(EventKind.PLACED)).then(1).otherwise(-1)
    lowest = change.cum_sum().cum_min().clip(upper_bound=0)
    return (lowest < lowest.shift(1, fill_value=0)).over(TRAJECTORY)


def jobs_deciding(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events that decide how long the first unbroken row of jobs lasts: its begin, ends of jobs, what followed each.

    A job that begins while another goes on, and an end without a job, decide nothing.
    """
    turns = job_turns(ordered).with_columns(
        before=pl.col("event").shift(1).over(TRAJECTORY), last_on=pl.col("occurred_on").shift(1).over(TRAJECTORY)
    )
    turns = turns.filter(pl.col("before").ne_missing(pl.col("event")))
    turns = turns.filter(_of(EventKind.PLACED) | pl.col("before").is_not_null())
    gap = (pl.col("occurred_on") - pl.col("last_on")).dt.total_days()
    is_late = (_of(EventKind.PLACED) & (gap > DURABLE_GAP_DAYS)).fill_null(value=False)
    return turns.filter(is_late.cast(pl.Int32).cum_sum().over(TRAJECTORY) == 0)


def pause_turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Events with which pauses begin, and those that follow them."""
    turns = _turns(ordered)
    is_after = (pl.col("event").shift(1) == EventKind.PAUSED.value).over(TRAJECTORY).fill_null(value=False)
    return turns.filter(_of(EventKind.PAUSED) | is_after)


def _turns(ordered: pl.DataFrame) -> pl.DataFrame:
    """Begins and ends of pauses up to the end of the trajectory: what is told of later is no pause of it."""
    turns = ordered.filter(pl.col("event").is_in(_TURNS))
    is_over = _of(EventKind.ENDED).cast(pl.Int32).cum_sum().over(TRAJECTORY) - _of(EventKind.ENDED).cast(pl.Int32)
    return turns.filter(is_over == 0)


def _pauses(ordered: pl.DataFrame) -> pl.DataFrame:
    """Days on which pauses begin and end, in pairs; null while one goes on."""
    turns = _turns(ordered).with_columns(until=pl.col("occurred_on").shift(-1).over(TRAJECTORY))
    pauses = turns.filter(_of(EventKind.PAUSED)).group_by(TRAJECTORY, maintain_order=True)
    return pauses.agg(pauses_from="occurred_on", pauses_until="until")
