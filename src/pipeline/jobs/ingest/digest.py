"""One file read to its end, in a cell: rows and findings staged, nothing committed.

Here: the order that goes in and the digest that comes out, both small enough to be sent. Not here: the steps of reading
(``file_ingest``), who gives the order (``reading``), what becomes of a digest (``outcome``, ``ingest``).
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.errors import Rejected, Unstable, write_errors_explained
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.intake.record import Envelope
from pipeline.intake.scope_rows import CAUSES, gathered, summed
from pipeline.jobs.ingest.file_ingest import FileIngest
from pipeline.jobs.ingest.stages import MemoryTable, Stage, Staged
from pipeline.store import keys
from pipeline.store.file_fingerprint import FileFingerprint, confirm_unchanged
from pipeline.store.formats.open_table import open_table
from pipeline.store.log.log import Log
from pipeline.store.raw import RawFile
from pipeline.versions.gates.closed import Closed
from schemas.catalogue import SOURCES
from schemas.scope import SCOPE_ROWS

KEY_VARIABLE = "UITSTROOM_KEY"


@dataclass(frozen=True)
class Order:
    """One file to be read. The key is none of it: the cell has it from the settings it was started with."""

    file: RawFile
    fingerprint: FileFingerprint
    processing: int
    recorded_at: datetime
    rules_version: str
    attempt: str = ""
    """What the names of staged files begin with."""
    log: Path | str | None = None
    """Where rows are staged; None for a file that is only checked: they stay in memory, and go with the cell."""
    key_file: Path | None = None
    key_id: str = ""


@dataclass(frozen=True)
class Digest:
    """What one file came to. Its rows are staged, and nothing of it counts yet."""

    rows_read: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    """Findings by rule code."""
    staged: tuple[Staged, ...] = ()
    staged_findings: tuple[Staged, ...] = ()
    scopes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCOPE_ROWS), compare=False)
    """``SCOPE_ROWS``: what it holds of each scope."""
    causes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CAUSES), compare=False)
    """Why rows are in quarantine: rule, column, rows, and the first of them."""
    closed: tuple[Closed, ...] = ()
    """Gates that its own rows close, whatever was delivered before."""
    told: tuple[Closed, ...] = ()
    """What its receipt says beside what becomes of it."""
    refusal: Rejected | None = None
    """Why it cannot become a delivery; nothing of it is staged then."""
    change: Unstable | None = None
    """Why it is to be tried again; nothing of it is staged then."""

    @property
    def rows_good(self) -> int:
        return self.rows_read - self.rows_quarantined - self.rows_duplicate


def digest(order: Order) -> Digest:
    """Read one file to its end, and stage what is to be committed. Bad input never raises: it becomes a digest.

    Raises CannotWrite where the disk takes no more, KeyProblem where the key is not the one of the order.
    """
    stage = _stage(order)
    file_ingest = FileIngest(order.file, order.fingerprint, _envelope(order), key=_key(order), stage=stage)
    try:
        with write_errors_explained("storing what was read", order.log or order.file.path):
            file_ingest.read()
        confirm_unchanged(order.file, order.fingerprint)
    except (Rejected, Unstable) as reason:
        stage.discard()
        return Digest(refusal=reason) if isinstance(reason, Rejected) else Digest(change=reason)
    except BaseException:  # whatever ended it: what was staged must not stay behind
        stage.discard()
        raise
    progress = file_ingest.progress
    return Digest(
        rows_read=progress.rows_read,
        rows_quarantined=progress.rows_quarantined,
        rows_duplicate=progress.rows_duplicate,
        by_rule=dict(progress.by_rule),
        staged=tuple(progress.staged) if order.log else (),  # rows in memory are gone with the answer
        staged_findings=tuple(progress.staged_findings),
        scopes=summed(progress.scopes),
        causes=gathered(progress.causes),
        closed=tuple(progress.closed),
        told=tuple(progress.told),
    )


def header(file: RawFile) -> tuple[str, ...]:
    """The names of its columns. Raises Rejected and Unstable."""
    return open_table(file.path).header


def _stage(order: Order) -> Stage:
    if order.log is None:
        return Stage(MemoryTable(), MemoryTable())
    log = Log(order.log, [SOURCES[order.file.source]])
    return Stage(log.sources[order.file.source], log.findings, order.attempt)


def _envelope(order: Order) -> Envelope:
    return Envelope(
        delivery=order.fingerprint.delivery,
        processing=order.processing,
        delivered_on=order.fingerprint.day(order.recorded_at.date()),
        recorded_at=order.recorded_at,
        rules_version=order.rules_version,
    )


def _key(order: Order) -> PseudonymKey:
    """The key that rows are recorded with; for a check any key does, since it only tells rows apart."""
    if order.key_file is None:
        return PseudonymKey(secrets.token_bytes(keys.KEY_BYTES))
    key = _key_at(order.key_file)
    if key.id != order.key_id:
        raise keys.KeyProblem("The key was changed while files were taken in. Put the former key back and run again.")
    return key


@cache
def _key_at(path: Path) -> PseudonymKey:
    return PseudonymKey(keys.load_or_make(path, os.environ.get(KEY_VARIABLE), may_make=False))
