"""What a night would report about a file, before anything is sent: no key, no data folder, nothing written.

Here: one file, digested as in a night (``digest``), its rows in memory. Not here: what takes other deliveries
to know, such as whether the same bytes are known already.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipeline import settings
from pipeline.errors import Rejected, UitstroomError, Unstable
from pipeline.intake import findings as found_in
from pipeline.intake.column_names import best_match
from pipeline.jobs import fingerprints
from pipeline.jobs.ingest.digest import Digest, Order
from pipeline.jobs.ingest.new_files import PendingFile, impossible_day
from pipeline.jobs.ingest.outcome import receipt_of, verdict
from pipeline.jobs.ingest.reading import Desk, reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.remarks import told
from pipeline.jobs.ingest.stages import StagedFrame
from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.raw import RawFile
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.spelling import shown
from schemas.tables.deliveries import FINDINGS

SHAPE = pl.Schema({name: FINDINGS.polars_schema[name] for name in ("row", "column", "rule", "severity")})


class CannotCheck(UitstroomError):
    """No such file or source, or a file that cannot be recognised."""


@dataclass(frozen=True)
class CheckedFile(Receipt):
    """The receipt that a night would give, with every finding."""

    found: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHAPE), compare=False)
    """Grain: row as in the file (0 for the file as a whole), column as the contract names it, rule; with severity."""

    @property
    def is_clean(self) -> bool:
        """Whether it would be recorded whole: no row in quarantine. Warnings and exact copies do not count."""
        return self.status == "recorded" and self.rows_quarantined == 0


def check(path: Path | str, source: str | None = None) -> CheckedFile:
    """Digest one file as a night would, and keep nothing of it.

    ``source``: what kind of file it is; without it the folder of a source above the file decides, else its columns.
    Raises CannotCheck where the file or the source is not there, or neither folder nor columns show the source.
    """
    path, now = Path(path), datetime.now(UTC)
    if not path.exists():
        raise CannotCheck(f"There is no file {shown(str(path))}.")
    if source is not None and source not in SOURCES:
        raise CannotCheck(f"There is no source {source}; known are {', '.join(SOURCES)}.")
    with reading(replace(settings.load(), cluster="")) as desk:
        pending = _landed(path, source, desk, now)
        if pending.fingerprint is None:
            digest = Digest(refusal=pending.refusal, change=pending.change)
        else:
            digest = desk.check(Order(pending.file, pending.fingerprint, 0, now, fingerprints.rules_version()))
    judged = verdict(pending, digest)
    receipt = told(receipt_of(pending, digest, judged, now.date()), digest.told)
    of_file = found_in.described(judged.findings, receipt.source, receipt.delivery, 0)
    parts = [*(each.frame for each in digest.staged_findings if isinstance(each, StagedFrame)), of_file]
    every = pl.concat([pl.DataFrame(schema=SHAPE), *(each.select(SHAPE.names()).cast(SHAPE) for each in parts)])
    return CheckedFile(**vars(receipt), found=every.sort("row", "column", "rule"))


def _landed(path: Path, source: str | None, desk: Desk, now: datetime) -> PendingFile:
    """The file as a night would find it; where its bytes are not read, why."""
    file = RawFile(source or _source_of_folder(path) or "", path.absolute(), shown(path.name))
    try:
        if not file.source:
            file = RawFile(_source_of_columns(file, desk), file.path, file.file_name)
        landed = desk.look(file)
    except (Rejected, Unstable) as reason:  # whatever its source, it is not read
        landed = reason
    if isinstance(landed, FileFingerprint):
        refusal = impossible_day(landed, now)
        return PendingFile(file, None if refusal else landed, refusal=refusal)
    if isinstance(landed, Rejected):
        return PendingFile(file, None, refusal=landed)
    return PendingFile(file, None, change=landed)


def _source_of_folder(path: Path) -> str | None:
    return next((folder.name for folder in path.absolute().parents if folder.name in SOURCES), None)


def _source_of_columns(file: RawFile, desk: Desk) -> str:
    best = best_match(desk.header(file), SOURCES.values(), reference.aliases())
    if best is None:
        raise CannotCheck(
            f"{file.file_name}: its columns are those of no source. Name the one that is meant, and the receipt says "
            f"what is missing: --source with one of {', '.join(SOURCES)}."
        )
    return best
