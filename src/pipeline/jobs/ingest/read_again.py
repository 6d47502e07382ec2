"""Reading the file of a delivery again: its gate may be open by now, or it came on an earlier day than was known.

Here: that reading, and what it comes to. Not here: which deliveries are worth it (``review``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from pipeline.jobs.ingest.commit import commit, turned_down
from pipeline.jobs.ingest.digest import Digest
from pipeline.jobs.ingest.earlier_delivery import Earlier
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.new_files import BROKE_THE_READER, PendingFile
from pipeline.jobs.ingest.outcome import Verdict
from pipeline.jobs.ingest.reading import Desk
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint, Landed
from pipeline.store.raw import RawFile
from schemas.vocabulary import DeliveryStatus

Found = tuple[RawFile, Landed]


@dataclass(frozen=True)
class _Reading:
    """One reading, and what it comes to."""

    pending: PendingFile
    digest: Digest
    judged: Verdict


@dataclass(frozen=True)
class Rereading:
    """Gives the receipt of a delivery that is recorded now, or was judged with an earlier day than before.

    None where one that waits does so still, or its file is gone, or nothing of it counts.
    """

    writer: Writer
    keeper: Gatekeeper
    desk: Desk
    find: Callable[[str], Found | None]
    """The file of a name, and what it was found to be."""
    for_plan: bool = False
    """A plan notes known bytes under another name, and nothing else: the night after it reads them with their day."""

    def __call__(self, each: Earlier) -> Receipt | None:
        if each.came_earlier:
            return None if self.for_plan else self._on_its_day(each)
        read = self._read(each)
        if read is None:
            return None
        if read.judged.status == DeliveryStatus.RECORDED:
            return self._commit(read)
        self._discard(read)
        return None

    def _on_its_day(self, each: Earlier) -> Receipt | None:
        """Read it as the first of the files that held its bytes. One as which it is rejected is none of them, as where
        that came first: then nothing was read, and it is what it was.
        """
        read = self._read(each)
        if read is None:
            return None
        if read.judged.status == DeliveryStatus.REJECTED:
            self._discard(read)
            turned_down(self.writer, self.keeper, read.pending, read.judged)
            return None
        receipt = self._commit(read)
        return None if each.is_out else receipt

    def _read(self, each: Earlier) -> _Reading | None:
        """A reading as the first of its files; where that is gone, of the bytes of another. What its sidecar stated
        when it came holds: that it states something else now was told.

        None where it cannot be read now. The bytes were read before: that they break the reader this time says nothing
        about the name.
        """
        found = self._bytes(each)
        if found is None:
            return None
        first, (file, landed) = each.first, found
        stated = None if first.is_assumed else first.day
        pending = PendingFile(
            replace(file, file_name=first.file_name),
            replace(landed, delivered_on=stated, assumed_on=first.day, sender=first.sender),
            self._last_processing(each) + 1,
            is_accepted=each.came_earlier and each.is_decided,
        )
        digest = self.desk.end(self.desk.begin(self.writer, pending))
        read = _Reading(pending, digest, self.keeper.verdict(pending, digest))
        if read.judged.status == DeliveryStatus.UNSTABLE or read.judged.rule in BROKE_THE_READER:
            self._discard(read)
            return None
        return read

    def _bytes(self, each: Earlier) -> tuple[RawFile, FileFingerprint] | None:
        for candidate in (each.first, *each.came):
            file, landed = self.find(candidate.file_name) or (None, None)
            if file is not None and isinstance(landed, FileFingerprint) and landed.delivery == each.delivery:
                return file, landed
        return None

    def _commit(self, read: _Reading) -> Receipt:
        return commit(self.writer, self.keeper, read.pending, read.digest, read.judged)

    def _discard(self, read: _Reading) -> None:
        self.writer.log.sources[read.pending.file.source].discard(files(read.digest.staged))
        self.writer.log.findings.discard(files(read.digest.staged_findings))

    def _last_processing(self, each: Earlier) -> int:
        """Of all its readings in the log: a rehearsal may have read it too, without that being planned."""
        own = self.writer.log.events().filter(pl.col("delivery") == each.delivery)["processing"].max()
        return max(each.processing, own if isinstance(own, int) else 0)
