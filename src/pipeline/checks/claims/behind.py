"""What is behind the figure that a claim is compared with: cells of curated tables, rows of CBS, events of a programme.

Here: answers that a candidate carries, made where its value is made. Not here: the values (``evidence`` and its
neighbours), the explanation of a whole row (``check``).
"""

from collections.abc import Callable, Iterable
from datetime import date

import polars as pl

from pipeline.checks.cbs_figures import cbs_traces
from pipeline.checks.events_counted import events_of
from pipeline.versions.explanation import Behind, Cell, Lineage, Stated, Trace
from schemas.sources import national_statistics, trajectory_events
from schemas.tables.caseload import CASELOAD_FLOW, CASELOAD_STOCK
from schemas.vocabulary import DeliveryStatus, EventKind

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


def reference_data(what: str) -> Answer:
    return lambda _: [Stated("reference data", what)]


def events(trajectories: pl.DataFrame, horizon: date, *kinds: EventKind) -> Answer:
    """The events that decide for these trajectories (provider_code, trajectory_id); and one that shows that events are
    known as far as ``horizon``.
    """

    def answer(lineage: Lineage) -> Iterable[Behind]:
        yield from events_of(lineage, trajectories, kinds)
        yield from _known_until(lineage, horizon)

    return answer


def _known_until(lineage: Lineage, horizon: date) -> list[Trace]:
    """The last row of the delivery of that day; where none of its rows count, the delivery."""
    name = trajectory_events.SOURCE.name
    of_day = lineage.statuses.filter(source=name, delivered_on=horizon, status=DeliveryStatus.RECORDED).head(1)
    for delivery in of_day["delivery"]:
        rows = lineage.rows(trajectory_events.SOURCE).filter(pl.col("delivery") == delivery)
        if rows.is_empty():
            return [lineage.trace("known until", name, delivery)]
        return lineage.traces("known until", trajectory_events.SOURCE, rows.sort("occurred_on", "row").tail(1))
    return []
