"""What a job works with. A ``Workspace`` reads one data folder; a ``Writer`` adds the key and one moment for the whole
run.

Here: opening them. Not here: what is done with them. Reading needs no key: an auditor explains, verifies, compares and
looks back without the secret that could name a client.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline import __version__
from pipeline.errors import UitstroomError, write_errors_explained
from pipeline.jobs import fingerprints
from pipeline.settings import KEY, KEY_FILE, Settings
from pipeline.store import keys
from pipeline.store.log.log import Log, now
from pipeline.store.rights import make_folders
from pipeline.store.storage.data_folder import refresh, refresh_raw
from schemas.catalogue import SOURCES
from schemas.sentences import Sentence

if TYPE_CHECKING:
    from pipeline.intake.pseudonym import PseudonymKey

Progress = Callable[[Sentence], None]
"""Called with what is being done, as long work goes on."""


class KeyChanged(UitstroomError):
    """The key is not the one the log was written with."""


class NothingThere(UitstroomError):
    """There is no data folder to read."""


def code_version() -> str:
    """The version of the program, and a fingerprint of all in it that decides a table."""
    return f"{__version__}+{fingerprints.tables_version()}"


@dataclass(frozen=True)
class Workspace:
    """One data folder, to be read: raw files, log, releases. Nothing is made or changed through it but releases put
    aside as known on a day.
    """

    settings: Settings
    log: Log
    rules_version: str = field(default_factory=fingerprints.rules_version, kw_only=True)
    code_version: str = field(default_factory=code_version, kw_only=True)


@dataclass(frozen=True)
class Writer(Workspace):
    """The one who records and publishes, for one run.

    ``recorded_at`` is the same for all that the run records, so its order of files does not matter.
    """

    key: "PseudonymKey"
    recorded_at: datetime
    plan: str | None = field(default=None, kw_only=True)
    """The backfill plan that is being applied; every event recorded meanwhile names it."""

    @property
    def today(self) -> date:
        return self.recorded_at.date()


def open_workspace(settings: Settings) -> Workspace:
    """A data folder as it is. Raises NothingThere where there is none."""
    refresh(settings)
    if not settings.data_dir.is_dir():
        raise NothingThere(f"{settings.data_dir} is no folder. Give the data folder: --data-dir FOLDER")
    return Workspace(settings, Log(settings.log_place, SOURCES.values()))


def open_writer(settings: Settings, *, clock: Callable[[], datetime] = now) -> Writer:
    """Folders, log and key of one data folder, made on first use.

    ``recorded_at`` is what the clock says, but always later than all that is in the log: a clock that jumps back must
    not decide which of two deliveries was recorded last. Runs at the same time may share a moment; what they record
    is told apart by its hash. Raises ``CannotWrite`` where a folder cannot be made, ``KeyChanged`` and ``KeyProblem``
    about the key.
    """
    from pipeline.intake.pseudonym import PseudonymKey  # numpy and cryptography, for writers alone

    with write_errors_explained("opening the data folder", settings.data_dir):
        make_folders(settings)
        refresh(settings, to_read=False)
        refresh_raw(settings)
        log = Log(settings.log_place, SOURCES.values())
        used, last = _past(log)
        key = PseudonymKey(_secret(settings, used))
    _same_key(used, key)
    return Writer(settings, log, key, _moment(clock(), last))


def _secret(settings: Settings, used: Collection[str]) -> bytes:
    """The key. One is made where nothing was recorded yet, and never for a data folder that several machines share."""
    if not settings.remote:
        return keys.load_or_make(settings.key_file, settings.key, may_make=not used)
    if (found := keys.load(settings.key_file, settings.key)) is not None:
        return found
    raise keys.KeyProblem(
        f"There is no key here, and none is made for {settings.remote}: every machine that records there needs the "
        f"same. Set {KEY} or {KEY_FILE}; a first key is made by: openssl rand -hex 32. Keep a copy outside the bucket."
    )


def _moment(now: datetime, last: datetime | None) -> datetime:
    return now if last is None else max(now, last + timedelta(microseconds=1))


def clock_is_behind(workspace: Workspace) -> timedelta:
    """How far the clock is behind the latest moment in the log; nothing, or less, where it is not."""
    _, last = _past(workspace.log)
    return timedelta(0) if last is None else last - now()


def keys_used(log: Log) -> list[str]:
    """Ids of the keys that the log was written with."""
    return _past(log)[0]


def _past(log: Log) -> tuple[list[str], datetime | None]:
    """Ids of the keys that were recorded with, and the latest moment anything was recorded, by whatever clock."""
    # One pass over the deliveries, however many files they lie in.
    found = log.deliveries.rows().select(
        keys=pl.col("key_id").filter(pl.col("event") == "recorded").unique().sort().implode(),
        last=pl.col("recorded_at").max(),
    )
    keys_used, delivered = found.collect().row(0)
    published = log.publications.rows().select(pl.col("recorded_at").max()).collect().item()
    moments = [moment.astimezone(UTC) for moment in (delivered, published) if moment is not None]
    return list(keys_used), max(moments, default=None)


def _same_key(used: list[str], key: "PseudonymKey") -> None:
    if used and key.id not in used:
        raise KeyChanged(
            f"The log was written with key {', '.join(used)}, the key at hand is {key.id}. "
            "With another key every client would become a stranger. "
            "Put the former key back (file beside the data folder, or UITSTROOM_KEY)."
        )
