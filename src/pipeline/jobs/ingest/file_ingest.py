"""One file from open to staged, batch by batch: read, parse, judge, pseudonymise, stage. Here: what is known of it so
far.

A night and a check of a file before it is sent go through here alike. Not here: the process this happens in
(``digest``), what becomes of the delivery (``outcome``), any rule about data (``intake``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from pipeline.errors import Rejected
from pipeline.intake import findings as found
from pipeline.intake.column_names import Resolution, best_match, resolve
from pipeline.intake.file_name_facts import facts, other_year
from pipeline.intake.garbled import RULE as GARBLED
from pipeline.intake.garbled import garbled_names
from pipeline.intake.parse import Typed, parse
from pipeline.intake.pseudonym import PseudonymKey
from pipeline.intake.record import Envelope, events
from pipeline.intake.scope_rows import causes, left, scope_rows, unsaid
from pipeline.intake.statline import what_it_is
from pipeline.intake.validate import judge, key_conflicts
from pipeline.jobs.ingest.ordered_thread_map import ordered_thread_map
from pipeline.jobs.ingest.stages import Stage, Staged, files
from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.formats.open_table import TextTable, open_table
from pipeline.store.formats.text_table import TextBatch
from pipeline.store.raw import RawFile
from pipeline.versions.gates import stale, within
from pipeline.versions.gates.closed import Closed
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.spelling import shown

WORKERS = 3
"""Batches worked on at once. More would hold more text in memory than they save time."""

_ENVELOPE = ("delivery", "processing", "delivered_on", "recorded_at", "rules_version")


@dataclass(frozen=True)
class _Batch:
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


@dataclass
class IngestProgress:
    """What has been read so far."""

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
    closed: list[Closed] = field(default_factory=list)
    """Gates that its own rows close."""
    told: list[Closed] = field(default_factory=list)
    """What a receipt says beside what becomes of the file."""

    def add(self, batch: _Batch) -> None:
        self.rows_read += batch.rows_read
        self.rows_quarantined += batch.rows_quarantined
        self.staged += batch.staged
        self.staged_findings += batch.staged_findings
        self.keys.append(batch.keys)
        self.by_rule.update(batch.by_rule)
        self.scopes.append(batch.scopes)
        self.causes.append(batch.causes)
        self.ages.append(batch.ages)
        if batch.seen is not None:
            self.seen.append(batch.seen)


class FileIngest:
    """One file on its way: everything its steps share."""

    def __init__(
        self, file: RawFile, fingerprint: FileFingerprint, envelope: Envelope, *, key: PseudonymKey, stage: Stage
    ) -> None:
        self.file = file
        self.fingerprint = fingerprint
        self.source: Source = SOURCES[file.source]
        self.envelope = envelope
        self.stage = stage
        self.progress = IngestProgress()
        self._key = key

    def read(self) -> None:
        """Read the file to its end. Raises ``Rejected`` or ``Unstable`` where it cannot become a delivery."""
        table = open_table(self.file.path)
        resolution = self._resolve(table)
        constants = self._constants(table.title)
        self.add_findings(_unknown_columns(resolution))

        steps = partial(self._digested, resolution.cells, constants, table)
        for done in ordered_thread_map(steps, enumerate(table.batches), WORKERS):
            self.progress.add(done)
        self._settle_keys()
        self._settle_persons()
        self._settle_age()
        self._tell([Closed(rule, detail) for rule, detail in table.remarks])
        if cells := self.progress.by_rule[GARBLED]:
            text = f"text of another encoding than it was read in, in {cells} {'cell' if cells == 1 else 'cells'}"
            self.progress.told.append(Closed(GARBLED, f"{text}; it is kept as it stands"))

    def _digested(
        self, cells: Mapping[str, str], constants: Mapping[str, str], table: TextTable, numbered: tuple[int, TextBatch]
    ) -> _Batch:
        """All steps of one batch."""
        number, batch = numbered
        typed = Typed(batch.numbers, table.is_excel, table.is_1904)
        parsed = parse(batch.frame, self.source, cells, constants=constants, typed=typed)
        judged = judge(parsed, self.source, delivered_on=self.envelope.delivered_on)
        misshapen = batch.misshapen.select("row", pl.lit("").alias("column"), "rule")
        findings = pl.concat([misshapen, judged.findings])
        frame = events(judged.good, self.source, self.envelope, self._key)
        return _Batch(
            rows_read=batch.frame.height + misshapen.height,
            rows_quarantined=misshapen.height + batch.frame.height - judged.good.height,
            by_rule=_by_rule(findings),
            staged=[*self.stage.rows.stage(frame, f"{self.stage.attempt}-{number}")],
            staged_findings=self._stage_findings(findings, str(number)),
            keys=frame.select(pl.struct(_key_columns(self.source)).hash()).to_series(),
            scopes=pl.concat(
                [scope_rows(parsed.frame, judged.good, judged.findings, self.source), unsaid(misshapen.height)]
            ),
            causes=causes(findings),
            seen=within.seen(self.source, frame),
            ages=stale.ages(self.source, frame),
        )

    def add_findings(self, findings: pl.DataFrame) -> None:
        """Stage findings that do not come from a batch."""
        self.progress.by_rule.update(_by_rule(findings))
        self.progress.staged_findings += self._stage_findings(findings, f"s{len(self.progress.staged_findings)}")

    def _stage_findings(self, findings: pl.DataFrame, name: str) -> list[Staged]:
        frame = found.described(findings, self.source.name, self.envelope.delivery, self.envelope.processing)
        return [*self.stage.findings.stage(frame, f"{self.stage.attempt}-{name}")]

    def _resolve(self, table: TextTable) -> Resolution:
        source, aliases = self.source, reference.aliases()
        resolution = resolve(table.header, source, aliases)
        if odd := garbled_names(table.header):
            places = ", ".join(map(str, odd[:5]))
            self._tell([Closed("FILE-089", f"names of another encoding than they were read in, of column {places}")])
        if resolution.doubled:
            raise Rejected("FILE-018", f"two headers stand for {', '.join(resolution.doubled)}; keep one")
        if told := what_it_is(table.header, self.file.path.name, source, resolution.missing):
            raise Rejected(*told)
        if not resolution.missing:
            return resolution
        other = best_match(table.header, SOURCES.values(), aliases)
        if other is not None and other != source.name:
            raise Rejected("FILE-022", f"the columns are those of {other}; move the file to raw/{other}")
        if not resolution.cells:
            some = ", ".join(resolution.missing[:3])
            raise Rejected(
                "FILE-020", f"none of its {len(table.header)} columns is one of {source.name}, such as {some}"
            )
        missing, unknown = ", ".join(resolution.missing), ", ".join(resolution.unknown) or "none"
        raise Rejected("FILE-020", f"missing: {missing}. Unknown here: {unknown}", column=resolution.missing[0])

    def _constants(self, title: str) -> dict[str, str]:
        if not self.source.from_delivery:
            return {}
        file = self.file
        of_title = facts(title, None, reference.cbs_tables())
        known = of_title | facts(file.path.name, self.fingerprint.reference_year, reference.cbs_tables())
        lacking = [name for name in self.source.from_delivery if name not in known]
        if lacking:
            raise Rejected(
                "FILE-023",
                f"cannot tell {', '.join(lacking)}: put it in the file name (…_83450NED_2015.csv) "
                f"or reference_year in {shown(file.path.name)}.meta.json",
            )
        if year := other_year(known, reference.cbs_tables()):
            raise Rejected(
                "FILE-062",
                f"table {known['statistics_table']} is about {year}; the name or sidecar states {known['year']}",
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
        suspects = self._suspects(doubled)
        names = [f"key_{name}" for name in self.source.event_key]
        marked = [part.alias(name) for part, name in zip(_key_columns(self.source), names, strict=True)]
        conflicts = key_conflicts(suspects.with_columns(marked).drop(_ENVELOPE), tuple(names))
        self._take_out(suspects, conflicts)

    def _suspects(self, doubled: pl.Series) -> pl.DataFrame:
        """Staged rows whose key may be there twice."""
        may_be_double = pl.struct(_key_columns(self.source)).hash().is_in(doubled.implode())
        return pl.concat([self.stage.restored(each).filter(may_be_double) for each in self.progress.staged])

    def _take_out(self, suspects: pl.DataFrame, leaving: pl.DataFrame) -> None:
        """Rows of ``suspects`` leave for the reasons in ``leaving`` (row, column, rule), one for each of them."""
        if leaving.is_empty():
            return
        progress = self.progress
        self.add_findings(leaving)
        progress.scopes.append(left(suspects, leaving, self.source))
        progress.causes.append(causes(leaving))
        is_copy = pl.col("rule") == "DELIVERY-001"
        progress.rows_duplicate += leaving.filter(is_copy).height
        progress.rows_quarantined += leaving.filter(~is_copy).height
        self._stage_again(leaving["row"])

    def _settle_persons(self) -> None:
        """Find persons on many rows, and persons twice, over all batches. Hashes find candidates, rows decide."""
        progress = self.progress
        wanted = within.suspects(self.source, progress.seen)
        progress.seen.clear()
        if not wanted.are_wanted:
            return
        rows = pl.concat([wanted.among(self.stage.restored(each)) for each in progress.staged])
        crowded = within.crowded(self.source, rows)
        self._take_out(rows, crowded)
        twice = within.doubled(self.source, rows.join(crowded, on="row", how="anti"), wanted.scopes)
        progress.closed += twice.closed
        self.add_findings(twice.told)

    def _settle_age(self) -> None:
        """Find that next to nothing began or ended of late."""
        still = stale.stale(self.progress.ages)
        self.progress.ages.clear()
        self.progress.closed += still.closed
        self._tell(still.told)

    def _tell(self, told: Iterable[Closed]) -> None:
        """What the receipt says beside what becomes of the file, with a finding each."""
        for each in told:
            self.progress.told.append(each)
            self.add_findings(found.file_finding(each.rule))

    def _stage_again(self, leaving: pl.Series) -> None:
        """Put staged rows there again without the rows that leave."""
        again: list[Staged] = []
        for number, each in enumerate(self.progress.staged):
            staying = self.stage.restored(each).filter(~pl.col("row").is_in(leaving.implode()))
            again += self.stage.rows.stage(staying, f"{self.stage.attempt}-k{number}")
        self.stage.rows.discard(files(self.progress.staged))
        self.progress.staged = again


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
