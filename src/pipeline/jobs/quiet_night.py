"""A night in which nothing is new, for who need not start a server to show that.

Whether anything is to be done is asked by doing it: the steps of any night, over a log that cannot be written to and
with nobody to read a file. So there is no second list of what is news, and whatever a night may one day have to do
besides ends the look by itself. Here: that look, and the night it may come to. Not here: the steps (``ingest``,
``release``), when and for whom (``flows``).
"""

from dataclasses import replace

from pipeline.errors import UitstroomError
from pipeline.jobs import plan_holds
from pipeline.jobs.ingest.closed_desk import ClosedDesk
from pipeline.jobs.ingest.ingest import ingest_new
from pipeline.jobs.nightly import Night, still_not_taken
from pipeline.jobs.release.publish import needs_nothing, release
from pipeline.jobs.workspace import Writer
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.log.log import Log
from pipeline.store.log.sealed import SealedTable
from pipeline.store.raw import list_raw
from schemas.catalogue import SOURCES


def quiet_night(writer: Writer) -> Night | None:
    """The night, where it has nothing to take in and nothing to publish; None where it has, and nothing was done then.

    To be called by the one writer. What such a night puts right beside the log (the pointer to the release, files of
    quarantine) is put right.
    """
    if is_something_new(writer) or not needs_nothing(writer):
        return None
    published = release(writer, lambda _: None)
    return Night((), published, still_not_taken(writer, ()), plan_holds.holds(writer))


def is_something_new(writer: Writer) -> bool:
    """Whether a night would read a file, or record anything. What goes wrong on the way is left to that night."""
    settings, desk = writer.settings, ClosedDesk()
    looking = replace(writer, log=Log(settings.log_place, SOURCES.values(), table=SealedTable))
    try:
        cache = FingerprintCache.beside(settings.log)
        left = plan_holds.held_names(looking)
        return any(True for _ in ingest_new(looking, list_raw(settings.raw), desk, cache, left))
    except (UitstroomError, OSError):
        return True
