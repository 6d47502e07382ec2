"""Looking after an installation: can it run (doctor), and is what it holds whole (verify). Changes nothing."""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.jobs import fingerprints
from pipeline.jobs.workspace import Writer, open_writer
from pipeline.settings import Settings
from pipeline.store.log.log import now
from pipeline.store.releases import releases
from pipeline.versions import delivery_status

_PACKAGES = ("prefect", "pandera", "polars", "pyarrow", "deltalake", "fastexcel", "cryptography")
_LEAST_FREE_BYTES = 1 << 30
_CLOCK_TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``advice`` is the next step where it is not in order."""

    name: str
    is_ok: bool
    found: str
    advice: str = ""


def doctor(settings: Settings) -> tuple[Check, ...]:
    """Key, folders, disk, versions."""
    checks = [_folder(settings), _disk(settings), Check("python", True, platform.python_version())]
    checks += [Check(name, True, version(name)) for name in _PACKAGES]
    checks.append(Check("rules", True, fingerprints.rules_version()))
    try:
        writer = open_writer(settings)
    except (UitstroomError, OSError) as error:
        return (*checks, Check("key and log", False, str(error), "see the message"))
    checks.append(
        Check("key", True, f"id {writer.key.id}, {'environment' if settings.key else settings.key_file.name}")
    )
    checks.append(_clock(writer))
    current = releases.current(settings.curated)
    checks.append(Check("release", current is not None, current.id if current else "none", "run: uitstroom run"))
    return tuple(checks)


def _clock(writer: Writer) -> Check:
    """A moment of recording later than the clock means that one of two clocks was wrong: this one, or an earlier."""
    ahead = writer.recorded_at - now()
    return Check(
        "clock",
        ahead < _CLOCK_TOLERANCE,
        f"{ahead.days} days and {ahead.seconds} seconds behind the log"
        if ahead > timedelta(0)
        else "not behind the log",
        "set the clock; until it has caught up, what is recorded follows the last moment in the log",
    )


def _folder(settings: Settings) -> Check:
    folder = settings.data_dir
    if not folder.is_dir():
        return Check("data folder", False, f"{folder} is not there", "make it, or give --data-dir")
    return Check("data folder", True, str(folder))


def _disk(settings: Settings) -> Check:
    place = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(place).free
    return Check(
        "disk",
        free >= _LEAST_FREE_BYTES,
        f"{free / 1e9:.1f} GB free",
        "free some space: a run needs room for its release",
    )


def verify(writer: Writer) -> tuple[str, ...]:
    """Problems of log, raw files and release; empty when all is whole."""
    folded = delivery_status.statuses(writer.log.events())
    return (
        *_conservation(folded),
        *_rows_in_log(writer, folded),
        *_raw_files(writer, folded),
        *releases.verify(writer.settings.curated),
    )


def _conservation(folded: pl.DataFrame) -> list[str]:
    kept = pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate") + pl.col("rows_held")
    wrong = folded.filter(pl.col("rows_read") != kept)
    return [f"{name}: rows read are not recorded + quarantined + duplicates (or held)" for name in wrong["file_name"]]


def _rows_in_log(writer: Writer, folded: pl.DataFrame) -> list[str]:
    problems = []
    for source, table in writer.log.sources.items():
        told = folded.filter((pl.col("source") == source) & (pl.col("status") == "recorded"))
        rows = (
            table.rows().group_by("delivery", "processing").agg(pl.len(), distinct=pl.col("row").n_unique()).collect()
        )
        both = told.join(rows, on=["delivery", "processing"], how="left").with_columns(
            pl.col("len", "distinct").fill_null(0)
        )
        wrong = both.filter((pl.col("rows_recorded") != pl.col("len")) | (pl.col("len") != pl.col("distinct")))
        problems += [
            f"{name}: the log holds {found} rows, {said} were recorded"
            for name, found, said in wrong.select("file_name", "len", "rows_recorded").iter_rows()
        ]
    return problems


def _raw_files(writer: Writer, folded: pl.DataFrame) -> list[str]:
    problems = []
    for name, delivery in folded.filter(pl.col("size") > 0).select("file_name", "delivery").iter_rows():
        path = writer.settings.raw / name
        if path.is_file() and _hash(path) != delivery:
            problems.append(
                f"raw/{name}: the bytes are no longer those that were recorded; files in raw are never changed"
            )
    return problems


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    return digest.hexdigest()
