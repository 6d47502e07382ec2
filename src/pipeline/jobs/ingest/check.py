"""What a night would report about a file, before anything is sent: no key, no data folder, nothing written.

Here: one file, digested as in a night (``outcome.digested``), its rows in memory. Not here: what takes other deliveries
to know, such as whether the same bytes are known already.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from pipeline.errors import Rejected, UitstroomError, Unstable
from pipeline.intake.column_names import best_match
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.intake.record import Envelope
from pipeline.jobs import fingerprints
from pipeline.jobs.ingest.file_ingest import FileIngest
from pipeline.jobs.ingest.outcome import digested
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import MemoryStage
from pipeline.store.formats.open_table import open_table
from pipeline.store.keys import KEY_BYTES
from pipeline.store.raw import FileFingerprint, RawFile, fingerprint_file
from schemas import reference
from schemas.catalogue import RULES, SOURCES
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
    named = RawFile(source or "", Path(path), shown(Path(path).name))
    try:
        file = _raw_file(Path(path), source)
        fingerprint = fingerprint_file(file)
    except Rejected as refusal:  # whatever its source, it is not read
        return _refused(named, refusal)
    except Unstable as change:
        return CheckedFile(named.source, named.file_name, "", "unstable", detail=str(change))
    return _digested(file, fingerprint)


def _raw_file(path: Path, source: str | None) -> RawFile:
    if not path.exists():
        raise CannotCheck(f"There is no file {shown(str(path))}.")
    if source is not None and source not in SOURCES:
        raise CannotCheck(f"There is no source {source}; known are {', '.join(SOURCES)}.")
    return RawFile(source or _source_of_folder(path) or _source_of_columns(path), path, shown(path.name))


def _source_of_folder(path: Path) -> str | None:
    return next((folder.name for folder in path.absolute().parents if folder.name in SOURCES), None)


def _source_of_columns(path: Path) -> str:
    found = best_match(open_table(path).header, SOURCES.values(), reference.aliases())
    if found is None:
        raise CannotCheck(
            f"{shown(path.name)}: its columns are those of no source. Name the one that is meant, and the receipt says "
            f"what is missing: --source with one of {', '.join(SOURCES)}."
        )
    return found


def _digested(file: RawFile, fingerprint: FileFingerprint) -> CheckedFile:
    now = datetime.now(UTC)
    envelope = Envelope(
        delivery=fingerprint.delivery,
        processing=0,
        delivered_on=fingerprint.delivered_on or now.date(),
        recorded_at=now,
        rules_version=fingerprints.rules_version(),
    )
    # Pseudonyms only tell rows apart here: any key does, and this one is gone with the process.
    key = PseudonymKey(secrets.token_bytes(KEY_BYTES))
    stage = MemoryStage()
    file_ingest = FileIngest(file, fingerprint, envelope, key=key, stage=stage)
    receipt = digested(file_ingest)
    staged = [stage.restored(each) for each in file_ingest.progress.staged_findings]
    found = pl.concat([pl.DataFrame(schema=SHAPE), *(each.select(SHAPE.names()).cast(SHAPE) for each in staged)])
    return CheckedFile(**vars(receipt), found=found.sort("row", "column", "rule"))


def _refused(file: RawFile, refusal: Rejected) -> CheckedFile:
    """Bytes that could not even be fingerprinted."""
    severity = RULES[refusal.rule].severity.value
    found = pl.DataFrame([(0, refusal.column, refusal.rule, severity)], schema=SHAPE, orient="row")
    return CheckedFile(
        source=file.source,
        file_name=file.file_name,
        delivery="",
        status="rejected",
        delivered_on=date.today(),
        rule=refusal.rule,
        detail=refusal.detail,
        findings={refusal.rule: 1},
        found=found,
    )
