"""What the log holds from before there was a rule against it: days that cannot be, codes that nobody knows.

Such a row does harm beyond its own figure, and the log is never edited: so it is named, with what to do. Here: asking
today's rules of what was recorded. Not here: those rules (``schemas.sources``), whether the log is whole (``checkup``).
"""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from pipeline.jobs.workspace import Workspace
from pipeline.store.log.table import LogTable
from schemas.catalogue import RULES, SOURCES
from schemas.dated_name import why_not_delivered_on
from schemas.limits.files import CLOCK_AHEAD_HOURS, FIRST_DATE
from schemas.source import DELIVERED_ON, Condition, Source
from schemas.vocabulary import DeliveryStatus

_READING = ["delivery", "processing"]
_UNREADABLE_DATE = "VALUE-001"
_SHOWN = 12
"""Characters of a delivery's hash that a command needs."""


def out_of_bounds(workspace: Workspace, folded: pl.DataFrame) -> tuple[str, ...]:
    """One sentence for every delivery that counts and should not. ``folded``: every delivery with its status."""
    counting = folded.filter(pl.col("status") == DeliveryStatus.RECORDED)
    found = [*_days(counting)]
    for name, source in SOURCES.items():
        found += _rows(source, workspace.log.sources[name], counting.filter(pl.col("source") == name))
    return tuple(found)


def _days(counting: pl.DataFrame) -> Iterator[str]:
    columns = counting.select("file_name", "delivery", DELIVERED_ON, "recorded_at")
    for name, delivery, day, recorded_at in columns.iter_rows():
        why = why_not_delivered_on(day, (recorded_at + timedelta(hours=CLOCK_AHEAD_HOURS)).date())
        if why is None:
            continue
        rename = (
            "give the file in raw a name that begins with the right day, which then counts; or "
            if day > recorded_at.date()
            else ""
        )
        yield (
            f"{name}: delivered_on {why}, so it would win over what was delivered later; "
            f"{rename}{_retract(delivery)} and have it delivered again"
        )


def _rows(source: Source, table: LogTable, counting: pl.DataFrame) -> Iterator[str]:
    conditions = (*_asked(source), *_dates(source))
    if not conditions or counting.is_empty():
        return
    # The status of a delivery says when it was delivered, not the envelope of its rows.
    rows = table.rows().drop(DELIVERED_ON).join(counting.lazy().select(*_READING, DELIVERED_ON), on=_READING)
    broken = [(~each.holds.fill_null(value=True)).sum().alias(str(number)) for number, each in enumerate(conditions)]
    counts = rows.group_by("delivery").agg(broken).collect()
    for row in counting.join(counts, on="delivery").sort("file_name").iter_rows(named=True):
        for number, each in enumerate(conditions):
            if row[str(number)]:
                yield _sentence(source, each, row["file_name"], row["delivery"], row[str(number)])


def _asked(source: Source) -> tuple[Condition, ...]:
    return tuple(each for each in source.conditions if RULES[each.code].is_asked_of_log)


def _dates(source: Source) -> tuple[Condition, ...]:
    dates = [name for name, dtype in source.event_schema().items() if dtype == pl.Date and source.column(name)]
    return tuple(Condition(_UNREADABLE_DATE, name, pl.col(name) >= FIRST_DATE) for name in dates)


def _sentence(source: Source, broken: Condition, file_name: str, delivery: str, rows: int) -> str:
    return (
        f"{file_name}: {rows} row(s) in the log with {source.header_of(broken.column)} against "
        f"{broken.code} ({RULES[broken.code].title}), recorded before that rule; have it read again by today's rules "
        f"(uitstroom backfill, mode revalidate), or {_retract(delivery)}"
    )


def _retract(delivery: str) -> str:
    return f"take it back (uitstroom retract {delivery[:_SHOWN]})"
