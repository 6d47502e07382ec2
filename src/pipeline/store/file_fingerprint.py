"""What identifies a raw file: its bytes, and what the sidecar or its name states; and whether it stays the same while
it is read.

Not here: which files there are (``raw``), remembering what was found (``fingerprint_cache``), the sidecar's own rules
(``sidecar``).
"""

import stat
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipeline.errors import Rejected, Unstable
from pipeline.store.byte_source import ByteSource, refusal
from pipeline.store.raw import RawFile
from pipeline.store.sidecar import read_sidecar
from schemas.dated_name import date_prefix
from schemas.limits.files import MAX_FILE_BYTES


@dataclass(frozen=True)
class FileFingerprint:
    """A file as it was when it was hashed. ``delivered_on`` is None when neither sidecar nor file name states it."""

    delivery: str
    size: int
    mtime_ns: int
    delivered_on: date | None
    sender: str | None
    reference_year: int | None
    simulated: bool
    sidecar_sha256: str
    changed_ns: int = field(default=0, compare=False, repr=False)
    unknown_keys: tuple[str, ...] = ()
    """Keys of the sidecar that are not known."""
    named_on: date | None = None
    """The day that the file name states, where the sidecar states another one."""
    assumed_on: date | None = None
    """The day to assume where none is stated and it was settled before, when a plan was made."""

    @property
    def is_day_assumed(self) -> bool:
        """Whether nobody states when it was delivered."""
        return self.delivered_on is None

    def day(self, today: date) -> date:
        """The day of delivery; ``today`` is that of ingestion."""
        return self.delivered_on or self.assumed_on or today

    def settled_on(self, day: date) -> "FileFingerprint":
        """The same with its day of delivery settled: what was stated is replaced, what was assumed stays assumed."""
        return replace(self, assumed_on=day) if self.is_day_assumed else replace(self, delivered_on=day)


Landed = FileFingerprint | Rejected | Unstable
"""What a look at a file gave: what it is, or why that is not known."""


def fingerprint_file(file: RawFile) -> FileFingerprint:
    """Hash of the bytes, and what the sidecar or the file name states about the delivery."""
    _require_size(file.path)
    sidecar = read_sidecar(file.path)
    with closing(ByteSource(file.path)) as source:
        sha256, found = source.sha256(), source.opened
    named = date_prefix(file.path.name)
    return FileFingerprint(
        delivery=sha256,
        size=found.st_size,
        mtime_ns=found.st_mtime_ns,
        delivered_on=sidecar.delivered_on or _date_in(file.path.name),
        sender=sidecar.sender,
        reference_year=sidecar.reference_year,
        simulated=sidecar.simulated or "simulated" in file.file_name.lower(),
        sidecar_sha256=sidecar.sha256,
        changed_ns=found.st_ctime_ns,
        unknown_keys=sidecar.unknown_keys,
        named_on=named.day if named and sidecar.delivered_on not in (None, named.day) else None,
    )


def _require_size(path: Path) -> None:
    """A file may claim any size: it is looked at before its bytes are."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise refusal(path, error) from None
    if size > MAX_FILE_BYTES:
        raise Rejected(
            "FILE-075", f"it has {size >> 20:,} MiB, more than {MAX_FILE_BYTES >> 20:,} MiB; send it in parts"
        )


def confirm_unchanged(file: RawFile, fingerprint: FileFingerprint) -> None:
    """After reading: the bytes are still those that were hashed."""
    try:
        found = file.path.stat()
        is_same = (found.st_size, found.st_mtime_ns) == (fingerprint.size, fingerprint.mtime_ns)
        if is_same and fingerprint.changed_ns in (0, found.st_ctime_ns):
            return
        sha256 = ""
        if stat.S_ISREG(found.st_mode) and found.st_size == fingerprint.size:
            with closing(ByteSource(file.path)) as source:
                sha256 = source.sha256()
    except (OSError, Rejected):
        sha256 = ""
    if sha256 != fingerprint.delivery:
        raise Unstable(f"{file.file_name} changed while it was read; it is tried again in the next run")


def _date_in(file_name: str) -> date | None:
    found = date_prefix(file_name)
    if found is None or found.is_period:
        return None
    if found.day is None and found.meant is not None:
        raise Rejected(
            "FILE-035",
            f"the file name starts with a date in a form that is not read; if {found.meant} is meant, begin with that",
        )
    if found.day is None:
        raise Rejected(
            "FILE-035",
            "the file name starts with a date that does not exist or is not whole; begin with the day of delivery, "
            "as in 2017-03-05",
        )
    return found.day
