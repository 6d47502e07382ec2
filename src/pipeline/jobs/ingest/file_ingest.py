"""One reading of one file, batch by batch: parse, judge, pseudonymise, stage. Here: what is known of it so far.

Not here: what becomes of the delivery (``ingest``), and any rule about data (``core``).
"""

import os
import time
from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from pipeline.errors import Rejected
from pipeline.intake import findings as found
from pipeline.intake.column_names import Resolution, best_match, resolve
from pipeline.intake.file_name_facts import facts
from pipeline.intake.parse import parse
from pipeline.intake.record import Envelope, events
from pipeline.intake.validate import judge, key_conflicts
from pipeline.jobs.ingest.discovery import PendingFile
from pipeline.jobs.ingest.ordered_thread_map import ordered_thread_map
from pipeline.jobs.workspace import Writer
from pipeline.store.formats.open_table import TextTable, open_table
from pipeline.store.formats.text_table import TextBatch
from pipeline.store.log.log import LogTable, StagedFile, discard, short
from pipeline.store.raw import FileFingerprint
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.limits import HOLD_ABOVE_SHARE
from schemas.source import Source

WORKERS = 3
"""Batches worked on at once. More would hold more text in memory than they save time."""

_ENVELOPE = ("delivery", "processing", "delivered_on", "recorded_at", "rules_version")


@dataclass(frozen=True)
class _Digested:
    """One batch after all its steps."""

    rows_read: int
    rows_quarantined: int
    by_rule: Counter[str]
    staged: list[StagedFile]
    staged_findings: list[StagedFile]
    keys: pl.Series
    """A hash of the key of each staged row."""


@dataclass
class Progress:
    """What has been read so far."""

    rows_read: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    staged: list[StagedFile] = field(default_factory=list)
    staged_findings: list[StagedFile] = field(default_factory=list)
    keys: list[pl.Series] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)

    @property
    def rows_good(self) -> int:
        return self.rows_read - self.rows_quarantined - self.rows_duplicate

    @property
    def must_be_held(self) -> bool:
        return self.rows_quarantined > HOLD_ABOVE_SHARE * self.rows_read

    def add(self, digested: _Digested) -> None:
        self.rows_read += digested.rows_read
        self.rows_quarantined += digested.rows_quarantined
        self.staged += digested.staged
        self.staged_findings += digested.staged_findings
        self.keys.append(digested.keys)
        self.by_rule.update(digested.by_rule)


