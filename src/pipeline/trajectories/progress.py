"""Clients to counts per programme, provider and month, each client once.

Here: the counting that several tables share: participants, active, placed and ended otherwise as running sums of days
on which a client's standing changes, so the cost follows the clients and not clients times months. Not here: that
standing (``spans``), averages over days (``programme_occupancy``).
"""

from datetime import date

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL
from pipeline.trajectories.numbers import counted
from pipeline.trajectories.people import MEMBER, People
from pipeline.trajectories.spans import standing
from pipeline.trajectories.standing import COUNTS_FROM, placed_first
from schemas import reference
from schemas.vocabulary import ALL_PROVIDERS

_GROUP = ["programme_code", "provider_code"]
_COUNTED = ("participants", "active", "placed", "placed_part_time")


def target_reached(placements: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code = *, reached_on): the day of the first placement with which the target was
    reached. ``placements``: programme, provider (all) and day, first placed first.
    """
    ranked = placements.with_columns(number=pl.int_range(1, pl.len() + 1).over(_GROUP))
    goals = reference.programmes().select("programme_code", "target_placements").drop_nulls()
    reached = ranked.join(goals, on="programme_code").filter(pl.col("number") == pl.col("target_placements"))
    return reached.select(*_GROUP, reached_on="day")


def client_placements(trajectories: pl.DataFrame) -> pl.DataFrame:
    """(programme_code, provider_code = *, client_key, day): clients placed, once each, first placed first."""
    return placed_first(trajectories, ["programme_code"]).select(
        "programme_code", "client_key", provider_code=pl.lit(ALL_PROVIDERS), day=COUNTS_FROM
    )


def placements_of(everybody: People) -> pl.DataFrame:
    """The same of everybody: (programme_code, provider_code = *, day)."""
    days = everybody.clients.drop_nulls(COUNTS_FROM).select(everybody.number, day=COUNTS_FROM).sort("day")
    of_all = everybody.groups.filter(provider_code=ALL_PROVIDERS)
    return days.join(of_all, on="number", maintain_order="left").select(*_GROUP, "day")


def counts_by_month(everybody: People, memberships: pl.DataFrame | None = None) -> pl.DataFrame:
    """Clients by standing at the end of each month, per programme and provider (and all together).

    With ``memberships`` (``memberships.in_target_groups`` or one like it) also per word, of the clients who stand under
    it on that day; how they stand is decided by all of their trajectories.
    """
    words = _words(memberships)
    by = [*_GROUP, *words]
    changes = [
        _changes(everybody, spans, words, day, sign).rename({"change": column})
        for column, spans in spans_counted(everybody, memberships).items()
        for day, sign in (("begin", 1), ("end", -1))
    ]
    daily = pl.concat(changes, how="diagonal").with_columns(pl.col(words).cast(pl.String))
    counts = running_totals(everybody.named(daily), by, list(_COUNTED), everybody.last_days)
    # A group has rows from the first month on at whose end somebody stands in it.
    counts = counts.filter(pl.col("participants").cum_max().over(by) > 0)
    rate = pl.when(pl.col("participants") > 0).then(100.0 * pl.col("placed") / pl.col("participants"))
    return counts.with_columns(
        ended_otherwise=pl.col("participants") - pl.col("active") - pl.col("placed"), placement_rate_pct=rate
    )


def spans_counted(everybody: People, memberships: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Spans of days in which a client counts in each column: ``standing``, under each word of ``memberships``."""
    spans = standing(everybody)
    if memberships is None:
        return spans
    # Who stands under a word has started before, and so takes part.
    among = {column: _among(each, memberships) for column, each in spans.items() if column != "participants"}
    return {"participants": memberships, **among}


def _words(memberships: pl.DataFrame | None) -> list[str]:
    if memberships is None:
        return []
    return [name for name in memberships.columns if name not in (MEMBER, "begin", "end")]


def _among(spans: pl.DataFrame, memberships: pl.DataFrame) -> pl.DataFrame:
    """The part of each span in which the client stands under a word."""
    both = memberships.join(spans, on=MEMBER, suffix="_standing").with_columns(
        begin=pl.max_horizontal("begin", "begin_standing"), end=pl.min_horizontal("end", "end_standing")
    )
    return both.filter(pl.col("begin") < pl.col("end")).select(memberships.columns)


def _changes(everybody: People, spans: pl.DataFrame, words: list[str], day: str, sign: int) -> pl.DataFrame:
    """How many begin, or end, on each day: what a count changes by."""
    days = spans.filter(pl.col(day) < date.max).select(everybody.number, *words, day=day)
    each = counted(days, ["number", *words, "day"])
    return each.with_columns(change=pl.col("len").cast(pl.Int64) * sign).drop("len")


def placement_days(everybody: People) -> pl.DataFrame:
    """(programme_code, provider_code, channel, day, placed, placed_part_time): clients placed, once per group."""
    placed = everybody.clients.drop_nulls(COUNTS_FROM).select(
        everybody.number,
        "channel",
        day=COUNTS_FROM,
        placed=pl.lit(1, pl.Int64()),
        placed_part_time=pl.col("part_time").fill_null(value=False).cast(pl.Int64),
    )
    return everybody.named(placed)


def running_totals(
    changes: pl.DataFrame, group: list[str], columns: list[str], last_days: pl.DataFrame
) -> pl.DataFrame:
    """Running sums at the end of each month, for every month from the group's first to the last day known of it."""
    dated = changes.join(last_days, on=_GROUP).filter(pl.col("day") <= pl.col(KNOWN_UNTIL))
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
