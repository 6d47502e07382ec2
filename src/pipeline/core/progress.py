"""Trajectories to counts per programme, provider and month, each client once.

Here: participants, active, placed and ended otherwise as running sums of days on which a client's standing changes, so
the cost follows the clients and not clients times months. Not here: single trajectories (``trajectories``), averages
over days (``occupancy``).
"""

from datetime import date

import polars as pl

from schemas import reference
from schemas.curated.trajectories import CHANNEL_PROGRESS, METHOD_PROGRESS, PROGRAMME_PROGRESS, TARGET_GROUP_PROGRESS
from schemas.table import Table
from schemas.vocabulary import ALL_PROVIDERS

UNKNOWN = "unknown"

_COUNTED = ("participants", "active", "placed", "placed_part_time")


def programme_progress(trajectories: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    """Per programme and provider, and for all providers with each client once; with the target of the programme."""
    counts = _progress(trajectories, [], horizon)
    target = reference.programmes().select(
        "programme_code", target="target_placements", provider_code=pl.lit(ALL_PROVIDERS)
    )
    reached = target_reached(trajectories)
    with_target = counts.join(target, on=["programme_code", "provider_code"], how="left").join(
        reached, on=["programme_code", "provider_code"], how="left"
    )
    is_past = pl.col("reached_on") <= pl.min_horizontal(pl.col("month").dt.month_end(), pl.lit(horizon, pl.Date()))
    return _as(PROGRAMME_PROGRESS, with_target.with_columns(target_reached_on=pl.when(is_past).then("reached_on")))


def target_group_progress(trajectories: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    named = trajectories.with_columns(pl.col("target_group").fill_null(UNKNOWN))
    return _as(TARGET_GROUP_PROGRESS, _progress(named, ["target_group"], horizon))


def method_progress(trajectories: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    each = trajectories.explode("methods").rename({"methods": "method"}).filter(pl.col("method").is_not_null())
    return _as(METHOD_PROGRESS, _progress(each, ["method"], horizon))


def channel_progress(trajectories: pl.DataFrame, horizon: date | None) -> pl.DataFrame:
    """Placements by the channel of the client's first placement."""
    group = ["programme_code", "provider_code"]
    changes = _placed(_with_totals(_started(trajectories)), group).with_columns(pl.col("channel").fill_null(UNKNOWN))
    counts = _running(changes, [*group, "channel"], ["placed", "placed_part_time"], horizon)
    in_month = pl.col("placed") - pl.col("placed").shift(1).over([*group, "channel"]).fill_null(0)
    return _as(CHANNEL_PROGRESS, counts.with_columns(placed_in_month=in_month))


def target_reached(trajectories: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code = *, reached_on): the day of the first placement with which the target was
    reached.
    """
    group = ["programme_code", "provider_code"]
    first = client_placements(trajectories).sort("day")
    ranked = first.with_columns(number=pl.int_range(1, pl.len() + 1).over(group))
    goals = reference.programmes().select("programme_code", "target_placements").drop_nulls()
    reached = ranked.join(goals, on="programme_code").filter(pl.col("number") == pl.col("target_placements"))
    return reached.select(*group, reached_on="day")


def client_placements(trajectories: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code = *, day, channel, placed, placed_part_time): clients placed, once each."""
    totals = _started(trajectories).with_columns(provider_code=pl.lit(ALL_PROVIDERS))
    return _placed(totals, ["programme_code", "provider_code"])


def _started(trajectories: pl.DataFrame) -> pl.DataFrame:
    return trajectories.filter(pl.col("started_on").is_not_null())


def _as(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(each.name).cast(each.dtype) for each in table.fields).sort(table.key)


def _with_totals(trajectories: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([trajectories, trajectories.with_columns(provider_code=pl.lit(ALL_PROVIDERS))])


def _first_placements(placed: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    ordered = placed.sort("placed_on", "trajectory_id", maintain_order=True)
    return ordered.unique([*group, "client_key"], keep="first", maintain_order=True)


def _progress(trajectories: pl.DataFrame, dimensions: list[str], horizon: date | None) -> pl.DataFrame:
    group = ["programme_code", "provider_code", *dimensions]
    started = _with_totals(_started(trajectories))
    placed = _placed(started, group).drop("channel")
    changes = pl.concat([_joined(started, group), placed, _active(started, group)], how="diagonal")
    counts = _running(changes.with_columns(pl.col(_COUNTED).fill_null(0)), group, list(_COUNTED), horizon)
    rate = pl.when(pl.col("participants") > 0).then(100.0 * pl.col("placed") / pl.col("participants"))
    return counts.with_columns(
        ended_otherwise=pl.col("participants") - pl.col("active") - pl.col("placed"), placement_rate_pct=rate
    )


def _joined(started: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    first = started.group_by(*group, "client_key").agg(day=pl.col("started_on").min())
    return first.select(*group, "day", participants=pl.lit(1, pl.Int64()))


def _placed(started: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """A client placed before the first start counts as placed from that start on: who is placed took part."""
    begun = started.group_by(*group, "client_key").agg(begun=pl.col("started_on").min())
    placed = _first_placements(started.filter(pl.col("placed_on").is_not_null()), group)
    first = placed.join(begun, on=[*group, "client_key"])
    return first.select(
        *group,
        "channel",
        day=pl.max_horizontal("placed_on", "begun"),
        placed=pl.lit(1, pl.Int64()),
        placed_part_time=pl.col("part_time").fill_null(value=False).cast(pl.Int64),
    )


def _active(started: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """+1 where a client's time in trajectories begins, -1 where it ends. Overlapping trajectories are one time."""
    client = [*group, "client_key"]
    first_job = started.group_by(client).agg(first_job=pl.col("placed_on").min())
    spans = (
        started.join(first_job, on=client)
        .with_columns(until=pl.min_horizontal("ended_on", "first_job").fill_null(date.max))
        .filter(pl.col("started_on") < pl.col("until"))
        .sort(*client, "started_on")
        .with_columns(reach=pl.col("until").cum_max().shift(1).over(client))
        .with_columns(run=(pl.col("started_on") > pl.col("reach")).fill_null(value=False).cum_sum().over(client))
        .group_by(*client, "run")
        .agg(begin=pl.col("started_on").min(), end=pl.col("until").max())
    )
    begins = spans.select(*group, day="begin", active=pl.lit(1, pl.Int64()))
    ends = spans.filter(pl.col("end") < date.max).select(*group, day="end", active=pl.lit(-1, pl.Int64()))
    return pl.concat([begins, ends])


def _running(changes: pl.DataFrame, group: list[str], columns: list[str], horizon: date | None) -> pl.DataFrame:
    """Running sums at the end of each month, for every month from the group's first to the last day known."""
    known = changes.filter(pl.col("day") <= pl.lit(horizon, pl.Date())).with_columns(
        month=pl.col("day").dt.truncate("1mo")
    )
    monthly = known.group_by(*group, "month").agg(pl.col(columns).sum())
    months = (
        monthly.group_by(group)
        .agg(pl.col("month").min())
        .with_columns(month=pl.date_ranges("month", pl.lit(horizon, pl.Date()), "1mo"))
        .explode("month")
    )
    return (
        months.join(monthly, on=[*group, "month"], how="left")
        .sort(*group, "month")
        .with_columns(pl.col(columns).fill_null(0).cum_sum().over(group))
    )
