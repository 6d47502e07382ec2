"""The raw files as they were sent: which there are, what identifies each, and whether they stay the same while read.

Nothing below ``data/raw`` is changed here or anywhere else. Not here: what is in the files (``store.formats``),
what a name alone shows (``raw_names``), the sidecar's own rules (``sidecar``).
"""

import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipeline.errors import Rejected, Unstable
from pipeline.store.byte_source import open_descriptor, refusal
from pipeline.store.fs import file_sha256
from pipeline.store.raw_names import is_sidecar, is_silent, lonely_sidecars, printable
from pipeline.store.sidecar import read_sidecar
from schemas.catalogue import SOURCES
from schemas.dated_name import date_prefix
from schemas.limits import MAX_FILE_BYTES
from schemas.spelling import shown

DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".jsonl", ".parquet", ".xlsx", ".gz")

_CLOCK_TICK_NS = 20_000_000


@dataclass(frozen=True)
class RawFile:
    """Something below ``raw`` that is a delivery, or that somebody has to be told about since it is none."""

    source: str
    """The first folder below raw; empty for what lies directly in it."""
    path: Path
    file_name: str
    """Its path below raw as it may be stored and shown: numbers of persons covered. Its bytes are found at ``path``."""
    refusal: Rejected | None = field(default=None, compare=False)
    """Why it is not taken, where its place or name alone shows it."""


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


def list_raw(raw_dir: Path) -> tuple[RawFile, ...]:
    """All that lies below ``raw_dir``, by file name, without opening any; left out is only what is silent everywhere.

    Odd things are included, and so is what is not taken for its place or name: each with its ``refusal``. Links to
    folders are not followed, and no link out of ``raw_dir``, which itself may be one.
    """
    root = str(raw_dir.absolute())
    above, inside = len(os.path.join(root, "")), os.path.join(os.path.realpath(root), "")
    found: list[RawFile] = []
    for entry in _entries(root):
        is_folder, name = _is_folder(entry), shown(printable(entry.name))
        if is_silent(entry.name, is_folder=is_folder):
            continue
        if not is_folder:
            loose = Rejected("FILE-050", "it lies directly in raw; move it to the folder of its source")
            found.append(RawFile("", Path(entry.path), name, loose))
            continue
        link = _of_link(entry, inside)
        below: list[tuple[str, Rejected | None]] = [(entry.path, link)] if link else [*_walk(entry.path, inside)]
        # An empty folder is told where no source has its name.
        below = below or ([] if name in SOURCES else [(entry.path, None)])
        found += [RawFile(name, Path(path), shown(printable(path[above:])), why) for path, why in below]
    return tuple(_told_apart_by_name(sorted(found, key=lambda file: (file.file_name, file.path))))


def _told_apart_by_name(files: Iterable[RawFile]) -> Iterator[RawFile]:
    """The same files under a name for each: two that differ only in what is covered are numbered."""
    seen = Counter[str]()
    for file in files:
        seen[file.file_name] += 1
        number = seen[file.file_name]
        yield file if number == 1 else replace(file, file_name=f"{file.file_name} ({number})")


def path_of(raw_dir: Path, file_name: str) -> Path | None:
    """Where the file lies that goes by this name; None where there is none."""
    path = raw_dir / file_name
    if path.is_file():
        return path
    # A name that had to be covered or written out is the name of no file.
    return next((file.path for file in list_raw(raw_dir) if file.file_name == file_name), None)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _walk(folder: str, inside: str) -> Iterator[tuple[str, Rejected | None]]:
    """Files below a folder, each with why it is not taken, where its place or name shows it."""
    # Texts, not paths: with thousands of files a night would spend most of its look around on taking paths apart.
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _entries(folder)
        except OSError:
            yield folder, None  # a folder that cannot be looked into gets a receipt, its files are not forgotten
            continue
        files: dict[str, os.DirEntry[str]] = {}
        for entry in entries:
            is_folder = _is_folder(entry)
            if is_silent(entry.name, is_folder=is_folder):
                continue
            # A folder that is named like data is taken for a file, and refused as one; so is a link to a folder.
            if is_folder and not entry.is_symlink() and not entry.name.lower().endswith(DATA_SUFFIXES):
                waiting.append(entry.path)
            else:
                files[entry.name] = entry
        lonely = lonely_sidecars(files)
        for name, entry in files.items():
            if not is_sidecar(name) or name in lonely:
                yield entry.path, lonely.get(name) or _of_link(entry, inside)


def _of_link(entry: os.DirEntry[str], inside: str) -> Rejected | None:
    """Why a link is not followed. One that leads to nothing is refused when it is opened."""
    if not entry.is_symlink() or not os.path.exists(entry.path):
        return None
    if _is_folder(entry):
        return Rejected("FILE-074", "it is a link to a folder; place the folder itself")
    if os.path.realpath(entry.path).startswith(inside):
        return None
    return Rejected("FILE-074", "it is a link that leads out of raw; place the file itself")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that points to itself
        return False


def fingerprint_file(file: RawFile) -> FileFingerprint:
    """Hash of the bytes, and what the sidecar or the file name states about the delivery."""
    _require_size(file.path)
    sidecar = read_sidecar(file.path)
    sha256, found = _fingerprint(file.path)
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
        sha256 = _fingerprint(file.path)[0] if stat.S_ISREG(found.st_mode) and found.st_size == fingerprint.size else ""
    except (OSError, Rejected):
        sha256 = ""
    if sha256 != fingerprint.delivery:
        raise Unstable(f"{file.file_name} changed while it was read; it is tried again in the next run")


def _fingerprint(path: Path) -> tuple[str, os.stat_result]:
    """Hash of the bytes with the state they were in; Unstable when they changed during the hashing."""
    descriptor = open_descriptor(path)
    try:
        before = _settled(descriptor)
        sha256 = file_sha256(descriptor)
        after = os.fstat(descriptor)
    except OSError as error:
        raise refusal(path, error) from None
    finally:
        os.close(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unstable(f"{shown(path.name)} is still being written; it is tried again in the next run")
    return sha256, before


def _settled(descriptor: int) -> os.stat_result:
    """State of the file, once its time stamp is older than a tick of the file system's clock.

    Two writes within one tick leave the same time stamp: a change right after the hash would go unnoticed.
    """
    found = os.fstat(descriptor)
    if abs(time.time_ns() - found.st_mtime_ns) < _CLOCK_TICK_NS:
        time.sleep(_CLOCK_TICK_NS / 1e9)
        found = os.fstat(descriptor)
    return found


def _date_in(file_name: str) -> date | None:
    found = date_prefix(file_name)
    if found is not None and found.day is None:
        raise Rejected("FILE-035", "the file name starts with a date that does not exist; rename it")
    return found.day if found else None
