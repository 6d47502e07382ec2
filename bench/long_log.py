"""A log of very many benefits within minutes: one month goes the real way in, the others are its rows, months later.

Here: making such a data folder, with a release. Not here: what is measured beside it (``bench.explain``). What a night
costs is measured on logs in which every month was delivered (``bench.night``).
"""

from hashlib import sha256
from pathlib import Path

import polars as pl

from bench.night import events, first_of, put_month
from pipeline import settings
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.simulate import persons
from pipeline.store.log.table import short
from schemas.source import VALID_YEAR

_MONTHS_OF_EVENTS = 24
_DAYS = ("reference_date", "started_on", "original_started_on", "ended_on", "delivered_on")


def build(folder: Path, months: int, size: int) -> None:
    """So many months of so many benefits, and two years of events of seven providers, in a release."""
    numbers = persons.citizen_numbers(size, seed=1)
    put_month(folder / "raw", 0, size, numbers)
    for month in range(1, _MONTHS_OF_EVENTS):
        name = f"{first_of(month).replace(day=7)}_trajectory_events_{month}.csv"
        events(month, numbers).write_csv(folder / "raw" / "trajectory_events" / name, separator=";")
    writer = open_writer(settings.load(folder))
    take_in(writer, lambda _: None)
    _repeat(writer, months)
    release(writer, print)


def _repeat(writer: Writer, months: int) -> None:
    log = writer.log
    table, event = log.sources["caseload"], log.events().filter(source="caseload", event="recorded").head(1)
    rows = table.rows().collect()
    for month in range(1, months):
        name = sha256(f"month {month}".encode()).hexdigest()
        moved = _later(rows, month).with_columns(
            pl.lit(first_of(month).year, pl.Int32()).alias(VALID_YEAR), delivery=pl.lit(name)
        )
        table.commit(table.stage(moved, f"{short(name)}-repeated"), f"caseload:{name}", 0)
        told = _later(event, month).with_columns(delivery=pl.lit(name), file_name=pl.lit(f"caseload/{month}.csv"))
        log.append_event(told, f"recorded:{name}", 0)


def _later(frame: pl.DataFrame, months: int) -> pl.DataFrame:
    """The same rows so many months later."""
    days = [name for name in _DAYS if name in frame.columns]
    return frame.with_columns(pl.col(days).dt.offset_by(f"{months}mo"))
