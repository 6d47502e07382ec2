"""Looking after an installation: can it run (doctor), and is what it holds whole (verify). Changes nothing."""

import platform
import shutil
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

import polars as pl

from pipeline.errors import UitstroomError
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.jobs import fingerprints
from pipeline.jobs.upkeep.log_bounds import out_of_bounds
from pipeline.jobs.workspace import Workspace, clock_is_behind, keys_used, open_workspace
from pipeline.settings import KEY, KEY_FILE, Settings
from pipeline.store import keys
from pipeline.store.fs import file_sha256
from pipeline.store.raw import list_raw
from pipeline.store.releases import releases
from pipeline.store.rights import openings
from pipeline.store.storage.data_folder import published, refresh_raw
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
    if not settings.remote and not settings.data_dir.is_dir():
        return tuple(checks)
    try:
        workspace = open_workspace(settings)
        checks += [_key(workspace), _clock(workspace), _rights(settings)]
        current = releases.current(settings.curated)
    except (UitstroomError, OSError) as error:
        return (*checks, Check("log", False, str(error), "see the message"))
    checks.append(Check("release", current is not None, current.id if current else "none", "run: uitstroom run"))
    return tuple(checks)


def _key(workspace: Workspace) -> Check:
    """Needed to record, not to read. Nothing is made here: the first run makes one."""
    settings, used = workspace.settings, keys_used(workspace.log)
    where = "environment" if settings.key else settings.key_file.name
    try:
        secret = keys.load(settings.key_file, settings.key)
    except UitstroomError as error:
        return Check("key", False, str(error), "see the message")
    if secret is None and settings.remote:
        return Check("key", False, f"none in {where}", f"set {KEY} or {KEY_FILE} before you record; reading needs none")
    if secret is None:
        advice = "restore it from your backup before you record; reading needs none"
        return Check(
            "key", not used, f"none in {where}, {'the log has one' if used else 'the first run makes it'}", advice
        )
    found = PseudonymKey(secret).id
    advice = f"the log was written with {', '.join(used)}: put that key back"
    return Check("key", not used or found in used, f"id {found}, {where}", advice)


def _clock(workspace: Workspace) -> Check:
    """A moment of recording later than the clock means that one of two clocks was wrong: this one, or an earlier."""
    behind = clock_is_behind(workspace)
    return Check(
        "clock",
        behind < _CLOCK_TOLERANCE,
        f"{behind.days} days and {behind.seconds} seconds behind the log"
        if behind > timedelta(0)
        else "not behind the log",
        "set the clock; until it has caught up, what is recorded follows the last moment in the log",
    )


def _rights(settings: Settings) -> Check:
    """Groups may be meant; everybody, and a lock that somebody else can hold, is not."""
    found = openings(settings)
    wrong = [each for each in found if each.is_lock or each.group is None]
    return Check(
        "rights",
        not wrong,
        "; ".join(map(str, found)) or "open to its owner alone",
        "close it with chmod (docs/how-to/share.md has the rights of every folder)",
    )


def _folder(settings: Settings) -> Check:
    if settings.remote:
        return Check("data folder", True, f"{settings.remote}, worked on in {settings.data_dir}")
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


def verify(workspace: Workspace) -> tuple[str, ...]:
    """Problems of log, raw files and release; empty when all is whole."""
    folded = delivery_status.statuses(workspace.log.events())
    refresh_raw(workspace.settings)
    there = published(workspace.settings)
    if there is not None:
        there.refresh()
    return (
        *_conservation(folded),
        *_rows_in_log(workspace, folded),
        *out_of_bounds(workspace, folded),
        *_raw_files(workspace, folded),
        *releases.verify(workspace.settings.curated),
        *(there.problems() if there is not None else ()),
    )


def _conservation(folded: pl.DataFrame) -> list[str]:
    kept = pl.col("rows_recorded") + pl.col("rows_quarantined") + pl.col("rows_duplicate") + pl.col("rows_held")
    wrong = folded.filter(pl.col("rows_read") != kept)
    return [f"{name}: rows read are not recorded + quarantined + duplicates (or held)" for name in wrong["file_name"]]


def _rows_in_log(workspace: Workspace, folded: pl.DataFrame) -> list[str]:
    problems = []
    for source, table in workspace.log.sources.items():
        recorded = folded.filter((pl.col("source") == source) & (pl.col("status") == "recorded"))
        rows = (
            table.rows().group_by("delivery", "processing").agg(pl.len(), distinct=pl.col("row").n_unique()).collect()
        )
        both = recorded.join(rows, on=["delivery", "processing"], how="left").with_columns(
            pl.col("len", "distinct").fill_null(0)
        )
        wrong = both.filter((pl.col("rows_recorded") != pl.col("len")) | (pl.col("len") != pl.col("distinct")))
        problems += [
            f"{name}: the log holds {found} rows, {expected} were recorded"
            for name, found, expected in wrong.select("file_name", "len", "rows_recorded").iter_rows()
        ]
    return problems


def _raw_files(workspace: Workspace, folded: pl.DataFrame) -> list[str]:
    problems = []
    there = {file.file_name: file.path for file in list_raw(workspace.settings.raw)}
    # Of a rejected or refused file nothing was recorded: a corrected one may lie there under its name.
    taken = folded.filter((pl.col("size") > 0) & ~pl.col("status").is_in(["rejected", "removed", "refused"]))
    for name, delivery, status in taken.select("file_name", "delivery", "status").iter_rows():
        path = there.get(name)
        if path is not None and path.is_file() and file_sha256(path) != delivery:
            problems.append(_replaced(name, delivery, status))
    return problems


def _replaced(name: str, delivery: str, status: str) -> str:
    if status == "held":
        return (
            f"raw/{name}: another file lies under the name of a delivery that waits, and without its bytes that cannot "
            f"be accepted; refuse it (uitstroom reject {delivery[:12]}), or put the former file back"
        )
    return f"raw/{name}: the bytes are no longer those that were recorded; files in raw are never changed"
