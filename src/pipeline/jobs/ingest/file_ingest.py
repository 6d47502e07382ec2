"""One file from open to staged, batch by batch: read, parse, judge, pseudonymise, stage.

A night and a check of a file before it is sent go through here alike. Not here: the process this happens in
(``digest``), what only the whole file shows (``whole_file``), what becomes of the delivery (``outcome``), any rule
about data (``intake``).
"""

from collections.abc import Mapping
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
from pipeline.intake.scope_rows import causes, scope_rows, unsaid
from pipeline.intake.statline import what_it_is
from pipeline.intake.unread_cells import unread_cells
from pipeline.intake.validate import judge
from pipeline.jobs.ingest.ingest_progress import Batch, IngestProgress, by_rule
from pipeline.jobs.ingest.ordered_thread_map import ordered_thread_map
from pipeline.jobs.ingest.stages import Stage, StagedFrame
from pipeline.jobs.ingest.whole_file import key_columns, settle
from pipeline.store.file_fingerprint import FileFingerprint
from pipeline.store.formats.open_table import TextTable, open_table
from pipeline.store.formats.text_table import TextBatch
from pipeline.store.raw import RawFile
from pipeline.versions.gates import stale, within
from pipeline.versions.gates.closed import Closed, listed
from schemas import reference
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.spelling import shown

WORKERS = 3
"""Batches worked on at once. More would hold more text in memory than they save time."""


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
        self.progress = IngestProgress(self.source, envelope, stage)
        self._key = key

    def read(self) -> None:
        """Read the file to its end. Raises ``Rejected`` or ``Unstable`` where it cannot become a delivery."""
        table = open_table(self.file.path)
        resolution = self._resolve(table)
        constants = self._constants(table.title)
        self.progress.add_findings(_unknown_columns(resolution))

        steps = partial(self._digested, resolution.cells, constants, table)
        for done in ordered_thread_map(steps, enumerate(table.batches), WORKERS):
            self.progress.add(done)
        settle(self.progress)
        self.progress.stage_held()
        self.progress.tell([Closed(rule, detail) for rule, detail in table.remarks])
        if cells := self.progress.by_rule[GARBLED]:
            text = f"text of another encoding than it was read in, in {cells} {'cell' if cells == 1 else 'cells'}"
            self.progress.told.append(Closed(GARBLED, f"{text}; it is kept as it stands"))

    def _digested(
        self, cells: Mapping[str, str], constants: Mapping[str, str], table: TextTable, numbered: tuple[int, TextBatch]
    ) -> Batch:
        """All steps of one batch."""
        number, batch = numbered
        typed = Typed(batch.numbers, table.is_excel, table.is_1904, batch.codes, batch.moments)
        parsed = parse(batch.frame, self.source, cells, constants=constants, typed=typed)
        judged = judge(parsed, self.source, delivered_on=self.envelope.delivered_on)
        misshapen = batch.misshapen.select("row", pl.lit("").alias("column"), "rule")
        findings = pl.concat([misshapen, judged.findings, found.row_findings("FILE-093", batch.source_lines)])
        frame = events(judged.good, self.source, self.envelope, self._key)
        return Batch(
            rows_read=batch.frame.height + misshapen.height,
            rows_quarantined=misshapen.height + batch.frame.height - judged.good.height,
            by_rule=by_rule(findings),
            # Most files have one batch, and of that rows may leave at the end: written then, it is written once.
            staged=[StagedFrame(frame)]
            if number == 0
            else [*self.stage.rows.stage(frame, f"{self.stage.attempt}-{number}")],
            staged_findings=self.progress.stage_findings(findings, str(number)),
            keys=frame.select(pl.struct(key_columns(self.source)).hash()).to_series(),
            scopes=pl.concat(
                [scope_rows(parsed.frame, judged.good, judged.findings, self.source), unsaid(misshapen.height)]
            ),
            causes=causes(findings),
            seen=within.seen(self.source, frame),
            ages=stale.ages(self.source, frame),
            unread=unread_cells(self.source, parsed.frame, parsed.findings, batch.frame, cells),
        )

    def _resolve(self, table: TextTable) -> Resolution:
        source, aliases = self.source, reference.aliases()
        resolution = resolve(table.header, source, aliases)
        if odd := garbled_names(table.header):
            places = ", ".join(map(str, odd[:5]))
            self.progress.tell(
                [Closed("FILE-089", f"names of another encoding than they were read in, of column {places}")]
            )
        if resolution.doubled:
            raise Rejected("FILE-018", f"two headers stand for {', '.join(resolution.doubled)}; keep one")
        if told := what_it_is(table.header, self.file.path.name, source, resolution.missing):
            raise Rejected(*told)
        if not resolution.missing:
            if resolution.nearly:
                pairs = (f"'{unknown}' may be {header}" for unknown, header in resolution.nearly)
                self.progress.closed.append(Closed("DELIVERY-022", f"columns that are not read: {listed(pairs)}"))
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


def _unknown_columns(resolution: Resolution) -> pl.DataFrame:
    names = dict.fromkeys(resolution.unknown)
    return pl.concat([found.no_findings(), *(found.file_finding("FILE-021", name) for name in names)])
