"""The events of a programme once more, each with its row in a file: what explanations choose from.

The steps are those of the projections, so that the rows that are named are the rows that were counted. Here: these
frames, also as they would be of some rows alone; from a choice of events to traces. Not here: which events decide a
figure (beside its sum), which show how far a provider is known (``known_until``), whether they give the figure
(``tried``), reading the log (``jobs.lineage``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Protocol

import polars as pl

from pipeline.trajectories.as_known import as_known
from pipeline.trajectories.corrections import InForce, in_force
from pipeline.trajectories.horizon import KNOWN_UNTIL, last_days
from pipeline.trajectories.horizon import horizons as horizons_of
from pipeline.trajectories.known_until import UNTIL, UNTIL_ALTHOUGH, Record, known_until
from pipeline.trajectories.people import People, people
from pipeline.trajectories.sent_again import files_of, in_files, with_reach
from pipeline.trajectories.settle import first_of, settle
from pipeline.trajectories.steps import TRAJECTORY, in_order
from pipeline.trajectories.tried import Choice, first_that_gives
from pipeline.versions.explanation import NOT_COUNTED, Lineage, Row, Trace
from pipeline.versions.projection import Known
from schemas.sources import trajectory_events
from schemas.table import Table
from schemas.tables.trajectories import TRAJECTORIES
from schemas.vocabulary import ALL_PROVIDERS, EventKind

_ROW = ["delivery", "row"]


EVERY_PROGRAMME = "*"
EVERY_COLUMN, THE_ROW = "*", ""

Until = tuple[date, date]
"""A figure needs its provider to be known until the first day, and until what is chosen of before the second."""

SINCE = "told otherwise since"
"""The part of what became of rows that are named as known on an earlier day."""
_BESIDE = ("first", "then", "job ended", "next job", SINCE)
"""Parts that count nothing themselves: the figure may do without them."""


class Wanted(Protocol):
    """A figure, or what is said of one."""

    def is_given_by(self, history: "History") -> bool:
        """Whether it is the same there."""


@dataclass(frozen=True)
class Figure:
    """One figure of a curated table, and how the table comes about."""

    table: Table
    row: Row
    column: str
    """``EVERY_COLUMN`` where the whole row is meant; ``THE_ROW`` where it is meant that there is one."""
    project: Callable[["History"], pl.DataFrame]

    def is_given_by(self, history: "History") -> bool:
        """Whether the same row of the table has the same value there."""
        key = [pl.col(name).eq_missing(pl.lit(self.row[name])) for name in self.table.key]
        if self.column == THE_ROW:
            return not self.project(history).filter(key).is_empty()
        columns = self.table.not_key if self.column == EVERY_COLUMN else (self.column,)
        own = pl.DataFrame([self.row], schema=self.table.polars_schema).select(columns)
        return self.project(history).filter(key).select(columns).equals(own)


@dataclass(frozen=True)
class History:
    """Events of a programme with what follows from them."""

    lineage: Lineage
    programme: str
    """``EVERY_PROGRAMME`` where the events of all are looked at."""
    told: pl.DataFrame
    """All that was delivered, also what a later delivery replaced, with the day until which it shows its provider
    (``reach``; ``own_reach`` and ``again_as``: see ``sent_again``)."""
    won: pl.DataFrame
    """Of these the last one about each event, whether it is in force or not."""
    events: pl.DataFrame
    """Those in force, in order."""
    force: InForce
    settled: pl.DataFrame
    trajectories: pl.DataFrame
    horizons: pl.DataFrame

    @cached_property
    def people(self) -> People:
        """Everybody who started, as numbers."""
        return people(self.settled, self.horizons)

    def last_day(self, provider: str, month: date | None = None) -> date:
        """The last day known of a provider in the programme or of all, not after the end of the month."""
        known = last_days(self.trajectories, self.horizons).filter(
            programme_code=self.programme, provider_code=provider
        )[KNOWN_UNTIL][0]
        until: date = known if month is None else min(known, pl.select(pl.lit(month).dt.month_end()).item())
        return until

    def first(self, kind: EventKind, of: pl.DataFrame, part: str) -> pl.DataFrame:
        """The event of a kind that the tables look at, of some trajectories."""
        return named(first_of(self.events, kind).join(of.select(TRAJECTORY).unique(), on=TRAJECTORY, how="semi"), part)

    def is_there(self, rows: Iterable[pl.DataFrame], *kinds: EventKind) -> bool:
        """Whether an event of these kinds is among those chosen."""
        chosen = self.events.filter(pl.col("event").is_in([kind.value for kind in kinds]))
        return any(chosen.join(each, on=_ROW, how="semi").height for each in rows)

    def started(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.STARTED, of, "started")

    def placed(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.PLACED, of, "placed")

    def ended(self, of: pl.DataFrame) -> pl.DataFrame:
        return self.first(EventKind.ENDED, of, "ended")

    def traces(self, rows: Iterable[pl.DataFrame], known: Mapping[str, Until], figure: Wanted) -> Iterator[Trace]:
        """Traces to events (``named``) that decide a count, and to those by which they are of that client.

        ``known``: how far each provider (or all) has to be known for the figure.
        """
        chosen = pl.concat([pl.DataFrame(schema=_NAMED), *rows]).unique(maintain_order=True)
        is_beside = pl.col("part").is_in(_BESIDE)
        beside = pl.concat([chosen.filter(is_beside), self._whose(chosen)])
        yield from self.traces_of(Choice(chosen.filter(~is_beside), beside), known, figure)

    def traces_of(self, choice: Choice, known: Mapping[str, Until], figure: Wanted) -> Iterator[Trace]:
        """Traces to events that decide something of one trajectory, whosoever it is."""

        def is_given(rows: pl.DataFrame) -> bool:
            return figure.is_given_by(self.alone(rows)) or (
                bool(files_of(self.told, rows)) and figure.is_given_by(self.alone(rows, "reach"))
            )

        choices = (self._with(choice, found) for found in self._known_until(choice.rows, known))
        rows = first_that_gives(choices, is_given)
        if rows is None:
            rows = first_that_gives((Choice(choice.deciding, wider) for wider in self._wider(choice.rows)), is_given)
        found = choice.rows if rows is None else rows
        files = files_of(self.told, found)
        if files and figure.is_given_by(self.alone(found)):
            files = {}
        yield from in_files(self._named(found), files)

    def _named(self, found: pl.DataFrame) -> Iterator[Trace]:
        for part in found["part"].unique(maintain_order=True):
            yield from self.lineage.traces(part, trajectory_events.SOURCE, found.filter(part=part))

    def events_of(self, traces: Iterable[Trace], part: str) -> pl.DataFrame:
        """The events that are named, as another part."""
        rows = [
            (each.delivery, row) for each in traces if each.source == trajectory_events.SOURCE.name for row in each.rows
        ]
        shape = {name: self.told.schema[name] for name in _ROW}
        found = pl.DataFrame(sorted(set(rows)), schema=shape, orient="row")
        return named(self.told.join(found, on=_ROW, how="semi"), part)

    def by_which_they_stand(self, rows: pl.DataFrame, part: str) -> pl.DataFrame:
        """What these rows (delivery, row) were followed by: told again, corrected or taken back."""
        there = self.told.join(rows, on=_ROW, how="semi")
        linked = self.force.with_links(there, self.told)
        return named(linked.join(rows, on=_ROW, how="anti", maintain_order="left"), part)

    def alone(self, rows: pl.DataFrame, reach: str = "own_reach") -> "History":
        """What would be known if only these rows had been delivered: once, or also again (``reach``)."""
        told = self.told.join(rows.select(_ROW).unique(), on=_ROW, how="semi", maintain_order="left")
        horizons = told.group_by("provider_code").agg(pl.col(reach).max().alias(KNOWN_UNTIL))
        return _history(self.lineage, self.programme, told, horizons)

    def _with(self, choice: Choice, found: pl.DataFrame) -> Choice:
        return Choice(choice.deciding, pl.concat([choice.beside, found]))

    def _whose(self, chosen: pl.DataFrame) -> pl.DataFrame:
        """The first event of a trajectory, where those chosen alone would tell of another client or programme."""
        own = self.events.join(chosen, on=_ROW, how="semi").unique(TRAJECTORY, keep="first", maintain_order=True)
        first = self.events.join(own, on=TRAJECTORY, how="semi")
        first = first.unique(TRAJECTORY, keep="first", maintain_order=True)
        says = [*TRAJECTORY, "client_key", "programme_code"]
        return named(first.join(own, on=says, how="anti"), "first")

    def _known_until(self, chosen: pl.DataFrame, known: Mapping[str, Until]) -> Iterator[pl.DataFrame]:
        """Rows that show that each provider, or one of all, is known so far; none where a chosen one does."""
        if not known:
            yield chosen.clear()
            return
        days = self.won.join(chosen, on=_ROW, how="semi")["occurred_on"]
        (provider, (least, most)), *others = known.items()
        there = self.won.join(chosen, on=_ROW, how="semi")
        for found in known_until(self._record, there, provider, max([least, *days.filter(days <= most)])):
            shown = found.select(pl.col(name).cast(dtype) for name, dtype in _NAMED.items())
            for more in self._known_until(pl.concat([chosen, shown]), dict(others)):
                yield pl.concat([shown, more])

    def _wider(self, chosen: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Everything delivered about the same trajectories, what takes that back, then all of the same providers."""
        there = self.won.join(chosen, on=_ROW, how="semi")
        for near in (TRAJECTORY, ["provider_code"], []):
            same = self.won.join(there, on=near, how="semi") if near else self.won
            yield named(self.force.with_links(same, self.told), "beside them")

    @property
    def _record(self) -> Record:
        return Record(self.programme, self.told, self.force, self.events, self.trajectories)


