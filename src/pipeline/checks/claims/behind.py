"""What is behind the figure that a claim is compared with: cells of curated tables, rows of CBS, events of a programme.

Here: answers that a candidate carries, made where its value is made. Not here: the values (``evidence`` and its
neighbours), the explanation of a whole row (``check``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline.checks.cbs_figures import cbs_traces
from pipeline.checks.events_counted import PARTS
from pipeline.trajectories.history import SINCE, History, history, not_yet
from pipeline.trajectories.programme_facts import ProgrammeFacts, facts_of, started
from pipeline.trajectories.steps import TRAJECTORY
from pipeline.versions.explanation import Behind, Cell, Lineage, Stated, Trace
from schemas.sources import national_statistics
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.vocabulary import ALL_PROVIDERS, EventKind

Answer = Callable[[Lineage], Iterable[Behind]]


def stocks(region: str, series: str, *days: date) -> Answer:
    """Stocks of one series on these days."""
    cells = [Cell(f"stock on {day}", CASELOAD_STOCK, (region, day, series), "benefits") for day in days]
    return lambda _: cells


def stock_there(region: str, series: str, day: date) -> Cell:
    """That there is a stock on a day."""
    return Cell(f"there is {day}", CASELOAD_STOCK, (region, day, series), "delivery")


def flows(region: str, series: str, ends: Iterable[date], columns: Iterable[str]) -> Answer:
    """Flows of the intervals that end on these days."""
    days = list(ends)
    cells = [Cell(name, CASELOAD_FLOW, (region, day, series), name) for name in columns for day in days]
    return lambda _: cells


def of_the_country(*days: date) -> Answer:
    """CBS table 37789ksz at the end of these months."""

    def answer(lineage: Lineage) -> Iterable[Behind]:
        for day in days:
            rows = lineage.rows(national_statistics.SOURCE, is_month=True, reference_date=day)
            yield from lineage.traces("CBS figure", national_statistics.SOURCE, rows)

    return answer


def of_a_municipality(region: str, year: int) -> Answer:
    """CBS figures of a municipality and year, to AOW age."""
    return lambda lineage: cbs_traces(lineage, region, year)


_BEFORE = "named as known before"
_DAYS = {EventKind.PLACED: "placed_on", EventKind.ENDED: "ended_on"}


@dataclass(frozen=True)
class Events:
    """The events that decide for some trajectories (provider_code, trajectory_id), and what it takes beside them: tried
    with what is said of the programme.
    """

    facts: ProgrammeFacts
    trajectories: pl.DataFrame
    kinds: tuple[EventKind, ...]
    stated: tuple[Stated, ...] = ()
    until: date | None = None
    """From this day on no placement and no end decides."""
    said: Callable[[ProgrammeFacts], object] = lambda facts: facts
    """What would be said of other facts."""
    before: tuple[Trace, ...] = ()
    """What the same words tell of an earlier day: it stands beside these."""

    def __call__(self, lineage: Lineage) -> Iterable[Behind]:
        of, horizon = history(lineage, self.facts.programme_code), self.facts.horizon
        rows = [of.first(kind, self._with(kind), PARTS[kind]) for kind in self.kinds]
        there = of.events_of(self.before, _BEFORE)
        beside = [there, not_yet(of.by_which_they_stand(there, SINCE), rows)] if self.before else []
        for trace in of.traces([*rows, *beside], {ALL_PROVIDERS: (horizon, horizon)}, self):
            if trace.part != _BEFORE:
                yield trace
        yield from self.stated

    def _with(self, kind: EventKind) -> pl.DataFrame:
        """Those of which such an event decides."""
        if self.until is None or kind not in _DAYS:
            return self.trajectories
        before = self.facts.trajectories.filter(pl.col(_DAYS[kind]) < self.until)
        return self.trajectories.join(before, on=TRAJECTORY, how="semi")

    def is_given_by(self, history: History) -> bool:
        facts = facts_of(started(history.settled), history.horizons).get(self.facts.programme_code)
        return facts is not None and self.said(facts) == self.said(self.facts)
