"""Asks the gates about each file, beside what precedes it by its own clock, and remembers what became of it.

Here: which gates are asked, with what. Not here: any gate (``versions.gates``), what the log holds (``earlier``),
judging again what was judged before an earlier delivery came (``review``).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.earlier import Earlier, EarlierDeliveries
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.outcome import Verdict, verdict
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.row_keys import RowKeys
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.workspace import Writer
from pipeline.versions.gates.closed import Closed
from pipeline.versions.gates.continuing import neighbours, strange
from pipeline.versions.gates.preceding import Judged
from pipeline.versions.gates.renumbered import event_keys, renumbered
from pipeline.versions.gates.replaced import replaced
from schemas.catalogue import SOURCES
from schemas.source import Source
from schemas.vocabulary import DeliveryStatus

STRANGE_PLACE = "DELIVERY-008"
"""The rule about a place that is new."""


class Gatekeeper:
    """One for a run: it is told of every file in the order in which they are judged."""

    def __init__(self, writer: Writer, events: pl.DataFrame) -> None:
        self.earlier = EarlierDeliveries(writer.log, events)
        self._today = writer.today
        self._rules_version = writer.rules_version
        self._numbers: dict[str, pl.DataFrame] = {}
        self._keys = RowKeys(writer.log)

    def verdict(self, pending: PendingFile, digest: Digest) -> Verdict:
        """What becomes of a file, by what it came to and by what precedes it."""
        return verdict(pending, digest, self._closed(pending, digest))

    def _closed(self, pending: PendingFile, digest: Digest) -> Sequence[Closed]:
        if pending.is_copy or pending.fingerprint is None or not digest.staged:
            return ()
        source = SOURCES[pending.file.source]
        judged = Judged(pending.delivery, self._day(pending), pending.fingerprint.sender, digest.scopes)
        closed = [self._waiting(source, judged, gate) for gate in replaced(source, judged, self.earlier.placed(source))]
        return [*closed, *self._strange(source, judged, digest), *self._renumbered(source, judged, digest)]

    def _strange(self, source: Source, judged: Judged, digest: Digest) -> list[Closed]:
        """The gate about other dossiers; not asked where nothing stands beside it."""
        near = neighbours(judged, self.earlier.placed(source)) if source.gates.continuing else []
        if not near:
            return []
        own = self._keys.of_staged(source, judged.delivery, (file.path for file in files(digest.staged)))
        pairs = []
        for each in near:
            known = self.earlier.find(source, each.delivery)
            if known is not None:
                pairs.append((each, own, self._keys.of_log(source, each.delivery, known.processing)))
        return strange(pairs)

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

    def _renumbered(self, source: Source, judged: Judged, digest: Digest) -> list[Closed]:
        by = source.gates.renumbering
        if by is None:
            return []
        rows = pl.scan_parquet([file.path for file in files(digest.staged)], hive_partitioning=False, glob=False)
        own = event_keys(by, rows).collect()
        self._numbers[judged.delivery] = own
        senders = own["sender"].unique().sort().to_list()
        return renumbered(own, self.earlier.numbers(source, senders, judged.order))

    def note(self, pending: PendingFile, digest: Digest, receipt: Receipt) -> None:
        """Remember what became of a file, for those that come after it."""
        fingerprint, source = pending.fingerprint, SOURCES.get(pending.file.source)
        if fingerprint is None or source is None or receipt.status == "unstable":
            return
        if pending.has_other_sidecar:
            return
        if pending.is_copy:
            self.earlier.note_copy(source, receipt.delivery, self._day(pending))
            return
        read = Earlier(
            delivery=receipt.delivery,
            status=receipt.status,
            processing=pending.processing,
            rules_version=self._rules_version,
            delivered_on=self._day(pending),
            sender=fingerprint.sender,
            file_name=receipt.file_name,
            scopes=digest.scopes,
            rule=receipt.rule,
        )
        known = self.earlier.find(source, receipt.delivery)
        if known is not None and known.delivered_on < read.delivered_on:  # a copy came on an earlier day
            read = replace(read, delivered_on=known.delivered_on)
        self.earlier.note(source, read, self._numbers.pop(receipt.delivery, None))

    def _day(self, pending: PendingFile) -> date:
        fingerprint = pending.fingerprint
        return (fingerprint.delivered_on if fingerprint else None) or self._today
