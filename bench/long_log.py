"""A log of very many benefits within minutes: one month goes the real way in, the others are its rows, months later.

Here: making such a data folder, with a release. Not here: what is measured beside it (``bench.explain``). What a night
costs is measured on logs in which every month was delivered (``bench.night``).
"""

from hashlib import sha256
from pathlib import Path

import polars as pl

from bench.night import events, first_of, put_month
from bench.told_beside import put_beside
from pipeline import settings
from pipeline.jobs.delivery_decisions import decide
from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.simulate import persons
from pipeline.store.log.table import short
from pipeline.versions.gates.kept import as_text, from_text
from schemas.source import VALID_YEAR
from schemas.vocabulary import Decision

_MONTHS_OF_EVENTS = 24
_DAYS = ("reference_date", "started_on", "original_started_on", "ended_on", "delivered_on")


def build(folder: Path, months: int, size: int) -> None:
    """So many months of so many benefits, and two years of events of seven providers, in a release."""
    numbers = persons.citizen_numbers(size, seed=1)
    put_month(folder / "raw", 0, size, numbers)
    for month in range(1, _MONTHS_OF_EVENTS):
        name = f"{first_of(month).replace(day=7)}_trajectory_events_{month}.csv"
        events(month, numbers).write_csv(folder / "raw" / "trajectory_events" / name, separator=";")
    put_beside(folder / "raw", months, size)
    writer = open_writer(settings.load(folder))
    take_in(writer, lambda _: None)
    _repeat(writer, months)
    release(writer, lambda _: None)
    _told_again(writer, months - 1)
    _taken_back(writer, months - 1)
    release(writer, lambda _: None)


def _repeat(writer: Writer, months: int) -> None:
    rows, event = writer.log.sources["caseload"].rows().collect(), _event(writer)
    for month in range(1, months):
        _deliver(writer, _later(rows, month), _later(event, month), f"month {month}", month)


def _told_again(writer: Writer, month: int) -> None:
    """The last month once more, a week later and with one benefit in fifty lacking."""
    log = writer.log
    rows = log.sources["caseload"].rows().filter(reference_date=first_of(month)).collect()
    event = _later(_event(writer), month).with_columns(pl.col("delivered_on").dt.offset_by("7d"))
    _deliver(writer, rows.filter(pl.col("row") % 50 != 0), event, f"month {month} again", month)


def _taken_back(writer: Writer, month: int) -> None:
    """The last month once more, with one benefit in ten lacking, and retracted by a steward."""
    rows = writer.log.sources["caseload"].rows().filter(reference_date=first_of(month)).collect()
    event = _later(_event(writer), month).with_columns(pl.col("delivered_on").dt.offset_by("9d"))
    lacking = rows.unique("row").sort("row").filter(pl.col("row") % 10 != 0)
    name = _deliver(writer, lacking, event, f"month {month} wrong", month)
    decide(writer, Decision.RETRACTED, name, by="bench", why="to be told beside its figures")


def _event(writer: Writer) -> pl.DataFrame:
    """The event of the month that went the real way."""
    return writer.log.events().filter(source="caseload", event="recorded").sort("delivered_on").head(1)


def _deliver(writer: Writer, rows: pl.DataFrame, event: pl.DataFrame, what: str, month: int) -> str:
    log, name = writer.log, sha256(what.encode()).hexdigest()
    table = log.sources["caseload"]
    own = rows.with_columns(
        pl.lit(first_of(month).year, pl.Int32()).alias(VALID_YEAR),
        pl.lit(event["delivered_on"][0]).alias("delivered_on"),
        delivery=pl.lit(name),
    )
    table.commit(table.stage(own, f"{short(name)}-repeated"), f"caseload:{name}", 0)
    told = event.with_columns(delivery=pl.lit(name), file_name=pl.lit(f"caseload/{what.replace(' ', '_')}.csv"))
    log.append_event(told, f"recorded:{name}", 0)
    return name


def _later(frame: pl.DataFrame, months: int) -> pl.DataFrame:
    """The same rows so many months later."""
    days = [name for name in _DAYS if name in frame.columns]
    later = frame.with_columns(pl.col(days).dt.offset_by(f"{months}mo"))
    if "scopes" not in later.columns:
        return later
    scopes = [from_text(text).with_columns(pl.col("valid_on").dt.offset_by(f"{months}mo")) for text in later["scopes"]]
    return later.with_columns(scopes=pl.Series([as_text(each) for each in scopes], dtype=pl.String))
