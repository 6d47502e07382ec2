"""Reading the file of a delivery again: its gate may be open by now, or it came on an earlier day than was known.

Here: that reading, and what it comes to. Not here: which deliveries are worth it (``review``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import polars as pl

from pipeline.jobs.ingest.commit import commit
from pipeline.jobs.ingest.earlier import Earlier
from pipeline.jobs.ingest.gatekeeper import Gatekeeper
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.reading import Desk
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.ingest.stages import files
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import FileFingerprint, Landed
from pipeline.store.raw import RawFile
from schemas.vocabulary import DeliveryStatus

Found = tuple[RawFile, Landed]


@dataclass(frozen=True)
class Rereading:
    """Gives the receipt of a delivery that is recorded now, or of one that counted and was judged with a later day.

    None where one that waits does so still, or its file is gone.
    """

    writer: Writer
    keeper: Gatekeeper
    desk: Desk
    find: Callable[[str], Found | None]
    """The file of a name, and what it was found to be."""
    for_plan: bool = False
    """A plan notes known bytes under another name, and nothing else: the night after it reads them with their day."""

    def __call__(self, each: Earlier) -> Receipt | None:
        if each.came_earlier and self.for_plan:
            return None
        file, landed = self.find(each.file_name) or (None, None)
        if file is None or not isinstance(landed, FileFingerprint) or landed.delivery != each.delivery:
            return None
        fingerprint = replace(landed, delivered_on=each.delivered_on)
        processing, is_let_in = self._last_processing(each) + 1, each.came_earlier and each.is_decided
        again = PendingFile(file, fingerprint, processing, is_accepted=is_let_in)
        digest = self.desk.end(self.desk.begin(self.writer, again))
        judged = self.keeper.verdict(again, digest)
        # What is rejected with its earlier day counts under the name that makes it readable, as in the other order.
        may_change = (DeliveryStatus.RECORDED, DeliveryStatus.HELD) if each.came_earlier else (DeliveryStatus.RECORDED,)
        if judged.status not in may_change:
            self.writer.log.sources[file.source].discard(files(digest.staged))
            self.writer.log.findings.discard(files(digest.staged_findings))
            return None
        return commit(self.writer, self.keeper, again, digest, judged)

    def _last_processing(self, each: Earlier) -> int:
        """Of all its readings in the log: a rehearsal may have read it too, without that being planned."""
        own = self.writer.log.events().filter(pl.col("delivery") == each.delivery)["processing"].max()
        return max(each.processing, own if isinstance(own, int) else 0)
