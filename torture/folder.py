"""A data folder under torture, and what must hold after every fault: the same as in the folder nobody disturbed.

Not here: the faults (``killings``, ``disks``, ``permission_faults``).
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.jobs.nightly import take_in
from pipeline.jobs.release.publish import release
from pipeline.jobs.release.release_history import ReleaseHistory
from pipeline.jobs.upkeep.checkup import verify
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.settings import Settings
from pipeline.store.releases import releases
from schemas.catalogue import TABLES
from torture import deliveries
from torture.writer import Order, clock_on, settings_of

NOT_COMPARED = {"restatements", "releases"}
"""Both hold the history of releases, and a killed run may leave one release more or less."""

_PASSING = ("unstable", "settled")
"""Events that tell of a cell that was killed, and that it is over; the table ``deliveries`` must not show them."""
_CLOCK = "recorded_at"
_READING = ["source", "delivery", "processing"]


@dataclass(frozen=True)
class Snapshot:
    """All that has to be equal in two folders that were given the same files."""

    tables: Mapping[str, pl.DataFrame]
    events: pl.DataFrame
    rows: pl.DataFrame

    def differences(self, other: "Snapshot") -> list[str]:
        """Names of what differs; nothing of what is in it."""
        found = [f"table {name}" for name in self.tables if not self.tables[name].equals(other.tables[name])]
        found += [] if self.events.equals(other.events) else [_counts("events", self.events, other.events)]
        return found + ([] if self.rows.equals(other.rows) else [_counts("rows in the log", self.rows, other.rows)])


def _counts(what: str, one: pl.DataFrame, other: pl.DataFrame) -> str:
    lost, added = one.join(other, on=one.columns, how="anti"), other.join(one, on=one.columns, how="anti")
    doubled = other.height - other.unique().height
    return f"{what}: {lost.height} lost, {added.height} added, {doubled} doubled"


@dataclass(frozen=True)
class DataFolder:
    """One folder with its deliveries, log and releases."""

    path: Path
    day: str

    @property
    def settings(self) -> Settings:
        return settings_of(self.path)

    @property
    def data(self) -> Path:
        return self.path / "data"

    def put(self, files: deliveries.Files) -> None:
        for name, content in files.items():
            path = self.settings.raw / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def copy_to(self, path: Path) -> "DataFolder":
        """The same folder elsewhere, in place of what is there."""
        shutil.rmtree(path / "data", ignore_errors=True)
        shutil.copytree(self.data, path / "data", symlinks=True)
        return DataFolder(path, self.day)

    def order(self, **how: object) -> Order:
        return Order(str(self.path), self.day, **how)  # type: ignore[arg-type]

    def writer(self) -> Writer:
        return open_writer(self.settings, clock=lambda: clock_on(self.day))

    def run(self) -> None:
        """A normal run, in this process."""
        writer = self.writer()
        take_in(writer, lambda _: None)
        release(writer, lambda _: None)

    def snapshot(self) -> Snapshot:
        current = releases.current(self.settings.curated)
        if current is None:
            raise RuntimeError(f"{self.path.name}: no release")
        names = [name for name in TABLES if name not in NOT_COMPARED]
        tables = {name: releases.read(current, name).drop(_CLOCK, strict=False).collect() for name in names}
        writer = self.writer()
        own = writer.log.events().filter(~pl.col("event").is_in(_PASSING))
        events = own.select(*_READING, "event", "file_name")
        rows = [
            table.rows().select(pl.lit(source).alias("source"), "delivery", "processing", "row").collect()
            for source, table in writer.log.sources.items()
        ]
        findings = writer.log.findings.rows().select(
            pl.format("findings {}", "source").alias("source"), *_READING[1:], "row"
        )
        return Snapshot(tables, _sorted(events), _sorted(pl.concat([*rows, findings.collect()])))

    def problems(self) -> tuple[str, ...]:
        return verify(self.writer())


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns)


def undisturbed(path: Path, day: str, waves: int) -> Iterator[tuple[DataFolder, Snapshot]]:
    """The folder nobody disturbs: after the first files (number 0), and after every wave."""
    folder = DataFolder(path, day)
    for number in range(waves + 1):
        folder.put(deliveries.wave(number) if number else deliveries.first())
        folder.run()
        yield folder, folder.snapshot()


def faults_after(folder: DataFolder, expected: Snapshot) -> list[str]:
    """What is wrong after a normal run: problems that ``verify`` finds, and every difference from what was expected."""
    return [*folder.problems(), *_history_faults(folder), *expected.differences(folder.snapshot())]


def _history_faults(folder: DataFolder) -> list[str]:
    """The release last recorded as published is the current one, and what it changed is recorded once."""
    writer, current = folder.writer(), releases.current(folder.settings.curated)
    last = ReleaseHistory.of(writer).last
    is_shown = last is not None and current is not None and last.release == current.id
    changes = writer.log.restatements.rows().select("release", "table", "key", "column").collect()
    checks = {
        "the release last recorded is not current": is_shown,
        "a change was recorded twice": not changes.is_duplicated().any(),
    }
    return [fault for fault, is_right in checks.items() if not is_right]
