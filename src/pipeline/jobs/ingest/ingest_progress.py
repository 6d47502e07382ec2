"""What is known of a file that is being read: counts, what is staged, what its receipt will say.

Here: putting together what comes of its batches. Not here: the steps of a batch (``file_ingest``), what only the whole
file shows (``whole_file``).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from pipeline.intake import findings as found
from pipeline.intake.record import Envelope
from pipeline.jobs.ingest.stages import Stage, Staged, StagedFrame
from pipeline.versions.gates import within
from pipeline.versions.gates.closed import Closed
from schemas.source import Source


@dataclass(frozen=True)
class Batch:
    """One batch after all its steps."""

    rows_read: int
    rows_quarantined: int
    by_rule: Counter[str]
    staged: list[Staged]
    staged_findings: list[Staged]
    keys: pl.Series
    """A hash of the key of each staged row."""
    scopes: pl.DataFrame
    causes: pl.DataFrame
    seen: within.Seen | None
    ages: pl.DataFrame
    unread: pl.DataFrame


@dataclass
class IngestProgress:
    """What has been read of a file so far, and where its rows and findings wait."""

    source: Source
    envelope: Envelope
    stage: Stage
    rows_read: int = 0
    rows_quarantined: int = 0
    rows_duplicate: int = 0
    staged: list[Staged] = field(default_factory=list)
    staged_findings: list[Staged] = field(default_factory=list)
    keys: list[pl.Series] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)
    scopes: list[pl.DataFrame] = field(default_factory=list)
    """``SCOPE_ROWS`` of each part; what is found out later is added, and may be less than nothing."""
    causes: list[pl.DataFrame] = field(default_factory=list)
    """Why rows are in quarantine, of each part."""
    seen: list[within.Seen] = field(default_factory=list)
    ages: list[pl.DataFrame] = field(default_factory=list)
    unread: list[pl.DataFrame] = field(default_factory=list)
    """Cells that cannot be read in columns that are missed, of each part (``UNREAD``)."""
    closed: list[Closed] = field(default_factory=list)
    """Gates that its own rows close."""
    staged_again: int = 0
    """How many times rows were staged again without some of them."""
    told: list[Closed] = field(default_factory=list)
    """What a receipt says beside what becomes of the file."""

    def add(self, batch: Batch) -> None:
        self.rows_read += batch.rows_read
        self.rows_quarantined += batch.rows_quarantined
        self.staged += batch.staged
        self.staged_findings += batch.staged_findings
        self.keys.append(batch.keys)
        self.by_rule.update(batch.by_rule)
        self.scopes.append(batch.scopes)
        self.causes.append(batch.causes)
        self.ages.append(batch.ages)
        self.unread += [] if batch.unread.is_empty() else [batch.unread]
        if batch.seen is not None:
            self.seen.append(batch.seen)

    def stage_held(self) -> None:
        """Stage the rows that waited in memory until it was known which of them leave."""
        name, waiting = f"{self.stage.attempt}-0", self.staged
        self.staged = []
        for each in waiting:
            self.staged += self.stage.rows.stage(each.frame, name) if isinstance(each, StagedFrame) else [each]

    def add_findings(self, findings: pl.DataFrame) -> None:
        """Stage findings that do not come from a batch."""
        self.by_rule.update(by_rule(findings))
        self.staged_findings += self.stage_findings(findings, f"s{len(self.staged_findings)}")

    def stage_findings(self, findings: pl.DataFrame, name: str) -> list[Staged]:
        frame = found.described(findings, self.source.name, self.envelope.delivery, self.envelope.processing)
        return [*self.stage.findings.stage(frame, f"{self.stage.attempt}-{name}")]

    def tell(self, told: Iterable[Closed]) -> None:
        """What the receipt says beside what becomes of the file, with a finding each."""
        for each in told:
            self.told.append(each)
            self.add_findings(found.file_finding(each.rule))


def by_rule(findings: pl.DataFrame) -> Counter[str]:
    """How many findings there are of each rule."""
    return Counter(dict(findings["rule"].value_counts().iter_rows()))
