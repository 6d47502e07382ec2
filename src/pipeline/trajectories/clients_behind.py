"""The events behind a count of clients at the end of a month: of each client that counts those that make it so.

Who counts is taken from the same spans as the sum (``progress.spans_counted``). Here: which of the client's
trajectories decide, and which events of them. Not here: the sums (``progress``), from events to rows (``history``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.trajectories.history import Figure, History, named, of_nobody
from pipeline.trajectories.people import MEMBER
from pipeline.trajectories.progress import spans_counted
from pipeline.trajectories.settle import first_uses, group_tellings
from pipeline.trajectories.standing import COUNTS_FROM, FIRST_PLACED, counts_from, started_only
from pipeline.trajectories.steps import TRAJECTORY
from pipeline.versions.explanation import Cell, Row, Trace
from schemas.table import Table
from schemas.vocabulary import ALL_PROVIDERS, EventKind

COUNTS = ("participants", "active", "placed", "placed_part_time", "ended_otherwise")


@dataclass(frozen=True)
class Word:
    """One target group or method, with the trajectories that stand under it."""

    column: str
    value: str
    of_trajectories: pl.DataFrame
    """``memberships.target_groups`` or ``memberships.methods``."""
    of_clients: pl.DataFrame
    """``memberships.in_target_groups`` or ``memberships.in_methods``."""


def rate_behind(table: Table, row: Row) -> list[Cell]:
    """A percentage comes from the count and its denominator."""
    key = tuple(row[name] for name in table.key)
    return [Cell("placed", table, key, "placed"), Cell("of", table, key, "participants")]


def clients_behind(of: History, figure: Figure, word: Word | None = None) -> Iterator[Trace]:
    """The events that make each client count in a column; where nobody does, those of the first in the row."""
    row, column, provider = figure.row, figure.column, figure.row["provider_code"]
    day = of.last_day(provider, row["month"])
    stand = _standing(of, provider, day, word)
    counted = stand.filter(column)
    deciding, known = _Deciding(of, provider, day, word), {provider: (row["month"], day)}
    if counted.height:
        yield from of.traces(deciding.rows(counted, column), known, figure)
    else:
        yield from of_nobody(of.traces(deciding.somebody(stand.head(1), column), known, figure))


def row_behind(of: History, figure: Figure, word: Word | None = None) -> Iterator[Trace]:
    """One client by whom there is a row at all; ``figure`` is the row (``THE_ROW``)."""
    provider, month = figure.row["provider_code"], figure.row["month"]
    day = of.last_day(provider, month)
    first = _standing(of, provider, day, word).head(1)
    deciding = _Deciding(of, provider, day, word)
    rows = deciding.rows(first, "participants") if first.height else deciding.before()
    yield from of.traces(rows, {provider: (month, day)}, figure)


def _standing(of: History, provider: str, day: date, word: Word | None) -> pl.DataFrame:
    """Clients who take part on a day, with one column for each count, by the spans that are summed."""
    people = of.people
    clients = pl.DataFrame(schema={"client_key": pl.String()})
    for column, spans in spans_counted(people, None if word is None else word.of_clients).items():
        there = spans.filter(pl.col("begin") <= day, pl.col("end") > day)
        if word is not None:
            there = there.filter(pl.col(word.column).cast(pl.String) == word.value)
        named_there = people.named(there.select(MEMBER, people.number)).filter(
            programme_code=of.programme, provider_code=provider
        )
        keys = people.client_keys(named_there[MEMBER]).unique().to_frame()
        is_in = keys.with_columns(pl.lit(value=True).alias(column))
        clients = clients.join(is_in, on="client_key", how="full", coalesce=True)
    return (
        clients.with_columns(pl.col(COUNTS[:-1]).fill_null(value=False))
        .filter("participants")
        .with_columns(ended_otherwise=~pl.col("active") & ~pl.col("placed"))
        .sort("client_key")
    )


@dataclass(frozen=True)
class _Deciding:
    """Which trajectories of clients decide how they stand on a day."""

    of: History
    provider: str
    day: date
    word: Word | None

    def rows(self, clients: pl.DataFrame, column: str) -> Iterator[pl.DataFrame]:
        """Events of each client: for taking part, and beside it for a job, for being open or for being over."""
        mine = self._trajectories(clients)
        under = mine if self.word is None else self._under(mine)
        if column == "participants":
            yield from self._membership(self._once(under, "started_on"))
            return
        jobs = self._once(mine.filter(pl.col(COUNTS_FROM) <= self.day), *FIRST_PLACED)
        yield from (self.of.started(jobs), self.of.placed(jobs))
        others = mine.join(jobs, on="client_key", how="anti")
        is_open = pl.col("ended_on").is_null() | (pl.col("ended_on") > self.day)
        is_under = under.select(TRAJECTORY).with_columns(is_under=1)
        is_active = others.filter(is_open).join(is_under, on=TRAJECTORY, how="left")
        active = self._once(is_active, "is_under", "started_on").drop("is_under")
        over = others.join(active, on="client_key", how="anti")
        yield self.of.started(active)
        if self.word is None:
            yield from self._whole(self._once(over, "ended_on", descending=True))
        else:
            yield from self._in_word(under, jobs, active, over)

    def somebody(self, first: pl.DataFrame, column: str) -> Iterator[pl.DataFrame]:
        """Of a count of nobody: one by whom there is a row. How the client stands is added where it would be mistaken:
        as active where nobody is, or by an event that also tells of the word.
        """
        if first.is_empty():
            yield from self.gone()
            return
        rows = list(self.rows(first, "participants"))
        is_told = self.of.is_there(rows, EventKind.PLACED, EventKind.ENDED)
        yield from self.rows(first, column) if column == "active" or is_told else rows

    def before(self) -> Iterator[pl.DataFrame]:
        """Where nobody stands under the word any more: somebody who did at the end of a month."""
        yield from self._membership(self._first_before())

    def gone(self) -> Iterator[pl.DataFrame]:
        """The same, and what followed."""
        one = self._first_before()
        yield from self._membership(one)
        followed = one.select(*TRAJECTORY, occurred_on="end")
        yield named(group_tellings(self.of.events).join(followed, on=[*TRAJECTORY, "occurred_on"], how="semi"), "then")

    def _first_before(self) -> pl.DataFrame:
        assert self.word is not None
        spans = self.word.of_trajectories.filter(
            pl.col(self.word.column) == self.word.value, pl.col("begin").dt.month_end() < pl.col("end")
        )
        mine = spans if self.provider == ALL_PROVIDERS else spans.filter(provider_code=self.provider)
        return mine.sort("begin", *TRAJECTORY).head(1)

    def _in_word(
        self, under: pl.DataFrame, jobs: pl.DataFrame, active: pl.DataFrame, over: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """A trajectory under the word: the one that decides how the client stands, where that is one of them."""
        deciding = pl.concat([each.select(TRAJECTORY) for each in (jobs, active, over)])
        preferred = under.join(deciding.with_columns(is_deciding=1), on=TRAJECTORY, how="left")
        one = self._once(preferred.sort("is_deciding", nulls_last=True), "is_deciding", "started_on")
        yield from self._membership(one)
        placed = jobs.select("client_key").unique()
        yield from self._whole(one.join(placed, on="client_key", how="anti"))

    def _whole(self, trajectories: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """The start and, where it has come, the end."""
        yield self.of.started(trajectories)
        yield self.of.ended(trajectories.filter(pl.col("ended_on") <= self.day))

    def _membership(self, trajectories: pl.DataFrame) -> Iterator[pl.DataFrame]:
        yield self.of.started(trajectories)
        if self.word is not None:
            tellings = first_uses if self.word.column == "method" else group_tellings
            told = tellings(self.of.events).filter(pl.col(self.word.column) == self.word.value)
            since = trajectories.select(*TRAJECTORY, occurred_on="since").drop_nulls()
            rows = told.join(since, on=[*TRAJECTORY, "occurred_on"], how="semi")
            last = rows.unique(TRAJECTORY, keep="last", maintain_order=True)
            yield named(last, self.word.column.replace("_", " "))

    def _trajectories(self, clients: pl.DataFrame) -> pl.DataFrame:
        """Those of the clients in the programme, with the provider or with any, that have started."""
        mine = started_only(self.of.trajectories).filter(pl.col("started_on") <= self.day)
        if self.provider != ALL_PROVIDERS:
            mine = mine.filter(provider_code=self.provider)
        return mine.join(clients, on="client_key", how="semi").with_columns(counts_from())

    def _under(self, mine: pl.DataFrame) -> pl.DataFrame:
        assert self.word is not None
        spans = self.word.of_trajectories.filter(
            pl.col(self.word.column) == self.word.value, pl.col("begin") <= self.day, pl.col("end") > self.day
        )
        return mine.join(spans.select(*TRAJECTORY, "since"), on=TRAJECTORY)

    def _once(self, trajectories: pl.DataFrame, *by: str, descending: bool = False) -> pl.DataFrame:
        ordered = trajectories.sort(*dict.fromkeys([*by, *TRAJECTORY]), descending=descending, nulls_last=True)
        return ordered.unique("client_key", keep="first", maintain_order=True)