class Reading:
    """One reading of one file: everything its steps share.

    Staged files are no part of the log until they are committed.
    """

    def __init__(self, writer: Writer, arrival: PendingFile, landed: FileFingerprint) -> None:
        self.writer = writer
        self.arrival = arrival
        self.landed = landed
        self.source: Source = SOURCES[arrival.file.source]
        self.rows: LogTable = writer.log.sources[self.source.name]
        self.progress = Progress()
        self.envelope = Envelope(
            delivery=landed.delivery,
            processing=arrival.processing,
            delivered_on=landed.delivered_on or writer.today,
            recorded_at=writer.recorded_at,
            rules_version=writer.rules_version,
        )
        self.attempt = f"{short(landed.delivery)}-{arrival.processing}-{os.getpid()}-{time.time_ns()}"

    def read(self) -> None:
        """Read the file to its end. Raises ``Rejected`` or ``Unstable`` where it cannot become a delivery."""
        table = open_table(self.arrival.file.path)
        resolution = self._resolve(table)
        constants = self._constants()
        self.add_findings(_unknown_columns(resolution))

        def digest(numbered: tuple[int, TextBatch]) -> _Digested:
            return self._digest(*numbered, table, resolution, constants)

        for digested in ordered_thread_map(digest, enumerate(table.batches), WORKERS):
            self.progress.add(digested)
        if self.progress.rows_read == 0:
            raise Rejected("FILE-009", "the file has a header and no rows")
        self._settle_keys()

    def add_findings(self, findings: pl.DataFrame) -> None:
        """Stage findings that do not come from a batch."""
        self.progress.by_rule.update(_by_rule(findings))
        self.progress.staged_findings += self._stage_findings(findings, f"s{len(self.progress.staged_findings)}")

    def discard(self) -> None:
        """Remove everything staged by this attempt, also what a worker wrote before another one failed."""
        self.rows.discard_attempt(self.attempt)
        self.writer.log.findings.discard_attempt(self.attempt)

    def _digest(
        self, number: int, batch: TextBatch, table: TextTable, resolution: Resolution, constants: dict[str, str]
    ) -> _Digested:
        parsed = parse(batch.frame, self.source, resolution.cells, constants=constants, is_excel=table.is_excel)
        judged = judge(parsed, self.source)
        misshapen = batch.misshapen.select("row", pl.lit("").alias("column"), "rule")
        findings = pl.concat([misshapen, judged.findings])
        frame = events(judged.good, self.source, self.envelope, self.writer.key)
        return _Digested(
            rows_read=batch.frame.height + batch.misshapen.height,
            rows_quarantined=batch.misshapen.height + batch.frame.height - judged.good.height,
            by_rule=_by_rule(findings),
            staged=self.rows.stage(frame, f"{self.attempt}-{number}"),
            staged_findings=self._stage_findings(findings, str(number)),
            keys=frame.select(pl.struct(_key_columns(self.source)).hash()).to_series(),
        )

    def _stage_findings(self, findings: pl.DataFrame, name: str) -> list[StagedFile]:
        frame = found.described(findings, self.source, self.landed.delivery, self.arrival.processing)
        return self.writer.log.findings.stage(frame, f"{self.attempt}-{name}")

    def _resolve(self, table: TextTable) -> Resolution:
        source, aliases = self.source, reference.aliases()
        resolution = resolve(table.header, source, aliases)
        if resolution.doubled:
            raise Rejected("FILE-018", f"two headers stand for {', '.join(resolution.doubled)}; keep one")
        if not resolution.missing:
            return resolution
        other = best_match(table.header, SOURCES.values(), aliases)
        if other is not None and other != source.name:
            raise Rejected("FILE-022", f"the columns are those of {other}; move the file to raw/{other}")
        missing, unknown = ", ".join(resolution.missing), ", ".join(resolution.unknown) or "none"
        raise Rejected("FILE-020", f"missing: {missing}. Unknown here: {unknown}", column=resolution.missing[0])

    def _constants(self) -> dict[str, str]:
        if not self.source.from_delivery:
            return {}
        file = self.arrival.file
        known = facts(file.file_name, self.landed.reference_year, reference.cbs_tables())
        lacking = [name for name in self.source.from_delivery if name not in known]
        if lacking:
            raise Rejected(
                "FILE-023",
                f"cannot tell {', '.join(lacking)}: put it in the file name (…_83450NED_2015.csv) "
                f"or reference_year in {file.path.name}.meta.json",
            )
        return known

    def _settle_keys(self) -> None:
        """Find rows that share a key, over all batches. Hashes find candidates; the rows themselves decide."""
        progress = self.progress
        hashes = pl.concat(progress.keys).sort()
        progress.keys.clear()
        doubled = hashes.filter(hashes == hashes.shift(1)).unique()
        if doubled.is_empty():
            return
        conflicts = self._conflicts(doubled)
        if conflicts.is_empty():
            return
        self.add_findings(conflicts)
        progress.rows_duplicate += conflicts.filter(pl.col("rule") == "DELIVERY-001").height
        progress.rows_quarantined += conflicts.filter(pl.col("rule") == "DELIVERY-002").height
        self._stage_again(conflicts["row"])

    def _conflicts(self, doubled: pl.Series) -> pl.DataFrame:
        parts = [self._restored(file) for file in self.progress.staged]
        key = _key_columns(self.source)
        suspects = [part.filter(pl.struct(key).hash().is_in(doubled.implode())) for part in parts]
        names = [f"key_{name}" for name in self.source.event_key]
        marked = [part.alias(name) for part, name in zip(key, names, strict=True)]
        return key_conflicts(pl.concat(suspects).with_columns(marked).drop(_ENVELOPE), tuple(names))

    def _stage_again(self, leaving: pl.Series) -> None:
        """Write staged files again without the rows that leave."""
        again: list[StagedFile] = []
        for number, file in enumerate(self.progress.staged):
            staying = self._restored(file).filter(~pl.col("row").is_in(leaving.implode()))
            again += self.rows.stage(staying, f"{self.attempt}-k{number}")
        discard(self.progress.staged)
        self.progress.staged = again

    def _restored(self, file: StagedFile) -> pl.DataFrame:
        frame = pl.read_parquet(file.path, hive_partitioning=False, glob=False)
        if file.year is not None:
            frame = frame.with_columns(valid_year=pl.lit(file.year, pl.Int32()))
        return frame.select(list(self.source.event_schema()))


def _by_rule(findings: pl.DataFrame) -> Counter[str]:
    return Counter(dict(findings["rule"].value_counts().iter_rows()))


def _unknown_columns(resolution: Resolution) -> pl.DataFrame:
    names = dict.fromkeys(resolution.unknown)
    return pl.concat([found.no_findings(), *(found.file_finding("FILE-021", name) for name in names)])


def _key_columns(source: Source) -> list[pl.Expr]:
    """The key as events hold it; a part that counts only under a condition is null elsewhere."""
    return [
        pl.when(source.key_when[name]).then(pl.col(name)).alias(name) if name in source.key_when else pl.col(name)
        for name in source.event_key
    ]
