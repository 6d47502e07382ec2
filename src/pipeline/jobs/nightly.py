"""The steps of a night, each of which can be called alone. Here: what belongs together. Not here: when (``flows``)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.errors import write_errors_explained
from pipeline.jobs import plan_holds
from pipeline.jobs.ingest.ingest import ingest_new
from pipeline.jobs.ingest.reading import reading
from pipeline.jobs.ingest.receipts import Receipt
from pipeline.jobs.plan_holds import Hold
from pipeline.jobs.release.publish import Published
from pipeline.jobs.workspace import Workspace, Writer
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import list_raw


@dataclass(frozen=True)
class Night:
    """What happened in a run: a receipt per file dealt with, and the release it ended with."""

    receipts: tuple[Receipt, ...]
    published: Published
    not_taken: tuple[Receipt, ...] = ()
    """What still lies where no delivery can be taken from, and had its receipt in an earlier night."""
    holds: tuple[Hold, ...] = ()
    """Backfill plans that hold files, which were left alone."""


def take_in(writer: Writer, progress: Callable[[Receipt], None]) -> tuple[Receipt, ...]:
    """Deal with every file that is new and not held by a plan, in the order of their own clock.

    Raises ``CannotWrite`` where the disk refuses.
    """
    receipts: list[Receipt] = []
    with write_errors_explained("taking in deliveries", writer.settings.data_dir), reading(writer.settings) as desk:
        cache = FingerprintCache.beside(writer.settings.log)
        left = plan_holds.held_names(writer)
        for receipt in ingest_new(writer, list_raw(writer.settings.raw), desk, cache, left):
            progress(receipt)
            receipts.append(receipt)
        cache.save()
    return tuple(receipts)


def still_not_taken(workspace: Workspace, receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """What lies in the wrong place or has nobody's name, and is in none of these receipts: told again every night."""
    told = {receipt.file_name for receipt in receipts}
    lying = [file for file in list_raw(workspace.settings.raw) if file.file_name not in told]
    refused = [(file, file.refusal) for file in lying if file.refusal is not None]
    return tuple(
        Receipt(file.source, file.file_name, "", "rejected", rule=refusal.rule, detail=refusal.detail)
        for file, refusal in refused
    )
