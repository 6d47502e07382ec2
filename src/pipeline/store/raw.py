"""The raw files as they were sent: which there are, what identifies each, and whether they stay the same while read.

Nothing below ``data/raw`` is changed here or anywhere else. Not here: what is in the files (``store.formats``),
the sidecar's own rules (``sidecar``).
"""

import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.errors import Rejected, Unstable
from pipeline.store.byte_source import open_descriptor, refusal
from pipeline.store.fs import file_sha256
from pipeline.store.sidecar import SIDECAR_SUFFIX, read_sidecar

DATA_SUFFIXES = (".csv", ".txt", ".tsv", ".jsonl", ".parquet", ".xlsx", ".gz")

_DATE_PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")
_CLOCK_TICK_NS = 20_000_000


@dataclass(frozen=True)
class RawFile:
    """Something below ``raw/<source>/`` that is, or is named like, a delivery."""

    source: str
    path: Path
    file_name: str


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


def list_raw(raw_dir: Path) -> tuple[RawFile, ...]:
    """Every delivery below ``raw_dir``, by file name, without opening any. Odd things named like data are included."""
    root = str(raw_dir.absolute())
    above = len(os.path.join(root, ""))
    found: list[RawFile] = []
    for folder in _entries(root):
        if not _is_hidden(folder.name) and _is_folder(folder):
            source = _printable(folder.name)
            found += [RawFile(source, Path(path), _printable(path[above:])) for path in _walk(folder.path, frozenset())]
    return tuple(sorted(found, key=lambda file: file.file_name))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _walk(folder: str, above: frozenset[tuple[int, int]]) -> Iterator[str]:
    """Files below a folder. Links to folders are followed, except into a folder that is being walked."""
    # Texts, not paths: with thousands of files a night would spend most of its look around on taking paths apart.
    try:
        found = os.stat(folder)
        entries = _entries(folder)
    except OSError:
        yield folder  # a folder that cannot be looked into gets a receipt, its files are not forgotten
        return
    here = (found.st_dev, found.st_ino)
    if here in above:
        return
    for entry in entries:
        if _is_hidden(entry.name) or _is_company(entry.name):
            continue
        if not _is_folder(entry) or entry.name.lower().endswith(DATA_SUFFIXES):
            yield entry.path
        else:
            yield from _walk(entry.path, above | {here})


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that points to itself
        return False


def _is_hidden(name: str) -> bool:
    """Hidden files; ``~$`` are Excel's locks on a workbook that someone has open."""
    return name.startswith((".", "~$"))


def _is_company(name: str) -> bool:
    """What accompanies deliveries without being one."""
    return name.lower().endswith(SIDECAR_SUFFIX) or name.lower().startswith("readme")


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def fingerprint_file(file: RawFile) -> FileFingerprint:
    """Hash of the bytes, and what the sidecar or the file name states about the delivery."""
    sidecar = read_sidecar(file.path)
    sha256, found = _fingerprint(file.path)
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
        raise Unstable(f"{path.name} is still being written; it is tried again in the next run")
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
    match = _DATE_PREFIX.match(file_name)
    if match is None:
        return None
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise Rejected("FILE-035", "the file name starts with a date that does not exist; rename it") from None
