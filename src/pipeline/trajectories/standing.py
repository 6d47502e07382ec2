"""Where clients stand, from their trajectories: since when they take part, when they were placed, when they are active.

One definition for every table: who is placed, ended or active in one is so in all. Here: the standing of clients, and
which trajectories are one stay. Not here: how far trajectories are known (``horizon``), counting by month
(``progress``), in which groups and methods clients stand (``memberships``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.vocabulary import ALL_PROVIDERS

COUNTS_FROM = "counts_from"
"""The day from which a placement counts, as a column: not before that trajectory started; who is placed took part.
"""

FIRST_PLACED = (COUNTS_FROM, "placed_on", "trajectory_id", "provider_code")
"""Of several placements of a client the first in this order is the one that tables tell about."""

STAY = ["programme_code", "provider_code", "client_key", "started_on"]
_GROUP = ["programme_code", "provider_code"]
_CLIENT = ["number", "client"]


def started_only(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Those that have a start: without one nobody took part."""
    return trajectories.filter(pl.col("started_on").is_not_null())


def with_totals(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory under its provider and once more under all providers."""
    return pl.concat([trajectories, trajectories.with_columns(provider_code=pl.lit(ALL_PROVIDERS))])


def stays(trajectories: pl.DataFrame) -> pl.DataFrame:
    """Programme, provider, client, start and end. What one client began with one provider on one day is one stay, under
    however many numbers it was sent, and lasts as long as any of them.
    """
    last_end = pl.when(pl.col("ended_on").is_not_null().all()).then(pl.col("ended_on").max())
    return started_only(trajectories).group_by(STAY).agg(ended_on=last_end).sort(STAY)


def placed_first(trajectories: pl.DataFrame, per: Sequence[str]) -> pl.DataFrame:
    """The trajectory in which each client was placed first, with the day from which that counts."""
    placed = started_only(trajectories).drop_nulls("placed_on").with_columns(counts_from())
    return placed.sort(FIRST_PLACED).unique([*per, "client_key"], keep="first", maintain_order=True)


def counts_from() -> pl.Expr:
    return (
        pl.when(pl.col("placed_on").is_not_null()).then(pl.max_horizontal("placed_on", "started_on")).alias(COUNTS_FROM)
    )


@dataclass(frozen=True)
class People:
    """Trajectories and clients with numbers in place of the words that name groups and clients: numbers join fast."""

    groups: pl.DataFrame
    """number, and the programme and provider (or all) that it stands for."""
    keys: pl.DataFrame
    """client, and its key."""
    rows: pl.DataFrame
    """One row per trajectory: number, client, started_on, ended_on."""
    clients: pl.DataFrame
    """One row per group and client: begun, trajectories; counts_from, channel, part_time, ended_on of the one in which
    the client was placed first (of any, where there was none).
    """

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(self.groups, on="number", how="left", maintain_order="left").drop("number")

    def numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame with programme, provider and client_key, with numbers instead."""
        named = frame.join(self.groups, on=_GROUP).join(self.keys, on="client_key")
        return named.drop(*_GROUP, "client_key")


def people(trajectories: pl.DataFrame) -> People:
    """Everybody who started, under each provider and under all."""
    started = with_totals(started_only(trajectories).with_columns(counts_from()).sort(FIRST_PLACED, nulls_last=True))
    groups = started.select(_GROUP).unique().sort(_GROUP).with_row_index("number")
    keys = started.select(pl.col("client_key").unique()).with_row_index("client")
    rows = (
        started.select(*_GROUP, "client_key", "started_on", "ended_on", COUNTS_FROM, "channel", "part_time")
        .join(groups, on=_GROUP, how="left", maintain_order="left")
        .join(keys, on="client_key", how="left", maintain_order="left")
        .drop(*_GROUP, "client_key")
    )
    clients = rows.group_by(_CLIENT).agg(
        pl.col(COUNTS_FROM, "channel", "part_time", "ended_on").first(),
        begun=pl.col("started_on").min(),
        trajectories=pl.len(),
    )
    return People(groups, keys, rows.select(*_CLIENT, "started_on", "ended_on"), clients)


def standing(everybody: People) -> pl.DataFrame:
    """Half-open spans of days in which a client counts: number, client, begin, end, and 1 in the column where it does.

    A client may stand in several spans at once: of taking part, of being active or placed.
    """
    clients, one = everybody.clients, pl.lit(1, pl.Int64())
    joined = clients.select(*_CLIENT, begin="begun", end=pl.lit(date.max), participants=one)
    placed = clients.drop_nulls(COUNTS_FROM).select(
        *_CLIENT,
        begin=COUNTS_FROM,
        end=pl.lit(date.max),
        placed=one,
        placed_part_time=pl.col("part_time").fill_null(value=False).cast(pl.Int64),
    )
    return pl.concat([joined, placed, _active(everybody).with_columns(active=one)], how="diagonal")


def _active(everybody: People) -> pl.DataFrame:
    """Spans in trajectories and not yet placed. Trajectories that overlap or follow each other are one span."""
    until = pl.min_horizontal("ended_on", COUNTS_FROM).fill_null(date.max)
    is_single = pl.col("trajectories") == 1
    single = everybody.clients.filter(is_single).select(*_CLIENT, begin="begun", end=until)
    jobs = everybody.clients.filter(~is_single).select(*_CLIENT, COUNTS_FROM)
    several = everybody.rows.join(jobs, on=_CLIENT).select(*_CLIENT, begin="started_on", end=until)
    return pl.concat([single.filter(pl.col("begin") < pl.col("end")), unbroken(several, _CLIENT)])


_DAYS = 4_000_000
"""More than there are days."""


def unbroken(spans: pl.DataFrame, per: Sequence[str]) -> pl.DataFrame:
    """Spans that overlap or follow each other as one; those without a day are left out."""
    whole = spans.filter(pl.col("begin") < pl.col("end")).sort(*per, "begin")
    # Days of the first of ``per``, then of the next, as numbers in one order: what goes on within each is seen in one
    # pass, where a window for each would take minutes over a million of them.
    is_other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in per)
    line = is_other.cum_sum().cast(pl.Int64) * _DAYS
    begin, end = (line + (pl.col(name).cast(pl.Int64) + _DAYS // 4) for name in ("begin", "end"))
    is_new = (begin > end.cum_max().shift()).fill_null(value=True)
    runs = whole.with_columns(run=is_new.cum_sum()).group_by("run")
    return runs.agg(pl.col(*per).first(), pl.col("begin").first(), pl.col("end").max()).drop("run")
