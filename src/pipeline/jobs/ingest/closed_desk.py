"""A desk that hands no file out: who wants one read learns that there is work. Not here: any other (``reading``)."""

from pipeline.errors import UitstroomError
from pipeline.jobs.ingest.new_files import PendingFile
from pipeline.jobs.ingest.reading import Desk, UnderWay
from pipeline.jobs.workspace import Writer
from pipeline.store.file_fingerprint import Landed
from pipeline.store.fingerprint_cache import FingerprintCache
from pipeline.store.raw import RawFile


class WouldRead(UitstroomError):
    """A file is to be read. None was."""


class ClosedDesk(Desk):
    """Has no cells."""

    def __init__(self) -> None:
        """Nothing is started."""

    @property
    def most(self) -> int:
        return 1

    def look(self, file: RawFile, cache: FingerprintCache | None = None) -> Landed:
        known = file.refusal or (cache.recall(file) if cache is not None else None)
        if known is None:
            raise WouldRead(f"{file.file_name} is to be looked at")
        return known

    def header(self, file: RawFile) -> tuple[str, ...]:
        raise WouldRead(f"{file.file_name} is to be looked at")

    def begin(self, writer: Writer, pending: PendingFile) -> UnderWay:  # noqa: ARG002  as any desk is asked
        raise WouldRead(f"{pending.file.file_name} is to be dealt with")
