"""Everybody who started, under each provider and under all, with numbers in place of the texts that name groups and
clients.

Five tables count the same clients, each by other columns: they are numbered once. A number stands for a client of a
provider in a programme, and another one for the same client of all its providers. Here: these numbers, and what is true
of each client whatever is counted. Not here: since when clients stand somewhere (``spans``), any count.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from pipeline.trajectories.horizon import KNOWN_UNTIL, horizons, last_days, with_horizon, without_what_is_to_come
from pipeline.trajectories.numbers import numbered, packed, sorted_by
from pipeline.trajectories.provider_digest import SETTLED_PART, part
from pipeline.trajectories.standing import COUNTS_FROM, FIRST_PLACED, counts_from, started_only, stays
from pipeline.versions.projection import Known
from schemas.vocabulary import ALL_PROVIDERS

MEMBER, IN_ALL = "member", "in_all"
"""A client of a provider in a programme, as a number; and the same client of all its providers."""
GROUP = ["programme_code", "provider_code"]

_NEEDED = (
    *GROUP, "client_key", "trajectory_id", "started_on", "ended_on", "placed_on", "part_time", "channel", "groups",
    "groups_from", "methods", "methods_from",
)  # fmt: skip
"""Columns of settled trajectories that are looked at."""


@dataclass(frozen=True)
class People:
    """Trajectories and clients, as far as they are known."""

    last_days: pl.DataFrame
    """(programme_code, provider_code or all, known_until)."""
    groups: pl.DataFrame
    """The programme and provider (or all) of each number."""
    keys: pl.Series
    """Keys of clients, each at the place of its number."""
    started: pl.DataFrame
    """One row per trajectory: ``MEMBER`` and ``IN_ALL``, days, the first placement, known_until, lists of groups and
    methods.
    """
    clients: pl.DataFrame
    """One row per member: begun, trajectories; counts_from, channel, part_time, ended_on of the one in which the client
    was placed first (of any, where there was none).
    """

    @property
    def number(self) -> pl.Expr:
        """The number of a member's group."""
        return (pl.col(MEMBER) // max(len(self.keys), 1)).alias("number")

    @cached_property
    def stays(self) -> pl.DataFrame:
        """``standing.stays`` of each member: member, started_on, ended_on, known_until."""
        days = [MEMBER, "started_on", KNOWN_UNTIL]
        keyed = self.started.select(*days, "ended_on", packed([self.started[name] for name in days[:2]]).alias("stay"))
        return stays(keyed, ["stay"], days).drop("stay")

    @cached_property
    def with_several(self) -> pl.Series:
        """Keys of clients who began more than one trajectory in a programme."""
        return self.client_keys(self.clients.filter(pl.col("trajectories") > 1)[MEMBER]).unique()

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """With programme and provider in place of the number of a group."""
        return frame.join(self.groups, on="number", how="left", maintain_order="left").drop("number")

    def client_keys(self, members: pl.Series) -> pl.Series:
        return self.keys.gather(members % max(len(self.keys), 1)).alias("client_key")


def everybody(known: Known) -> People:
    """As known on a day; a step that tables share."""
    return people(part(known, SETTLED_PART), horizons(known))


def people(settled: pl.DataFrame, horizons: pl.DataFrame) -> People:
    """From settled trajectories and the last days known of providers."""
    dated = without_what_is_to_come(with_horizon(settled.select(_NEEDED), horizons))
    started = started_only(dated).with_columns(counts_from())
    groups, (client, keys) = _groups(started), numbered(started["client_key"])
    own = started.select(GROUP).join(groups, on=GROUP, how="left", maintain_order="left")
    numbers = [(own[name] * len(keys) + client).alias(member) for name, member in (("number", MEMBER), ("all", IN_ALL))]
    return People(
        last_days=last_days(settled, horizons),
        groups=groups.drop("all"),
        keys=keys,
        started=started.drop(*GROUP, "client_key", "trajectory_id", "placed_on").with_columns(numbers),
        clients=_clients(started.with_columns(numbers)),
    )


def _groups(started: pl.DataFrame) -> pl.DataFrame:
    """The number of each programme and provider, or all, and that of all providers of the programme."""
    own = started.select(GROUP).unique()
    together = own.with_columns(provider_code=pl.lit(ALL_PROVIDERS)).unique()
    groups = (
        pl.concat([own, together]).sort(GROUP).with_row_index("number").with_columns(pl.col("number").cast(pl.Int64))
    )
    of_all = groups.filter(provider_code=ALL_PROVIDERS).select("programme_code", all="number")
    return groups.join(of_all, on="programme_code", how="left", maintain_order="left")


def with_totals(started: pl.DataFrame) -> pl.DataFrame:
    """Each trajectory under its provider and once more under all."""
    own = started.drop(IN_ALL)
    return pl.concat([own, started.drop(MEMBER).rename({IN_ALL: MEMBER}).select(own.columns)])


def _clients(started: pl.DataFrame) -> pl.DataFrame:
    """Of each client the trajectories in the order of ``FIRST_PLACED``, put together."""
    rows = started.select(MEMBER, IN_ALL, COUNTS_FROM, "part_time", "started_on", "ended_on").with_row_index("at")

    def by_first_placed(tied: pl.DataFrame) -> pl.DataFrame:
        texts = (started[name].gather(tied["at"]) for name in FIRST_PLACED[1:])
        return tied.with_columns(texts).sort("packed", *FIRST_PLACED[1:])

    each = with_totals(rows)
    ordered = sorted_by(each, [each[MEMBER], each[COUNTS_FROM].fill_null(date.max)], by_first_placed)
    clients = (
        ordered.with_columns(pl.col(MEMBER).set_sorted())
        .group_by(MEMBER, maintain_order=True)
        .agg(
            pl.col("at", COUNTS_FROM, "part_time", "ended_on").first(),
            begun=pl.col("started_on").min(),
            trajectories=pl.len(),
        )
    )
    return clients.with_columns(started["channel"].gather(clients["at"])).drop("at")
