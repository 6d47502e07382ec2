"""The steps of a night, each of which can be called alone. Here: what belongs together. Not here: when (``flows``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import write_errors_explained
from pipeline.jobs.ingest.ingest import ingest
from pipeline.jobs.ingest.new_files import KnownDeliveries, PendingFile, pending_files
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.release.publish import Published
from pipeline.jobs.workspace import Writer
from pipeline.store.fingerprint_cache import FingerprintCache


@dataclass(frozen=True)
class Night:
    """What happened in a run: a receipt per file dealt with, and the release it ended with."""

    receipts: tuple[Receipt, ...]
    published: Published


def take_in(writer: Writer, progress: Callable[[Receipt], None]) -> tuple[Receipt, ...]:
    """Deal with every file that is new, in the order of their names. ``CannotWrite`` where the disk refuses."""
    with write_errors_explained("taking in deliveries", writer.settings.data_dir):
        return tuple(_take_in(writer, progress))


def _take_in(writer: Writer, progress: Callable[[Receipt], None]) -> Iterator[Receipt]:
    known = KnownDeliveries.from_events(writer.log.events())
    cache = FingerprintCache.beside(writer.settings.log)
    for pending in pending_files(writer, known, cache):
        receipt = ingest(writer, pending)
        if receipt.status != "unstable":
            _remember(known, pending, receipt, writer)
        progress(receipt)
        yield receipt
    cache.save()


def _remember(known: KnownDeliveries, pending: PendingFile, receipt: Receipt, writer: Writer) -> None:
    sidecar = pending.fingerprint.sidecar_sha256 if pending.fingerprint else ""
    known.remember(pending, receipt.delivery, receipt.status, sidecar, writer.rules_version)
