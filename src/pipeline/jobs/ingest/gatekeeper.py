"""Asks the gates about each file, beside what precedes it by its own clock, and remembers what became of it.

Here: which gates are asked, with what. Not here: any gate (``versions.gates``), what the log holds (``earlier``),
judging again what was judged before an earlier delivery came (``review``).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.jobs.ingest.beside import STRANGE_PLACE, Beside, Own
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.earlier import EarlierDeliveries
from pipeline.jobs.ingest.earlier_delivery import Came, Earlier
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.outcome import Verdict, verdict
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.ingest.waiting import Waiting
from pipeline.jobs.workspace import Writer
from pipeline.versions.gates.closed import Closed
from pipeline.versions.gates.preceding import Judged, comparable
from pipeline.versions.gates.told_events import event_keys
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.vocabulary import DeliveryStatus


class Gatekeeper:
    """One for a run: it is told of every file in the order in which they are judged."""

    def __init__(self, writer: Writer, events: pl.DataFrame, *, together: int = 1) -> None:
        """``together``: how many deliveries become part of the log at a time."""
        self.waiting = Waiting(writer.log, together)
        self.earlier = EarlierDeliveries(self.waiting, events)
        self._today = writer.today
        self._rules_version = writer.rules_version
        self._log = writer.log
        self._numbers: dict[str, pl.DataFrame] = {}
        self.beside = Beside(self.waiting, self.earlier)

    def verdict(self, pending: PendingFile, digest: Digest) -> Verdict:
        """What becomes of a file, by what it came to and by what precedes it."""
        return verdict(pending, digest, self._closed(pending, digest))

    def _closed(self, pending: PendingFile, digest: Digest) -> Sequence[Closed]:
        if pending.is_copy or pending.fingerprint is None or not digest.staged:
            return ()
        source = SOURCES[pending.file.source]
        judged = Judged(pending.delivery, self._day(pending), pending.fingerprint.sender, digest.scopes)
        staged = self._log.sources[source.name].staged_rows(files(digest.staged))
        own = Own(
            judged,
            lambda: self.beside.keys.of_staged(source, judged.delivery, staged),
            lambda: self._own_numbers(source, judged.delivery, staged),
            lambda: self.beside.figures.of_staged(source, judged.delivery, staged),
        )
        return [self._waiting(source, judged, gate) for gate in self.beside.closed(source, own)]

    def _own_numbers(self, source: Source, delivery: str, staged: pl.LazyFrame) -> pl.DataFrame:
        by = source.gates.renumbering
        assert by is not None
        if delivery not in self._numbers:
            self._numbers[delivery] = event_keys(by, staged).collect()
        return self._numbers[delivery]

    def _waiting(self, source: Source, judged: Judged, gate: Closed) -> Closed:
        """The gate about a new place, with the delivery that was the first about it and waits itself."""
        if gate.rule != STRANGE_PLACE:
            return gate
        places = set(judged.brought["place"].drop_nulls())
        known = set(self.earlier.placed(source)["place"].drop_nulls())
        for each in self.earlier.of(source):
            waits = each.status == DeliveryStatus.HELD and each.rule == STRANGE_PLACE and each.sender == judged.sender
            if waits and each.order < judged.order and (set(each.judged.brought["place"]) & places) - known:
                first = f"{each.file_name} ({each.delivery[:12]})"
                text = f"it waits for {first}, the first about it: once that is accepted, the next night takes this one"
                return replace(gate, detail=f"{gate.detail}; {text}")
        return gate

    def note(self, pending: PendingFile, digest: Digest, receipt: Receipt) -> None:
        """Remember what became of a file, for those that come after it."""
        fingerprint, source = pending.fingerprint, SOURCES.get(pending.file.source)
        if fingerprint is None or source is None or receipt.status == "unstable":
            return
        if pending.has_other_sidecar:
            return
        came = Came(self._day(pending), receipt.file_name, fingerprint.sender, fingerprint.is_day_assumed)
        if pending.is_copy:
            self.earlier.note_copy(source, receipt.delivery, came)
            return
        read = Earlier(
            delivery=receipt.delivery,
            status=receipt.status,
            processing=pending.processing,
            rules_version=self._rules_version,
            delivered_on=self._day(pending),
            sender=fingerprint.sender,
            file_name=receipt.file_name,
            scopes=comparable(digest.scopes),
            rule=receipt.rule,
            read_as=came,
        )
        known = self.earlier.find(source, receipt.delivery)
        if known is not None and known.came_earlier and known.is_out:  # read as the first file, it stays what it was
            read = replace(read, status=known.status)
        self.earlier.note(source, read, self._numbers.pop(receipt.delivery, None))

    def _day(self, pending: PendingFile) -> date:
        fingerprint = pending.fingerprint
        return fingerprint.day(self._today) if fingerprint else self._today