_NAMED = pl.Schema({"part": pl.String(), "delivery": pl.String(), "row": pl.Int64()})


def named(events: pl.DataFrame, part: str) -> pl.DataFrame:
    """The rows of events, as a part of a figure."""
    rows = events.select(pl.lit(part, pl.String()).alias("part"), "delivery", "row")
    return rows.select(pl.col(name).cast(dtype) for name, dtype in _NAMED.items())


def of_nobody(traces: Iterable[Trace]) -> Iterator[Trace]:
    """The same where they tell of somebody by whom there is a row, and who does not count; how far a provider is known
    is told of nobody.
    """
    for each in traces:
        is_of_all = each.part in (UNTIL, UNTIL_ALTHOUGH)
        yield each if is_of_all else replace(each, part=f"{NOT_COUNTED}{each.part}")


def not_yet(rows: pl.DataFrame, named_before: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Those that no other part names: a row is one thing to a figure."""
    return rows.join(
        pl.concat([pl.DataFrame(schema=_NAMED), *named_before]), on=_ROW, how="anti", maintain_order="left"
    )


def history(lineage: Lineage, programme: str, provider: str = ALL_PROVIDERS) -> History:
    """Of one provider, or of all; read once, however many figures are asked for."""
    return lineage.known.once(_Reading(programme, provider, lineage))


@dataclass(frozen=True)
class _Reading:
    programme: str
    provider: str
    lineage: Lineage = field(compare=False)

    def __call__(self, known: Known) -> History:
        """Corrections may cross programmes, so that all of a provider's events are read."""
        where = {} if self.provider == ALL_PROVIDERS else {"provider_code": self.provider}
        told = self.lineage.told(trajectory_events.SOURCE, **where)
        reaching = with_reach(told, known.sent_again(trajectory_events.SOURCE))
        return _history(self.lineage, self.programme, reaching, horizons_of(known))


def _history(lineage: Lineage, programme: str, told: pl.DataFrame, horizons: pl.DataFrame) -> History:
    won = told.filter(pl.col("rank") == pl.col("rank").max().over(trajectory_events.SOURCE.scope))
    force = in_force(won)
    events = in_order(force.events)
    is_of = pl.lit(programme == EVERY_PROGRAMME) | (pl.col("programme_code") == programme)
    settled = settle(events).filter(is_of)
    trajectories = as_known(settled, horizons).sort(TRAJECTORIES.key)
    return History(lineage, programme, told, won, events, force, settled, trajectories, horizons)
