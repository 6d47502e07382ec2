"""Trajectories to counts per programme, provider and month, each client once.

Here: the counting that several tables share: participants, active, placed and ended otherwise as running sums of days
on which a client's standing changes, so the cost follows the clients and not clients times months. Not here: single
trajectories (``trajectories``), averages over days (``programme_occupancy``).
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL
from schemas import reference
from schemas.vocabulary import ALL_PROVIDERS

UNKNOWN = "unknown"

_COUNTED = ("participants", "active", "placed", "placed_part_time")


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
    totals = started_only(trajectories).with_columns(provider_code=pl.lit(ALL_PROVIDERS))
    people = numbered_people(totals, ["programme_code", "provider_code"])
    return people.named(placement_days(people.clients))


def started_only(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Those that have a start: without one nobody took part."""
    return trajectories.filter(pl.col("started_on").is_not_null())


def with_totals(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory under its provider and once more under all providers."""
    return pl.concat([trajectories, trajectories.with_columns(provider_code=pl.lit(ALL_PROVIDERS))])


@dataclass(frozen=True)
class People:
    """Trajectories and clients with numbers in place of the words that name groups and clients: numbers join fast."""

    group: list[str]
    groups: pl.DataFrame
    """number, and the words of ``group``."""
    rows: pl.DataFrame
    """One row per trajectory: number, client, started_on, ended_on."""
    clients: pl.DataFrame
    """One row per group and client: begun, trajectories; placed_on, channel, part_time, ended_on of the one in which
    the client was placed first (of any, where there was none).
    """

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(self.groups, on="number", how="left", maintain_order="left").drop("number")


def numbered_people(started: pl.DataFrame, group: list[str]) -> People:
    """``started`` is in the order of the table: of placements on one day the first trajectory counts."""
    groups = started.select(group).unique().sort(group).with_row_index("number")
    keys = started.select(pl.col("client_key").unique()).with_row_index("client")
    rows = (
        started.select(*group, "client_key", "started_on", "ended_on", "placed_on", "channel", "part_time")
        .join(groups, on=group, how="left", maintain_order="left")
        .join(keys, on="client_key", how="left", maintain_order="left")
        .drop(*group, "client_key")
    )
    clients = (
        rows.sort("placed_on", nulls_last=True, maintain_order=True)
        .group_by("number", "client")
        .agg(
            pl.col("placed_on", "channel", "part_time", "ended_on").first(),
            begun=pl.col("started_on").min(),
            trajectories=pl.len(),
        )
    )
    return People(group, groups, rows.select("number", "client", "started_on", "ended_on"), clients)


def counts_by_month(trajectories: pl.DataFrame, dimensions: list[str], last_days: pl.DataFrame) -> pl.DataFrame:
    """Clients by standing at the end of each month, per programme, provider (and all together) and ``dimensions``.

    ``last_days``: how far each group is known (``horizon.last_days``).
    """
    group = ["programme_code", "provider_code", *dimensions]
    people = numbered_people(with_totals(started_only(trajectories)), group)
    clients = people.clients
    joined = clients.select("number", day="begun", participants=pl.lit(1, pl.Int64()))
    changes = pl.concat([joined, placement_days(clients).drop("channel"), _active(people)], how="diagonal")
    daily = changes.group_by("number", "day").agg(pl.col(_COUNTED).sum())
    counts = running_totals(people.named(daily), group, list(_COUNTED), last_days)
    rate = pl.when(pl.col("participants") > 0).then(100.0 * pl.col("placed") / pl.col("participants"))
    return counts.with_columns(
        ended_otherwise=pl.col("participants") - pl.col("active") - pl.col("placed"), placement_rate_pct=rate
    )


def placement_days(clients: pl.DataFrame) -> pl.DataFrame:
    """A client placed before the first start counts as placed from that start on: who is placed took part."""
    return clients.filter(pl.col("placed_on").is_not_null()).select(
        "number",
        "channel",
        day=pl.max_horizontal("placed_on", "begun"),
        placed=pl.lit(1, pl.Int64()),
        placed_part_time=pl.col("part_time").fill_null(value=False).cast(pl.Int64),
    )


def _active(people: People) -> pl.DataFrame:
    """+1 where a client's time in trajectories begins, -1 where it ends. Overlapping trajectories are one time."""
    until = pl.min_horizontal("ended_on", "placed_on").fill_null(date.max)
    is_single = pl.col("trajectories") == 1
    single = people.clients.filter(is_single).select("number", begin="begun", end=until)
    spans = pl.concat([single.filter(pl.col("begin") < pl.col("end")), _joined_spans(people, ~is_single, until)])
    begins = spans.select("number", day="begin", active=pl.lit(1, pl.Int64()))
    ends = spans.filter(pl.col("end") < date.max).select("number", day="end", active=pl.lit(-1, pl.Int64()))
    return pl.concat([begins, ends])


def _joined_spans(people: People, is_wanted: pl.Expr, until: pl.Expr) -> pl.DataFrame:
    """(number, begin, end) of the unbroken times of clients with several trajectories."""
    client = ["number", "client"]
    jobs = people.clients.filter(is_wanted).select(*client, "placed_on")
    return (
        people.rows.join(jobs, on=client)
        .with_columns(until=until)
        .filter(pl.col("started_on") < pl.col("until"))
        .sort(*client, "started_on")
        .with_columns(reach=pl.col("until").cum_max().shift(1).over(client))
        .with_columns(run=(pl.col("started_on") > pl.col("reach")).fill_null(value=False).cum_sum().over(client))
        .group_by(*client, "run")
        .agg(begin=pl.col("started_on").min(), end=pl.col("until").max())
        .select("number", "begin", "end")
    )


def running_totals(
    changes: pl.DataFrame, group: list[str], columns: list[str], last_days: pl.DataFrame
) -> pl.DataFrame:
    """Running sums at the end of each month, for every month from the group's first to the last day known of it."""
    dated = changes.join(last_days, on=["programme_code", "provider_code"]).filter(pl.col("day") <= pl.col(KNOWN_UNTIL))
    monthly = dated.group_by(*group, pl.col("day").dt.truncate("1mo").alias("month")).agg(
        pl.col(columns).sum(), pl.col(KNOWN_UNTIL).first()
    )
    months = (
        monthly.group_by(group)
        .agg(pl.col("month").min(), pl.col(KNOWN_UNTIL).first())
        .select(*group, month=pl.date_ranges("month", KNOWN_UNTIL, "1mo"))
        .explode("month")
    )
    return (
        months.join(monthly.drop(KNOWN_UNTIL), on=[*group, "month"], how="left")
        .sort(*group, "month")
        .with_columns(pl.col(columns).fill_null(0).cum_sum().over(group))
    )
