"""All that a job works with: the log, the key, the rules in force, one moment for the whole run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from pipeline import __version__
from pipeline.errors import UitstroomError, write_errors_explained
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.settings import Settings
from pipeline.store import keys
from pipeline.store.log.log import Log, now
from schemas import reference
from schemas.catalogue import RULES_VERSION, SOURCES


class KeyChanged(UitstroomError):
    """The key is not the one the log was written with."""


@dataclass(frozen=True)
class Writer:
    """One run's surroundings.

    ``recorded_at`` is the same for all that the run records, so its order of files does not matter.
    """

    settings: Settings
    log: Log
    key: PseudonymKey
    recorded_at: datetime
    aliases: pl.DataFrame
    rules_version: str = RULES_VERSION
    code_version: str = __version__
    plan: str | None = None
    """The backfill plan that is being applied; every event recorded meanwhile names it."""

    @property
    def today(self) -> date:
        return self.recorded_at.date()


def open_writer(settings: Settings, *, clock: Callable[[], datetime] = now) -> Writer:
    """Folders, log and key of one data folder, made on first use.

    ``recorded_at`` is what the clock says, but always later than all that is in the log: a clock that jumps back must
    not decide which of two deliveries was recorded last. Runs at the same time may share a moment; what they record
    is told apart by its hash. Raises ``CannotWrite`` where a folder cannot be made, ``KeyChanged`` and ``KeyProblem``
    about the key.
    """
    with write_errors_explained("opening the data folder", settings.data_dir):
        for folder in (settings.raw, settings.log, settings.quarantine, settings.curated):
            folder.mkdir(parents=True, exist_ok=True)
        log = Log(settings.log, SOURCES.values())
        used, last = _past(log)
        key = PseudonymKey(keys.load_or_make(settings.key_file, settings.key, may_make=not used))
    _same_key(used, key)
    moment = clock() if last is None else max(clock(), last + timedelta(microseconds=1))
    return Writer(settings=settings, log=log, key=key, recorded_at=moment, aliases=reference.aliases())


def _past(log: Log) -> tuple[list[str], datetime | None]:
    """Ids of the keys that were recorded with, and the latest moment anything was recorded, by whatever clock."""
    # One pass over the deliveries, however many files they lie in.
    told = log.deliveries.rows().select(
        keys=pl.col("key_id").filter(pl.col("event") == "recorded").unique().sort().implode(),
        last=pl.col("recorded_at").max(),
    )
    keys_used, delivered = told.collect().row(0)
    published = log.publications.rows().select(pl.col("recorded_at").max()).collect().item()
    moments = [moment.astimezone(UTC) for moment in (delivered, published) if moment is not None]
    return list(keys_used), max(moments, default=None)


def _same_key(used: list[str], key: PseudonymKey) -> None:
    if used and key.id not in used:
        raise KeyChanged(
            f"The log was written with key {', '.join(used)}, the key at hand is {key.id}. "
            "With another key every client would become a stranger. "
            "Put the former key back (file beside the data folder, or UITSTROOM_KEY)."
        )
